//! What is to be corrected of a policy: by what checking finds, and by what a comparison shows.

use crate::ask::{Difference, Matter, Ruleset, words};
use crate::baseline::denials;
use crate::diag::{Findings, Severity};
use crate::foreign::NotTaken;
use crate::import::draft::{Draft, Written};
use crate::import::fit;
use crate::import::key::PolicyEntry;
use crate::import::original::Original;
use crate::import::slot::{Fate, Left, Slot, SlotMatter};
use crate::kernel::Access;

pub(super) fn refused(original: &Original, slot: Option<&Slot>, wrong: String) -> NotTaken {
    let number = slot.and_then(|slot| slot.lines.first()).and_then(|line| original.profile.lines.get(*line));
    let line = number.filter(|line| line.file.is_none()).and_then(|line| original.input_line(line.number));
    let help = match wrong.starts_with("`include") {
        true => "include it by its name, as `include <local/NAME>`, or write its rules in its place",
        false => "take the rule out, or write it in another way",
    };
    NotTaken { line, wrong, help: help.to_owned() }
}

/// What checking refuses becomes the rule as it was; what is covered, or dead, goes. Whether anything changed.
pub(super) fn by_findings(
    draft: &mut Draft,
    written: &Written,
    findings: &Findings,
    original: &Original,
) -> Result<bool, NotTaken> {
    let mut is_changed = false;
    for finding in findings.iter() {
        let name = finding.code.name;
        let is_covered = ["covered-entry", "repeated-entry", "duplicate-entry"].contains(&name);
        if finding.severity != Severity::Error && !is_covered {
            continue;
        }
        let spans: Vec<_> = finding.guilty().filter_map(|place| written.at(place)).collect();
        if spans.is_empty() && finding.severity == Severity::Error {
            return Err(refused(original, None, format!("no policy can be made of it: {}", finding.message)));
        }
        for span in spans {
            let Some(slot) = draft.slots.get_mut(span.slot) else { continue };
            let fate = match &slot.fate {
                // It was corrected for another finding's sake.
                Fate::Left(_) => continue,
                Fate::Raw(_) if is_covered => continue,
                Fate::Raw(_) => {
                    let rule = words::shortened(slot.raw.first().map_or("", String::as_str));
                    let wrong = match &slot.matter {
                        SlotMatter::Unread(why) => format!("`{rule}` {why}, and no policy can have it"),
                        SlotMatter::Files { .. }
                        | SlotMatter::Rule(_)
                        | SlotMatter::Varies
                        | SlotMatter::Include(_)
                        | SlotMatter::Beside => {
                            format!("`{rule}` has no key and cannot stay as it is: {}", finding.message)
                        }
                    };
                    return Err(refused(original, Some(slot), wrong));
                }
                Fate::Entries(entries) if is_covered => {
                    let is_other = |entry: &&PolicyEntry| Some((entry.section, entry.key)) != span.key;
                    let rest: Vec<PolicyEntry> = entries.iter().filter(is_other).cloned().collect();
                    if rest.is_empty() { Fate::Left(Left::Covered) } else { Fate::Entries(rest) }
                }
                Fate::Entries(_) if name == "dead-grant" => Fate::Left(Left::Dead),
                Fate::Entries(_) if slot.raw.is_empty() => {
                    return Err(refused(original, Some(slot), finding.message.clone()));
                }
                Fate::Entries(_) => {
                    Fate::Raw(format!("as an entry it would be `{name}`: {}", finding.message))
                }
            };
            slot.fate = fate;
            is_changed = true;
        }
    }
    Ok(is_changed)
}

/// Both sides of a comparison, and where their rules come from.
pub(super) struct Sides<'a> {
    pub(super) ahead: usize,
    pub(super) after: &'a Ruleset,
    pub(super) written: &'a Written,
}

impl Sides<'_> {
    /// The slots of a rule of the original. Ahead of its lines stands what stands in none.
    fn slots_before(&self, draft: &Draft, line: usize) -> Vec<usize> {
        let Some(number) = line.checked_sub(self.ahead) else { return Vec::new() };
        let slots = draft.slots.iter().enumerate().filter(|(_, slot)| slot.lines.contains(&number));
        slots.map(|(at, _)| at).collect()
    }

    /// The slots of a rule of the policy.
    fn slots_after(&self, line: usize) -> Vec<usize> {
        let from = self.after.line(line).map(|line| line.from.as_slice()).unwrap_or_default();
        from.iter().filter_map(|place| Some(self.written.at(*place)?.slot)).collect()
    }
}

/// What allows more than it may, or less without need, becomes the rule as it was. Whether anything changed.
pub(super) fn by_differences(
    draft: &mut Draft,
    sides: &Sides<'_>,
    gained: &[Difference],
    differences: &[Difference],
) -> bool {
    let mut is_changed = takes_token(draft, differences);
    for difference in gained {
        let what = || words::matter(&difference.what, true);
        let denying = difference.denying.iter().flat_map(|line| sides.slots_before(draft, *line));
        let denying: Vec<usize> = denying.collect();
        let granting = difference.granting.iter().flat_map(|line| sides.slots_after(*line));
        // What the profile denies goes first: it is what makes the difference, whatever grants.
        let mut denied = false;
        for at in denying {
            denied |= stays(draft, at, |left| match left {
                Some(Left::Guard) => fit::FOLDER_ALONE.to_owned(),
                Some(_) | None => format!("as an entry it would deny less: {}", what()),
            });
        }
        is_changed |= denied;
        if !denied {
            for at in granting {
                is_changed |= stays(draft, at, |_| format!("as an entry it would allow more: {}", what()));
            }
        }
    }
    for difference in differences.iter().filter(|one| !one.gained) {
        // What is denied is lost for good, unless the denial takes only a part of it.
        let is_lost = |left: &Left| match left {
            Left::Dead => true,
            Left::Covered | Left::Baseline | Left::Bundle(_) | Left::Guard => difference.denying.is_empty(),
            Left::Dropped(_) => false,
        };
        let granting = difference.granting.iter().flat_map(|line| sides.slots_before(draft, *line));
        for at in granting.collect::<Vec<usize>>() {
            let is_left = draft
                .slots
                .get(at)
                .is_some_and(|slot| matches!(&slot.fate, Fate::Left(left) if is_lost(left)));
            is_changed |= is_left && stays(draft, at, |_| "no other entry allows all of it".to_owned());
        }
    }
    is_changed
}

/// The token may be read where the profile lets it be, and so belongs to the pod. Whether that is new.
fn takes_token(draft: &mut Draft, differences: &[Difference]) -> bool {
    let is_token = |difference: &Difference| match &difference.what {
        Matter::Files { access, witness, .. } => {
            !difference.gained
                && access.contains(Access::READ)
                && denials::TOKEN
                    .files()
                    .any(|file| file.access.contains(Access::READ) && file.glob.matches(witness))
        }
        Matter::Processes { .. }
        | Matter::Asked(_)
        | Matter::Limit { .. }
        | Matter::Flag(_)
        | Matter::Mode { .. }
        | Matter::WithoutAbi
        | Matter::Unread(_)
        | Matter::Exhausted => false,
    };
    let has_it = draft
        .slots
        .iter()
        .any(|slot| matches!(&slot.fate, Fate::Entries(all) if all.contains(&PolicyEntry::token())));
    let is_new = draft.has_baseline && !has_it && differences.iter().any(is_token);
    if is_new {
        draft.slots.push(Slot::beside(vec![PolicyEntry::token()]));
    }
    is_new
}

/// Whether a slot could be made to stay as it was, and is now.
fn stays(draft: &mut Draft, at: usize, why: impl Fn(Option<&Left>) -> String) -> bool {
    let Some(slot) = draft.slots.get_mut(at).filter(|slot| !slot.raw.is_empty()) else { return false };
    let why = match &slot.fate {
        Fate::Raw(_) => return false,
        Fate::Left(left) => why(Some(left)),
        Fate::Entries(_) => why(None),
    };
    slot.fate = Fate::Raw(why);
    true
}
