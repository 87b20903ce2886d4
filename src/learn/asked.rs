//! What is known of who asked for something.

use crate::ask::log::evidence::{LineAt, Record, Seen};
use std::collections::BTreeSet;

/// What is known of an access: how often it stands in the logs, where first, and who asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    pub lines: u64,
    /// The first few.
    pub first: BTreeSet<LineAt>,
    pub programs: BTreeSet<String>,
}

impl Trace {
    /// More places than this tell nothing new.
    const MOST: usize = 5;

    /// Of some of the records, by their numbers: one record may ask for several accesses, and counts once.
    pub(super) fn of(records: &[(&Record, &Seen)], mut numbers: Vec<usize>) -> Trace {
        numbers.sort_unstable();
        numbers.dedup();
        let mut trace = Trace::default();
        for (record, seen) in numbers.into_iter().filter_map(|number| records.get(number)) {
            trace.lines += seen.lines;
            trace.first.extend(&seen.first);
            while trace.first.len() > Trace::MOST {
                trace.first.pop_last();
            }
            if let Some(program) = &record.logged.command
                && !trace.programs.contains(program)
            {
                trace.programs.insert(program.clone());
            }
        }
        trace
    }
}
