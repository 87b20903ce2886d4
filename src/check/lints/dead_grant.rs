//! A grant that the policy's own denials take away.

use crate::check::Context;
use crate::check::resolved::{Listed, PathKey, named};
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::{Operation, Socket};
use crate::policy::Posture;

pub static CODE: Code = code!("dead-grant", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    paths(context, found);
    let resolved = context.resolved;
    listed(&resolved.capabilities, |a, b| a == b, found);
    listed(&resolved.network, Socket::covers, found);
    listed(&resolved.operations, |a: Operation, b: Operation| a == b || b.part_of() == Some(a), found);
}

fn paths(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry() else {
            continue;
        };
        let point = entry.key.point();
        if point.is_empty() {
            continue;
        }
        for other in cover.above(index) {
            let denial = cover.atom(other).and_then(|above| above.entry());
            let Some(denial) = denial.filter(|denial| denial.deny.intersects(point)) else {
                continue;
            };
            // Under `allow`, `read-only` denies writing by itself: another finding explains that.
            if denial.key != PathKey::ReadOnly && cover.covers(other, index) {
                found.add(
                    finding(&entry.text, entry.place, &denial.text, denial.place)
                        .help("narrow the denial, or take one of the two out"),
                );
                break;
            }
        }
    }
}

fn listed<T: Copy>(section: &Listed<T>, covers: impl Fn(T, T) -> bool, found: &mut Findings) {
    for entry in &section.allow {
        let denial = section.deny.iter().find(|denial| covers(denial.value, entry.value));
        if let Some(denial) = denial {
            let help = match section.default.value {
                Posture::Deny => "take the denial out if the grant is meant",
                Posture::Allow => "take one of the two out",
            };
            found.add(finding(&entry.text, entry.place, &denial.text, denial.place).help(help));
        }
    }
}

fn finding(text: &str, place: Place, denial: &str, denied: Place) -> Finding {
    let why = match named(denial) {
        _ if denial == text => "it is denied as well".to_owned(),
        by => format!("the denial of {by} covers it"),
    };
    Finding::new(&CODE, place, format!("the grant of `{text}` never holds: {why}"))
        .label("this grant is dead")
        .also(denied, "a denial wins over every grant")
}
