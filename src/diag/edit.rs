//! A mend as a change of text.

use super::Fix;
use super::sources::{Source, Sources};
use std::ops::Range;

/// A stretch of one file, and what is to stand there.
#[derive(Debug)]
pub struct Edit<'a> {
    pub source: &'a Source,
    pub range: Range<usize>,
    pub text: String,
}

impl<'a> Edit<'a> {
    pub fn of(fix: &Fix, sources: &'a Sources) -> Option<Edit<'a>> {
        let (source, range) = sources.locate(fix.place)?;
        Some(match &fix.replacement {
            Some(text) => Edit { source, range, text: text.clone() },
            None => Edit { source, range: item(&source.text, range)?, text: String::new() },
        })
    }
}

/// An item of a list with one of the commas beside it, and with its line where it has one to itself. None where
/// a comment stands between it and its comma.
fn item(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..range.start).unwrap_or("");
    let after = text.get(range.end..).unwrap_or("");
    let blank = |c: char| c == ' ' || c == '\t';
    let to_comma = after.trim_start();
    if let Some(rest) = to_comma.strip_prefix(',') {
        let end = text.len() - rest.len();
        let line = rest.trim_start_matches(blank);
        let starts_line = before.trim_end_matches(blank).ends_with('\n');
        if let (true, Some(next)) = (starts_line, line.strip_prefix('\n').or(line.strip_prefix("\r\n"))) {
            return Some(before.trim_end_matches(blank).len()..text.len() - next.len());
        }
        return Some(range.start..end + (rest.len() - line.len()));
    }
    if past_comments(to_comma).starts_with(',') {
        return None;
    }
    let line = before.trim_end().rsplit('\n').next().unwrap_or("");
    match before.trim_end().strip_suffix(',') {
        // A comma behind a `#` may be a comment's, which would swallow what follows.
        Some(kept) if !line.contains('#') => Some(kept.len()..range.end),
        Some(_) | None => Some(range),
    }
}

fn past_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, below)| below.trim_start());
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::item;

    #[test]
    fn takes_an_item_with_its_comma_and_line() {
        let cases = [
            ("[X]", "[]"),
            ("[X, b]", "[b]"),
            ("[a, X]", "[a]"),
            ("[a, X, b]", "[a, b]"),
            ("[a, X,]", "[a, ]"),
            ("[\n  a,\n  X,\n  b,\n]", "[\n  a,\n  b,\n]"),
            ("[\r\n  X,\r\n  b\r\n]", "[\r\n  b\r\n]"),
            ("[\n  a,\n  X\n]", "[\n  a\n]"),
            ("[\n  a,\n  X, # why\n]", "[\n  a,\n  # why\n]"),
            ("[\n  a, # why\n  X\n]", "[\n  a, # why\n  \n]"),
            ("[\n  X\n  , b]", "[\n  b]"),
            ("[a # x,\n  ,X]", "[a # x,\n  ]"),
            ("[a, # x,\n  X]", "[a, # x,\n  ]"),
            ("[a,\n  X # why\n]", "[a # why\n]"),
        ];
        for (text, expected) in cases {
            let start = text.find('X').unwrap_or(0);
            let range = item(text, start..start + 1).unwrap_or(0..0);
            let mended =
                format!("{}{}", text.get(..range.start).unwrap_or(""), text.get(range.end..).unwrap_or(""));
            assert_eq!(mended, expected, "{text:?}");
        }
        assert_eq!(item("[X # why\n, b]", 1..2), None);
    }
}
