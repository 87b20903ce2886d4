//! A table of patterns that very many paths are held against: read once, and asked together.

use super::Glob;
use super::matcher::{Matcher, Scratch};
use std::sync::{Mutex, PoisonError};

#[derive(Debug)]
pub struct PatternSet {
    /// Its numbers are those of the patterns.
    matcher: Option<Matcher>,
    scratch: Mutex<Scratch>,
}

impl PatternSet {
    /// Each pattern must be one: tests read the tables.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> PatternSet {
        let globs: Result<Vec<Glob>, _> = patterns.into_iter().map(Glob::parse).collect();
        let matcher = globs.ok().and_then(|globs| Matcher::new(&globs));
        let scratch = Mutex::new(Scratch::new(matcher.as_ref()));
        PatternSet { matcher, scratch }
    }

    /// The number of the first pattern that matches a path. What cannot be told matches.
    pub fn first(&self, path: &[u8]) -> Option<usize> {
        let mut scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut first: Option<usize> = None;
        let is_told = self.matcher.as_ref().is_some_and(|matcher| {
            matcher.each(path, &mut scratch, |number| {
                first = Some(first.map_or(number, |known| known.min(number)));
            })
        });
        if is_told { first } else { Some(0) }
    }

    pub fn matches(&self, path: &[u8]) -> bool {
        self.first(path).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pattern_that_matches_is_told() {
        let set = PatternSet::new(["/a/*", "/a/**", "/b"]);
        assert_eq!(set.first(b"/a/x"), Some(0));
        assert_eq!(set.first(b"/a/x/y"), Some(1));
        assert_eq!(set.first(b"/b"), Some(2));
        assert_eq!(set.first(b"/c"), None);
        // A table that cannot be read lets nothing pass.
        assert!(PatternSet::new(["/a/{b"]).matches(b"/c"));
    }
}
