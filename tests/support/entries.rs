//! The entries of a policy's text: every key that holds a value, and every element of its lists, each with
//! what has to go from the text so that it is gone.

use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A key with its value, or one element of a list.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The keys that lead to it, from the top.
    pub(crate) path: Vec<String>,
    /// Which element of a list it is; none for a key with its whole value.
    pub(crate) element: Option<usize>,
    /// As it is written.
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

impl Entry {
    /// `pod.containers.web.ports[1]`
    pub(crate) fn name(&self) -> String {
        let element = self.element.map_or(String::new(), |index| format!("[{index}]"));
        format!("{}{element}", self.path.join("."))
    }

    /// The policy without it.
    pub(crate) fn taken_out(&self, text: &str) -> String {
        let after = &text[self.range.end..];
        // The comma behind an element goes with it; a comma at the end of a list is allowed.
        let rest = after.trim_start().strip_prefix(',').unwrap_or(after);
        format!("{}{rest}", &text[..self.range.start])
    }
}

/// All entries, in the order of their keys.
pub(crate) fn entries(text: &str) -> Vec<Entry> {
    let table = DeTable::parse(text).expect("the policy is TOML");
    let mut found = Vec::new();
    walk(text, table.get_ref(), &mut Vec::new(), &mut found);
    found
}

fn walk(text: &str, table: &DeTable<'_>, path: &mut Vec<String>, found: &mut Vec<Entry>) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        let entry = |element, range: Range<usize>| {
            let text = text[range.clone()].to_owned();
            Entry { path: path.clone(), element, text, range }
        };
        match value.get_ref() {
            DeValue::Table(inner) => walk(text, inner, path, found),
            DeValue::Array(list) => {
                found.push(entry(None, key.span().start..value.span().end));
                for (index, item) in list.iter().enumerate() {
                    found.push(entry(Some(index), item.span()));
                }
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => found.push(entry(None, key.span().start..value.span().end)),
        }
        path.pop();
    }
}
