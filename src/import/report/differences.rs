//! Differences as sentences, those of one kind in one.

use crate::ask::{Difference, Matter, Ruleset, words};
use crate::import::key::HARMLESS;
use crate::import::original::Original;
use crate::import::proof::Proven;
use crate::kernel::Access;
use std::collections::BTreeMap;

/// Sentences, those about one thing together.
#[derive(Default)]
pub(super) struct Summary {
    /// In the order in which they came.
    found: Vec<(String, Vec<String>)>,
    at: BTreeMap<String, usize>,
}

impl Summary {
    pub(super) fn add(&mut self, what: String, detail: Option<String>) {
        let at = *self.at.entry(what.clone()).or_insert(self.found.len());
        if self.found.len() == at {
            self.found.push((what, Vec::new()));
        }
        if let Some((_, details)) = self.found.get_mut(at) {
            details.extend(detail.filter(|detail| !details.contains(detail)));
        }
    }

    pub(super) fn lines(self) -> Vec<String> {
        let line = |(what, details): (String, Vec<String>)| match details.as_slice() {
            [] => what,
            [only] => format!("{what}: {only}"),
            [first, rest @ ..] => format!("{what}: {first}, and {} more", rest.len()),
        };
        self.found.into_iter().map(line).collect()
    }
}

pub(super) fn by(difference: &Difference, after: &Ruleset) -> Option<String> {
    let line = difference.granting.iter().find_map(|line| after.line(*line))?;
    Some(format!("by `{}`", words::shortened(&line.text)))
}

/// Whether a difference is about what the include allows that became the baseline.
pub(super) fn by_base(difference: &Difference, original: &Original, proven: &Proven) -> bool {
    let is_base = |line: &usize| {
        let include = line.checked_sub(proven.ahead).and_then(|line| original.include_of(line));
        include.is_some_and(|include| include.name == "abstractions/base")
    };
    proven.base_replaced && difference.granting.iter().all(is_base) && !difference.granting.is_empty()
}

/// What a key adds to a file, in words of its own.
fn harmless(access: Access) -> String {
    let words = [
        (Access::LOCK, "may be locked"),
        (Access::LINK, "may be the name of a new hard link"),
        (Access::MAP, "may be mapped as code"),
    ];
    let meant = words.into_iter().filter(|(one, _)| access.contains(*one)).map(|(_, word)| word);
    meant.collect::<Vec<&str>>().join(", ")
}

/// What stands above the first of some rules in the profile, without its reason.
pub(super) fn heading(lines: &[usize], after: &Ruleset) -> Option<String> {
    let line = lines.iter().find_map(|line| after.line(*line))?;
    let title = line.origin.split(':').next()?;
    Some(match title.strip_prefix("baseline, ") {
        Some(group) => format!("the baseline ({group})"),
        None if title.starts_with('[') => format!("`{title}`"),
        None if title == "raw-rules" => "its raw rules".to_owned(),
        None => format!("the rules for {title}"),
    })
}

pub(super) fn such(difference: &Difference) -> Option<String> {
    match &difference.what {
        Matter::Files { .. } | Matter::Processes { .. } => {
            let told = words::matter(&difference.what, difference.gained);
            told.split_once(": ").map(|(_, such)| such.to_owned())
        }
        Matter::Asked(_)
        | Matter::Limit { .. }
        | Matter::Flag(_)
        | Matter::Mode { .. }
        | Matter::WithoutAbi
        | Matter::Unread(_)
        | Matter::Exhausted => None,
    }
}

/// Whether it is told as gained already.
pub(super) fn is_announced(difference: &Difference, gained: &[Difference]) -> bool {
    gained.iter().any(|one| match (&one.what, &difference.what) {
        (
            Matter::Files { access, witness, .. },
            Matter::Files { access: other_access, witness: other_witness, .. },
        ) => {
            let is_same = one.granting == difference.granting || witness == other_witness;
            is_same
                && access.contains(other_access.without(HARMLESS))
                && !other_access.without(HARMLESS).is_empty()
        }
        (what, other) => what == other,
    })
}

/// A difference as it reads behind what makes it.
pub(super) fn detail(difference: &Difference) -> Option<String> {
    Some(words::matter(&difference.what, difference.gained))
}

/// What a key adds: its kind, and something that shows it.
pub(super) fn addition(difference: &Difference) -> (String, Option<String>) {
    let shown = such(difference);
    match &difference.what {
        Matter::Files { access, .. } if HARMLESS.with(Access::APPEND).contains(*access) => {
            (harmless(*access), shown)
        }
        Matter::Files { .. } => {
            ("paths in the other spelling of folders that are links on many images".to_owned(), shown)
        }
        what @ Matter::Processes { .. } => {
            let told = words::matter(what, true);
            (told.split_once(": ").map_or(told.clone(), |(kind, _)| kind.to_owned()), shown)
        }
        what @ (Matter::Asked(_)
        | Matter::Limit { .. }
        | Matter::Flag(_)
        | Matter::Mode { .. }
        | Matter::WithoutAbi
        | Matter::Unread(_)
        | Matter::Exhausted) => (words::matter(what, true), None),
    }
}
