//! Text of profiles that stands in a manifest as it is.
//!
//! Enters: a key. Leaves: its text as a profile, with the lines where they are certain; or the lines of a part of one.

use super::ticked;
use crate::foreign::yaml::{Entry, Scalar};
use crate::foreign::{NotTaken, WrittenProfile};

/// Whether a text has the head of a profile.
pub(super) fn holds_profile(text: &str) -> bool {
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    while let Some(line) = lines.next() {
        let first = line.split(char::is_whitespace).next().unwrap_or_default();
        let opens = line.contains('{') || lines.peek().is_some_and(|next| next.starts_with('{'));
        let is_head = match first {
            "profile" => opens,
            _ if !line.ends_with('{') => false,
            _ => ["/", "\"/", "@{"].iter().any(|start| first.starts_with(start)) || line.contains("flags=("),
        };
        if is_head {
            return true;
        }
    }
    false
}

/// A key that holds whole profiles.
pub(super) fn whole(entry: &Entry, name: &str) -> Result<WrittenProfile, NotTaken> {
    let not = |wrong: String, help: &str| NotTaken { line: Some(entry.line), wrong, help: help.to_owned() };
    let Some(scalar) = entry.value.scalar() else {
        return Err(not(
            format!("{} is no text", ticked(&entry.key)),
            "write the profile as a text, behind `|`",
        ));
    };
    if !holds_profile(&scalar.text) {
        return Err(not(
            format!("{} holds no AppArmor profile", ticked(&entry.key)),
            "write the whole profile, from `profile NAME {` to `}`",
        ));
    }
    let lines = scalar.text.lines().enumerate().map(|(number, _)| scalar.line(number)).collect();
    Ok(WrittenProfile { name: name.to_owned(), text: scalar.text.clone(), lines, remarks: Vec::new() })
}

/// A key that holds rules for the inside of a profile: its lines that say something, with their places.
pub(super) fn rules(entry: &Entry) -> Result<Vec<(usize, String)>, NotTaken> {
    let text = entry.value.scalar().map_or("", |scalar: &Scalar| scalar.text.as_str());
    let mut out = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let at = entry.value.scalar().and_then(|scalar| scalar.line(number)).unwrap_or(entry.line);
        let line = line.trim();
        let is_include = line.starts_with("#include");
        if line.is_empty() || (line.starts_with('#') && !is_include) {
            continue;
        }
        if let Some(fault) = fault(line) {
            return Err(NotTaken {
                line: Some(at),
                wrong: format!("{} {fault}", ticked(line)),
                help: "write rules of one line each that leave the profile around them whole".to_owned(),
            });
        }
        out.push((at, line.to_owned()));
    }
    Ok(out)
}

/// Why a line of rules could reach beyond itself.
fn fault(line: &str) -> Option<&'static str> {
    if line.contains(char::is_control) {
        return Some("holds a control character");
    }
    if line.starts_with("include") || line.starts_with("#include") {
        return (!line.contains('>') || line.contains(['{', '}']))
            .then_some("is no include of a file by its name");
    }
    let (rule, comment) = line.split_once(" #").unwrap_or((line, ""));
    if comment.starts_with("include") || !rule.trim_end().ends_with(',') {
        return Some("is no rule that ends on its line");
    }
    if rule.matches('"').count() % 2 == 1 {
        return Some("holds a quote that nothing closes");
    }
    if rule.contains(['{', '}']) && (rule.contains(['"', '\\', '#']) || !is_balanced(rule)) {
        return Some("holds braces that could end the profile");
    }
    None
}

/// Whether every brace of a text is closed in it, and none before it was opened.
fn is_balanced(text: &str) -> bool {
    let step = |depth: usize, c: char| match c {
        '{' => Some(depth + 1),
        '}' => depth.checked_sub(1),
        _ => Some(depth),
    };
    text.chars().try_fold(0, step) == Some(0)
}
