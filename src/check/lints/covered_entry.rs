//! An entry that others make superfluous.

use crate::baseline::Need;
use crate::check::Context;
use crate::check::path_index::{IndexedPath, PathOrigin, Pattern};
use crate::check::rename_guard::RenameGuard;
use crate::check::resolved::{Listed, PathEntry, named};
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::{Access, Family, Operation, Socket, path};
use crate::policy::{FileDefault, Posture};
use std::collections::{BTreeMap, BTreeSet};

pub static CODE: Code = code!("covered-entry", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    paths(context, found);
    let resolved = context.resolved;
    let same = |a: crate::kernel::Capability, b| a == b;
    listed(context, &resolved.capabilities, "capabilities", same, found);
    listed(context, &resolved.network, "network", Socket::covers, found);
    let operation = |a: Operation, b: Operation| a == b || b.part_of() == Some(a);
    listed(context, &resolved.operations, "operations", operation, found);
    let superfluous = bundles(context, found);
    sockets_of_bundles(context, &superfluous, found);
    huge_pages(context, found);
}

/// `by` follows in the sentence, where what covers it is short.
fn covered(text: &str, place: Place, by: &str) -> Finding {
    let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
    superfluous_at(place, format!("`{text}` is covered already{by}"))
}

fn superfluous_at(place: Place, message: String) -> Finding {
    Finding::new(&CODE, place, message).label("taking this out changes nothing").take_out(place)
}

/// Later entries are looked at first, and those already found superfluous cover nothing: so all of them can
/// be taken out at once.
fn paths(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    let everywhere = context.resolved.default_access();
    let mut superfluous = BTreeSet::new();
    let mut shields = Shields::new(context.shields);
    let mut atoms: Vec<(usize, &IndexedPath<'_>)> = cover.atoms().collect();
    atoms.reverse();
    for (index, atom) in atoms {
        let Some(entry) = atom.entry() else {
            continue;
        };
        let mut grant = everywhere;
        let mut deny = Access::NONE;
        let mut by: Vec<PathOrigin<'_>> = Vec::new();
        let mut is_repeated = false;
        for other in cover.above(index) {
            let Some(above) = cover.atom(other).filter(|_| !superfluous.contains(&other)) else {
                continue;
            };
            let adds = !grant.contains(above.grant & atom.grant) || !deny.contains(above.deny & atom.deny);
            if !adds || !cover.covers(other, index) || !denies_the_folder(context, above, entry) {
                continue;
            }
            let twin = |a: &IndexedPath<'_>| a.entry().map(|e| (e.key, e.glob.text().to_owned()));
            is_repeated |= twin(above) == twin(atom);
            grant = grant | above.grant;
            deny = deny | above.deny;
            by.push(above.source);
        }
        let has_effect = shields.need(entry.place) || context.lifts(entry.place);
        if !grant.contains(atom.grant) || !deny.contains(atom.deny) || has_effect {
            continue;
        }
        shields.spared.insert(entry.place);
        superfluous.insert(index);
        if is_repeated {
            continue;
        }
        let names: BTreeSet<String> = by.iter().map(|source| source_named(*source, entry)).collect();
        let names: Vec<String> = names.into_iter().collect();
        let mut finding = match names.as_slice() {
            [] => by_default(context, entry),
            [one] => covered(&entry.text, entry.place, one),
            [one, other] => covered(&entry.text, entry.place, &format!("{one} and {other}")),
            _ => covered(&entry.text, entry.place, "others together"),
        };
        for source in by {
            finding = match source {
                PathOrigin::Entry(other) => finding.also(other.place, "covers it"),
                PathOrigin::Need(title) => finding.help(format!("the profile has it from: {title}")),
                PathOrigin::Denial(group, _) => {
                    finding.help(format!("the baseline denies it already: {}", group.title))
                }
            };
        }
        found.add(finding);
    }
}

/// Whether a denial of the baseline covers what an entry's denial means beside its path: a folder of that name.
fn denies_the_folder(context: &Context<'_>, above: &IndexedPath<'_>, entry: &PathEntry) -> bool {
    match above.source {
        PathOrigin::Denial(..) if entry.deny.contains(Access::WRITE) => {
            let both = Pattern::new(path::or_folder(&entry.glob));
            context.cover.covers_pattern(&above.pattern, &both)
        }
        PathOrigin::Denial(..) | PathOrigin::Entry(_) | PathOrigin::Need(_) => true,
    }
}

/// Folders that denials protect, which a wider denial need not spell out.
struct Shields<'a> {
    of: BTreeMap<Place, Vec<&'a RenameGuard>>,
    spared: BTreeSet<Place>,
}

impl<'a> Shields<'a> {
    fn new(all: &'a [RenameGuard]) -> Shields<'a> {
        let mut of: BTreeMap<Place, Vec<&RenameGuard>> = BTreeMap::new();
        for shield in all {
            for place in &shield.of {
                of.entry(*place).or_default().push(shield);
            }
        }
        Shields { of, spared: BTreeSet::new() }
    }

    /// Whether a folder is protected for the sake of this entry alone.
    fn need(&self, entry: Place) -> bool {
        let others = |shield: &RenameGuard| shield.of.iter().any(|p| *p != entry && !self.spared.contains(p));
        self.of.get(&entry).is_some_and(|shields| shields.iter().any(|shield| !others(shield)))
    }
}

fn source_named(source: PathOrigin<'_>, covered: &PathEntry) -> String {
    match source {
        PathOrigin::Entry(entry) if entry.text == covered.text => {
            format!("the same path in `{}`", entry.key.name())
        }
        PathOrigin::Entry(entry) => entry.named(),
        PathOrigin::Need(_) => "what the profile has anyway".to_owned(),
        PathOrigin::Denial(..) => "the baseline's own denial".to_owned(),
    }
}

fn by_default(context: &Context<'_>, entry: &PathEntry) -> Finding {
    let (files, exec) = (context.resolved.files, context.resolved.exec);
    let (place, word) = match (entry.key.section(), files.value) {
        ("exec", _) if exec.value == Posture::Allow => (exec.place, "allow"),
        (_, FileDefault::Read) => (files.place, "read"),
        (_, FileDefault::Allow) => (files.place, "allow"),
        (_, FileDefault::Deny) => (exec.place, "allow"),
    };
    let finding = covered(&entry.text, entry.place, &format!("`default = \"{word}\"`"));
    match place {
        Some(place) => finding.also(place, "this default covers it"),
        None => finding,
    }
}

fn listed<T: Copy>(
    context: &Context<'_>,
    section: &Listed<T>,
    name: &str,
    covers: impl Fn(T, T) -> bool,
    found: &mut Findings,
) {
    let allowed = section.default.value == Posture::Allow;
    for (list, by_default) in [(&section.allow, allowed), (&section.deny, false)] {
        for (index, entry) in list.iter().enumerate().filter(|(_, entry)| !context.lifts(entry.place)) {
            let finding = |by: &str| covered(&entry.text, entry.place, by);
            let place = section.default.place.filter(|_| by_default);
            if let Some(place) = place {
                let why = format!("`{name}` allows everything");
                found.add(finding("`default = \"allow\"`").also(place, why));
                continue;
            }
            let wider = list.iter().enumerate().find(|(i, other)| {
                let mutual = covers(entry.value, other.value);
                // Two that cover each other are one listed twice.
                *i != index && covers(other.value, entry.value) && !mutual
            });
            if let Some((_, wider)) = wider {
                found.add(finding(&named(&wider.text)).also(wider.place, "covers it"));
            }
        }
    }
}

/// What a need asks of the network.
fn socket(need: &Need) -> Option<Socket> {
    match need {
        Need::Socket(family, kind) => Some(Socket { family: Family::from_name(family), kind: Some(*kind) }),
        Need::File(..) | Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => None,
    }
}

/// Bundles of which everything is there without them.
fn bundles(context: &Context<'_>, found: &mut Findings) -> Vec<Place> {
    let resolved = context.resolved;
    let everywhere = resolved.default_access();
    let network = &resolved.network;
    let covered = |need: &Need| match (need, socket(need)) {
        (Need::File(_, access), _) => everywhere.contains(*access),
        (_, Some(socket)) => {
            network.default.value == Posture::Allow
                || network.allow.iter().any(|entry| entry.value.covers(socket))
        }
        (_, None) => false,
    };
    let mut superfluous = Vec::new();
    for bundle in &resolved.bundles {
        let mut needs = bundle.value.groups.iter().flat_map(|group| group.needs);
        if needs.all(covered) {
            superfluous.push(bundle.place);
            let message = format!("all that the bundle `{}` grants is granted already", bundle.text);
            found.add(superfluous_at(bundle.place, message));
        }
    }
    superfluous
}

/// Sockets that a bundle grants as well.
fn sockets_of_bundles(context: &Context<'_>, superfluous: &[Place], found: &mut Findings) {
    let network = &context.resolved.network;
    let bundles = context.resolved.bundles.iter().filter(|bundle| !superfluous.contains(&bundle.place));
    let bundles: Vec<_> = bundles.collect();
    let entries = network.allow.iter().filter(|_| network.default.value == Posture::Deny);
    for entry in entries {
        let covers = |need: &Need| socket(need).is_some_and(|socket| socket.covers(entry.value));
        let bundle = bundles.iter().find(|b| b.value.groups.iter().any(|g| g.needs.iter().any(covers)));
        if let Some(bundle) = bundle {
            let by = format!("the bundle `{}`", bundle.text);
            found.add(covered(&entry.text, entry.place, &by).also(bundle.place, "this bundle covers it"));
        }
    }
}

/// Huge pages are writing to `/`, which the file system's own words may grant.
fn huge_pages(context: &Context<'_>, found: &mut Findings) {
    let needed = Access::READ | Access::WRITE;
    let operations = &context.resolved.operations;
    let mut entries = operations.allow.iter();
    let entry = entries.find(|entry| entry.value == Operation::HugePages);
    let Some(entry) = entry.filter(|_| operations.default.value == Posture::Deny) else {
        return;
    };
    let finding = |by: &str| covered(&entry.text, entry.place, by);
    let why = "this lets `/` be written, which is what huge pages ask for";
    let cover = context.cover;
    let mut writers =
        cover.atoms().filter(|(_, atom)| atom.grant.contains(needed) && cover.matches(atom, b"/"));
    let writer = writers.find_map(|(_, atom)| atom.entry());
    if let Some(writer) = writer {
        found.add(finding(&writer.named()).also(writer.place, why));
    } else if let (true, Some(place)) =
        (context.resolved.default_access().contains(needed), context.resolved.files.place)
    {
        found.add(finding("`default = \"allow\"`").also(place, why));
    }
}
