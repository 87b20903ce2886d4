//! The fixes of findings as edits: each for itself, and all at once.
//!
//! Enters: findings, each with a fix that knows its own place alone. Leaves: those that can be made, with their splices. An entry that
//! would stand twice in its list is taken out instead, and a key that would stand twice keeps its name.

use super::layout::{Layout, Spot};
use super::meaning::{Content, Meant};
use super::plan::EditPlan;
use super::{Change, Edit, written};
use crate::diag::sources::Source;
use crate::diag::{Findings, Fix, Fixes, SettledFix, Sources, Splice, Value};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

/// A text is read again as often as fixes overlap, and no oftener than this.
const ROUNDS: usize = 64;

/// Nor are fixes that do not hold looked for any longer.
const TRIES: usize = 256;

/// Settles how each fix changes the text, once all findings are there. Those that cannot be made are not among them.
pub fn settle(found: &Findings, sources: &Sources) -> Fixes {
    let settled = sources.iter().flat_map(|source| {
        let is_here =
            |fix: &&Fix| sources.locate(fix.place).is_some_and(|(of, _)| of.base() == source.base());
        // By what is found: of two entries that would be the same the one that is told first stays.
        let mut fixes: Vec<&Fix> = Vec::new();
        let mut seen = BTreeSet::new();
        fixes.extend(found.fixes().filter(is_here).filter(|fix| seen.insert(*fix)));
        // A text without fixes need not be read again.
        if fixes.is_empty() {
            return Vec::new();
        }
        match DeTable::parse(&source.text) {
            Ok(document) => settle_in(source, document.get_ref(), &fixes),
            Err(_) => fixes.iter().filter_map(|fix| Some(((*fix).clone(), bare(source, fix)?))).collect(),
        }
    });
    settled.collect()
}

/// The edit that makes all fixes in a source at once; where that cannot be, those that do not touch each other.
pub fn all_fixes(settled: &Fixes, source: &Source) -> Option<Edit> {
    let end = source.base() + source.text.len();
    let own = |made: &&SettledFix| made.fix.place.start >= source.base() && made.fix.place.end <= end;
    let mut fixes: Vec<&SettledFix> = settled.iter().filter(own).collect();
    fixes.dedup_by_key(|made| made.fix.place);
    let edit = |splices: Vec<Splice>| (!splices.is_empty()).then_some(Edit { base: source.base(), splices });
    let Ok(document) = DeTable::parse(&source.text) else {
        return edit(fixes.iter().flat_map(|fix| fix.splices.iter().cloned()).collect());
    };
    let layout = Layout::new(&source.text);
    let plan = EditPlan::new(&layout, source.base());
    let changes: Vec<Change> = fixes.iter().filter_map(|made| change(&plan, &made.fix)).collect();
    if let Ok(edit) = Edit::new(source, &changes) {
        return Some(edit);
    }
    let made = changes.iter().filter_map(|change| {
        let mut plan = EditPlan::new(&layout, source.base());
        plan.add(change).ok()?;
        let (edit, meant) = plan.finish().ok()?;
        Some(Made { of: (), splices: edit.splices, meant })
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
fn bare(source: &Source, fix: &Fix) -> Option<SettledFix> {
    let text = written::value(fix.value.as_ref()?, false);
    let splices = vec![Splice { place: fix.place, text }];
    let edit = Edit { base: source.base(), splices };
    let wrong = |text: &str| DeTable::parse_recoverable(text).1.len();
    let is_less = wrong(&edit.apply(&source.text)) < wrong(&source.text);
    is_less.then(|| SettledFix { fix: fix.clone(), splices: edit.splices })
}

fn settle_in(source: &Source, document: &DeTable<'_>, fixes: &[&Fix]) -> Vec<(Fix, SettledFix)> {
    let layout = Layout::new(&source.text);
    let mut siblings = Siblings { layout: &layout, lists: BTreeMap::new(), keys: BTreeMap::new() };
    let mut open = Vec::new();
    for wanted in fixes {
        let mut make = || {
            let mut plan = EditPlan::new(&layout, source.base());
            let spot = plan.spot(wanted.place)?;
            let fix = siblings.settle((*wanted).clone(), spot)?;
            plan.add(&change(&plan, &fix)?).ok()?;
            let (edit, meant) = plan.finish().ok()?;
            Some(Made { of: (*wanted, fix), splices: edit.splices, meant })
        };
        open.extend(make());
    }
    let mut settled = Vec::new();
    let mut tries = TRIES;
    for _ in 0..ROUNDS {
        let (round, later) = apart(open);
        let held = hold(&layout, source.base(), document, round, &mut tries);
        settled.extend(held.into_iter().filter(|made| !made.splices.is_empty()).map(|made| {
            let (wanted, fix) = made.of;
            (wanted.clone(), SettledFix { fix, splices: made.splices })
        }));
        open = later;
    }
    settled
}

/// How one of some changes changes the text.
struct Made<T> {
    of: T,
    splices: Vec<Splice>,
    meant: Meant,
}

/// Those that do not touch each other, the first ones first, and the others.
fn apart<T>(mut made: Vec<Made<T>>) -> (Vec<Made<T>>, Vec<Made<T>>) {
    let range = |made: &Made<T>| {
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
fn hold<T>(
    layout: &Layout<'_>,
    base: usize,
    document: &DeTable<'_>,
    mut made: Vec<Made<T>>,
    tries: &mut usize,
) -> Vec<Made<T>> {
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
