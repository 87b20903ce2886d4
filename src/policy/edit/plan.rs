//! From changes as they are meant to splices, and to what the text is to say then.

use super::keys::{self, Body};
use super::layout::{Home, Layout, Spot};
use super::lists::{self, Addition};
use super::meaning::{Added, Meant, Said};
use super::{Change, Edit, Refusal, Value, erase, written};
use crate::diag::Place;
use crate::policy::tree::ORDERED;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is put into a list, or behind a new key.
struct Entry {
    said: Said,
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

/// What goes from lists and what comes, by group.
type Lists = BTreeMap<usize, (BTreeSet<usize>, Vec<Addition>)>;

pub(super) struct Plan<'l, 't> {
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

impl<'l, 't> Plan<'l, 't> {
    pub(super) fn new(layout: &'l Layout<'t>, base: usize) -> Plan<'l, 't> {
        Plan {
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
                let said = written::said(entry).ok_or(Refusal::NotAValue)?;
                self.insert(list, Entry { said, value: entry.clone(), moved: None })
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
                let said = written::said(&value).ok_or(Refusal::NotAValue)?;
                self.insert(list, Entry { said, value, moved: Some((group, index)) })
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
            if may_stand_twice(path) || entries.iter().all(|other| other.said != entry.said) {
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
        let said = written::said(value).ok_or(Refusal::NotAValue)?;
        if depth < path.len() {
            if self.new_key(path).is_some() {
                return Err(Refusal::Conflict);
            }
            let text = written::value(value, self.layout.is_literal);
            self.add_key(path, NewKey::Value(text));
            self.meant.added.push((path.to_vec(), Added::Value(said)));
            return Ok(());
        }
        let old = self.layout.nodes.get(node).and_then(|node| node.value.as_ref());
        let span = old.map(|old| old.span.clone()).ok_or(Refusal::NotAValue)?;
        self.replace(span, value)
    }

    fn replace(&mut self, range: Range<usize>, value: &Value) -> Done {
        let said = written::said(value).ok_or(Refusal::NotAValue)?;
        let old = self.layout.slice(range.clone());
        let is_literal = old.starts_with('\'') || self.layout.is_literal && !old.starts_with('"');
        self.put.push((range.clone(), written::value(value, is_literal)));
        let is_new = self.meant.replaced.insert((range.start, range.end), said).is_none();
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

    /// The splices, and what the text says once they are made.
    pub(super) fn finish(mut self) -> Result<(Edit, Meant), Refusal> {
        let (gone, mut parts) = self.take_keys()?;
        let mut lists = Lists::new();
        for (group, list) in std::mem::take(&mut self.lists) {
            let removed = list.removed.into_keys().collect();
            let added = self.additions(group, &removed, &list.path, list.added);
            lists.insert(group, (removed, added));
        }
        let mut new_keys = Vec::new();
        for (path, key) in std::mem::take(&mut self.new_keys) {
            let body = match key {
                NewKey::Value(text) => Body::Value(text),
                NewKey::List(entries) => {
                    let said = &mut BTreeSet::new();
                    Body::List(entries.into_iter().filter_map(|e| self.addition(&path, e, said)).collect())
                }
            };
            new_keys.push((path, body));
        }
        let placed = keys::place(self.layout, new_keys, &gone).ok_or(Refusal::NotATable)?;
        self.put.extend(placed.put);
        for (group, new) in placed.items {
            lists.entry(group).or_default().1.extend(new);
        }
        let spans: Vec<Range<usize>> = gone
            .iter()
            .filter_map(|at| self.layout.statements.get(*at))
            .map(|key| key.span.clone())
            .collect();
        let whole = self.whole(&spans, &lists);
        let is_gone = |at: usize| {
            let index = whole.partition_point(|span| span.start <= at);
            index.checked_sub(1).and_then(|index| whole.get(index)).is_some_and(|span| at < span.end)
        };
        for (group, (removed, added)) in lists {
            let group = self.layout.groups.get(group).ok_or(Refusal::NotThere)?;
            // Its bracket: its first entry may follow at once.
            if is_gone(group.inner.start.saturating_sub(1)) {
                added.is_empty().then_some(()).ok_or(Refusal::Conflict)?;
                continue;
            }
            let changed = lists::change(self.layout, group, &removed, &added, &self.moved);
            parts.extend(changed.gone);
            self.put.extend(changed.put);
        }
        parts.extend(self.moved.values().filter(|comment| !is_gone(comment.start)).cloned());
        for (index, span) in gone.iter().zip(&spans) {
            match self.left(span, placed.instead.get(index)) {
                Some(left) => self.put.push(left),
                None => parts.push(span.clone()),
            }
        }
        let gone = erase::ranges(self.layout, parts);
        self.put.extend(gone.into_iter().map(|range| (range, String::new())));
        Ok((Edit::of(self.base, self.put).ok_or(Refusal::Conflict)?, self.meant))
    }

    /// What goes with all that is in it, in order and none within another.
    fn whole(&self, statements: &[Range<usize>], lists: &Lists) -> Vec<Range<usize>> {
        let items = lists.iter().flat_map(|(group, (removed, _))| {
            let items =
                self.layout.groups.get(*group).map(|group| group.items.as_slice()).unwrap_or_default();
            removed.iter().filter_map(|index| items.get(*index)).map(|item| item.span.clone())
        });
        let mut whole: Vec<Range<usize>> = statements.iter().cloned().chain(items).collect();
        whole.sort_by_key(|span| (span.start, Reverse(span.end)));
        whole.dedup_by(|next, before| next.start < before.end);
        whole
    }

    /// The statements of the keys that go, and the headers of their tables.
    fn take_keys(&mut self) -> Result<(BTreeSet<usize>, Vec<Range<usize>>), Refusal> {
        let (mut statements, mut headers) = (BTreeSet::new(), Vec::new());
        let mut open: Vec<usize> = self.gone_nodes.iter().copied().collect();
        while let Some(index) = open.pop() {
            let node = self.layout.nodes.get(index).ok_or(Refusal::NotThere)?;
            match node.value.as_ref().map(|value| value.home) {
                Some(Home::Statement(statement)) => {
                    statements.insert(statement);
                }
                Some(Home::Item(group, index)) => {
                    self.lists.entry(group).or_default().removed.insert(index, false);
                }
                None if node.children.values().any(|child| !self.gone_nodes.contains(child)) => {
                    return Err(Refusal::NotEmpty);
                }
                None => {
                    let section = node.section.and_then(|section| self.layout.sections.get(section));
                    headers.extend(section.and_then(|section| section.header.clone()));
                }
            }
            self.meant.dropped.extend(node.keys.iter().map(|key| key.start));
            // A table that is there by the names of its keys alone is gone with the last of them.
            let parent = self.layout.nodes.get(node.parent).filter(|_| node.parent != 0);
            let is_over = parent.is_some_and(|parent| {
                let is_named_alone = parent.value.is_none() && parent.section.is_none();
                is_named_alone && parent.children.values().all(|child| self.gone_nodes.contains(child))
            });
            if is_over && self.gone_nodes.insert(node.parent) {
                open.push(node.parent);
            }
        }
        Ok((statements, headers))
    }

    /// What stays in place of a statement: the comments in it, and what is put there.
    fn left(&self, span: &Range<usize>, instead: Option<&String>) -> Option<(Range<usize>, String)> {
        let comments = self.layout.comments.get(self.layout.comments_in(span)).unwrap_or(&[]);
        let comments = comments.iter().filter(|comment| !self.moved.contains_key(&comment.start));
        let mut lines: Vec<&str> = comments.map(|comment| self.layout.slice(comment.clone())).collect();
        if lines.is_empty() && instead.is_none() {
            return None;
        }
        let next = self.layout.after_blanks(span.end);
        let end = match (instead, self.layout.after_comment(span.end)) {
            (None, Some(_)) => {
                lines.push("");
                next
            }
            (Some(_), _) | (None, None) => span.end,
        };
        lines.extend(instead.map(String::as_str));
        let line_end = format!("{}{}", self.layout.line_end, self.layout.indent(span.start));
        Some((span.start..end, lines.join(&line_end)))
    }

    fn additions(
        &mut self,
        group: usize,
        removed: &BTreeSet<usize>,
        path: &[String],
        added: Vec<Entry>,
    ) -> Vec<Addition> {
        let mut said = BTreeSet::new();
        if !added.is_empty() && !may_stand_twice(path) {
            let items = self.layout.groups.get(group).map(|group| group.items.as_slice()).unwrap_or_default();
            let stay = items.iter().enumerate().filter(|(index, _)| !removed.contains(index));
            let texts = stay.map(|(_, item)| self.layout.slice(item.span.clone()).to_owned());
            said.extend(texts.filter_map(|text| written::said(&Value::Written(text))));
        }
        added.into_iter().filter_map(|entry| self.addition(path, entry, &mut said)).collect()
    }

    /// What is put into a list for an entry, with the comments that come along; none where it is there already.
    fn addition(&mut self, path: &[String], entry: Entry, said: &mut BTreeSet<Said>) -> Option<Addition> {
        if !said.insert(entry.said.clone()) && !may_stand_twice(path) {
            return None;
        }
        let (above, behind) =
            entry.moved.and_then(|(group, index)| self.comments(group, index)).unwrap_or_default();
        for comment in above.iter().chain(&behind) {
            self.moved.insert(comment.start, comment.clone());
        }
        let text = |comment: Range<usize>| self.layout.slice(comment).to_owned();
        let (above, behind) = (above.into_iter().map(text).collect(), behind.map(text));
        self.meant.added.push((path.to_vec(), Added::Entry(entry.said)));
        Some(Addition { above, text: written::value(&entry.value, self.is_literal(path)), behind })
    }

    /// Whether a list has its texts in literal quotes.
    fn is_literal(&self, path: &[String]) -> bool {
        let (node, depth) = self.layout.find(path);
        let value = self.layout.nodes.get(node).filter(|_| depth == path.len());
        let group = value.and_then(|node| self.layout.groups.get(node.value.as_ref()?.group?));
        let quotes =
            group.and_then(|group| self.layout.slice(group.items.last()?.span.clone()).chars().next());
        match quotes {
            Some('\'') => true,
            Some('"') => false,
            _ => self.layout.is_literal,
        }
    }

    /// The comments above an entry and the one behind it.
    fn comments(&self, group: usize, index: usize) -> Option<(Vec<Range<usize>>, Option<Range<usize>>)> {
        let group = self.layout.groups.get(group)?;
        let item = group.items.get(index)?;
        let at = item.span.start;
        let above = if self.layout.starts_line(at) { self.layout.comments_above(at) } else { 0..0 };
        let above = self.layout.comments.get(above)?.iter();
        let above = above.filter(|comment| comment.start >= group.inner.start).cloned().collect();
        let ends = [Some(item.span.end), item.comma.map(|comma| comma + 1)];
        let behind = ends.into_iter().flatten().find_map(|end| self.layout.after_comment(end));
        let behind = behind.and_then(|end| {
            let index = self.layout.comments.partition_point(|comment| comment.end < end);
            self.layout.comments.get(index).cloned()
        });
        Some((above, behind))
    }
}

/// Where the order counts, an entry may stand twice.
fn may_stand_twice(path: &[String]) -> bool {
    path.last().is_some_and(|key| ORDERED.contains(&key.as_str()))
}
