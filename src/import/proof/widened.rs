//! The original as a policy is held against it.

use crate::ask::{RuleLine, Ruleset, ruleset};
use crate::import::key;
use crate::import::original::Original;
use crate::import::slot;
use crate::kernel::{Access, Glob};
use crate::rules::{FileRule, Kind, ReadProfile, Rule};

/// Gives the original the flags and the ABI that policies always have: what differs there is said apart.
pub(super) fn pin(originals: [&mut Ruleset; 2], after: &Ruleset) {
    for ruleset in originals {
        ruleset.flags.clone_from(&after.flags);
        ruleset.abi = after.abi;
    }
}

/// The profile with all that a key may add.
pub(super) fn widened(original: &Original, name: &str, baseline: Option<&Ruleset>) -> Ruleset {
    let mut profile: ReadProfile = original.profile.clone();
    for rule in profile.lines.iter_mut().flat_map(|line| &mut line.rules) {
        if rule.qualifiers.owner {
            continue;
        }
        if !rule.allows() {
            if let Kind::File(FileRule::Paths { access, .. }) = &mut rule.kind
                && access.contains(Access::WRITE)
                && key::CHANGE.contains(*access)
            {
                *access = access.without(Access::LOCK);
            }
            continue;
        }
        if let Kind::File(FileRule::Paths { paths, access, transition: None }) = &mut rule.kind {
            *access = *access
                | match *access {
                    one if one.contains(Access::WRITE) => Access::LINK | Access::LOCK,
                    one if one.contains(Access::READ) => Access::LOCK,
                    _ => Access::NONE,
                };
            if let Ok(spelled) = Glob::parse(&key::spelled(paths.text())) {
                *paths = spelled;
            }
        }
    }
    let ruleset = ruleset::written(profile);
    let processes = baseline.into_iter().flat_map(Ruleset::held).filter_map(|held| {
        let is_meant = matches!(held.rule.kind, Kind::Process(_)) && held.rule.allows();
        let rule = is_meant.then(|| held.rule.clone())?;
        Some(slot::own_peer(&rule, name, original.name()).unwrap_or(rule))
    });
    let processes: Vec<Rule> = processes.collect();
    let line = RuleLine { text: String::new(), from: Vec::new(), origin: String::new() };
    ruleset.with(line, processes)
}
