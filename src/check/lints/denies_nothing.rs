//! A denial of what nothing grants.

use crate::check::Context;
use crate::check::resolved::Listed;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::{Access, Operation, Socket};
use crate::policy::Posture;

pub static CODE: Code = code!("denies-nothing", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    // Rules that are not read here may grant anything, and so may policies that extend this one.
    if !context.resolved.is_complete || context.resolved.has_foreign_rules() || context.resolved.is_abstract {
        return;
    }
    let cover = context.cover;
    let everywhere = context.resolved.default_access();
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|e| !e.deny.is_empty()) else {
            continue;
        };
        let granted = |access: Access| access.intersects(entry.deny);
        let cuts = granted(everywhere)
            || cover.around(index).into_iter().any(|other| {
                let grants = cover.atom(other).is_some_and(|other| granted(other.grant));
                grants && cover.meets(index, other)
            });
        if !cuts && !cover.is_exhausted() {
            found.add(finding(&entry.text, entry.place));
        }
    }
    listed(&context.resolved.capabilities, |a, b| a == b, found);
    listed(&context.resolved.network, Socket::meets, found);
    let meets = |a: Operation, b: Operation| a == b || a.part_of() == Some(b) || b.part_of() == Some(a);
    listed(&context.resolved.operations, meets, found);
}

fn listed<T: Copy>(section: &Listed<T>, meets: impl Fn(T, T) -> bool, found: &mut Findings) {
    if section.default.value == Posture::Allow {
        return;
    }
    for denial in &section.deny {
        if !section.allow.iter().any(|grant| meets(grant.value, denial.value)) {
            found.add(finding(&denial.text, denial.place));
        }
    }
}

fn finding(text: &str, place: Place) -> Finding {
    Finding::new(&CODE, place, format!("nothing grants `{text}`, so this denies nothing yet"))
        .label("nothing grants this")
        .gathered("nothing grants what these entries deny, so they deny nothing yet")
        .help("nothing needs to change: it holds when a later grant would allow it")
}
