//! What is known of who asked for something.

use crate::ask::log::Logged;
use crate::ask::log::evidence::{FirstLines, Seen};
use std::collections::BTreeSet;

/// What is known of an access: how often it stands in the logs, where first, and who asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    pub lines: u64,
    pub first: FirstLines,
    pub programs: BTreeSet<String>,
}

impl Trace {
    /// Of some of the records, by their numbers: one record may ask for several accesses, and counts once.
    pub(super) fn of(records: &[(&Logged, &Seen)], mut numbers: Vec<usize>) -> Trace {
        numbers.sort_unstable();
        numbers.dedup();
        let mut trace = Trace::default();
        for (record, seen) in numbers.into_iter().filter_map(|number| records.get(number)) {
            trace.lines += seen.lines;
            trace.first.extend(seen.first.as_slice().iter().copied());
            if let Some(program) = &record.command
                && !trace.programs.contains(program)
            {
                trace.programs.insert(program.clone());
            }
        }
        trace
    }
}
