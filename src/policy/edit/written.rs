//! Texts as TOML, in the quotes that a file uses.

use super::meaning::{self, Said};
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
pub(super) fn said(value: &Value) -> Option<Said> {
    match value {
        Value::Text(text) => Some(Said::Text(text.clone())),
        Value::Written(written) => meaning::of_value(written),
    }
}

/// The keys of a dotted key.
pub(super) fn path(written: &str) -> Option<Vec<String>> {
    let (key, mut said) = alone(meaning::of(&format!("{written} = 1"))?)?;
    let mut path = vec![key];
    while let Said::Table(_) = said {
        let (key, below) = alone(said)?;
        path.push(key);
        said = below;
    }
    Some(path)
}

/// The only key of a table.
fn alone(said: Said) -> Option<(String, Said)> {
    let Said::Table(table) = said else { return None };
    let mut keys = table.into_iter();
    keys.next().filter(|_| keys.len() == 0)
}
