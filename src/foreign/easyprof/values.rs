//! Words of a manifest, judged as aa-easyprof judges them, and where that lets through what would not stay in its place.
//!
//! Enters: a word and what it is of. Leaves: why it is not taken. aa-easyprof fills its templates in by patterns, so that
//! it reads backslashes as escapes of its own and fills in again what looks like a place of the template.

use super::json::{Keyed, Node, Value};
use crate::diag::one_line;
use crate::foreign::{NotTaken, bare};

/// A word with its line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    pub text: String,
    pub line: usize,
}

impl Word {
    pub(super) fn shown(&self) -> String {
        one_line(self.text.chars().take(200).collect())
    }

    pub(super) fn refused(&self, key: &str, is: &str, help: &str) -> NotTaken {
        NotTaken {
            line: Some(self.line),
            wrong: format!("`{}` of `{key}` {is}", self.shown()),
            help: help.to_owned(),
        }
    }
}

fn other(entry: &Keyed, line: usize, wanted: &str) -> NotTaken {
    NotTaken {
        line: Some(line),
        wrong: format!("aa-easyprof takes {wanted} for `{}`, which is something else here", entry.key),
        help: format!("write {wanted}"),
    }
}

/// The text of a key.
pub(super) fn text(entry: &Keyed) -> Result<Word, NotTaken> {
    match &entry.node.value {
        Value::Text(text) => Ok(Word { text: text.clone(), line: entry.node.line }),
        Value::Number(_) | Value::Word(_) | Value::List(_) | Value::Table(_) => {
            Err(other(entry, entry.line, "a text"))
        }
    }
}

/// The texts of a key.
pub(super) fn list(entry: &Keyed) -> Result<Vec<Word>, NotTaken> {
    let one = |node: &Node| match &node.value {
        Value::Text(text) => Ok(Word { text: text.clone(), line: node.line }),
        Value::Number(_) | Value::Word(_) | Value::List(_) | Value::Table(_) => {
            Err(other(entry, node.line, "a list of texts"))
        }
    };
    match &entry.node.value {
        Value::List(nodes) => nodes.iter().map(one).collect(),
        Value::Text(_) | Value::Number(_) | Value::Word(_) | Value::Table(_) => {
            Err(other(entry, entry.line, "a list of texts"))
        }
    }
}

/// Names of files; a comma parts two of them, as aa-easyprof writes all of them behind each other.
pub(super) fn names(entry: &Keyed) -> Result<Vec<Word>, NotTaken> {
    let words = list(entry)?;
    if matches!(words.as_slice(), [one] if one.text.is_empty()) {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for word in words {
        for name in word.text.split(',') {
            let name = Word { text: name.to_owned(), line: word.line };
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            if matches!(name.text.as_str(), "" | "." | "..") || !name.text.chars().all(is_plain) {
                let help = "write letters, digits, `_`, `.` and `-` alone";
                return Err(name.refused(&entry.key, "is no name that aa-easyprof takes", help));
            }
            names.push(name);
        }
    }
    Ok(names)
}

/// The variables of a profile, each with what is declared.
pub(super) fn variables(entry: &Keyed) -> Result<Vec<(String, Word)>, NotTaken> {
    let Some(entries) = entry.node.table() else { return Err(other(entry, entry.line, "a table of texts")) };
    entries.iter().map(variable).collect()
}

fn variable(entry: &Keyed) -> Result<(String, Word), NotTaken> {
    let key = "template_variables";
    let line = entry.node.line;
    let name = Word { text: entry.key.clone(), line: entry.line };
    if name.text.is_empty() || !name.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(name.refused(key, "is no name of a variable", "write letters, digits and `_` alone"));
    }
    let text = match &entry.node.value {
        Value::Text(text) => text.clone(),
        Value::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => number.clone(),
        Value::Number(_) | Value::Word(_) | Value::List(_) | Value::Table(_) => {
            return Err(name.refused(key, "has a value that is no text", "write the value in quotes"));
        }
    };
    let value = Word { text, line };
    stays(&value, &name.text)?;
    if value.text.is_empty() {
        return Err(name.refused(key, "is empty", "give it a value, or take it out"));
    }
    if value.text.contains(['=', '"']) {
        let is = "holds `=` or a quote, which aa-easyprof refuses in variables";
        return Err(value.refused(&name.text, is, "take it out"));
    }
    if value.text.contains('/') && !is_normal(&value.text) {
        return Err(not_normal(&value, &name.text));
    }
    Ok((name.text, value))
}

/// A word that is filled into a template, which stays one line and is filled in once.
pub(super) fn stays(word: &Word, key: &str) -> Result<(), NotTaken> {
    if word.text.contains(char::is_control) {
        return Err(word.refused(key, "holds a character that cannot be seen", "take it out"));
    }
    if word.text.contains('\\') {
        let is = "holds a backslash, which aa-easyprof reads as an escape of its own";
        return Err(word.refused(key, is, "write `?` in its place, or take it out"));
    }
    if word.text.contains("###") {
        let is = "holds `###`, by which aa-easyprof finds the places of its templates";
        return Err(word.refused(key, is, "take it out"));
    }
    Ok(())
}

/// A path to read or to write, which gets no quotes.
pub(super) fn path(word: &Word, key: &str) -> Result<(), NotTaken> {
    stays(word, key)?;
    match bare::path(&word.text) {
        Some(fault) => Err(word.refused(key, fault.is, fault.help)),
        None => Ok(()),
    }
}

/// A path that a profile is attached to or named after, which gets quotes.
pub(super) fn attachment(word: &Word, key: &str) -> Result<(), NotTaken> {
    stays(word, key)?;
    if let Some(fault) = bare::path_or_quoted(&format!("\"{}\"", word.text)) {
        return Err(word.refused(key, fault.is, fault.help));
    }
    if is_normal(&word.text) { Ok(()) } else { Err(not_normal(word, key)) }
}

/// The name of a profile: a path, or plain.
pub(super) fn profile_name(word: &Word, key: &str) -> Result<(), NotTaken> {
    if word.text.starts_with('/') {
        return attachment(word, key);
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_+-.:~".contains(c);
    let begins = word.text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins || word.text.len() < 2 || !word.text.chars().all(is_plain) {
        let help = "write letters, digits and `_+-.:~`, two or more, with a letter or digit first";
        return Err(word.refused(key, "is no name that aa-easyprof takes for a profile", help));
    }
    Ok(())
}

/// Whether a path is as Python's normpath leaves it.
fn is_normal(path: &str) -> bool {
    let mut parts = path.strip_prefix('/').unwrap_or(path).split('/');
    path == "/" || (!path.contains("../") && parts.all(|part| !matches!(part, "" | "." | "..")))
}

fn not_normal(word: &Word, key: &str) -> NotTaken {
    let help = "write the path without `.`, `..`, double slashes and a slash at its end";
    word.refused(key, "is no path that aa-easyprof takes", help)
}
