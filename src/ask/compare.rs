//! In what two profiles differ: by what they allow, not by how they are written.
//!
//! Enters: two rulesets. Leaves: what the second allows that the first did not, and the reverse, each with the rules
//! that make the difference and something that shows it.

mod globs;
mod labels;

use super::decide::{Because, Decision, Verdict};
use super::difference::{Difference, Matter};
use super::ruleset::{IndexedRule, Ruleset};
use crate::kernel::glob::Budget;
use crate::kernel::{Abi, Capability, Family, Limit, Operation, Request, Socket};
use crate::policy::Mode;
use crate::rules::{Kind, NetworkRule, Qualifiers, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// What comparing may cost: a few seconds' work, in states looked at.
const WORK: usize = 40_000_000;

/// Compares two profiles.
pub fn compare(before: &Ruleset, after: &Ruleset) -> Vec<Difference> {
    let budget = Budget::new(WORK);
    let mut found = modes(before, after);
    if before.abi.is_some() != after.abi.is_some() {
        found.push(Difference::without_rules(after.abi.is_none(), Matter::WithoutAbi));
    }
    let (files, files_are_all) = globs::files(before, after, &budget);
    let (processes, processes_are_all) = globs::processes(before, after, &budget);
    found.extend(files);
    found.extend(words(before, after));
    found.extend(processes);
    found.extend(flags(before, after));
    found.extend(limits(before, after));
    found.extend(foreign(before, after));
    if budget.is_spent() || !files_are_all || !processes_are_all {
        for gained in [true, false] {
            found.push(Difference::without_rules(gained, Matter::Exhausted));
        }
    }
    // What is gained comes first: it is what a reviewer looks for.
    found.sort_by_key(|difference| !difference.gained);
    found
}

fn modes(before: &Ruleset, after: &Ruleset) -> Vec<Difference> {
    let (before, after) = (before.mode, after.mode);
    if (before == Mode::Complain) == (after == Mode::Complain) {
        return Vec::new();
    }
    vec![Difference::without_rules(after == Mode::Complain, Matter::Mode { before, after })]
}

/// Flags that decide what rules are about: which of them allows more depends on the files that are there.
fn flags(before: &Ruleset, after: &Ruleset) -> Vec<Difference> {
    let all: BTreeSet<&String> = before.flags.symmetric_difference(&after.flags).collect();
    let both = |flag: &String| {
        [true, false].map(|gained| Difference::without_rules(gained, Matter::Flag(flag.clone())))
    };
    all.into_iter().flat_map(both).collect()
}

/// What is asked for by a word: few enough to ask for all.
fn words(before: &Ruleset, after: &Ruleset) -> Vec<Difference> {
    let capabilities = Capability::all().map(Request::Capability);
    let sockets = Family::all().flat_map(|family| {
        let kinds = family.types().iter();
        kinds.map(move |kind| Request::Network(Socket { family: Some(family), kind: Some(*kind) }))
    });
    // Compared with files and processes.
    let elsewhere = [Operation::Signal, Operation::Ptrace, Operation::HugePages];
    let both = before.abi.is_some() == after.abi.is_some();
    let is_word = |operation: &Operation| {
        !elsewhere.contains(operation)
            && is_mediated(before, after, *operation)
            // Without an ABI nobody knows about what is newer than the first.
            && (both || operation.since() == Abi::V3_0)
    };
    let operations = Operation::ALL.into_iter().filter(is_word);
    let all = capabilities.chain(sockets).chain(operations.map(Request::Operation));
    let (mut first, mut second) = (before.scratch(), after.scratch());
    // Together where the same rules make the difference.
    let mut found: Vec<Difference> = Vec::new();
    for request in all {
        let old = before.decide_read(&request, &mut first);
        let new = after.decide_read(&request, &mut second);
        let allows = |decision: &Decision| decision.verdict == Verdict::Allowed;
        let (was, gained) = (allows(&old), allows(&new));
        if was == gained {
            continue;
        }
        let (one, other) = if gained { (new, old) } else { (old, new) };
        let denying = if other.because == Because::Refused { other.lines } else { Vec::new() };
        let granting = one.lines;
        let same = found.iter_mut().find(|one| {
            one.gained == gained && one.granting == granting && one.denying == denying && !granting.is_empty()
        });
        match same.map(|one| &mut one.what) {
            Some(Matter::Asked(requests)) => requests.push(request),
            Some(_) | None => {
                found.push(Difference { gained, what: Matter::Asked(vec![request]), granting, denying });
            }
        }
    }
    found
}

fn is_mediated(before: &Ruleset, after: &Ruleset, operation: Operation) -> bool {
    [before, after].iter().any(|one| one.abi.is_none_or(|abi| abi.mediates(operation)))
}

fn limits(before: &Ruleset, after: &Ruleset) -> Vec<Difference> {
    let read = |ruleset: &Ruleset| -> BTreeMap<String, (String, usize)> {
        let limits = ruleset.held().iter().filter_map(|held| {
            let Kind::Limit(rule) = &held.rule.kind else { return None };
            Some((rule.limit.name().to_owned(), (rule.value.clone(), held.line)))
        });
        limits.collect()
    };
    let (old, new) = (read(before), read(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differences = names.into_iter().filter_map(|name| {
        let (was, is) = (old.get(name), new.get(name));
        let number = |value: Option<&(String, usize)>| {
            value.and_then(|(text, _)| Limit::from_name(name)?.permits(text)).unwrap_or(u64::MAX)
        };
        let grows = number(is) > number(was);
        let differs = was.map(|(text, _)| text) != is.map(|(text, _)| text)
            && (number(is) != number(was) || was.is_none() != is.is_none());
        differs.then(|| Difference {
            gained: grows,
            what: Matter::Limit {
                limit: name.clone(),
                before: was.map(|(text, _)| text.clone()),
                after: is.map(|(text, _)| text.clone()),
            },
            granting: (if grows { is } else { was }).map(|(_, line)| *line).into_iter().collect(),
            denying: (if grows { was } else { is }).map(|(_, line)| *line).into_iter().collect(),
        })
    });
    differences.collect()
}

/// Rules that are compared by how they are written, their conditions in one order and their variables filled in, since
/// what they decide is not weighed here.
fn foreign(before: &Ruleset, after: &Ruleset) -> Vec<Difference> {
    let read = |ruleset: &Ruleset, side: &str| -> BTreeMap<String, (usize, Option<bool>)> {
        // What nothing means the same as differs from everything.
        let unlike = |line: usize| format!("{side}, line {line}");
        let of = |held: &IndexedRule| {
            let is_weighed = match &held.rule.kind {
                Kind::Network(NetworkRule::Sockets { conditions, .. }) => conditions.is_empty(),
                Kind::Unix(rule) => rule.is_whole(),
                Kind::Operation(rule) => rule.is_whole(),
                Kind::Limit(_)
                | Kind::Capability(_)
                | Kind::Process(_)
                | Kind::File(_)
                | Kind::Everything => true,
                Kind::Network(NetworkRule::Obsolete(_))
                | Kind::ChangeProfile(_)
                | Kind::Link(_)
                | Kind::Child(_)
                | Kind::Raw(_) => false,
            };
            let text = || {
                if let Kind::Child(child) = &held.rule.kind {
                    return child.meaning().unwrap_or_else(|| unlike(held.line));
                }
                // Whether what is allowed is logged decides nothing.
                let qualifiers = Qualifiers { audit: false, ..held.rule.qualifiers };
                let text = Rule { qualifiers, ..held.rule.clone() }.to_string();
                if before.name == after.name {
                    return text;
                }
                labels::own(&text, &ruleset.name).unwrap_or_else(|| unlike(held.line))
            };
            (!is_weighed).then(|| (text(), (held.line, Some(held.rule.allows()))))
        };
        let unread = ruleset.unread().iter().map(|(line, unread)| {
            let meaning = unread.meaning.clone();
            (meaning.unwrap_or_else(|| unlike(*line)), (*line, None))
        });
        ruleset.held().iter().filter_map(of).chain(unread).collect()
    };
    let (old, new) = (read(before, "before"), read(after, "after"));
    let mut found = Vec::new();
    for (ruleset, own, other, is_new) in [(after, &new, &old, true), (before, &old, &new, false)] {
        for (text, (line, grants)) in own.iter().filter(|(text, _)| !other.contains_key(*text)) {
            // Nobody knows whether such a rule grants or denies where it could not be read.
            let directions = match grants {
                Some(true) => vec![is_new],
                Some(false) => vec![!is_new],
                None => vec![true, false],
            };
            found.extend(directions.into_iter().map(|gained| Difference {
                gained,
                what: Matter::Unread(ruleset.line(*line).map_or(text, |line| &line.text).clone()),
                granting: if gained == is_new { vec![*line] } else { Vec::new() },
                denying: if gained == is_new { Vec::new() } else { vec![*line] },
            }));
        }
    }
    found
}
