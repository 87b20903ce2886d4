//! What several rules mean together.

use crate::import::key::{self, PolicyEntry};
use crate::import::slot::{Fate, Left, Slot, SlotMatter};
use crate::kernel::{Abi, Access, Operation, Socket};
use crate::rules::{CapabilityRule, Kind, NetworkRule, Qualifiers};
use std::collections::{BTreeMap, BTreeSet};

/// All operations together are the default.
pub(super) fn every_operation(slots: &mut [Slot], abi: Abi) {
    let is_grant = |entry: &PolicyEntry| (entry.section, entry.key) == ("operations", "allow");
    let granted: BTreeSet<String> = slots
        .iter()
        .filter_map(|slot| if let Fate::Entries(entries) = &slot.fate { Some(entries) } else { None })
        .flatten()
        .filter(|entry| is_grant(entry))
        .map(|entry| entry.value.clone())
        .collect();
    let mut wanted = Operation::ALL.into_iter().filter(|one| one.part_of().is_none() && abi.mediates(*one));
    if !wanted.all(|operation| granted.contains(operation.name())) {
        return;
    }
    for slot in slots {
        if let Fate::Entries(entries) = &mut slot.fate {
            for entry in entries.iter_mut().filter(|entry| is_grant(entry)) {
                *entry = PolicyEntry::new("operations", "default", "allow");
            }
        }
    }
}

/// Where all sockets, or all capabilities, are denied, what grants some of them grants nothing.
pub(super) fn none_left(slots: &mut [Slot]) {
    let all_sockets = Kind::Network(NetworkRule::whole(Socket { family: None, kind: None }));
    for (section, all) in [("network", all_sockets), ("capabilities", Kind::Capability(CapabilityRule::All))]
    {
        let denies_all = |slot: &Slot| match &slot.matter {
            SlotMatter::Rule(rule) => !rule.allows() && rule.kind == all,
            SlotMatter::Files { .. }
            | SlotMatter::Varies
            | SlotMatter::Unread(_)
            | SlotMatter::Include(_)
            | SlotMatter::Beside => false,
        };
        if !slots.iter().any(denies_all) {
            continue;
        }
        for slot in slots.iter_mut() {
            let is_grant = |entry: &PolicyEntry| entry.section == section && !entry.is_denial();
            if matches!(&slot.fate, Fate::Entries(entries) if entries.iter().any(is_grant)) {
                slot.fate = Fate::Left(Left::Dead);
            }
        }
    }
}

/// `/x/` and `/x/**`, where both mean the same of what they name, are one entry: the folder with all that is in it.
pub(super) fn whole_folders(slots: &mut [Slot]) {
    let mut folders: BTreeMap<(Qualifiers, String), usize> = BTreeMap::new();
    for (number, slot) in slots.iter().enumerate() {
        if let (Some((glob, _, qualifiers)), Fate::Entries(_) | Fate::Raw(_) | Fate::Left(Left::Guard)) =
            (slot.matter.files(), &slot.fate)
            && glob.text().ends_with('/')
        {
            folders.insert((qualifiers, glob.text().to_owned()), number);
        }
    }
    let meant = |slot: &Slot| {
        let (_, access, qualifiers) = slot.matter.files()?;
        Some(if qualifiers.allows() { access.without(Access::LOCK) } else { access })
    };
    let mut joined = Vec::new();
    for (number, slot) in slots.iter().enumerate() {
        let (Some((glob, _, qualifiers)), Fate::Entries(entries)) = (slot.matter.files(), &slot.fate) else {
            continue;
        };
        let Some(folder) = glob.text().strip_suffix("**").filter(|folder| folder.ends_with('/')) else {
            continue;
        };
        let Some(at) = folders.get(&(qualifiers, folder.to_owned())) else { continue };
        let is_same = slots.get(*at).is_some_and(|other| meant(other) == meant(slot));
        if is_same && !entries.is_empty() && folder != "/" {
            joined.push((number, *at, key::written(folder)));
        }
    }
    for (whole, folder, text) in joined {
        let Some(other) = slots.get_mut(folder) else { continue };
        let (lines, raws) = (std::mem::take(&mut other.lines), std::mem::take(&mut other.raw));
        other.fate = Fate::Left(Left::Covered);
        if let Some(slot) = slots.get_mut(whole) {
            slot.lines.extend(lines);
            slot.raw.extend(raws);
            if let Fate::Entries(entries) = &mut slot.fate {
                entries.iter_mut().for_each(|entry| entry.value.clone_from(&text));
            }
        }
    }
}
