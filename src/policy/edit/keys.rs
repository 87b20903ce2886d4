//! Keys that are new: where they stand, and under which header.
//!
//! Enters: paths with values. Leaves: texts that come. A key stands where its table is: behind the last one below the
//! table's header, behind the last dotted one, in its inline table. A table that is new gets a header of its own, unless
//! the file has dotted keys in place of headers.

use super::layout::{Home, Layout};
use super::lists::{Addition, WIDTH, in_lines};
use super::written;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What stands behind a new key.
#[derive(Debug)]
pub(super) enum Body {
    Value(String),
    List(Vec<Addition>),
}

/// Texts that come, and items of inline tables.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub put: Vec<(Range<usize>, String)>,
    /// What stands in place of a statement that goes.
    pub instead: BTreeMap<usize, String>,
    pub items: BTreeMap<usize, Vec<Addition>>,
}

/// Where lines are put, in the order in which they stand at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// In an inline table.
    Item { group: usize },
    /// In place of a statement that goes.
    Instead { statement: usize, indent: String },
    /// Behind a line.
    Behind { at: usize, indent: String },
    /// Behind a line, under a header of their own.
    Under { at: usize, table: Vec<String> },
    /// Before a line, under a header of their own, or none at the top.
    Before { at: usize, table: Vec<String> },
}

/// None where a path leads through what is no table.
pub(super) fn place(
    layout: &Layout<'_>,
    wanted: Vec<(Vec<String>, Body)>,
    gone: &BTreeSet<usize>,
) -> Option<Placed> {
    let mut tables: BTreeMap<Vec<String>, Vec<(String, Body)>> = BTreeMap::new();
    for (mut path, body) in wanted {
        let key = path.pop()?;
        tables.entry(path).or_default().push((key, body));
    }
    let mut placed = Placed::default();
    let mut lines: BTreeMap<Spot, Vec<String>> = BTreeMap::new();
    for (table, keys) in &tables {
        let (node, depth) = layout.find(table);
        let (spot, prefix) = spot(layout, table, node, depth, gone)?;
        let indent = match &spot {
            Spot::Item { group } => layout.indent(layout.groups.get(*group)?.inner.start),
            Spot::Instead { indent, .. } | Spot::Behind { indent, .. } => indent.as_str(),
            Spot::Under { .. } | Spot::Before { .. } => "",
        };
        let texts = keys.iter().map(|(key, body)| {
            let key = written::key(key, layout.is_literal);
            line(layout, &format!("{prefix}{key}"), indent, body)
        });
        let texts: Vec<String> = texts.collect();
        lines.entry(spot).or_default().extend(texts);
    }
    for (spot, lines) in lines {
        match &spot {
            Spot::Item { group } => {
                let items = lines.into_iter();
                let items = items.map(|text| Addition { above: Vec::new(), text, behind: None });
                placed.items.entry(*group).or_default().extend(items);
            }
            Spot::Instead { statement, indent } => {
                let text = lines.join(&format!("{}{indent}", layout.line_end));
                placed.instead.insert(*statement, text);
            }
            Spot::Behind { .. } | Spot::Under { .. } | Spot::Before { .. } => {
                placed.put.push(written_at(layout, &spot, &lines));
            }
        }
    }
    Some(placed)
}

/// Where the new keys of a table stand, and what is written before their names. Of the table's path, some keys lead
/// to a node, and the others are new.
fn spot(
    layout: &Layout<'_>,
    table: &[String],
    node: usize,
    depth: usize,
    gone: &BTreeSet<usize>,
) -> Option<(Spot, String)> {
    let found = layout.nodes.get(node)?;
    let below = written::keys(table.get(depth..)?, layout.is_literal);
    let below = if below.is_empty() { below } else { below + "." };
    if let Some(value) = &found.value {
        let group = value.group.filter(|group| layout.groups.get(*group).is_some_and(|g| g.is_table))?;
        return Some((Spot::Item { group }, below));
    }
    if let Some((home, key_end)) = found.dotted {
        let (spot, start) = match home {
            Home::Item(group, index) => {
                (Spot::Item { group }, layout.groups.get(group)?.items.get(index)?.span.start)
            }
            Home::Statement(index) => {
                (beside(layout, index, gone)?, layout.statements.get(index)?.span.start)
            }
        };
        return Some((spot, format!("{}.{below}", layout.slice(start..key_end))));
    }
    let section = if node == 0 { Some(0) } else { found.section };
    let under = |at: usize| Spot::Under { at, table: table.to_vec() };
    let spot = match section {
        Some(section) if depth == table.len() => in_section(layout, section, table.is_empty(), gone)?,
        Some(0) if layout.is_dotted => return Some((in_section(layout, 0, false, gone)?, below)),
        Some(0) => under(layout.text.trim_end().len()),
        // Headers of what is in it alone: its own goes before these.
        None if depth == table.len() => {
            let mut sections = layout.sections.iter();
            let first = sections.find(|section| is_below(layout, section.node, node))?;
            Spot::Before { at: above(layout, first.header.as_ref()?.start), table: table.to_vec() }
        }
        Some(_) | None => under(last_below(layout, node)?),
    };
    Some((spot, String::new()))
}

/// Behind a statement, or in its place where it goes.
fn beside(layout: &Layout<'_>, index: usize, gone: &BTreeSet<usize>) -> Option<Spot> {
    let span = &layout.statements.get(index)?.span;
    let indent = layout.indent(span.start).to_owned();
    Some(match gone.contains(&index) {
        true => Spot::Instead { statement: index, indent },
        false => Spot::Behind { at: behind(layout, span.end), indent },
    })
}

/// A key with its value, as a line or, where it would be too long, as a list in lines.
fn line(layout: &Layout<'_>, key: &str, base: &str, body: &Body) -> String {
    let entries = match body {
        Body::Value(value) => return format!("{key} = {value}"),
        Body::List(entries) => entries,
    };
    let texts: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
    let short = format!("{key} = [{}]", texts.join(", "));
    if short.chars().count() <= WIDTH && !entries.iter().any(Addition::has_comments) {
        return short;
    }
    let lead = format!("{base}{}", layout.step);
    format!("{key} = [{}]", in_lines(entries.iter(), &lead, layout.line_end, base))
}

/// Behind the comment that follows a statement or header.
fn behind(layout: &Layout<'_>, end: usize) -> usize {
    layout.after_comment(end).unwrap_or(end)
}

fn in_section(layout: &Layout<'_>, index: usize, is_plain: bool, gone: &BTreeSet<usize>) -> Option<Spot> {
    let section = layout.sections.get(index)?;
    let is_plain_key = |index: &&usize| layout.statements.get(**index).is_some_and(|key| !key.is_dotted);
    // At the top, behind the plain keys: tables follow these.
    let plain = section.statements.iter().rev().find(is_plain_key).filter(|_| index == 0 && is_plain);
    if let Some(last) = plain.or(section.statements.last()) {
        return beside(layout, *last, gone);
    }
    if let Some(header) = &section.header {
        let indent = layout.indent(header.start).to_owned();
        return Some(Spot::Behind { at: behind(layout, header.end), indent });
    }
    let next = layout.sections.iter().find_map(|section| section.header.as_ref());
    Some(match next {
        Some(header) => Spot::Before { at: above(layout, header.start), table: Vec::new() },
        None => Spot::Behind { at: layout.text.trim_end().len(), indent: String::new() },
    })
}

/// The start of the lines that belong to a header: its own, and those of the comments right above it.
fn above(layout: &Layout<'_>, header: usize) -> usize {
    let first = layout.comments.get(layout.comments_above(header));
    layout.line_start(first.and_then(<[_]>::first).map_or(header, |comment| comment.start))
}

fn is_below(layout: &Layout<'_>, mut node: usize, table: usize) -> bool {
    while let Some(found) = layout.nodes.get(node).filter(|_| node != 0) {
        if found.parent == table {
            return true;
        }
        node = found.parent;
    }
    false
}

/// The end of the last section of a table and those in it.
fn last_below(layout: &Layout<'_>, table: usize) -> Option<usize> {
    let mut sections = layout.sections.iter().rev();
    let last = sections.find(|section| section.node == table || is_below(layout, section.node, table))?;
    let statement = last.statements.last().and_then(|statement| layout.statements.get(*statement));
    let end =
        statement.map(|statement| statement.span.end).or(last.header.as_ref().map(|header| header.end))?;
    Some(behind(layout, end))
}

fn written_at(layout: &Layout<'_>, spot: &Spot, lines: &[String]) -> (Range<usize>, String) {
    let end = layout.line_end;
    let header = |table: &[String]| format!("[{}]", written::keys(table, layout.is_literal));
    let gap = if is_spaced(layout) { end } else { "" };
    let (at, text) = match spot {
        Spot::Item { .. } | Spot::Instead { .. } => return (0..0, String::new()),
        Spot::Behind { at, indent } => {
            (*at, lines.iter().map(|line| format!("{end}{indent}{line}")).collect())
        }
        Spot::Under { at, table } => {
            let below: String = lines.iter().map(|line| format!("{end}{line}")).collect();
            (*at, format!("{end}{gap}{}{below}", header(table)))
        }
        Spot::Before { at, table } => {
            let above = if table.is_empty() { String::new() } else { header(table) + end };
            let lines: String = lines.iter().map(|line| format!("{line}{end}")).collect();
            (*at, format!("{above}{lines}{gap}"))
        }
    };
    let is_first = layout.slice(0..at).trim_start_matches('\u{feff}').is_empty();
    let text: String = match spot {
        // Nothing stands before it whose line it could end.
        Spot::Behind { .. } | Spot::Under { .. } if is_first => {
            text.trim_start_matches(['\r', '\n']).to_owned() + end
        }
        Spot::Item { .. }
        | Spot::Instead { .. }
        | Spot::Behind { .. }
        | Spot::Under { .. }
        | Spot::Before { .. } => text,
    };
    (at..at, text)
}

/// Whether there is an empty line before headers.
fn is_spaced(layout: &Layout<'_>) -> bool {
    let last = layout.sections.iter().rev().find_map(|section| section.header.as_ref());
    last.is_none_or(|header| {
        let before = layout.slice(0..above(layout, header.start));
        before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n")
    })
}
