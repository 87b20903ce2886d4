//! All changes of a plan as splices, in the light of each other.

use super::{EditPlan, Entry, NewKey, may_stand_twice};
use crate::policy::edit::keys::{self, Body};
use crate::policy::edit::layout::Home;
use crate::policy::edit::lists::{self, Addition};
use crate::policy::edit::meaning::{Added, Content, Meant};
use crate::policy::edit::{Edit, Refusal, Value, erase, written};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What goes from lists and what comes, by group.
type Lists = BTreeMap<usize, (BTreeSet<usize>, Vec<Addition>)>;

/// The comments above an entry, and the one behind it.
type Comments = (Vec<Range<usize>>, Option<Range<usize>>);

impl EditPlan<'_, '_> {
    /// The splices, and what the text says once they are made.
    pub(in crate::policy::edit) fn finish(mut self) -> Result<(Edit, Meant), Refusal> {
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
                    let content = &mut BTreeSet::new();
                    Body::List(entries.into_iter().filter_map(|e| self.addition(&path, e, content)).collect())
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
            let mut gone = removed.iter().filter_map(|index| group.items.get(*index));
            if gone.any(|item| self.has_comments(&item.span)) {
                return Err(Refusal::HasComments);
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

    /// Whether comments stand somewhere that stay.
    fn has_comments(&self, range: &Range<usize>) -> bool {
        let comments = self.layout.comments.get(self.layout.comments_in(range)).unwrap_or(&[]);
        comments.iter().any(|comment| !self.moved.contains_key(&comment.start))
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
        let mut content = BTreeSet::new();
        if !added.is_empty() && !may_stand_twice(path) {
            let items = self.layout.groups.get(group).map(|group| group.items.as_slice()).unwrap_or_default();
            let stay = items.iter().enumerate().filter(|(index, _)| !removed.contains(index));
            let texts = stay.map(|(_, item)| self.layout.slice(item.span.clone()).to_owned());
            content.extend(texts.filter_map(|text| written::content(&Value::Written(text))));
        }
        added.into_iter().filter_map(|entry| self.addition(path, entry, &mut content)).collect()
    }

    /// What is put into a list for an entry, with the comments that come along; none where it is there already.
    fn addition(
        &mut self,
        path: &[String],
        entry: Entry,
        content: &mut BTreeSet<Content>,
    ) -> Option<Addition> {
        if !content.insert(entry.content.clone()) && !may_stand_twice(path) {
            return None;
        }
        let (above, behind) =
            entry.moved.and_then(|(group, index)| self.comments(group, index)).unwrap_or_default();
        for comment in above.iter().chain(&behind) {
            self.moved.insert(comment.start, comment.clone());
        }
        let text = |comment: Range<usize>| self.layout.slice(comment).to_owned();
        let (above, behind) = (above.into_iter().map(text).collect(), behind.map(text));
        self.meant.added.push((path.to_vec(), Added::Entry(entry.content)));
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
    fn comments(&self, group: usize, index: usize) -> Option<Comments> {
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
