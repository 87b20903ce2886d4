//! Lists in which an entry stands twice. Files are looked at one by one: what a policy repeats from one that it
//! extends is another matter.

use super::codes::duplicate_entry;
use crate::diag::{Findings, Place};
use serde_json::Value;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Reports every second one, in the lists of which the form says that they hold each entry once.
pub fn check(table: &DeTable<'_>, form: &Value, found: &mut Findings) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let known = form.get("properties").and_then(|keys| keys.get(name));
        let Some(node) = known.or_else(|| form.get("additionalProperties")) else {
            continue;
        };
        match value.get_ref() {
            DeValue::Table(table) => check(table, node, found),
            DeValue::Array(list) if node.get("uniqueItems").is_some() => repeated(name, list, found),
            DeValue::Array(_)
            | DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
}

fn repeated(key: &str, list: &DeArray<'_>, found: &mut Findings) {
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for item in list.iter() {
        let Some(text) = text(item) else {
            continue;
        };
        let place = Place::new(item.span().start, item.span().end);
        match seen.get(&text) {
            Some(first) => found.add(duplicate_entry::found(place, *first, &text, key)),
            None => {
                seen.insert(text, place);
            }
        }
    }
}

/// An entry as it is compared: a number as it is meant, not as it is spelled. A list holds one kind alone, or
/// has a finding for that.
fn text(item: &Spanned<DeValue<'_>>) -> Option<String> {
    match item.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
        }
        DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}
