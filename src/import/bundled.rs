//! Bundles whose rules all stand in a profile.

use super::key::PolicyEntry;
use super::slot::{Fate, Left, Slot, SlotMatter};
use crate::baseline::Need;
use crate::baseline::bundles::{self, Bundle};
use crate::kernel::{Access, Family, Socket};
use crate::rules::{Kind, NetworkRule, Qualifiers, Rule};

/// Puts each bundle in the place of its rules. What everything is open for stands in no rule.
pub(super) fn bundled(slots: &mut [Slot], open: Access) {
    for bundle in bundles::ALL {
        let Some(own) = own(bundle, slots, open) else { continue };
        for (number, at) in own.into_iter().enumerate() {
            if let Some(slot) = slots.get_mut(at) {
                slot.fate = match number {
                    0 => Fate::Entries(vec![PolicyEntry::new("", "bundles", bundle.name)]),
                    _ => Fate::Left(Left::Bundle(bundle.name)),
                };
            }
        }
    }
}

/// The slots of all its rules, the baseline's apart; none where one is missing, or all are the baseline's.
fn own(bundle: &Bundle, slots: &[Slot], open: Access) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for group in bundle.groups {
        for need in group.files().filter(|need| !open.contains(need.access)) {
            found.push(position(slots, |slot| is_file(slot, need.glob.text(), need.access))?);
        }
        for need in group.needs {
            if let Need::Socket(family, kind) = need {
                let socket = Socket { family: Family::from_name(family), kind: Some(*kind) };
                found.push(position(slots, |slot| is_socket(slot, socket))?);
            }
        }
    }
    let is_entry = |at: &usize| slots.get(*at).is_some_and(|slot| matches!(slot.fate, Fate::Entries(_)));
    found.retain(is_entry);
    (!found.is_empty()).then_some(found)
}

fn position(slots: &[Slot], is_meant: impl Fn(&Slot) -> bool) -> Option<usize> {
    slots.iter().position(is_meant)
}

fn is_file(slot: &Slot, pattern: &str, access: Access) -> bool {
    slot.matter.files().is_some_and(|(glob, own, qualifiers)| {
        qualifiers == Qualifiers::ALLOW && glob.text() == pattern && own == access
    })
}

fn is_socket(slot: &Slot, asked: Socket) -> bool {
    let SlotMatter::Rule(Rule { kind: Kind::Network(rule), qualifiers, .. }) = &slot.matter else {
        return false;
    };
    *qualifiers == Qualifiers::ALLOW && *rule == NetworkRule::whole(asked)
}
