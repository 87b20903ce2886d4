//! Lists whose end is missing.
//!
//! Enters: a text. Leaves: which list is open at some place of it, and whether a key or a header stands where only an
//! entry can.

use std::ops::Range;

/// The lists of a text by where they begin.
#[derive(Debug)]
pub(super) struct Lists<'t> {
    text: &'t str,
    /// From each place on, the list that is open there; none between lists.
    open: Vec<(usize, Option<usize>)>,
}

impl<'t> Lists<'t> {
    pub(super) fn new(text: &'t str) -> Lists<'t> {
        let mut open = Vec::new();
        let mut stack = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let length = token(rest);
            match rest.as_bytes().first() {
                Some(b'[') => stack.push(at),
                Some(b']') => drop(stack.pop()),
                _ => {
                    at += length;
                    continue;
                }
            }
            at += length;
            open.push((at, stack.last().copied()));
        }
        Lists { text, open }
    }

    /// Where the innermost list begins that is open at a place.
    pub(super) fn open(&self, at: usize) -> Option<usize> {
        let before = self.open.partition_point(|(from, _)| *from <= at);
        self.open.get(before.checked_sub(1)?)?.1
    }

    /// The list around a place that begins on an earlier line, where this line is a key with its value, or a header.
    pub(super) fn around(&self, at: usize) -> Option<(usize, Range<usize>)> {
        let start = self.text.get(..at)?.rfind('\n')? + 1;
        let list = self.open(start)?;
        let line = self.text.get(start..)?.lines().next()?;
        let blank = line.len() - line.trim_start().len();
        let begun = line.trim();
        let is_key = |key: &str| {
            let key = key.trim();
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let inner = begun.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(inner, _)| inner);
        let length = match (begun.split_once('='), inner) {
            (Some((key, _)), _) if is_key(key) => key.trim_end().len(),
            // A number in brackets could be an entry.
            (_, Some(inner)) if is_key(inner) && !inner.trim().starts_with(|c: char| c.is_ascii_digit()) => {
                inner.len() + 2
            }
            _ => return None,
        };
        Some((list, start + blank..start + blank + length))
    }
}

/// How long what a text begins with is: a comment, a string, or a character.
fn token(text: &str) -> usize {
    match text.chars().next() {
        Some('#') => text.find('\n').unwrap_or(text.len()),
        Some('"') if text.starts_with("\"\"\"") => string(text, "\"\"\"", true),
        Some('"') => string(text, "\"", true),
        Some('\'') if text.starts_with("'''") => string(text, "'''", false),
        Some('\'') => string(text, "'", false),
        Some(c) => c.len_utf8(),
        None => 0,
    }
}

/// How long a string is that begins and ends with some quotes. A line ends every one but those of three quotes.
fn string(text: &str, quotes: &str, has_escapes: bool) -> usize {
    let mut at = quotes.len();
    while let Some(rest) = text.get(at..) {
        let Some(c) = rest.chars().next() else { break };
        if rest.starts_with(quotes) {
            return at + quotes.len();
        }
        if c == '\n' && quotes.len() == 1 {
            return at;
        }
        at += c.len_utf8();
        if has_escapes && c == '\\' {
            at += rest.chars().nth(1).map_or(0, char::len_utf8);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::Lists;

    #[test]
    fn a_list_is_open_until_its_bracket_whatever_stands_in_strings() {
        let text = r#"a = ['[', "]\"]", [1]] # [
b = """[
["""
c = ['''
[''', "x
"
d = 1
"#;
        let lists = Lists::new(text);
        let at = |part: &str| text.find(part).unwrap();
        assert_eq!(lists.open(at("# [")), None);
        assert_eq!(lists.open(at("1]")), Some(at("[1]")));
        assert_eq!(lists.open(at("c =")), None);
        assert_eq!(lists.around(at("d = ")), Some((at("['''"), at("d = ")..at("d = ") + 1)));
    }

    #[test]
    fn entries_are_no_keys() {
        for text in ["a = [\n\"x=y\"\n\"z\"", "a = [\n[1]\n[2]", "a = [\n1 2", "a = 1\nb c"] {
            assert_eq!(Lists::new(text).around(text.len() - 1), None, "{text}");
        }
        for text in ["a = [\nb = 1", "a = [\n  [pod]\n", "a = [\n[pod.x]\n"] {
            assert!(Lists::new(text).around(text.trim_end().len() - 1).is_some(), "{text}");
        }
    }
}
