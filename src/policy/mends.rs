//! Mends that would say once more what stands there already.
//!
//! Enters: findings, each with a mend that knows its own value alone. Leaves: the same, where an entry that would
//! stand twice in its list is taken out instead, and a key that would stand twice in its table keeps its name.

use super::quoted;
use super::tree::ORDERED;
use crate::diag::{Findings, Fix, Sources};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Settles mends one after another, in the light of those before.
pub fn settle(found: &mut Findings, sources: &Sources) {
    if found.fixes().all(|fix| fix.replacement.is_none()) {
        return;
    }
    let mut groups = Groups::default();
    for source in sources.iter() {
        let (table, _) = DeTable::parse_recoverable(&source.text);
        groups.table(table.get_ref(), source.base());
    }
    found.settle_fixes(|fix| groups.settle(fix));
}

/// What may not stand twice beside each other: the keys of a table, the entries of a list.
#[derive(Debug, Default)]
struct Groups {
    groups: Vec<Group>,
    /// Where each of them begins, with its group and what it says.
    members: BTreeMap<usize, (usize, String)>,
}

#[derive(Debug)]
struct Group {
    are_keys: bool,
    /// What they say, and what they will: a mend may be made alone, or with all others.
    texts: BTreeSet<String>,
}

impl Groups {
    fn group(&mut self, are_keys: bool, members: impl Iterator<Item = (usize, String)>) {
        let index = self.groups.len();
        let mut group = Group { are_keys, texts: BTreeSet::new() };
        for (start, text) in members {
            group.texts.insert(text.clone());
            self.members.insert(start, (index, text));
        }
        self.groups.push(group);
    }

    fn table(&mut self, table: &DeTable<'_>, base: usize) {
        let keys = table.iter().map(|(key, _)| (base + key.span().start, key.get_ref().to_string()));
        self.group(true, keys);
        for (key, value) in table {
            match value.get_ref() {
                DeValue::Table(table) => self.table(table, base),
                // Where the order counts, an entry may stand twice.
                DeValue::Array(list) if !ORDERED.contains(&key.get_ref().as_ref()) => {
                    let items = list.iter().filter_map(|item| Some((base + item.span().start, said(item)?)));
                    self.group(false, items);
                }
                DeValue::Array(_)
                | DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_) => {}
            }
        }
    }

    fn settle(&mut self, fix: Fix) -> Option<Fix> {
        let Some((index, before)) = self.members.get(&fix.place.start) else {
            return Some(fix);
        };
        let (Some(group), Some(replacement)) = (self.groups.get_mut(*index), &fix.replacement) else {
            return Some(fix);
        };
        let Some(after) = (if group.are_keys { key(replacement) } else { entry(replacement) }) else {
            return Some(fix);
        };
        if after == *before || group.texts.insert(after) {
            return Some(fix);
        }
        (!group.are_keys).then_some(Fix { replacement: None, ..fix })
    }
}

/// What an entry says: a number in quotes is none.
fn said(item: &Spanned<DeValue<'_>>) -> Option<String> {
    match item.get_ref() {
        DeValue::String(text) => Some(quoted(text)),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}

/// What a key that is put somewhere says.
fn key(text: &str) -> Option<String> {
    let line = format!("{text} = 1");
    let table = DeTable::parse(&line).ok()?;
    let mut keys = table.get_ref().iter();
    Some(keys.next()?.0.get_ref().to_string())
}

/// What an entry that is put somewhere says.
fn entry(text: &str) -> Option<String> {
    let line = format!("entry = {text}");
    let table = DeTable::parse(&line).ok()?;
    said(table.get_ref().get("entry")?)
}
