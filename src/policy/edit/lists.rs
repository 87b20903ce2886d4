//! Entries of a list, and keys of an inline table: taken out and put in.
//!
//! Enters: which ones go, and what is to stand behind those that stay. Leaves: stretches that go and texts that come.
//! New ones stand as the last one does: in its line, or in a line of their own.

use super::layout::{Group, Item, Layout, is_blank};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// As long as a line may become by what is put into it.
pub(super) const WIDTH: usize = 100;

/// What is put into a list, with its comments.
#[derive(Clone, Debug)]
pub(super) struct Addition {
    pub above: Vec<String>,
    pub text: String,
    pub behind: Option<String>,
}

impl Addition {
    pub(super) fn has_comments(&self) -> bool {
        !self.above.is_empty() || self.behind.is_some()
    }
}

/// How a text changes: what goes, and what comes in place of a stretch.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub gone: Vec<Range<usize>>,
    pub put: Vec<(Range<usize>, String)>,
}

/// A list in lines of its own.
pub(super) fn in_lines<'a>(
    items: impl Iterator<Item = &'a Addition>,
    lead: &str,
    end: &str,
    base: &str,
) -> String {
    let mut text = String::new();
    for item in items {
        for comment in &item.above {
            text.push_str(&format!("{end}{lead}{comment}"));
        }
        text.push_str(&format!("{end}{lead}{},", item.text));
        text.extend(item.behind.iter().map(|comment| format!(" {comment}")));
    }
    format!("{text}{end}{base}")
}

pub(super) fn change(
    layout: &Layout<'_>,
    group: &Group,
    removed: &BTreeSet<usize>,
    added: &[Addition],
    moved: &BTreeMap<usize, Range<usize>>,
) -> Parts {
    let (inner, line) = (layout.slice(group.inner.clone()), layout.line_end);
    let last = group.items.len().checked_sub(1);
    let kept = (0..group.items.len()).rev().find(|index| !removed.contains(index));
    let kept = kept.and_then(|index| Some((index, group.items.get(index)?)));
    if !added.is_empty() && !inner.contains('\n') {
        let base = layout.indent(group.inner.start);
        let is_too_long = || {
            let length = |text: &str| text.lines().next().map_or(0, |line| line.chars().count());
            let start = layout.line_start(group.inner.start);
            let before = length(layout.slice(start..layout.text.len()));
            let more: usize = added.iter().map(|addition| addition.text.chars().count() + 2).sum();
            !group.is_within && before <= WIDTH && before + more > WIDTH
        };
        if !group.is_table && (added.iter().any(Addition::has_comments) || is_too_long()) {
            let stay = group.items.iter().enumerate().filter(|(index, _)| !removed.contains(index));
            let stay = stay.map(|(_, item)| Addition {
                above: Vec::new(),
                text: layout.slice(item.span.clone()).to_owned(),
                behind: None,
            });
            let all: Vec<Addition> = stay.chain(added.iter().cloned()).collect();
            let text = in_lines(all.iter(), &format!("{base}{}", layout.step), line, base);
            return Parts { gone: Vec::new(), put: vec![(group.inner.clone(), text)] };
        }
        if kept.is_none() {
            let texts: Vec<&str> = added.iter().map(|addition| addition.text.as_str()).collect();
            let pad = if group.is_table || inner.starts_with(' ') { " " } else { "" };
            let text = format!("{pad}{}{pad}", texts.join(", "));
            return Parts { gone: Vec::new(), put: vec![(group.inner.clone(), text)] };
        }
    }
    let mut parts = Parts::default();
    for item in removed.iter().filter_map(|index| group.items.get(*index)) {
        parts.gone.push(item.span.clone());
        parts.gone.extend(item.comma.map(comma));
    }
    let is_open = last.and_then(|last| group.items.get(last)).is_some_and(|item| item.comma.is_none());
    let stands_alone = kept.map(|(index, item)| match Standing::new(layout, group, index, item) {
        // A comment ends a line.
        Standing::Beside if added.iter().any(Addition::has_comments) => {
            let is_below = layout.slice(group.inner.start..item.span.start).contains('\n');
            let lead =
                if is_below { layout.indent(item.span.start).to_owned() } else { further_in(layout, group) };
            Standing::Line { lead, is_led: false }
        }
        standing @ (Standing::Beside | Standing::Line { .. }) => standing,
    });
    let is_beside = matches!(stands_alone, Some(Standing::Beside));
    // Without the last one the comma before it would be the last.
    if let (Some((index, item)), true) = (kept, is_open)
        && Some(index) != last
        && (added.is_empty() || is_beside)
    {
        parts.gone.extend(item.comma.map(comma));
    }
    if added.is_empty() {
        return parts;
    }
    match (kept, stands_alone) {
        (Some((index, item)), Some(Standing::Beside)) => {
            let gap = index.checked_sub(1).and_then(|before| group.items.get(before)?.comma);
            let gap = gap.map(|comma| layout.slice(comma + 1..item.span.start));
            let gap = gap.filter(|gap| gap.chars().all(is_blank)).unwrap_or(" ");
            let texts: Vec<String> =
                added.iter().map(|addition| format!(",{gap}{}", addition.text)).collect();
            parts.put.push((empty(item.span.end), texts.concat()));
        }
        (Some((_, item)), Some(Standing::Line { lead, is_led })) => {
            if item.comma.is_none() && !is_led {
                parts.put.push((empty(item.span.end), ",".to_owned()));
            }
            let end = item.comma.map_or(item.span.end, |comma| comma + 1);
            let end = layout.after_comment(end).unwrap_or(end);
            let has_last_comma = !is_open && !is_led;
            parts.put.push((empty(end), lines(layout, group, end, added, &lead, has_last_comma, is_led)));
        }
        _ => {
            let comments = layout.comments.get(layout.comments_in(&group.inner)).unwrap_or(&[]);
            let last = comments.iter().rev().find(|comment| !moved.contains_key(&comment.start));
            let end = last.map_or(group.inner.start, |comment| comment.end);
            let beside =
                last.map(|comment| comment.start).or(group.items.first().map(|item| item.span.start));
            let lead = match beside.filter(|at| layout.starts_line(*at)) {
                Some(at) => layout.indent(at).to_owned(),
                None => further_in(layout, group),
            };
            parts.put.push((empty(end), lines(layout, group, end, added, &lead, true, false)));
        }
    }
    parts
}

fn comma(at: usize) -> Range<usize> {
    at..at + 1
}

fn empty(at: usize) -> Range<usize> {
    at..at
}

/// How the last entry stands.
enum Standing {
    /// In a line with others.
    Beside,
    /// In a line of its own, behind some blanks, or (led) behind the comma that parts it from the one before.
    Line { lead: String, is_led: bool },
}

impl Standing {
    fn new(layout: &Layout<'_>, group: &Group, index: usize, item: &Item) -> Standing {
        let start = item.span.start;
        if layout.starts_line(start) {
            return Standing::Line { lead: layout.indent(start).to_owned(), is_led: false };
        }
        let before = index.checked_sub(1).and_then(|before| group.items.get(before)?.comma);
        if let Some(comma) = before.filter(|comma| layout.starts_line(*comma) && item.comma.is_none()) {
            let lead = layout.slice(layout.before_blanks(comma)..start);
            return Standing::Line { lead: lead.to_owned(), is_led: true };
        }
        let end = item.comma.map_or(item.span.end, |comma| comma + 1);
        // What is put behind a comment stands below it.
        if layout.after_comment(end).is_some() || layout.after_comment(item.span.end).is_some() {
            return Standing::Line { lead: further_in(layout, group), is_led: false };
        }
        Standing::Beside
    }
}

fn further_in(layout: &Layout<'_>, group: &Group) -> String {
    format!("{}{}", layout.indent(group.inner.start), layout.step)
}

fn lines(
    layout: &Layout<'_>,
    group: &Group,
    at: usize,
    added: &[Addition],
    lead: &str,
    has_last_comma: bool,
    is_led: bool,
) -> String {
    let end = layout.line_end;
    let mut text = String::new();
    for (index, addition) in added.iter().enumerate() {
        for comment in &addition.above {
            let blanks = lead.split(|c| !is_blank(c)).next().unwrap_or("");
            text.push_str(&format!("{end}{blanks}{comment}"));
        }
        let has_comma = !is_led && (has_last_comma || index + 1 < added.len());
        text.push_str(&format!("{end}{lead}{}{}", addition.text, if has_comma { "," } else { "" }));
        text.extend(addition.behind.iter().map(|comment| format!(" {comment}")));
    }
    let ends_in_comment = added.last().is_some_and(|last| last.behind.is_some());
    if ends_in_comment && layout.after_line_end(layout.after_blanks(at)).is_none() {
        text.push_str(&format!("{end}{}", layout.indent(group.inner.start)));
    }
    text
}
