//! An open document: its text by lines, positions in an editor's units, and whether it is a policy.
//!
//! Enters: a text and positions in it. Leaves: offsets in bytes, and the reverse. A position that is nowhere
//! means the nearest place before it.

use super::protocol::{Position, Range, TextDocumentContentChangeEvent};
use super::uri;
use std::path::PathBuf;

/// What positions count within a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    fn length(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }
}

/// A text that knows where its lines begin.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Offsets with what is before them in their line: each line's start, and places in long lines, so that
    /// nothing is counted over and over.
    marks: Vec<(usize, usize)>,
    encoding: Encoding,
}

/// How far apart marks are in a line.
const STRIDE: usize = 256;

impl<'a> Lines<'a> {
    pub fn new(text: &'a str, encoding: Encoding) -> Lines<'a> {
        let mut lines = Lines { text, starts: vec![0], marks: vec![(0, 0)], encoding };
        let (mut units, mut last) = (0, 0);
        for (index, c) in text.char_indices() {
            let after = index + c.len_utf8();
            units += encoding.length(c);
            if c == '\n' || c == '\r' && text.as_bytes().get(after) != Some(&b'\n') {
                units = 0;
                lines.starts.push(after);
            }
            if units == 0 || after - last > STRIDE {
                last = after;
                lines.marks.push((after, units));
            }
        }
        lines
    }

    /// The offset of a position, at most the end of its line.
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line) else {
            return self.text.len();
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(*start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let mut units = 0;
        for (index, c) in line.char_indices() {
            units += self.encoding.length(c);
            if units > position.character as usize {
                return start + index;
            }
        }
        start + line.len()
    }

    pub fn position(&self, offset: usize) -> Position {
        let offset = boundary(self.text, offset);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let mark = self.marks.partition_point(|(mark, _)| *mark <= offset).saturating_sub(1);
        let (mark, before) = self.marks.get(mark).copied().unwrap_or_default();
        let rest = self.text.get(mark..offset).unwrap_or("");
        let units = before + rest.chars().map(|c| self.encoding.length(c)).sum::<usize>();
        Position { line: to_u32(line), character: to_u32(units) }
    }

    pub fn range(&self, range: std::ops::Range<usize>) -> Range {
        Range { start: self.position(range.start), end: self.position(range.end) }
    }
}

/// The offset, or the nearest one before it that is in no character's middle.
pub fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What the schema's file is called: as `aapol init` writes it, and in the catalogue that editors fetch.
const SCHEMAS: [&str; 2] = ["policy.schema.json", "aapol-policy.json"];

/// A document that an editor has open.
#[derive(Debug)]
pub struct Document {
    pub uri: String,
    /// Its file, or its name where it has none.
    pub path: PathBuf,
    pub on_disk: bool,
    pub version: Option<i64>,
    pub text: String,
    /// It lies in a folder that the editor's settings call one of policies.
    pub among_policies: bool,
}

impl Document {
    pub fn new(uri: String, version: Option<i64>, text: String) -> Document {
        let path = uri::path(&uri);
        let on_disk = path.is_some();
        let path = path.unwrap_or_else(|| PathBuf::from(uri::name(&uri)));
        Document { uri, path, on_disk, version, text, among_policies: false }
    }

    pub fn change(&mut self, change: TextDocumentContentChangeEvent, encoding: Encoding) {
        let Some(range) = change.range else {
            self.text = change.text;
            return;
        };
        let lines = Lines::new(&self.text, encoding);
        let (start, end) = (lines.offset(range.start), lines.offset(range.end));
        self.text.replace_range(start..end.max(start), &change.text);
    }

    /// Whether it is meant for this server: editors send every TOML file.
    pub fn is_policy(&self) -> bool {
        match schema(&self.text) {
            Some(Schema::Ours) => return true,
            Some(Schema::Another) => return false,
            None => {}
        }
        let name = uri::name(&self.uri);
        self.among_policies && name.ends_with(".toml")
            || name == "policy.toml"
            || name == "aapol.toml"
            || name.ends_with(".aapol.toml")
    }
}

/// Which schema a `#:schema` line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Schema {
    Ours,
    Another,
}

/// What the `#:schema` line says, among the comments before everything else. None where it names no schema, as while it
/// is written: then the document's name counts.
fn schema(text: &str) -> Option<Schema> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let mut head = lines.take_while(|line| line.is_empty() || line.starts_with('#'));
    let named = head.find_map(|line| Some(line.strip_prefix("#:schema")?.trim()))?;
    let file = named.split(['?', '#']).next().unwrap_or(named);
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    // A slip in the name is no other schema.
    if SCHEMAS.iter().any(|ours| name.len() < 64 && strsim::damerau_levenshtein(name, ours) <= 2) {
        return Some(Schema::Ours);
    }
    let is_schema = name.strip_suffix(".json").is_some_and(|stem| !stem.is_empty()) || named.contains("://");
    (is_schema && !named.contains(char::is_whitespace)).then_some(Schema::Another)
}

#[cfg(test)]
mod tests {
    use super::{Document, Encoding, Lines};
    use crate::editor::protocol::Position;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn positions_count_what_was_agreed_on() {
        let text = "a = \"ä😀\"\nb\r\nc";
        let wide = Lines::new(text, Encoding::Utf16);
        let bytes = Lines::new(text, Encoding::Utf8);
        let quote = text.rfind('"').unwrap();
        assert_eq!(wide.position(quote), at(0, 8));
        assert_eq!(bytes.position(quote), at(0, 11));
        assert_eq!(wide.offset(at(0, 8)), quote);
        assert_eq!(bytes.offset(at(0, 11)), quote);
        assert_eq!(wide.position(text.len()), at(2, 1));
    }

    #[test]
    fn every_offset_comes_back() {
        let text = &format!("ä😀\n\r\n日\rx\n{}\n", "aä😀".repeat(300));
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::new(text, encoding);
            for (offset, c) in text.char_indices() {
                let position = lines.position(offset);
                if c != '\n' {
                    assert_eq!(lines.offset(position), offset, "{offset} {position:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_nowhere_is_the_nearest_place_before() {
        let text = "ä😀x\r\nb";
        let wide = Lines::new(text, Encoding::Utf16);
        assert_eq!(wide.offset(at(0, 2)), 2, "in the middle of a pair");
        assert_eq!(wide.offset(at(0, 99)), 7);
        assert_eq!(wide.offset(at(0, u32::MAX)), 7);
        assert_eq!(wide.offset(at(9, 0)), text.len());
        assert_eq!(wide.offset(at(u32::MAX, u32::MAX)), text.len());
        let bytes = Lines::new(text, Encoding::Utf8);
        assert_eq!(bytes.offset(at(0, 1)), 0, "in the middle of a character");
        assert_eq!(bytes.position(1), at(0, 0));
        assert_eq!(bytes.position(999), at(1, 1));
        assert_eq!(Lines::new("", Encoding::Utf8).offset(at(3, 3)), 0);
    }

    #[test]
    fn only_policies_are_policies() {
        let cases = [
            ("file:///a/policy.toml", "", true),
            ("file:///a/aapol.toml", "", true),
            ("file:///a/web.aapol.toml", "", true),
            ("untitled:policy.toml", "", true),
            ("file:///a/Cargo.toml", "", false),
            ("file:///a/my-policy.toml", "", false),
            ("untitled:Untitled-1", "#:schema ./policy.schema.json\n", true),
            ("file:///a/web.toml", "\u{feff}#:schema ../policy.schema.json\r\n", true),
            ("file:///a/web.toml", "# a\n\n  #:schema https://example.org/v1/policy.schema.json?x=1\n", true),
            ("file:///a/web.toml", "#:schema policy.schema.json", true),
            ("file:///a/web.toml", "#:schema https://example.org/aapol-policy.json", true),
            ("file:///a/web.toml", "#:schema my-policy.schema.json", false),
            ("file:///a/web.toml", "name = \"x\"\n#:schema policy.schema.json", false),
            ("file:///a/policy.toml", "#:schema ./other.json\n", false),
            ("file:///a/policy.toml", "#:schema https://example.org/other\n", false),
            // A line that is damaged, or not finished, names no other schema.
            ("file:///a/policy.toml", "#:schema\n", true),
            ("file:///a/policy.toml", "#:schema ./\n", true),
            ("file:///a/policy.toml", "#:schema ./pol\n", true),
            ("file:///a/policy.toml", "#:schema .json\n", true),
            ("file:///a/policy.toml", "#:schema ./policy.schema.json more\n", true),
            ("file:///a/web.toml", "#:schema ./pol\n", false),
            ("file:///a/web.toml", "#:schema ./policy.schma.json\n", true),
            ("file:///a/web.toml", "#:schema ./policy.schema.jso\n", true),
        ];
        for (uri, text, want) in cases {
            assert_eq!(
                Document::new(uri.to_owned(), None, text.to_owned()).is_policy(),
                want,
                "{uri} {text}"
            );
        }
    }
}
