//! The fixes of findings as edits: each for itself, and all at once.
//!
//! Enters: findings, each with a fix that knows its own place alone. Leaves: the same with their splices. An entry that
//! would stand twice in its list is taken out instead, and a key that would stand twice keeps its name.

use super::layout::{Layout, Spot};
use super::meaning::{Content, Meant};
use super::plan::EditPlan;
use super::{Change, Edit, written};
use crate::diag::sources::Source;
use crate::diag::{Findings, Fix, Sources, Splice, Value};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

/// A text is read again as often as fixes overlap, and no oftener than this.
const ROUNDS: usize = 64;

/// Nor are fixes that do not hold looked for any longer.
const TRIES: usize = 256;

/// Settles how each fix changes the text, once all findings are there. Those that cannot be made are dropped.
pub fn settle(found: &mut Findings, sources: &Sources) {
    for source in sources.iter() {
        let place = |fix: &Fix| sources.locate(fix.place).is_some_and(|(of, _)| of.base() == source.base());
        let mut fixes: Vec<&mut Option<Fix>> =
            found.fixes_mut().filter(|fix| fix.as_ref().is_some_and(place)).collect();
        // A text without fixes need not be read again.
        if fixes.is_empty() {
            continue;
        }
        match DeTable::parse(&source.text) {
            Ok(document) => settle_in(source, document.get_ref(), &mut fixes),
            Err(_) => fixes.iter_mut().for_each(|fix| **fix = fix.take().and_then(|fix| bare(source, fix))),
        }
    }
}

/// The edit that makes all fixes in a source at once; where that cannot be, those that do not touch each other.
pub fn all_fixes(found: &Findings, source: &Source) -> Option<Edit> {
    let end = source.base() + source.text.len();
    let own =
        |fix: &&Fix| fix.place.start >= source.base() && fix.place.end <= end && !fix.splices.is_empty();
    let mut fixes: Vec<&Fix> = found.fixes().filter(own).collect();
    fixes.sort_by_key(|fix| fix.place);
    fixes.dedup_by_key(|fix| fix.place);
    let edit = |splices: Vec<Splice>| (!splices.is_empty()).then_some(Edit { base: source.base(), splices });
    let Ok(document) = DeTable::parse(&source.text) else {
        return edit(fixes.iter().flat_map(|fix| fix.splices.iter().cloned()).collect());
    };
    let layout = Layout::new(&source.text);
    let plan = EditPlan::new(&layout, source.base());
    let changes: Vec<Change> = fixes.iter().filter_map(|fix| change(&plan, fix)).collect();
    if let Ok(edit) = Edit::new(source, &changes) {
        return Some(edit);
    }
    let made = changes.iter().enumerate().filter_map(|(index, change)| {
        let mut plan = EditPlan::new(&layout, source.base());
        plan.add(change).ok()?;
        let (edit, meant) = plan.finish().ok()?;
        Some(Made { index, splices: edit.splices, meant })
    });
    let (apart, _) = apart(made.collect());
    let held = hold(&layout, source.base(), document.get_ref(), apart, &mut TRIES.clone());
    edit(held.into_iter().flat_map(|made| made.splices).collect())
}

/// What a fix does to the value, key or entry at its place.
fn change(plan: &EditPlan<'_, '_>, fix: &Fix) -> Option<Change> {
    let at = fix.place;
    Some(match (plan.spot(at)?, fix.value.clone()) {
        (Spot::Key(_), Some(Value::Text(name))) => Change::Rename { at, to: vec![name] },
        (Spot::Key(_), Some(Value::Written(keys))) => Change::Rename { at, to: written::path(&keys)? },
        (Spot::Value | Spot::Item(..), Some(value)) => Change::Replace { at, value },
        (Spot::Item(..), None) => Change::Remove { at },
        (Spot::Key(_) | Spot::Value, None) => return None,
    })
}

/// In a text that is no TOML, a fix is one where it leaves less that is wrong.
fn bare(source: &Source, fix: Fix) -> Option<Fix> {
    let text = written::value(fix.value.as_ref()?, false);
    let splices = vec![Splice { place: fix.place, text }];
    let edit = Edit { base: source.base(), splices };
    let wrong = |text: &str| DeTable::parse_recoverable(text).1.len();
    let is_less = wrong(&edit.apply(&source.text)) < wrong(&source.text);
    is_less.then_some(Fix { splices: edit.splices, ..fix })
}

fn settle_in(source: &Source, document: &DeTable<'_>, fixes: &mut [&mut Option<Fix>]) {
    let layout = Layout::new(&source.text);
    let mut siblings = Siblings { layout: &layout, lists: BTreeMap::new(), keys: BTreeMap::new() };
    let mut open = Vec::new();
    for (index, fix) in fixes.iter_mut().enumerate() {
        let made = fix.take().and_then(|wanted| {
            let mut plan = EditPlan::new(&layout, source.base());
            let spot = plan.spot(wanted.place)?;
            let wanted = siblings.settle(wanted, spot)?;
            plan.add(&change(&plan, &wanted)?).ok()?;
            let (edit, meant) = plan.finish().ok()?;
            **fix = Some(wanted);
            Some(Made { index, splices: edit.splices, meant })
        });
        open.extend(made);
    }
    let mut tries = TRIES;
    for _ in 0..ROUNDS {
        let (round, later) = apart(open);
        for made in hold(&layout, source.base(), document, round, &mut tries) {
            if let Some(fix) = fixes.get_mut(made.index).and_then(|fix| fix.as_mut()) {
                fix.splices = made.splices;
            }
        }
        open = later;
    }
    for fix in fixes {
        **fix = fix.take().filter(|fix| !fix.splices.is_empty());
    }
}

/// How one of some fixes changes the text.
struct Made {
    index: usize,
    splices: Vec<Splice>,
    meant: Meant,
}

/// Those that do not touch each other, the first ones first, and the others.
fn apart(mut made: Vec<Made>) -> (Vec<Made>, Vec<Made>) {
    let range = |made: &Made| {
        let (first, last) = (made.splices.first(), made.splices.last());
        first.zip(last).map_or(0..0, |(first, last)| first.place.start..last.place.end)
    };
    made.sort_by_key(|made| range(made).start);
    let mut free = 0;
    made.into_iter().partition(|made| {
        let range = range(made);
        let is_free = range.start >= free;
        if is_free {
            free = range.end + 1;
        }
        is_free
    })
}

/// Those that leave what was meant. Where some do not, they are found by halves.
fn hold(
    layout: &Layout<'_>,
    base: usize,
    document: &DeTable<'_>,
    mut made: Vec<Made>,
    tries: &mut usize,
) -> Vec<Made> {
    if made.is_empty() || *tries == 0 {
        return Vec::new();
    }
    *tries -= 1;
    let splices = made.iter().flat_map(|made| made.splices.iter().cloned()).collect();
    let edit = Edit { base, splices };
    let mut meant = Meant::default();
    made.iter().for_each(|made| meant.join(&made.meant));
    if meant.applied(document).is_some_and(|meant| edit.says(layout, &meant)) {
        return made;
    }
    if made.len() == 1 {
        return Vec::new();
    }
    let second = made.split_off(made.len() / 2);
    [made, second].into_iter().flat_map(|half| hold(layout, base, document, half, tries)).collect()
}

/// What may not stand twice beside each other: the keys of a table, the entries of a list.
struct Siblings<'l, 't> {
    layout: &'l Layout<'t>,
    /// What the entries of a list say, and what they will: a fix may be made alone, or with all others.
    lists: BTreeMap<usize, BTreeSet<Content>>,
    /// The same of keys, by their tables.
    keys: BTreeMap<usize, BTreeSet<String>>,
}

impl Siblings<'_, '_> {
    fn settle(&mut self, fix: Fix, spot: Spot) -> Option<Fix> {
        match (spot, &fix.value) {
            (Spot::Key(node), Some(Value::Text(name))) => {
                let node = self.layout.nodes.get(node)?;
                let table = self.layout.nodes.get(node.parent)?;
                let names =
                    self.keys.entry(node.parent).or_insert_with(|| table.children.keys().cloned().collect());
                (*name == node.name || names.insert(name.clone())).then_some(fix)
            }
            (Spot::Item(group, index), Some(value)) => {
                let list = self.layout.groups.get(group)?;
                if list.may_repeat {
                    return Some(fix);
                }
                let says = |written: &str| written::content(&Value::Written(written.to_owned()));
                let content = self.lists.entry(group).or_insert_with(|| {
                    list.items.iter().filter_map(|item| says(self.layout.slice(item.span.clone()))).collect()
                });
                let before = says(self.layout.slice(list.items.get(index)?.span.clone()))?;
                let after = written::content(value)?;
                let is_new = before == after || content.insert(after);
                Some(if is_new { fix } else { Fix { value: None, ..fix } })
            }
            (Spot::Key(_) | Spot::Value | Spot::Item(..), _) => Some(fix),
        }
    }
}
