//! Accesses, with what is known of who asked for them.

use crate::ask::log::evidence::LineAt;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of an access: how often it stands in the logs, where first, and who asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    pub first: BTreeSet<LineAt>,
    pub programs: BTreeSet<String>,
    /// How many lines each record stands for: one line may ask for several accesses.
    records: BTreeMap<usize, u64>,
}

impl Trace {
    /// More places than this tell nothing new.
    const MOST: usize = 5;

    pub(super) fn new(
        record: usize,
        lines: u64,
        first: impl Iterator<Item = LineAt>,
        program: Option<String>,
    ) -> Trace {
        Trace {
            first: first.take(Trace::MOST).collect(),
            programs: program.into_iter().collect(),
            records: BTreeMap::from([(record, lines)]),
        }
    }

    pub fn lines(&self) -> u64 {
        self.records.values().sum()
    }

    pub fn join(&mut self, other: &Trace) {
        self.records.extend(&other.records);
        self.first.extend(&other.first);
        while self.first.len() > Trace::MOST {
            self.first.pop_last();
        }
        self.programs.extend(other.programs.iter().cloned());
    }
}
