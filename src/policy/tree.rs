//! Work on the TOML tree before it is read into types: positions, and uniting policies that build on others.

use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

/// What belongs to one file and is not handed on to those that extend it.
const OWN: [&str; 4] = ["name", "description", "extends", "abstract"];

/// Lists in which the order counts: there the nearer one holds.
pub(super) const ORDERED: [&str; 2] = ["command", "args"];

/// Moves every position by a distance.
pub fn shift<'i>(table: DeTable<'i>, by: usize) -> DeTable<'i> {
    if by == 0 {
        return table;
    }
    table.into_iter().map(|(key, value)| (moved_key(key, by), moved(value, by))).collect()
}

fn moved_key<'i>(key: Spanned<DeString<'i>>, by: usize) -> Spanned<DeString<'i>> {
    let span = key.span();
    Spanned::new(span.start + by..span.end + by, key.into_inner())
}

fn moved<'i>(value: Spanned<DeValue<'i>>, by: usize) -> Spanned<DeValue<'i>> {
    let span = value.span();
    let inner = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(shift(table, by)),
        DeValue::Array(mut array) => {
            for item in array.iter_mut() {
                let empty = Spanned::new(0..0, DeValue::Boolean(false));
                *item = moved(std::mem::replace(item, empty), by);
            }
            DeValue::Array(array)
        }
        scalar @ (DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)) => scalar,
    };
    Spanned::new(span.start + by..span.end + by, inner)
}

/// A policy on top of those that it extends: tables and lists are united, the nearer scalar holds.
pub fn extend<'i>(base: &mut DeTable<'i>, nearer: DeTable<'i>) {
    for own in OWN {
        base.remove(own);
    }
    unite(base, nearer);
}

fn unite<'i>(base: &mut DeTable<'i>, nearer: DeTable<'i>) {
    for (key, value) in nearer {
        let ordered = ORDERED.contains(&key.get_ref().as_ref());
        match base.get_mut(key.get_ref().as_ref()) {
            None => {
                base.insert(key, value);
            }
            Some(under) => {
                let span = value.span();
                match (under.get_mut(), value.into_inner()) {
                    (DeValue::Table(under), DeValue::Table(over)) => unite(under, over),
                    (DeValue::Array(under), DeValue::Array(over)) if !ordered => {
                        append(under, over);
                    }
                    (_, over) => *under = Spanned::new(span, over),
                }
            }
        }
    }
}

fn append<'i>(under: &mut DeArray<'i>, mut over: DeArray<'i>) {
    for item in over.iter_mut() {
        let empty = Spanned::new(0..0, DeValue::Boolean(false));
        under.push(std::mem::replace(item, empty));
    }
}

/// The strings of a list at the top level, with their places.
pub fn strings(table: &DeTable<'_>, key: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let list = table.get(key).and_then(|value| value.get_ref().as_array());
    list.into_iter()
        .flat_map(|list| list.iter())
        .filter_map(|item| Some((item.get_ref().as_str()?.to_owned(), item.span())))
        .collect()
}
