//! Where in a policy the cursor stands, while what is typed there is not TOML yet.
//!
//! Enters: a text and an offset. Leaves: the path of the string around it, and what stands beside it. It never
//! fails: what cannot be understood is passed over, and a line that begins a table or a key begins anew.

use super::line::{header, is_bare, is_header, is_key};
use std::ops::Range;

/// A string that is being typed, as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Keys from the top, with `[]` for an item of a list.
    pub path: Vec<String>,
    /// What is between the quotes, or is typed so far.
    pub range: Range<usize>,
    /// The other strings of its list.
    pub beside: Vec<String>,
    /// Without quotes yet: an item that begins a line of its list.
    pub bare: bool,
}

/// The string at an offset, or the item that a line of a list begins with; none where the cursor is in no value,
/// or in a string of several lines.
pub fn cursor(text: &str, offset: usize) -> Option<Cursor> {
    match bare_word(text, offset) {
        Some(word) => Scan::new(text).item(word),
        None => Scan::new(text).find(offset),
    }
}

/// The word that is typed at the beginning of a line, which may be empty.
fn bare_word(text: &str, offset: usize) -> Option<Range<usize>> {
    let line = text.get(..offset)?.rsplit('\n').next()?;
    let word = line.trim_start().len();
    let behind = text.get(offset..)?.bytes().take_while(|byte| is_typed(*byte)).count();
    line.trim_start().bytes().all(is_typed).then_some(offset - word..offset + behind)
}

/// Whether words that policies list are made of it.
fn is_typed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_/*-".contains(&byte)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Below a table's header.
    Top,
    List,
    Inline,
}

/// What is open around the place that is being looked at.
#[derive(Debug)]
struct Level {
    kind: Kind,
    /// How long the path is outside of its entries.
    depth: usize,
    /// Whether a key's `=` was seen.
    valued: bool,
    /// Of the line on which it was opened.
    indent: usize,
    /// The strings of a list.
    seen: Vec<String>,
}

#[derive(Debug)]
struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Of the line that is being looked at.
    indent: usize,
    path: Vec<String>,
    /// The parts of a key before its `=`.
    key: Vec<String>,
    /// The first is `Top`, and stays.
    levels: Vec<Level>,
}

/// A string in the text.
struct Quoted {
    inside: Range<usize>,
    closed: bool,
    one_line: bool,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Scan<'a> {
        let top = Level { kind: Kind::Top, depth: 0, valued: false, indent: 0, seen: Vec::new() };
        let mut scan = Scan { text, at: 0, indent: 0, path: Vec::new(), key: Vec::new(), levels: vec![top] };
        scan.line();
        scan
    }

    /// The item of a list that begins where a line does.
    fn item(&mut self, word: Range<usize>) -> Option<Cursor> {
        while self.at < word.start {
            if let Some(quote) = self.next()? {
                let inside = self.string(quote).inside;
                self.note(inside);
            }
        }
        let is_item = self.at == word.start && self.levels.last().is_some_and(|l| l.kind == Kind::List);
        if !is_item {
            return None;
        }
        self.at = word.end;
        Some(Cursor { path: self.path.clone(), range: word, beside: self.rest_of_list(), bare: true })
    }

    fn find(&mut self, offset: usize) -> Option<Cursor> {
        while self.at <= offset {
            let Some(quote) = self.next()? else {
                continue;
            };
            let is_key = self.awaits_key();
            let quoted = self.string(quote);
            if !(quoted.inside.start..=quoted.inside.end).contains(&offset) {
                self.note(quoted.inside);
            } else if is_key || !quoted.one_line {
                return None;
            } else {
                return Some(self.found(&quoted, offset));
            }
        }
        None
    }

    fn found(&mut self, quoted: &Quoted, offset: usize) -> Cursor {
        let rest = self.text.get(offset..quoted.inside.end).unwrap_or("");
        // A quote that is missing here is taken from the next string.
        let closed = quoted.closed && !rest.contains([',', ']', '}', '=']);
        if !closed {
            let typed = rest.bytes().take_while(|byte| is_typed(*byte));
            self.at = offset + typed.count();
        }
        let end = if closed { quoted.inside.end } else { self.at };
        let path = self.path.clone();
        Cursor { path, range: quoted.inside.start..end, beside: self.rest_of_list(), bare: false }
    }

    /// All strings of the list that is open, those behind included.
    fn rest_of_list(&mut self) -> Vec<String> {
        let depth = self.levels.len();
        let Some(list) = self.levels.last_mut().filter(|level| level.kind == Kind::List) else {
            return Vec::new();
        };
        let mut beside = std::mem::take(&mut list.seen);
        while let Some(step) = self.next() {
            if self.levels.len() < depth {
                break;
            }
            if let Some(quote) = step {
                let inside = self.string(quote).inside;
                let item = self.text.get(inside).filter(|_| self.levels.len() == depth);
                beside.extend(item.map(str::to_owned));
            }
        }
        beside
    }

    /// One step: a quote that comes next is left to the caller; nothing at the end.
    fn next(&mut self) -> Option<Option<u8>> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let first = *rest.first()?;
        match first {
            b'"' | b'\'' => return Some(Some(first)),
            b'#' => self.at += rest.iter().take_while(|b| **b != b'\n').count(),
            b'\n' => {
                self.at += 1;
                self.line();
            }
            b'=' => {
                self.at += 1;
                self.assign();
            }
            b'[' | b'{' => {
                self.at += 1;
                self.open(first);
            }
            b']' | b'}' => {
                self.at += 1;
                self.close(first);
            }
            b',' => {
                self.at += 1;
                self.separate();
            }
            _ => {
                let word = rest.iter().take_while(|b| is_bare(**b)).count();
                if word > 0 && self.awaits_key() {
                    let part = self.text.get(self.at..self.at + word).unwrap_or("");
                    self.key.push(part.to_owned());
                }
                self.at += word.max(1);
            }
        }
        Some(None)
    }

    fn awaits_key(&self) -> bool {
        self.levels.last().is_some_and(|level| level.kind != Kind::List && !level.valued)
    }

    fn assign(&mut self) {
        if let Some(level) = self.levels.last_mut().filter(|level| level.kind != Kind::List && !level.valued)
        {
            level.valued = true;
            self.path.append(&mut self.key);
        }
    }

    fn open(&mut self, bracket: u8) {
        if self.awaits_key() {
            return;
        }
        let indent = self.indent;
        let kind = if bracket == b'[' { Kind::List } else { Kind::Inline };
        if kind == Kind::List {
            self.path.push("[]".to_owned());
        }
        self.levels.push(Level { kind, depth: self.path.len(), valued: false, indent, seen: Vec::new() });
    }

    fn close(&mut self, bracket: u8) {
        let kind = if bracket == b']' { Kind::List } else { Kind::Inline };
        let Some(level) = self.levels.pop_if(|level| level.kind == kind) else {
            return;
        };
        self.key.clear();
        self.path.truncate(level.depth - usize::from(kind == Kind::List));
    }

    fn separate(&mut self) {
        if let Some(level) = self.levels.last_mut().filter(|level| level.kind != Kind::Top) {
            level.valued = false;
            self.key.clear();
            self.path.truncate(level.depth);
        }
    }

    /// A string that was passed: an item of a list, or a part of a key.
    fn note(&mut self, inside: Range<usize>) {
        let text = self.text.get(inside).unwrap_or("").to_owned();
        match self.levels.last_mut() {
            Some(level) if level.kind == Kind::List => level.seen.push(text),
            Some(level) if !level.valued => self.key.push(text),
            Some(_) | None => {}
        }
    }

    /// At the beginning of a line: a table, a key, or more of what is open.
    fn line(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        let shown = line.trim_start();
        let indent = line.len() - shown.len();
        self.indent = indent;
        let (inner, outer) = (self.levels.last(), self.levels.get(1));
        let anew = match inner.map_or(Kind::Top, |level| level.kind) {
            Kind::Top => true,
            Kind::List => is_header(shown) || is_key(shown),
            // A table may go over lines, where its keys stand deeper than its own.
            Kind::Inline => {
                is_header(shown) || is_key(shown) && outer.is_none_or(|outer| indent <= outer.indent)
            }
        };
        if !anew {
            return;
        }
        self.levels.truncate(1);
        self.key.clear();
        let Some(top) = self.levels.first_mut() else {
            return;
        };
        top.valued = false;
        if shown.starts_with('[') {
            self.path = header(shown);
            top.depth = self.path.len();
            // What follows is the header's own, and holds no key.
            top.valued = true;
            self.at += line.len();
        } else {
            self.path.truncate(top.depth);
        }
    }

    /// Passes the string that begins here.
    fn string(&mut self, quote: u8) -> Quoted {
        let bytes = self.text.as_bytes();
        let three = [quote; 3];
        let is_three = |at: usize| bytes.get(at..at + 3) == Some(three.as_slice());
        let one_line = !is_three(self.at);
        let start = self.at + if one_line { 1 } else { 3 };
        let mut end = start;
        let closed = loop {
            match bytes.get(end) {
                None => break false,
                Some(b'\n' | b'\r') if one_line => break false,
                Some(b'\\') if quote == b'"' => {
                    end += if matches!(bytes.get(end + 1), Some(b'\n' | b'\r') | None) { 1 } else { 2 };
                }
                Some(byte) if *byte == quote && (one_line || is_three(end)) => break true,
                Some(_) => end += 1,
            }
        };
        self.at = end + usize::from(closed) * if one_line { 1 } else { 3 };
        Quoted { inside: start..end, closed, one_line }
    }
}
