//! A label that Kubernetes refuses.

use super::control_character;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-label", Error);

pub fn check(key: &Text, value: &Text, found: &mut Findings) {
    for text in [key, value] {
        if let Some(character) = control_character::first(text, "") {
            return found.add(control_character::found(text, character));
        }
    }
    let (domain, name) = match key.split_once('/') {
        Some((domain, name)) => (Some(domain), name),
        None => (None, key.as_str()),
    };
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_domain = |domain: &str| {
        domain.len() <= 253
            && domain.split('.').all(|part| {
                part.starts_with(lower) && part.ends_with(lower) && part.chars().all(|c| lower(c) || c == '-')
            })
    };
    if !is_name(name) || !domain.is_none_or(is_domain) {
        found.add(
            Finding::new(&CODE, key.place, format!("`{}` cannot be a label's key", shown(key))).help(
                "use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends",
            ),
        );
    }
    if !value.is_empty() && !is_name(value) {
        found.add(
            Finding::new(&CODE, value.place, format!("`{}` cannot be a label's value", shown(value))).help(
                "use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends",
            ),
        );
    }
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

fn is_name(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63
        && text.starts_with(edge)
        && text.ends_with(edge)
        && text.chars().all(|c| edge(c) || "-_.".contains(c))
}
