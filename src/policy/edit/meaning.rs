//! What a policy's text says, and what it is to say once it is edited: no edit leaves anything else.

use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value without its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Content {
    Text(String),
    /// A number, a date, `true`: told apart from texts by how it is written.
    Word(String),
    List(Vec<Content>),
    Table(BTreeMap<String, Content>),
}

/// The difference between what a text says and what it is to say.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// Entries that go, by where they stand.
    pub removed: BTreeSet<(usize, usize)>,
    pub replaced: BTreeMap<(usize, usize), Content>,
    /// Keys that go with their values, by where they start.
    pub dropped: BTreeSet<usize>,
    /// Keys that get another name, or become a dotted key.
    pub renamed: BTreeMap<usize, Vec<String>>,
    /// What is put at the end of a list, or under a key that was not there.
    pub added: Vec<(Vec<String>, Added)>,
}

#[derive(Clone, Debug)]
pub(super) enum Added {
    Entry(Content),
    Value(Content),
}

impl Meant {
    pub(super) fn join(&mut self, other: &Meant) {
        let Meant { removed, replaced, dropped, renamed, added } = other;
        self.removed.extend(removed);
        self.replaced.extend(replaced.iter().map(|(place, content)| (*place, content.clone())));
        self.dropped.extend(dropped);
        self.renamed.extend(renamed.iter().map(|(place, names)| (*place, names.clone())));
        self.added.extend(added.iter().cloned());
    }

    /// What a policy is to say; none where a path leads through what is no table, or no list.
    pub(super) fn applied(&self, table: &DeTable<'_>) -> Option<Content> {
        let mut content = self.table(table)?;
        for (path, added) in &self.added {
            add(&mut content, path, added)?;
        }
        Some(content)
    }

    fn table(&self, table: &DeTable<'_>) -> Option<Content> {
        let mut content = BTreeMap::new();
        for (key, value) in table {
            if self.dropped.contains(&key.span().start) {
                continue;
            }
            let value = self.value(value)?;
            let (name, value) = match self.renamed.get(&key.span().start).map(Vec::as_slice) {
                Some([name, below @ ..]) => {
                    (name.clone(), below.iter().rev().fold(value, |value, name| nested(value, name)))
                }
                Some([]) => return None,
                None => (key.get_ref().to_string(), value),
            };
            if content.insert(name, value).is_some() {
                return None;
            }
        }
        Some(Content::Table(content))
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Option<Content> {
        let place = |value: &Spanned<DeValue<'_>>| (value.span().start, value.span().end);
        if let Some(content) = self.replaced.get(&place(value)) {
            return Some(content.clone());
        }
        Some(match value.get_ref() {
            DeValue::String(text) => Content::Text(text.to_string()),
            DeValue::Integer(number) => Content::Word(number.to_string()),
            DeValue::Float(number) => Content::Word(number.to_string()),
            DeValue::Boolean(flag) => Content::Word(flag.to_string()),
            DeValue::Datetime(date) => Content::Word(date.to_string()),
            DeValue::Array(list) => {
                let kept = list.iter().filter(|item| !self.removed.contains(&place(item)));
                Content::List(kept.map(|item| self.value(item)).collect::<Option<_>>()?)
            }
            DeValue::Table(table) => self.table(table)?,
        })
    }
}

fn nested(value: Content, name: &str) -> Content {
    Content::Table(BTreeMap::from([(name.to_owned(), value)]))
}

fn add(content: &mut Content, path: &[String], added: &Added) -> Option<()> {
    let Content::Table(table) = content else { return None };
    match (path, added) {
        ([], _) => return None,
        ([key], Added::Value(value)) => {
            if table.insert(key.clone(), value.clone()).is_some() {
                return None;
            }
        }
        ([key], Added::Entry(entry)) => {
            let list = table.entry(key.clone()).or_insert(Content::List(Vec::new()));
            let Content::List(entries) = list else { return None };
            entries.push(entry.clone());
        }
        ([key, below @ ..], added) => {
            let inner = table.entry(key.clone()).or_insert(Content::Table(BTreeMap::new()));
            add(inner, below, added)?;
        }
    }
    Some(())
}

/// What a text says that is TOML.
pub(super) fn of(text: &str) -> Option<Content> {
    let table = DeTable::parse(text).ok()?;
    Meant::default().applied(table.get_ref())
}

/// What a value says that is written so, with nothing beside it.
pub(super) fn of_value(written: &str) -> Option<Content> {
    Meant::default().value(&DeValue::parse(written).ok()?)
}
