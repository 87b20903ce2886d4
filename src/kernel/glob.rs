//! AppArmor's globs: read, checked, and written back so that the parser reads what was meant.
//!
//! Enters: a pattern as a person wrote it. Leaves: its parts, or what is wrong and where; and the answer to every question
//! about patterns: `product` walks through all texts within a budget, `matcher` asks about one path. The shapes that
//! the parser refuses or misreads were tried on apparmor_parser 3.0, 4.1 and 5.0.

mod automaton;
pub mod bytes;
pub mod matcher;
mod normal;
mod pairs;
pub mod pattern_error;
pub mod pattern_set;
pub mod product;
mod reader;
mod writer;

pub use automaton::Automaton;
pub use bytes::Bytes;
pub use pattern_error::PatternError;
pub use pattern_set::PatternSet;
pub use product::Budget;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Every path.
pub static EVERY_PATH: LazyLock<Glob> = LazyLock::new(|| known("/{,**}"));
/// The root folder itself.
pub static ROOT: LazyLock<Glob> = LazyLock::new(|| known("/"));

/// A pattern of ours, which has nothing to normalise.
fn known(text: &str) -> Glob {
    let parts = reader::read(text).map(|(parts, _)| parts).unwrap_or_default();
    Glob { parts, text: text.to_owned() }
}

/// PATH_MAX: no longer path reaches the kernel.
const LONGEST: usize = 4096;

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Byte(u8),
    /// `?`, `[…]`: one byte of a set.
    OneOf(Bytes),
    /// `*`, `**`: any number of bytes of a set.
    Many(Bytes),
    /// `{a,b}`
    Either(Vec<Vec<Part>>),
}

/// A pattern that the parser accepts and reads as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
    text: String,
}

/// By the text, which says what the parts are.
impl Ord for Glob {
    fn cmp(&self, other: &Glob) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl PartialOrd for Glob {
    fn partial_cmp(&self, other: &Glob) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Glob {
    /// Reads a pattern. On a fault, says which bytes of the text it is in.
    pub fn parse(text: &str) -> Result<Glob, (PatternError, Range<usize>)> {
        if text.len() > LONGEST {
            return Err((PatternError::TooLong, 0..text.len()));
        }
        let (parts, written) = reader::read(text)?;
        let whole = |fault| (fault, 0..text.len());
        if !normal::may_be_tangled(&parts) {
            return Ok(Glob { parts, text: written });
        }
        let normal = normal::normal([parts.as_slice()]).ok_or_else(|| whole(PatternError::TooManyWays))?;
        if normal.tangled.is_empty() {
            return Ok(Glob { parts, text: written });
        }
        Glob::written(&normal.parts).ok_or_else(|| whole(PatternError::TooManyWays))
    }

    /// Whether apparmor_parser 3.0 would not come to an end on a pattern as it is written.
    pub fn is_endless(text: &str) -> bool {
        let Ok((parts, _)) = reader::read(text) else { return false };
        normal::may_be_tangled(&parts)
            && normal::normal([parts.as_slice()]).is_none_or(|normal| !normal.tangled.is_empty())
    }

    /// The pattern of parts, if it is no longer than any path.
    fn written(parts: &[Part]) -> Option<Glob> {
        let text = writer::write(parts);
        let (parts, text) = reader::read(&text).ok().filter(|_| text.len() <= LONGEST)?;
        Some(Glob { parts, text })
    }

    /// Which of some patterns must not be in one profile as patterns of their own, by their numbers, each time with
    /// the one pattern that matches what they match: apparmor_parser 3.0 would not end, see `normal`.
    pub fn tangled(globs: &[&Glob]) -> Vec<(BTreeSet<usize>, Glob)> {
        let parts = |numbers: &BTreeSet<usize>| -> Vec<&[Part]> {
            numbers.iter().filter_map(|number| Some(globs.get(*number)?.parts())).collect()
        };
        let mut found = Vec::new();
        let all = normal::normal(globs.iter().map(|glob| glob.parts()));
        for numbers in all.map(|normal| disjoint(normal.tangled)).unwrap_or_default() {
            let one = normal::normal(parts(&numbers)).and_then(|normal| Glob::written(&normal.parts));
            found.extend(one.filter(|_| numbers.len() > 1).map(|glob| (numbers, glob)));
        }
        found
    }

    /// What it matches, and the same with a slash behind it.
    pub fn with_optional_slash(&self) -> Glob {
        let text = match self.text.strip_suffix('@') {
            // In front of a brace it would look like a variable.
            Some(before) if !ends_in_escape(before) => format!("{before}\\@{{,/}}"),
            Some(_) | None => format!("{}{{,/}}", self.text),
        };
        // A pattern that is as long as any path has no normal form of its own.
        Glob::parse(&text).unwrap_or_else(|_| {
            let slash = Part::Either(vec![Vec::new(), vec![Part::Byte(b'/')]]);
            Glob { parts: self.parts.iter().cloned().chain([slash]).collect(), text }
        })
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The pattern in the profile language, without quotes around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it stands for one path only; then that path.
    pub fn literal(&self) -> Option<Vec<u8>> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Byte(byte) => Some(*byte),
                Part::OneOf(_) | Part::Many(_) | Part::Either(_) => None,
            })
            .collect()
    }

    /// Braces that lead to more spellings than this are not spelled out.
    pub const MOST_PREFIXES: usize = 16;

    /// Every path it matches starts with one of these; few, and as long as can be said cheaply.
    pub fn prefixes(&self) -> Vec<Vec<u8>> {
        let mut found = vec![(Vec::with_capacity(self.parts.len()), true)];
        extend_prefixes(&self.parts, &mut found);
        let mut prefixes: Vec<Vec<u8>> = found.into_iter().map(|(prefix, _)| prefix).collect();
        prefixes.sort();
        prefixes.dedup();
        prefixes
    }
}

/// Whether `Glob::prefixes` spells the parts out: no wildcard, and not too many braces.
pub fn is_spelled(parts: &[Part]) -> bool {
    spellings(parts).is_some_and(|count| count <= Glob::MOST_PREFIXES)
}

fn spellings(parts: &[Part]) -> Option<usize> {
    parts.iter().try_fold(1usize, |count, part| match part {
        Part::Byte(_) => Some(count),
        Part::OneOf(_) | Part::Many(_) => None,
        Part::Either(choices) => choices.iter().try_fold(0usize, |sum, choice| {
            Some(sum.saturating_add(count.saturating_mul(spellings(choice)?)))
        }),
    })
}

/// Grows each prefix that is still open by the parts, and closes those that end at a wildcard.
fn extend_prefixes(parts: &[Part], found: &mut Vec<(Vec<u8>, bool)>) {
    for part in parts {
        match part {
            Part::Byte(byte) => {
                for (prefix, open) in found.iter_mut() {
                    if *open {
                        prefix.push(*byte);
                    }
                }
            }
            Part::Either(choices) if found.len() * choices.len() <= Glob::MOST_PREFIXES => {
                let (open, mut closed): (Vec<_>, Vec<_>) =
                    std::mem::take(found).into_iter().partition(|(_, open)| *open);
                for choice in choices {
                    let mut grown = open.clone();
                    extend_prefixes(choice, &mut grown);
                    closed.append(&mut grown);
                }
                *found = closed;
            }
            Part::Either(_) | Part::OneOf(_) | Part::Many(_) => {
                for (_, open) in found.iter_mut() {
                    *open = false;
                }
            }
        }
        if found.iter().all(|(_, open)| !open) {
            return;
        }
    }
}

/// Sets that share nothing, of sets that may.
fn disjoint(sets: Vec<BTreeSet<usize>>) -> Vec<BTreeSet<usize>> {
    sets.into_iter().fold(Vec::new(), |done, mut set| {
        let (apart, sharing): (Vec<_>, Vec<_>) =
            done.into_iter().partition(|other: &BTreeSet<usize>| other.is_disjoint(&set));
        set.extend(sharing.into_iter().flatten());
        apart.into_iter().chain([set]).collect()
    })
}

/// Whether what follows is escaped.
fn ends_in_escape(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// A path as a pattern that matches it alone.
pub fn escape(path: &str) -> String {
    path.chars().fold(String::new(), |mut out, c| {
        if "*?[]{}^,\\\"@".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}
