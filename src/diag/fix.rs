//! The fix of a finding, as data: what is to stand at a place, and, once that is settled, how the text changes.
//!
//! How a text is written is not known here: whoever knows the policy's language settles it.

use super::{Finding, Place};
use std::collections::BTreeMap;

/// A stretch of a text, and what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    pub place: Place,
    pub text: String,
}

/// What is to stand somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A text: how it is quoted is the file's matter.
    Text(String),
    /// As it is written, brackets and quotes included.
    Written(String),
}

/// A certain way out of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    pub place: Place,
    /// What the value or the key at the place becomes; none where an entry is taken out of its list.
    pub value: Option<Value>,
}

/// How a text changes by a fix.
#[derive(Clone, Debug)]
pub struct SettledFix {
    /// What it came to: an entry that would stand twice is taken out.
    pub fix: Fix,
    /// By place, and at least one.
    pub splices: Vec<Splice>,
}

/// The fixes of some findings that can be made.
#[derive(Debug, Default)]
pub struct Fixes(BTreeMap<Fix, SettledFix>);

impl SettledFix {
    /// All of its splices as one, in a text whose places begin at a base.
    pub fn as_one(&self, text: &str, base: usize) -> Option<Splice> {
        let (first, last) = (self.splices.first()?, self.splices.last()?);
        let mut one = Splice { place: Place::new(first.place.start, last.place.end), text: String::new() };
        let mut end = first.place.start;
        for splice in &self.splices {
            let between = text.get(end.checked_sub(base)?..splice.place.start.checked_sub(base)?)?;
            one.text.extend([between, &splice.text]);
            end = splice.place.end;
        }
        Some(one)
    }
}

impl Fixes {
    pub fn get(&self, finding: &Finding) -> Option<&SettledFix> {
        self.0.get(finding.fix.as_ref()?)
    }

    /// By what was wanted, in order of place.
    pub fn iter(&self) -> impl Iterator<Item = &SettledFix> {
        self.0.values()
    }
}

impl FromIterator<(Fix, SettledFix)> for Fixes {
    fn from_iter<I: IntoIterator<Item = (Fix, SettledFix)>>(settled: I) -> Fixes {
        Fixes(settled.into_iter().collect())
    }
}
