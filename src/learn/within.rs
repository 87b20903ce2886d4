//! Which of some entries a path lies within.

use crate::kernel::glob::matcher::{Matcher, Scratch};
use crate::kernel::{Glob, path};
use std::cell::RefCell;

/// Entries that a path may lie within.
pub(super) struct Within {
    entries: Vec<String>,
    matcher: Option<Matcher>,
    scratch: RefCell<Scratch>,
}

impl Within {
    pub(super) fn new<'a>(entries: impl Iterator<Item = &'a String>) -> Within {
        let mut globs = Vec::new();
        let mut kept = Vec::new();
        for entry in entries {
            let pattern = path::pattern(entry, &[]);
            if let Ok(glob) = Glob::parse(&pattern) {
                globs.push(glob);
                kept.push(entry.clone());
            }
        }
        let matcher = Matcher::new(globs.iter());
        let scratch = RefCell::new(Scratch::new(matcher.as_ref()));
        Within { entries: kept, matcher, scratch }
    }

    /// The first of them that a path lies within.
    pub(super) fn first(&self, path: &str) -> Option<&String> {
        let matcher = self.matcher.as_ref()?;
        let mut first: Option<usize> = None;
        matcher.each(path.as_bytes(), &mut self.scratch.borrow_mut(), |number| {
            first = Some(first.map_or(number, |known| known.min(number)));
        });
        self.entries.get(first?)
    }
}
