//! The fix of a finding, as data: what is to stand at a place, and once that is settled, how the text changes.
//!
//! How a text is written is not known here: whoever knows the policy's language settles it.

use super::Place;

/// A stretch of a text, and what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    pub place: Place,
    pub text: String,
}

/// What is to stand somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text: how it is quoted is the file's matter.
    Text(String),
    /// As it is written, brackets and quotes included.
    Written(String),
}

/// A certain way out of a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    pub place: Place,
    /// What the value or the key at the place becomes; none where an entry is taken out of its list.
    pub value: Option<Value>,
    /// How the text changes, by place; empty until it is settled.
    pub splices: Vec<Splice>,
}

impl Fix {
    pub(super) fn new(place: Place, value: Option<Value>) -> Fix {
        Fix { place, value, splices: Vec::new() }
    }

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
