//! Texts as TOML, in the quotes that a file uses.

use super::meaning::{self, Content};
use crate::diag::Value;
use crate::policy::quoted;

/// A text in quotes: literal ones where these are wanted and can hold it.
pub(super) fn text(text: &str, is_literal: bool) -> String {
    let is_plain = |c: char| c != '\'' && !c.is_control();
    match is_literal && text.chars().all(is_plain) {
        true => format!("'{text}'"),
        false => quoted(text),
    }
}

pub(super) fn value(value: &Value, is_literal: bool) -> String {
    match value {
        Value::Text(value) => text(value, is_literal),
        Value::Written(written) => written.clone(),
    }
}

/// A key, in quotes only where it must be.
pub(super) fn key(name: &str, is_literal: bool) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if is_bare { name.to_owned() } else { text(name, is_literal) }
}

pub(super) fn keys(path: &[String], is_literal: bool) -> String {
    path.iter().map(|name| key(name, is_literal)).collect::<Vec<_>>().join(".")
}

/// What a value says; none where it is written as no value.
pub(super) fn content(value: &Value) -> Option<Content> {
    match value {
        Value::Text(text) => Some(Content::Text(text.clone())),
        Value::Written(written) => meaning::of_value(written),
    }
}

/// The keys of a dotted key.
pub(super) fn path(written: &str) -> Option<Vec<String>> {
    let (key, mut content) = alone(meaning::of(&format!("{written} = 1"))?)?;
    let mut path = vec![key];
    while let Content::Table(_) = content {
        let (key, below) = alone(content)?;
        path.push(key);
        content = below;
    }
    Some(path)
}

/// The only key of a table.
fn alone(content: Content) -> Option<(String, Content)> {
    let Content::Table(table) = content else { return None };
    let mut keys = table.into_iter();
    keys.next().filter(|_| keys.len() == 0)
}
