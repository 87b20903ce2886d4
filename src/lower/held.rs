//! Rules that another rule of the profile holds already: each is rendered once, in its widest form.

use crate::diag::Place;
use crate::kernel::request::Contacts;
use crate::kernel::{Access, Glob};
use crate::rules::{Block, CapabilityRule, FileRule, Kind, NetworkRule, ProcessRule, Qualifiers};
use std::collections::BTreeMap;

/// The blocks without such rules. Whoever asks where the remaining one comes from is told of all the entries.
pub(super) fn without(mut blocks: Vec<Block>) -> Vec<Block> {
    let held = held(&blocks);
    let rules = blocks.iter().flat_map(|block| &block.rules);
    let mut entries: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
    for (index, rule) in rules.enumerate() {
        let mut holder = index;
        while let Some(wider) = held.get(&holder) {
            holder = *wider;
        }
        if holder != index {
            entries.entry(holder).or_default().extend(&rule.from);
        }
    }
    let mut index = 0;
    for block in &mut blocks {
        block.rules.retain_mut(|rule| {
            if let Some(more) = entries.remove(&index) {
                rule.from.extend(more);
                rule.from.sort();
                rule.from.dedup();
            }
            index += 1;
            !held.contains_key(&(index - 1))
        });
    }
    // A block that never had rules says that nothing is granted.
    blocks.retain(|block| !block.rules.is_empty() || block.says_nothing);
    blocks
}

/// Each rule that another holds, by number, with that one's. Nothing holds itself in the end: of equals the first
/// stays.
fn held(blocks: &[Block]) -> BTreeMap<usize, usize> {
    // Patterns are compared by their text here, and there may be many of them.
    let mut files: BTreeMap<(Qualifiers, &Glob), Vec<(usize, Access)>> = BTreeMap::new();
    let mut others = Vec::new();
    for (index, rule) in blocks.iter().flat_map(|block| &block.rules).enumerate() {
        if let Kind::File(FileRule::Paths { paths, access, transition: None }) = &rule.kind {
            files.entry((rule.qualifiers, paths)).or_default().push((index, *access));
        } else if !matches!(rule.kind, Kind::Raw(_)) {
            others.push((index, rule.qualifiers, &rule.kind));
        }
    }
    let mut held = BTreeMap::new();
    for same in files.into_values() {
        for (index, access) in &same {
            let wider = same.iter().find(|(other, wide)| {
                wide.contains(*access) && (wide != access || other < index) && other != index
            });
            held.extend(wider.map(|(wider, _)| (*index, *wider)));
        }
    }
    for (index, qualifiers, kind) in &others {
        let wider = others.iter().find(|(other, as_well, wide)| {
            let is_wider = holds(wide, kind) && (!holds(kind, wide) || other < index);
            qualifiers == as_well && is_wider && other != index
        });
        held.extend(wider.map(|(wider, ..)| (*index, *wider)));
    }
    held
}

/// Whether the first permits all that the second does.
fn holds(wide: &Kind, kind: &Kind) -> bool {
    match (wide, kind) {
        (Kind::Capability(CapabilityRule::All), Kind::Capability(_)) => true,
        (
            Kind::Network(NetworkRule::Sockets { socket: wide, conditions }),
            Kind::Network(NetworkRule::Sockets { socket, .. }),
        ) if conditions.is_empty() => wide.covers(*socket),
        (Kind::Operation(wide), Kind::Operation(rule)) => wide.holds(rule),
        (Kind::Process(ProcessRule { contacts, signals: None, peer: None }), Kind::Process(rule)) => {
            *contacts == Contacts::PTRACES && contacts.intersects(rule.contacts)
        }
        _ => wide == kind,
    }
}
