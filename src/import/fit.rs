//! For each rule the key that means it, where there is one.
//!
//! An exact key first, else the nearest that adds nothing but locking, linking and mapping; else the rule stays as it is.
//! What is proposed here is corrected by `proof`.

mod files;
mod held;
mod opened;
mod others;
mod together;

pub(super) use files::FOLDER_ALONE;
pub(super) use opened::opened;

use super::bundled::bundled;
use super::key::PolicyEntry;
use super::original;
use super::slot::{Fate, Left, Slot, SlotMatter};
use crate::ask::Ruleset;
use crate::kernel::glob::Budget;
use crate::kernel::{Abi, Access};
use crate::policy::Mode;
use crate::rules::profile::Include;
use files::{as_read_only, denial, denied, grant, is_read_only, read};
use held::Held;
use others::other;
use together::{every_operation, none_left, whole_folders};

/// What the policy is to be like, whatever its rules are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) exact: bool,
    pub(super) has_baseline: bool,
    pub(super) mode: Mode,
    pub(super) abi: Abi,
}

/// What every file may be used for, by the policy's defaults.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    pub(super) files: Access,
    pub(super) exec: Access,
    /// What the profile denies of every file, whatever allows it.
    denied: Access,
}

impl Open {
    pub(super) fn access(self) -> Access {
        self.files | self.exec
    }

    /// The defaults that mean it.
    pub(super) fn entries(self) -> Vec<PolicyEntry> {
        let files = match (self.files.is_empty(), self.files.contains(Access::WRITE)) {
            (true, _) => None,
            (false, true) => Some("allow"),
            (false, false) => Some("read"),
        };
        let exec = (!self.exec.is_empty()).then_some("allow");
        let sections = [("filesystem", files), ("exec", exec)];
        let entry = |(section, word): (_, Option<&str>)| Some(PolicyEntry::new(section, "default", word?));
        sections.into_iter().filter_map(entry).collect()
    }
}

/// Looking at patterns for one profile costs no more than this, in states looked at; then rules stay as they are.
const WORK: usize = 20_000_000;

/// Proposes a fate for each slot. `baselines` are what policies have without any entry: this one, and one that is open.
pub(super) fn fit(slots: &mut [Slot], frame: Frame, open: Open, baselines: &[Option<&Ruleset>]) {
    let budget = Budget::new(WORK);
    let held = Held::new(baselines.iter().copied().flatten());
    let (denied, read) = (denied(slots), read(slots));
    for slot in &mut *slots {
        let is_held = || held.holds(&slot.matter, &budget);
        slot.fate = match &slot.matter {
            SlotMatter::Include(include) => included(include, frame),
            SlotMatter::Unread(why) => Fate::Raw(format!("it cannot be read: it {why}")),
            SlotMatter::Beside => continue,
            SlotMatter::Varies => raw("its variables have several values, which the node's files set"),
            SlotMatter::Files { .. } | SlotMatter::Rule(_) if is_held() => Fate::Left(Left::Baseline),
            SlotMatter::Rule(rule) if frame.mode == Mode::Complain && rule.is_watch() => {
                Fate::Left(Left::Dropped("complain mode has it by itself".to_owned()))
            }
            SlotMatter::Files { glob, access, qualifiers } if !qualifiers.allows() => {
                let denial = denial(glob, *access, *qualifiers, frame);
                if is_read_only(&denial, &read, open) { as_read_only(denial) } else { denial }
            }
            SlotMatter::Files { glob, access, .. } => {
                let denied = denied.get(glob.text()).copied().unwrap_or_default() | open.denied;
                // The baseline's denial gives way to what is named within it.
                let open = if held.denies(glob, *access, &budget) { Open::default() } else { open };
                grant(glob, if frame.exact { *access } else { *access & !denied }, frame, open, &budget)
            }
            matter if matter.is_every_file() => Fate::Entries(open.entries()),
            SlotMatter::Rule(rule) => other(rule, frame),
        };
    }
    if !frame.exact {
        bundled(slots, open.access());
        whole_folders(slots);
        none_left(slots);
    }
    every_operation(slots, frame.abi);
}

fn raw(why: &str) -> Fate {
    Fate::Raw(why.to_owned())
}

fn entry(section: &'static str, key: &'static str, value: impl Into<String>) -> Fate {
    Fate::Entries(vec![PolicyEntry::new(section, key, value)])
}

fn included(include: &Include, frame: Frame) -> Fate {
    match original::abstraction(&include.name) {
        Some("base") if frame.has_baseline => Fate::Left(Left::Baseline),
        // One that is not there is left to the node: the policy names it as the profile does.
        Some(name) => Fate::Entries(vec![PolicyEntry::new("", "abstractions", name)]),
        None if include.lines.is_empty() => {
            Fate::Left(Left::Dropped("there is no such file, or nothing in it".to_owned()))
        }
        None => Fate::Left(Left::Dropped("its rules stand in the policy".to_owned())),
    }
}
