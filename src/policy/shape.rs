//! The form of a policy, held against the schema: keys that do not exist, values of the wrong type.
//!
//! Serde stops at the first of these. This walk finds all of them, each at its place, and takes them out
//! of the tree, so that what is right can be read and checked further.

use super::codes::{missing_key, unknown_key, unknown_value, wrong_type};
use super::left_out::LeftOut;
use crate::diag::{Findings, Place};
use serde_json::Value;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};
use wrong_type::Spot;

/// Reports what does not fit, and leaves what does. What is missing is missing where the file begins.
pub fn check(
    table: &mut DeTable<'_>,
    begin: usize,
    schema: &Value,
    left_out: &mut LeftOut,
    found: &mut Findings,
) {
    let has_name = table.contains_key("name");
    let mut walk = Walk { root: schema, path: Vec::new(), left_out, found };
    walk.table(table, schema);
    // A misspelled one is there by now.
    if !has_name && !table.contains_key("name") {
        found.add(missing_key::found(Place::new(begin, begin)));
        let name = DeValue::String("unnamed".into());
        table.insert(Spanned::new(begin..begin, "name".into()), Spanned::new(begin..begin, name));
    }
}

fn place(span: std::ops::Range<usize>) -> Place {
    Place::new(span.start, span.end)
}

/// The way through a tree, and what is noted on it.
struct Walk<'a> {
    root: &'a Value,
    /// The keys that lead to where it is.
    path: Vec<String>,
    left_out: &'a mut LeftOut,
    found: &'a mut Findings,
}

impl Walk<'_> {
    fn table(&mut self, table: &mut DeTable<'_>, node: &Value) {
        let properties = node.get("properties").and_then(Value::as_object);
        let others = node.get("additionalProperties").filter(|others| others.is_object());
        let names: Vec<&str> = properties.into_iter().flat_map(|p| p.keys().map(String::as_str)).collect();
        let is_known = |key: &str| others.is_some() || names.contains(&key);
        // Most tables hold known keys alone, and need no guesses.
        let meanings = match table.iter().all(|(key, _)| is_known(key.get_ref())) {
            true => BTreeMap::new(),
            false => unknown_key::meanings(table, &self.path, &names),
        };
        let mut kept = DeTable::new();
        for (key, mut value) in std::mem::take(table) {
            let at = place(key.span());
            let written = key.get_ref().to_string();
            let meant = meanings.get(&at);
            if !is_known(&written) {
                self.found.add(unknown_key::found(at, &written, &self.path, &names, self.root, meant));
            }
            // What was most likely meant is judged as that: all its findings come in one run.
            let name = match meant {
                Some(meant) if meant.taken.is_none() => meant.key.to_owned(),
                Some(_) | None => written,
            };
            let Some(known) = properties.and_then(|p| p.get(&name)).or(others) else {
                self.left_out.add(self.path.iter().cloned().chain([name]).collect());
                continue;
            };
            self.path.push(name.clone());
            let spot = Spot { key: at, is_inline: at.end < value.span().start, list: None };
            if self.value(&mut value, known, spot) {
                kept.insert(Spanned::new(key.span(), name.into()), value);
            }
            self.path.pop();
        }
        *table = kept;
    }

    /// Whether the value may stay.
    fn value(&mut self, value: &mut Spanned<DeValue<'_>>, node: &Value, spot: Spot<'_>) -> bool {
        let fits = self.fits(value, node, spot);
        if !fits {
            self.left_out.add(self.path.clone());
        }
        fits
    }

    fn fits(&mut self, value: &mut Spanned<DeValue<'_>>, node: &Value, spot: Spot<'_>) -> bool {
        let wanted = node.get("type").and_then(Value::as_str).unwrap_or("string");
        let at = place(value.span());
        let fits = match value.get_ref() {
            DeValue::Table(_) => wanted == "object",
            DeValue::Array(_) => wanted == "array",
            DeValue::String(_) => wanted == "string",
            DeValue::Boolean(_) => wanted == "boolean",
            DeValue::Integer(_) => wanted == "integer",
            DeValue::Float(_) | DeValue::Datetime(_) => false,
        };
        let name = self.path.last().map_or("", String::as_str);
        if !fits {
            self.found.add(wrong_type::found(at, &self.path, spot, value.get_ref(), node));
            return false;
        }
        match value.get_mut() {
            DeValue::Table(table) => {
                self.table(table, node);
                true
            }
            DeValue::Array(array) => {
                let items = node.get("items").unwrap_or(&Value::Null);
                let mut kept = DeArray::new();
                for item in array.iter_mut() {
                    let empty = Spanned::new(0..0, DeValue::Boolean(false));
                    let mut item = std::mem::replace(item, empty);
                    if self.value(&mut item, items, Spot { list: Some(node), ..spot }) {
                        kept.push(item);
                    }
                }
                *array = kept;
                true
            }
            DeValue::String(text) => {
                let words = choices(node);
                let known = words.is_empty() || words.contains(&text.as_ref());
                if !known {
                    self.found.add(unknown_value::found(at, &self.path, text, &words, self.root));
                }
                known
            }
            DeValue::Integer(integer) => {
                let radix = integer.radix();
                let fits = i64::from_str_radix(integer.as_str(), radix).is_ok();
                if !fits {
                    self.found.add(wrong_type::too_large(at, name));
                }
                fits
            }
            DeValue::Boolean(_) | DeValue::Float(_) | DeValue::Datetime(_) => true,
        }
    }
}

/// The words that a string may be, where it may not be any.
pub fn choices(node: &Value) -> Vec<&str> {
    let plain = node.get("enum").and_then(Value::as_array);
    let documented = node.get("oneOf").and_then(Value::as_array);
    let plain = plain.into_iter().flatten().filter_map(Value::as_str);
    let documented = documented.into_iter().flatten().filter_map(|branch| branch.get("const")?.as_str());
    plain.chain(documented).collect()
}
