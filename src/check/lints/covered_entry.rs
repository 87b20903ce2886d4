//! An entry that others make superfluous.

use crate::baseline::Need;
use crate::check::Subject;
use crate::check::cover::{Atom, Source};
use crate::check::draft::{Listed, PathKey};
use crate::diag::{Code, Finding, Findings, Place, Severity};
use crate::kernel::{Access, Family, Operation, Socket};
use crate::policy::{FileDefault, Posture};
use std::collections::BTreeSet;

pub static CODE: Code = Code {
    name: "covered-entry",
    severity: Severity::Warning,
    summary: "an entry that other entries, a default or the baseline cover",
    explanation: "Everything that the entry says is said already: by a wider entry, by a section's default, by a bundle or by \
                  the baseline. Taking it out leaves both files as they are. Either it is superfluous, or the other says \
                  more than was meant.",
    bad: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/nginx/\", \"/etc/nginx/nginx.conf\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/nginx/\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    paths(subject, found);
    let draft = subject.draft;
    let same = |a: crate::kernel::Capability, b| a == b;
    listed(&draft.capabilities, "capabilities", same, found);
    listed(&draft.network, "network", Socket::covers, found);
    let operation = |a: Operation, b: Operation| a == b || b.part_of() == Some(a);
    listed(&draft.operations, "operations", operation, found);
    bundles(subject, found);
}

/// Later entries are looked at first, and those already found superfluous cover nothing: so all of them can
/// be taken out at once.
fn paths(subject: &Subject<'_>, found: &mut Findings) {
    let cover = subject.cover;
    let everywhere = subject.draft.default_access();
    let mut superfluous = BTreeSet::new();
    let mut atoms: Vec<(usize, &Atom<'_>)> = cover.atoms().collect();
    atoms.reverse();
    for (index, atom) in atoms {
        let Some(entry) = atom.entry() else {
            continue;
        };
        let mut grant = everywhere;
        let mut deny = Access::NONE;
        let mut by: Vec<Source<'_>> = Vec::new();
        let mut is_repeated = false;
        for other in cover.above(index) {
            let Some(above) = cover.atom(other).filter(|_| !superfluous.contains(&other)) else {
                continue;
            };
            let adds = !grant.contains(above.grant & atom.grant) || !deny.contains(above.deny & atom.deny);
            if !adds || !cover.covers(other, index) {
                continue;
            }
            let twin = |a: &Atom<'_>| a.entry().map(|e| (e.key, e.glob.text().to_owned()));
            is_repeated |= twin(above) == twin(atom);
            grant = grant | above.grant;
            deny = deny | above.deny;
            by.push(above.source);
        }
        if !grant.contains(atom.grant) || !deny.contains(atom.deny) {
            continue;
        }
        superfluous.insert(index);
        if is_repeated {
            continue;
        }
        let mut finding = Finding::new(&CODE, entry.place, format!("`{}` is covered already", entry.text))
            .label("taking this out changes nothing");
        if by.is_empty() {
            finding = by_default(subject, entry.key, finding);
        }
        for source in by {
            finding = match source {
                Source::Entry(other) => finding.also(other.place, "covers it"),
                Source::Need(title) => finding.help(format!("the profile has it from: {title}")),
            };
        }
        found.add(finding);
    }
}

fn by_default(subject: &Subject<'_>, key: PathKey, finding: Finding) -> Finding {
    let (files, exec) = (subject.draft.files, subject.draft.exec);
    let place = match key.section() {
        "exec" if exec.value == Posture::Allow => exec.place,
        _ if files.value != FileDefault::Deny => files.place,
        _ => exec.place,
    };
    match place {
        Some(place) => finding.also(place, "this default covers it"),
        None => finding,
    }
}

fn listed<T: Copy>(section: &Listed<T>, name: &str, covers: impl Fn(T, T) -> bool, found: &mut Findings) {
    let allowed = section.default.value == Posture::Allow;
    for (list, by_default) in [(&section.allow, allowed), (&section.deny, false)] {
        for (index, entry) in list.iter().enumerate() {
            let finding = |place: Place, why: String| {
                Finding::new(&CODE, entry.place, format!("`{}` is covered already", entry.text))
                    .label("taking this out changes nothing")
                    .also(place, why)
            };
            let place = section.default.place.filter(|_| by_default);
            if let Some(place) = place {
                found.add(finding(place, format!("`{name}` allows everything")));
                continue;
            }
            let wider = list.iter().enumerate().find(|(i, other)| {
                let mutual = covers(entry.value, other.value);
                // Two that cover each other are one listed twice.
                *i != index && covers(other.value, entry.value) && !mutual
            });
            if let Some((_, wider)) = wider {
                found.add(finding(wider.place, "covers it".to_owned()));
            }
        }
    }
}

/// A bundle of which everything is there without it.
fn bundles(subject: &Subject<'_>, found: &mut Findings) {
    let draft = subject.draft;
    let everywhere = draft.default_access();
    let network = &draft.network;
    for bundle in &draft.bundles {
        let needs = bundle.value.groups.iter().flat_map(|group| group.needs);
        let covered = |need: &Need| match need {
            Need::File(_, access) => everywhere.contains(*access),
            Need::Socket(family, kind) => {
                let socket = Socket { family: Family::from_name(family), kind: Some(*kind) };
                network.default.value == Posture::Allow
                    || network.allow.iter().any(|entry| entry.value.covers(socket))
            }
            Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => false,
        };
        if needs.clone().all(covered) {
            found.add(
                Finding::new(
                    &CODE,
                    bundle.place,
                    format!("all that the bundle `{}` grants is granted already", bundle.text),
                )
                .label("taking this out changes nothing"),
            );
        }
    }
}
