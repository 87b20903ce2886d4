//! The keys of a map, asked for by the one who knows what they must hold.
//!
//! Enters: a node. Leaves: texts, lists and truths with their lines, or a refusal where a key holds something else.

use super::ticked;
use crate::foreign::yaml::{Entry, Node};
use crate::foreign::{NotTaken, Remark, Weight, bare};

/// A text with the line that speaks of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

/// A map, and what it is called in messages.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    pub(super) line: usize,
    what: String,
    entries: &'a [Entry],
}

impl<'a> Fields<'a> {
    pub(super) fn of(node: &'a Node, line: usize, what: &str) -> Result<Fields<'a>, NotTaken> {
        match node.map() {
            Some(entries) => Ok(Fields { line, what: what.to_owned(), entries }),
            None => Err(not(line, what, "a map of keys")),
        }
    }

    /// A key that is not null.
    pub(super) fn at(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key == key).filter(|entry| !entry.value.is_null())
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<Word<'a>>, NotTaken> {
        let Some(entry) = self.at(key) else { return Ok(None) };
        match entry.value.scalar() {
            Some(scalar) => Ok(Some(Word { text: &scalar.text, line: entry.line })),
            None => Err(not(entry.line, &format!("`{key}`"), "a text")),
        }
    }

    /// Empty where there is no such key.
    pub(super) fn list(&self, key: &str) -> Result<&'a [Node], NotTaken> {
        let Some(entry) = self.at(key) else { return Ok(&[]) };
        entry.value.list().ok_or_else(|| not(entry.line, &format!("`{key}`"), "a list"))
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<Word<'a>>, NotTaken> {
        let word = |node: &'a Node| match node.scalar() {
            Some(scalar) if !node.is_null() => Ok(Word { text: &scalar.text, line: node.line }),
            Some(_) | None => Err(not(node.line, &format!("what `{key}` has here"), "a text")),
        };
        self.list(key)?.iter().map(word).collect()
    }

    pub(super) fn section(&self, key: &str) -> Result<Option<Fields<'a>>, NotTaken> {
        let Some(entry) = self.at(key) else { return Ok(None) };
        Fields::of(&entry.value, entry.line, &format!("`{key}`")).map(Some)
    }

    pub(super) fn truth(&self, key: &str) -> Result<Option<bool>, NotTaken> {
        let Some(entry) = self.at(key) else { return Ok(None) };
        let truth = entry.value.scalar().and_then(crate::foreign::yaml::Scalar::truth);
        truth.map(Some).ok_or_else(|| not(entry.line, &format!("`{key}`"), "`true` or `false`"))
    }

    /// The keys that are none of some.
    pub(super) fn strangers(&self, known: &[&str]) -> impl Iterator<Item = Remark> {
        let strange = self.entries.iter().filter(|entry| !known.contains(&entry.key.as_str()));
        strange.map(|entry| Remark {
            weight: Weight::Dropped,
            line: Some(entry.line),
            text: format!(
                "{} is no key of {} that is known here: nothing comes of it",
                ticked(&entry.key),
                self.what
            ),
        })
    }
}

fn not(line: usize, what: &str, wanted: &str) -> NotTaken {
    NotTaken {
        line: Some(line),
        wrong: format!("{what} is not {wanted}"),
        help: format!("write {wanted}, as its tool asks for"),
    }
}

/// A path that its tool writes as it stands, if it is one word of its rule.
pub(super) fn path<'a>(word: Word<'a>, tool: &str) -> Result<&'a str, NotTaken> {
    let Some(fault) = bare::path(word.text) else { return Ok(word.text) };
    Err(NotTaken {
        line: Some(word.line),
        wrong: format!("{} {}", ticked(word.text), fault.is),
        help: format!(
            "{}: {tool} writes it as it stands, and AppArmor would refuse the whole profile",
            fault.help
        ),
    })
}
