//! What became of a profile, in sentences: for people who must answer for the policy.

mod changed;
mod differences;

use super::original::Original;
use super::proof::Proven;
use super::slot::{Fate, Left, Slot, SlotMatter};
use crate::ask::{Matter, Ruleset, words};
use crate::foreign::Weight;
use crate::rules::{Kind, Line, Rule};
use changed::changed;
use differences::{Summary, addition, by, by_base, detail, heading, is_announced};
use std::collections::BTreeMap;

/// What a policy allows, beside the profile that it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Same,
    /// Nothing is gained, and something lost.
    Narrower,
    /// Something is gained.
    Wider,
    /// Rules could not be read, or comparing would have taken too long.
    NotProved,
}

/// Rules with one reason for what became of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub why: String,
    /// Where each stands, and its text.
    pub rules: Vec<(String, String)>,
}

/// What became of a profile.
#[derive(Clone, Debug)]
pub struct ImportReport {
    pub standing: Standing,
    /// Rules that could not be read, and includes that are not there.
    pub unread: Vec<(String, String)>,
    /// Rules that no key means.
    pub raw: Vec<Kept>,
    /// Rules that the policy needs nothing for.
    pub left: Vec<Kept>,
    /// What is other in the policy as a whole.
    pub changed: Vec<String>,
    /// What its own tool makes nothing of, or does not do.
    pub remarks: Vec<String>,
    /// What the keys add: locking, linking, mapping, other spellings of folders, the signals that stop a container.
    pub added: Vec<String>,
    pub gained: Vec<String>,
    pub lost: Vec<String>,
}

pub(super) fn report(original: &Original, proven: &Proven) -> ImportReport {
    let unread = unread(original, proven);
    let mut differences = Summary::default();
    let (mut added, mut lost) = (Summary::default(), Summary::default());
    for difference in &proven.gained {
        match heading(&difference.granting, &proven.after).filter(|title| title.starts_with("the baseline")) {
            Some(group) => differences.add(format!("granted by {group}"), detail(difference)),
            None => differences.add(words::matter(&difference.what, true), by(difference, &proven.after)),
        }
    }
    for difference in &proven.differences {
        match (difference.gained, is_announced(difference, &proven.gained)) {
            (true, false) => {
                let (kind, such) = addition(difference);
                added.add(kind, such);
            }
            (true, true) => {}
            (false, _) if by_base(difference, original, proven) => {
                lost.add("allowed by `abstractions/base` alone".to_owned(), detail(difference));
            }
            (false, _) => match heading(&difference.denying, &proven.after) {
                Some(title) => lost.add(format!("denied by {title}"), detail(difference)),
                None => lost.add(words::matter(&difference.what, false), None),
            },
        }
    }
    let (gained, mut lost) = (differences.lines(), lost.lines());
    if original.profile.abi.is_none() && !grants_sockets(&proven.after) {
        let network =
            "every socket: no rule allows any, and without an abi line many kernels let them all pass";
        lost.insert(0, network.to_owned());
    }
    let is_exhausted = proven.gained.iter().any(|one| one.what == Matter::Exhausted);
    let standing = match (unread.is_empty() && !is_exhausted, gained.is_empty(), lost.is_empty()) {
        (false, ..) => Standing::NotProved,
        (true, false, _) => Standing::Wider,
        (true, true, false) => Standing::Narrower,
        (true, true, true) => Standing::Same,
    };
    ImportReport {
        standing,
        unread,
        raw: kept(original, proven, |slot| match &slot.fate {
            Fate::Raw(why) => Some(why.clone()),
            Fate::Entries(_) | Fate::Left(_) => None,
        }),
        left: kept(original, proven, left),
        changed: changed(original, proven),
        remarks: remarks(original),
        added: added.lines(),
        gained,
        lost,
    }
}

impl ImportReport {
    /// In one line.
    pub fn verdict(&self) -> String {
        let added = format!("what its keys add ({} below)", counted(self.added.len(), "line"));
        match self.standing {
            Standing::Same if self.added.is_empty() => "it allows what the profile allows".to_owned(),
            Standing::Same => format!("it allows what the profile allows, and {added}"),
            Standing::Narrower if self.added.is_empty() => {
                "it allows what the profile allows, or less".to_owned()
            }
            Standing::Narrower => format!("it allows what the profile allows, or less, and {added}"),
            Standing::Wider if self.is_wider_by_baseline() => {
                "it allows more than the profile, by the baseline alone".to_owned()
            }
            Standing::Wider => "it allows more than the profile".to_owned(),
            Standing::NotProved if self.unread.is_empty() => {
                "not proved: comparing all patterns would take too long".to_owned()
            }
            Standing::NotProved => {
                format!("not proved: {} could not be read", counted(self.unread.len(), "line"))
            }
        }
    }

    /// Whether what is gained is what every policy with the baseline has, in the place of `abstractions/base`.
    pub fn is_wider_by_baseline(&self) -> bool {
        self.standing == Standing::Wider
            && self.gained.iter().all(|line| line.starts_with("granted by the baseline"))
    }

    /// All that there is to say, under headings.
    pub fn sections(&self) -> Vec<(&'static str, Vec<String>)> {
        let unread = self.unread.iter().map(|(place, text)| format!("{place}: {text}")).collect();
        let all = [
            ("not read, and so not proved", unread),
            ("allowed, and not by the profile", self.gained.clone()),
            ("not allowed any more", self.lost.clone()),
            ("added by keys that mean a little more", self.added.clone()),
            ("of the policy as a whole", self.changed.clone()),
            ("of what was imported", self.remarks.clone()),
            ("kept as raw rules", self.raw.iter().map(Kept::told).collect()),
            ("left out", self.left.iter().map(Kept::told).collect()),
        ];
        all.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// The same for the head of the policy: raw rules have their reasons where they stand.
    pub(super) fn comments(&self) -> Vec<String> {
        const SHOWN: usize = 12;
        let mut comments = vec![format!("Compared with it: {}.", self.verdict())];
        for (title, lines) in self.sections().into_iter().filter(|(title, _)| *title != "kept as raw rules") {
            comments.push(format!(
                "{}{}:",
                title.get(..1).unwrap_or_default().to_uppercase(),
                title.get(1..).unwrap_or_default()
            ));
            let more = lines.len().saturating_sub(SHOWN);
            comments.extend(lines.into_iter().take(SHOWN).map(|line| format!("- {line}")));
            if more > 0 {
                comments.push(format!("- and {more} more"));
            }
        }
        comments
    }
}

impl Kept {
    /// The reason, and where its rules stand; a few by their text.
    fn told(&self) -> String {
        const SHOWN: usize = 3;
        let shown: Vec<String> =
            self.rules.iter().take(SHOWN).map(|(place, text)| format!("`{text}` ({place})")).collect();
        match self.rules.get(SHOWN..).unwrap_or_default() {
            [] => format!("{}: {}", shown.join(", "), self.why),
            more => {
                let places = places(more.iter().map(|(place, _)| place.as_str()));
                format!("{} and {} more ({places}): {}", shown.join(", "), more.len(), self.why)
            }
        }
    }
}

/// Places, those that are lines of the text in a list of numbers, each once.
fn places<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let (mut lines, mut others): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for place in all {
        let (list, word) = match place.strip_prefix("line ") {
            Some(number) => (&mut lines, number),
            None => (&mut others, place),
        };
        if !list.contains(&word) {
            list.push(word);
        }
    }
    let lines = match lines.as_slice() {
        [] => None,
        [only] => Some(format!("line {only}")),
        several => Some(format!("lines {}", several.join(", "))),
    };
    lines.into_iter().chain(others.into_iter().map(str::to_owned)).collect::<Vec<_>>().join("; ")
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn unread(original: &Original, proven: &Proven) -> Vec<(String, String)> {
    let slots = proven.draft.slots.iter().filter_map(|slot| {
        let SlotMatter::Unread(why) = &slot.matter else { return None };
        let line = slot.lines.first().and_then(|line| original.profile.lines.get(*line))?;
        Some((original.place(line), format!("`{}` {why}", words::shortened(&line.text))))
    });
    let missing = original.profile.missing.iter();
    let missing =
        missing.map(|name| (format!("`include <{name}>`"), "there is no such file here".to_owned()));
    slots.chain(missing).collect()
}

fn left(slot: &Slot) -> Option<String> {
    let Fate::Left(left) = &slot.fate else { return None };
    Some(match left {
        Left::Baseline => "the baseline holds it".to_owned(),
        Left::Bundle(name) => format!("the bundle `{name}` holds it"),
        Left::Guard => "the policy allows no more without it: nothing opens the folder, or what is denied within it guards it".to_owned(),
        Left::Covered => "a wider rule of the profile allows it already, so it changes nothing".to_owned(),
        Left::Dead => "the profile's own denials take it away, so it changes nothing".to_owned(),
        Left::Dropped(why) => why.clone(),
    })
}

fn grants_sockets(policy: &Ruleset) -> bool {
    let is_meant = |rule: &Rule| {
        rule.allows() && matches!(rule.kind, Kind::Network(_) | Kind::Unix(_) | Kind::Everything)
    };
    policy.held().iter().any(|held| is_meant(&held.rule)) || !policy.unread().is_empty()
}

/// Rules by the reason for what became of them.
fn kept(original: &Original, proven: &Proven, reason: impl Fn(&Slot) -> Option<String>) -> Vec<Kept> {
    let mut found: Vec<Kept> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for slot in &proven.draft.slots {
        // Joined with another one, it has no line of its own any more.
        let Some(why) = reason(slot) else { continue };
        let rules: Vec<(String, String)> = match &slot.matter {
            SlotMatter::Include(include) => {
                let place = original
                    .input_line(include.number)
                    .map_or("written by the tool".to_owned(), |n| format!("line {n}"));
                vec![(place, format!("include <{}>", include.name))]
            }
            SlotMatter::Files { .. }
            | SlotMatter::Rule(_)
            | SlotMatter::Varies
            | SlotMatter::Unread(_)
            | SlotMatter::Beside => {
                let lines = slot.lines.iter().filter_map(|line| original.profile.lines.get(*line));
                // Of a slot that stays, what stands in the policy.
                let is_raw = matches!(slot.fate, Fate::Raw(_));
                let mut raw = slot.raw.iter().filter(|_| is_raw);
                let text = |line: &Line, raw: Option<&String>| words::shortened(raw.unwrap_or(&line.text));
                lines.map(|line| (original.place(line), text(line, raw.next()))).collect()
            }
        };
        if rules.is_empty() {
            continue;
        }
        let at = *at.entry(why.clone()).or_insert(found.len());
        if at == found.len() {
            found.push(Kept { why, rules: Vec::new() });
        }
        if let Some(kept) = found.get_mut(at) {
            kept.rules.extend(rules);
        }
    }
    found
}

fn remarks(original: &Original) -> Vec<String> {
    let mut all = original.remarks.clone();
    all.sort_by_key(|remark| (remark.line, remark.weight));
    let told = all.into_iter().map(|remark| {
        let place = remark.line.map_or(String::new(), |line| format!("line {line}: "));
        let word = match remark.weight {
            Weight::Dropped => "dropped: ",
            Weight::Ineffective | Weight::Note => "",
        };
        format!("{place}{word}{}", remark.text)
    });
    told.collect()
}
