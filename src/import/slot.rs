//! What stands together in a profile: a rule, or all that one profile says of one pattern.
//!
//! Enters: the lines of a profile. Leaves: slots, each with its own lines and the rules as they stay where no key means
//! them. Decides nothing.

use super::key::PolicyEntry;
use super::original::{self, Original};
use crate::kernel::{Access, Glob};
use crate::rules::profile::Include;
use crate::rules::{FileRule, Kind, Line, ProcessRule, Qualifiers, Rule, Variables, process};
use std::collections::{BTreeMap, BTreeSet};

/// What is decided together.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// By their numbers among the profile's lines.
    pub(super) lines: BTreeSet<usize>,
    pub(super) matter: SlotMatter,
    /// Its rules as they stay.
    pub(super) raw: Vec<String>,
    pub(super) fate: Fate,
}

/// What a slot is about.
#[derive(Clone, Debug)]
pub(super) enum SlotMatter {
    /// All that is said of one pattern alike.
    Files {
        glob: Glob,
        access: Access,
        qualifiers: Qualifiers,
    },
    Rule(Rule),
    /// A rule whose variables have several values, which each node sets.
    Varies,
    /// With the reason.
    Unread(String),
    Include(Include),
    /// What the rules come to together.
    Beside,
}

/// What becomes of a slot.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    Entries(Vec<PolicyEntry>),
    /// It stays as it is, for a reason.
    Raw(String),
    /// The policy needs nothing for it, for a reason.
    Left(Left),
}

/// Why a policy has nothing for a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Baseline,
    /// A bundle of this name holds it.
    Bundle(&'static str),
    /// The policy denies it for the sake of what is denied within it.
    Guard,
    /// Something wider allows it already.
    Covered,
    /// Its own denials take all of it.
    Dead,
    /// With the reason.
    Dropped(String),
}

impl SlotMatter {
    /// What is said of files, where something is.
    pub(super) fn files(&self) -> Option<(&Glob, Access, Qualifiers)> {
        let SlotMatter::Files { glob, access, qualifiers } = self else { return None };
        Some((glob, *access, *qualifiers))
    }

    /// Whether it is bare `file,`.
    pub(super) fn is_every_file(&self) -> bool {
        let SlotMatter::Rule(rule) = self else { return false };
        rule.kind == Kind::File(FileRule::All) && rule.qualifiers == Qualifiers::ALLOW
    }
}

impl Slot {
    fn new(line: usize, matter: SlotMatter, raw: Vec<String>) -> Slot {
        Slot { lines: BTreeSet::from([line]), matter, raw, fate: Fate::Entries(Vec::new()) }
    }

    /// What stands for no rule of its own.
    pub(super) fn beside(entries: Vec<PolicyEntry>) -> Slot {
        let (lines, raw) = (BTreeSet::new(), Vec::new());
        Slot { lines, matter: SlotMatter::Beside, raw, fate: Fate::Entries(entries) }
    }

    pub(super) fn fate_is_baseline(&self) -> bool {
        matches!(self.fate, Fate::Left(Left::Baseline))
    }

    /// Whether the kernel logs what it denies.
    pub(super) fn is_logged(&self) -> bool {
        match &self.matter {
            SlotMatter::Files { qualifiers, .. } => qualifiers.audit,
            SlotMatter::Rule(rule) => rule.qualifiers.audit,
            SlotMatter::Varies | SlotMatter::Unread(_) | SlotMatter::Include(_) | SlotMatter::Beside => false,
        }
    }
}

/// The slots of a profile that becomes a policy of this name. `known` are the variables that the policy's own profile
/// will have.
pub(super) fn slots(original: &Original, name: &str, known: &Variables) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut files: BTreeMap<(Qualifiers, String), usize> = BTreeMap::new();
    for include in &original.profile.includes {
        let mut slot = Slot::new(include.lines.start, SlotMatter::Include(include.clone()), Vec::new());
        slot.lines = include.lines.clone().collect();
        slots.push(slot);
    }
    for (number, line) in original.profile.lines.iter().enumerate() {
        if original.include_of(number).is_some_and(|include| original::is_abstraction(&include.name)) {
            continue;
        }
        if let Some(unread) = &line.unread {
            slots.push(Slot::new(number, SlotMatter::Unread(unread.why.clone()), vec![line.text.clone()]));
            continue;
        }
        if varies(line, known) {
            slots.push(Slot::new(number, SlotMatter::Varies, vec![line.text.clone()]));
            continue;
        }
        for rule in &line.rules {
            let renamed = own_peer(rule, original.name(), name);
            let rule = renamed.as_ref().unwrap_or(rule);
            let raw = raw(rule, line, known);
            let Some((glob, access)) = joined(rule) else {
                slots.push(Slot::new(number, SlotMatter::Rule(rule.clone()), vec![raw]));
                continue;
            };
            let at = *files.entry((rule.qualifiers, glob.text().to_owned())).or_insert(slots.len());
            match slots.get_mut(at) {
                Some(Slot { matter: SlotMatter::Files { access: all, .. }, lines, raw: all_raw, .. }) => {
                    *all = *all | access;
                    lines.insert(number);
                    all_raw.push(raw);
                }
                Some(_) | None => {
                    let qualifiers = rule.qualifiers;
                    slots.push(Slot::new(number, SlotMatter::Files { glob, access, qualifiers }, vec![raw]));
                }
            }
        }
    }
    slots
}

/// A rule about files that adds up with others about the same pattern.
fn joined(rule: &Rule) -> Option<(Glob, Access)> {
    let Qualifiers { audit, owner, .. } = rule.qualifiers;
    let Kind::File(FileRule::Paths { paths, access, transition: None }) = &rule.kind else { return None };
    let adds_up = !(owner || rule.allows() && audit);
    adds_up.then(|| (paths.clone(), *access))
}

/// Whether each node decides what a line is about: the files of its own set the variables' values.
fn varies(line: &Line, known: &Variables) -> bool {
    let mut values = known.in_text(&line.text).peekable();
    values.peek().is_some()
        && values.any(|(_, has_several)| has_several)
        && Line::read(&line.text, known).rules == line.rules
}

/// A rule as it stays: as the line has it, where that means this rule in the policy, too. Within a block a line does not
/// say what the block says, and variables of the profile's own are none of the policy's.
fn raw(rule: &Rule, line: &Line, known: &Variables) -> String {
    let read = Line::read(&line.text, known);
    if read.rules.as_slice() == std::slice::from_ref(rule) { line.text.clone() } else { rule.to_string() }
}

/// The rule with the policy's name in the place of the profile's own.
pub(super) fn own_peer(rule: &Rule, old: &str, new: &str) -> Option<Rule> {
    let Kind::Process(process) = &rule.kind else { return None };
    let peer = process.peer.as_ref().filter(|_| old != new)?;
    let peer = Some(process::renamed(peer, old, new)?);
    Some(Rule { kind: Kind::Process(ProcessRule { peer, ..process.clone() }), ..rule.clone() })
}
