//! From changes as they are meant to splices, and to what the text is to say then.

mod finish;

use super::layout::{Layout, Spot};
use super::meaning::{Added, Content, Meant};
use super::{Change, Refusal, Value, written};
use crate::diag::Place;
use crate::policy::tree::ORDERED;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is put into a list, or behind a new key.
struct Entry {
    content: Content,
    value: Value,
    /// The entry that it was, where it is moved.
    moved: Option<(usize, usize)>,
}

#[derive(Default)]
struct List {
    /// Which entries go, and whether to another list.
    removed: BTreeMap<usize, bool>,
    added: Vec<Entry>,
    path: Vec<String>,
}

pub(super) struct EditPlan<'l, 't> {
    layout: &'l Layout<'t>,
    base: usize,
    /// By group.
    lists: BTreeMap<usize, List>,
    /// Keys that are not there yet, in the order in which they were asked for.
    new_keys: Vec<(Vec<String>, NewKey)>,
    /// Where each of them is among these.
    new_paths: BTreeMap<Vec<String>, usize>,
    gone_nodes: BTreeSet<usize>,
    /// Comments that go with a moved entry, by where they start.
    moved: BTreeMap<usize, Range<usize>>,
    put: Vec<(Range<usize>, String)>,
    meant: Meant,
}

enum NewKey {
    Value(String),
    List(Vec<Entry>),
}

type Done = Result<(), Refusal>;

impl<'l, 't> EditPlan<'l, 't> {
    pub(super) fn new(layout: &'l Layout<'t>, base: usize) -> EditPlan<'l, 't> {
        EditPlan {
            layout,
            base,
            lists: BTreeMap::new(),
            new_keys: Vec::new(),
            new_paths: BTreeMap::new(),
            gone_nodes: BTreeSet::new(),
            moved: BTreeMap::new(),
            put: Vec::new(),
            meant: Meant::default(),
        }
    }

    pub(super) fn add(&mut self, change: &Change) -> Done {
        match change {
            Change::Insert { list, entry } => {
                let content = written::content(entry).ok_or(Refusal::NotAValue)?;
                self.insert(list, Entry { content, value: entry.clone(), moved: None })
            }
            Change::Set { key, value } => self.set(key, value),
            Change::Replace { at, value } => {
                let range = self.local(*at).ok_or(Refusal::NotThere)?;
                match self.spot(*at) {
                    Some(Spot::Value | Spot::Item(..)) => self.replace(range, value),
                    Some(Spot::Key(_)) | None => Err(Refusal::NotThere),
                }
            }
            Change::Rename { at, to } => match self.spot(*at) {
                Some(Spot::Key(node)) => self.rename(node, to),
                Some(Spot::Value | Spot::Item(..)) | None => Err(Refusal::NotThere),
            },
            Change::Remove { at } => {
                let (group, index) = self.item(*at)?;
                self.take(group, index, false)
            }
            Change::RemoveKey { key } => match self.layout.find(key) {
                (node, depth) if node != 0 && depth == key.len() => {
                    self.gone_nodes.insert(node);
                    Ok(())
                }
                _ => Err(Refusal::NotThere),
            },
            Change::Move { at, list } => {
                let (group, index) = self.item(*at)?;
                self.take(group, index, true)?;
                let range = self.local(*at).ok_or(Refusal::NotThere)?;
                let value = Value::Written(self.layout.slice(range).to_owned());
                let content = written::content(&value).ok_or(Refusal::NotAValue)?;
                self.insert(list, Entry { content, value, moved: Some((group, index)) })
            }
        }
    }

    fn local(&self, at: Place) -> Option<Range<usize>> {
        Some(at.start.checked_sub(self.base)?..at.end.checked_sub(self.base)?)
    }

    pub(super) fn spot(&self, at: Place) -> Option<Spot> {
        let range = self.local(at)?;
        self.layout.spots.get(&(range.start, range.end)).copied()
    }

    fn item(&self, at: Place) -> Result<(usize, usize), Refusal> {
        match self.spot(at) {
            Some(Spot::Item(group, index)) => Ok((group, index)),
            Some(Spot::Key(_) | Spot::Value) | None => Err(Refusal::NotThere),
        }
    }

    /// To take an entry out twice is to take it out; to move it as well is another matter.
    fn take(&mut self, group: usize, index: usize, is_moved: bool) -> Done {
        let item = self.layout.groups.get(group).and_then(|group| group.items.get(index));
        let span = item.ok_or(Refusal::NotThere)?.span.clone();
        self.meant.removed.insert((span.start, span.end));
        let was_moved = self.lists.entry(group).or_default().removed.insert(index, is_moved);
        if was_moved.is_some_and(|was_moved| was_moved || is_moved) {
            return Err(Refusal::Conflict);
        }
        Ok(())
    }

    fn insert(&mut self, path: &[String], entry: Entry) -> Done {
        let (node, depth) = self.layout.find(path);
        if depth < path.len() {
            let entries = match self.new_key(path) {
                Some(NewKey::List(entries)) => entries,
                Some(NewKey::Value(_)) => return Err(Refusal::Conflict),
                None => {
                    self.add_key(path, NewKey::List(vec![entry]));
                    return Ok(());
                }
            };
            if may_stand_twice(path) || entries.iter().all(|other| other.content != entry.content) {
                entries.push(entry);
            }
            return Ok(());
        }
        let value = self.layout.nodes.get(node).and_then(|node| node.value.as_ref());
        let group = value.and_then(|value| value.group).ok_or(Refusal::NotAList)?;
        if self.layout.groups.get(group).is_none_or(|group| group.is_table) {
            return Err(Refusal::NotAList);
        }
        let list = self.lists.entry(group).or_default();
        path.clone_into(&mut list.path);
        list.added.push(entry);
        Ok(())
    }

    fn new_key(&mut self, path: &[String]) -> Option<&mut NewKey> {
        self.new_keys.get_mut(*self.new_paths.get(path)?).map(|(_, key)| key)
    }

    fn add_key(&mut self, path: &[String], key: NewKey) {
        self.new_paths.insert(path.to_vec(), self.new_keys.len());
        self.new_keys.push((path.to_vec(), key));
    }

    fn set(&mut self, path: &[String], value: &Value) -> Done {
        let (node, depth) = self.layout.find(path);
        let content = written::content(value).ok_or(Refusal::NotAValue)?;
        if depth < path.len() {
            if self.new_key(path).is_some() {
                return Err(Refusal::Conflict);
            }
            let text = written::value(value, self.layout.is_literal);
            self.add_key(path, NewKey::Value(text));
            self.meant.added.push((path.to_vec(), Added::Value(content)));
            return Ok(());
        }
        let old = self.layout.nodes.get(node).and_then(|node| node.value.as_ref());
        let span = old.map(|old| old.span.clone()).ok_or(Refusal::NotAValue)?;
        self.replace(span, value)
    }

    fn replace(&mut self, range: Range<usize>, value: &Value) -> Done {
        let content = written::content(value).ok_or(Refusal::NotAValue)?;
        if !self.layout.comments_in(&range).is_empty() {
            return Err(Refusal::HasComments);
        }
        let old = self.layout.slice(range.clone());
        let is_literal = old.starts_with('\'') || self.layout.is_literal && !old.starts_with('"');
        self.put.push((range.clone(), written::value(value, is_literal)));
        let is_new = self.meant.replaced.insert((range.start, range.end), content).is_none();
        is_new.then_some(()).ok_or(Refusal::Conflict)
    }

    fn rename(&mut self, index: usize, to: &[String]) -> Done {
        let node = self.layout.nodes.get(index).ok_or(Refusal::NotThere)?;
        let name = to.first().ok_or(Refusal::NotAValue)?;
        let siblings = self.layout.nodes.get(node.parent).map(|parent| &parent.children);
        if siblings.is_some_and(|keys| keys.get(name).is_some_and(|other| *other != index)) {
            return Err(Refusal::KeyTaken);
        }
        if to.len() > 1 && (node.value.is_none() || node.keys.len() > 1) {
            return Err(Refusal::NotAValue);
        }
        for key in &node.keys {
            let old = self.layout.slice(key.clone());
            let (is_literal, is_quoted) = (old.starts_with('\''), old.starts_with(['"', '\'']));
            let new = match to {
                [name] if is_quoted => written::text(name, is_literal),
                _ => written::keys(to, is_literal),
            };
            self.put.push((key.clone(), new));
            if self.meant.renamed.insert(key.start, to.to_vec()).is_some() {
                return Err(Refusal::Conflict);
            }
        }
        Ok(())
    }
}

/// Where the order counts, an entry may stand twice.
fn may_stand_twice(path: &[String]) -> bool {
    path.last().is_some_and(|key| ORDERED.contains(&key.as_str()))
}
