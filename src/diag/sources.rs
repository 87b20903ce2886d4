//! The texts that findings point into.
//!
//! All files of one policy share one line of positions, file after file, so that a place needs no file
//! name and a value keeps its place when files are merged.

use super::shown;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A stretch of text in one of the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub start: usize,
    pub end: usize,
}

impl Place {
    pub fn new(start: usize, end: usize) -> Place {
        Place { start, end }
    }

    /// A part of this place, counted in bytes from its start.
    pub fn part(self, start: usize, end: usize) -> Place {
        Place::new((self.start + start).min(self.end), (self.start + end).min(self.end))
    }
}

/// One file.
#[derive(Debug)]
pub struct Source {
    pub path: PathBuf,
    pub text: String,
    base: usize,
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A file whose positions begin behind those of another one.
    pub fn behind(before: Option<&Source>, path: impl Into<PathBuf>, text: impl Into<String>) -> Source {
        // One more than the text is long, so that its end is a place of its own.
        let base = before.map_or(0, |before| before.base + before.text.len() + 1);
        Source { path: path.into(), text: text.into(), base, lines: OnceLock::new() }
    }

    /// Its path, as it is shown.
    pub fn name(&self) -> String {
        shown::path(&self.path)
    }

    pub fn base(&self) -> usize {
        self.base
    }

    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let newlines = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0).chain(newlines.map(|(i, _)| i + 1)).collect()
        })
    }

    /// The line, counted from 0, that holds an offset into this file.
    pub fn line_of(&self, offset: usize) -> usize {
        self.line_starts().partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Line and column, both counted from 1, the column in characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let line = self.line_of(offset);
        let start = self.line_starts().get(line).copied().unwrap_or(0);
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or("");
        (line + 1, before.chars().count() + 1)
    }

    /// The text of some lines (counted from 0), and where it starts.
    pub fn lines(&self, first: usize, last: usize) -> (usize, &str) {
        let starts = self.line_starts();
        let from = starts.get(first).copied().unwrap_or(0);
        let to = starts.get(last + 1).copied().unwrap_or(self.text.len());
        (from, self.text.get(from..to).unwrap_or(""))
    }
}

/// All files of one policy.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

/// Files that stand one behind the other already.
impl FromIterator<Source> for Sources {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Sources {
        Sources(sources.into_iter().collect())
    }
}

impl Sources {
    pub const EMPTY: Sources = Sources(Vec::new());

    /// Adds a file and says where its positions begin.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> usize {
        let source = Source::behind(self.0.last(), path, text);
        let base = source.base;
        self.0.push(source);
        base
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Source> {
        self.0.iter()
    }

    /// The file of a place, and the place as offsets into it.
    pub fn locate(&self, place: Place) -> Option<(&Source, std::ops::Range<usize>)> {
        let after = self.0.partition_point(|s| s.base <= place.start);
        let source = self.0.get(after.checked_sub(1)?)?;
        let local = |offset: usize| (offset - source.base).min(source.text.len());
        Some((source, local(place.start)..local(place.end.max(place.start))))
    }

    /// `FILE:LINE` of a place, for naming a line in words.
    pub fn line(&self, place: Place) -> String {
        self.locate(place).map_or(String::new(), |(source, range)| {
            format!("{}:{}", source.name(), source.line_of(range.start) + 1)
        })
    }
}
