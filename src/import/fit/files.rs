//! A key for what a profile says of files.

use super::opened::{is_everywhere, is_wide};
use super::{Frame, Open, entry, raw};
use crate::check::resolved::PathKey;
use crate::import::key::{self, PolicyEntry};
use crate::import::slot::{Fate, Left, Slot};
use crate::kernel::glob::{self, Budget};
use crate::kernel::{Access, Glob, Operation, path};
use crate::policy::Mode;
use crate::rules::Qualifiers;
use std::collections::{BTreeMap, BTreeSet};

/// The kernel takes these for `/`.
fn huge_pages(list: &'static str) -> Fate {
    entry("operations", list, Operation::HugePages.name())
}

/// What a profile denies of a pattern that it grants something of by the same text.
pub(super) fn denied(slots: &[Slot]) -> BTreeMap<String, Access> {
    let files = slots.iter().filter_map(|slot| slot.matter.files());
    let denials = files.filter(|(_, _, qualifiers)| !qualifiers.allows());
    denials.map(|(glob, access, _)| (glob.text(), access)).fold(BTreeMap::new(), |mut all, (text, access)| {
        let known = all.entry(text.to_owned()).or_default();
        *known = *known | access;
        all
    })
}

/// The patterns that a profile says of that they may be read and locked, as policies write them.
pub(super) fn read(slots: &[Slot]) -> BTreeSet<String> {
    let files = slots.iter().filter_map(|slot| slot.matter.files());
    let read = files.filter(|(_, access, qualifiers)| {
        *qualifiers == Qualifiers::ALLOW && *access == PathKey::ReadOnly.grant()
    });
    read.map(|(glob, ..)| key::written(glob.text())).collect()
}

/// Whether a denial of writing is what `read-only` means where every file may be written.
pub(super) fn is_read_only(denial: &Fate, read: &BTreeSet<String>, open: Open) -> bool {
    let Fate::Entries(entries) = denial else { return false };
    let is_meant =
        |entry: &PolicyEntry| entry.key == PathKey::DenyWrite.name() && read.contains(&entry.value);
    open.files.contains(Access::WRITE) && entries.iter().all(is_meant)
}

pub(super) fn as_read_only(denial: Fate) -> Fate {
    let Fate::Entries(entries) = denial else { return denial };
    let entry = |entry: PolicyEntry| PolicyEntry::path(PathKey::ReadOnly, &entry.value);
    Fate::Entries(entries.into_iter().map(entry).collect())
}

pub(in crate::import) const FOLDER_ALONE: &str =
    "it is about the folder alone, and a key's denial about all that is in it";

pub(super) fn denial(glob: &Glob, access: Access, qualifiers: Qualifiers, frame: Frame) -> Fate {
    match key::denying(access) {
        _ if *glob == *glob::ROOT && access == Access::WRITE => huge_pages("deny"),
        _ if frame.exact => raw("no key denies exactly this"),
        _ if frame.mode == Mode::Complain && !qualifiers.audit => {
            raw("a denial that is not logged holds in complain mode too, as no key's does")
        }
        // Where it keeps what is denied within it from being carried away, the policy has it by itself.
        Some(PathKey::DenyWrite) if path::names_folders(glob) => Fate::Left(Left::Guard),
        Some(_) if path::names_folders(glob) => raw(FOLDER_ALONE),
        Some(key) if access.contains(Access::WRITE) => {
            Fate::Entries(vec![PolicyEntry::path(key, &key::written_denial(glob))])
        }
        Some(key) => Fate::Entries(vec![PolicyEntry::path(key, &key::written(glob.text()))]),
        None => Fate::Raw(format!("no key denies just `{access}`")),
    }
}

/// `access` is what nothing takes away.
pub(super) fn grant(glob: &Glob, access: Access, frame: Frame, open: Open, budget: &Budget) -> Fate {
    let text = key::written(glob.text());
    if access.is_empty() {
        return Fate::Left(Left::Dead);
    }
    let is_opened = !open.access().is_empty() && open.access().with(key::HARMLESS).contains(access);
    if is_opened && is_wide(glob) && is_everywhere(glob, budget) {
        return Fate::Entries(open.entries());
    }
    if open.access().contains(access) {
        return Fate::Left(Left::Covered);
    }
    if *glob == *glob::ROOT && access == Access::READ | Access::WRITE {
        return huge_pages("allow");
    }
    if frame.exact {
        return raw("no key grants exactly this");
    }
    if path::names_folders(glob) {
        return match access {
            _ if PathKey::ReadOnly.grant().contains(access) && access.contains(Access::READ) => {
                Fate::Entries(vec![PolicyEntry::path(PathKey::List, &key::written_folder(glob.text()))])
            }
            _ => raw("it is about the folder alone, and not only listing it"),
        };
    }
    match key::granting(access, open.access()) {
        Some(keys) => Fate::Entries(keys.into_iter().map(|key| PolicyEntry::path(key, &text)).collect()),
        None if access == Access::APPEND => {
            raw("`a` alone: the kernel lets the file be opened for appending, and refuses every write")
        }
        None if access.contains(Access::EXEC) && !access.contains(Access::READ) => {
            raw("`exec.allow` would let the program be read too")
        }
        None => Fate::Raw(format!("no key grants just `{access}`")),
    }
}
