//! From what a program did to the entries of a policy that let it, and nothing more.
//!
//! Enters: a policy, what logs hold about its profile, and what the user accepts and rejects. Leaves: an edit of the
//! policy's own file, each of its entries with what stands behind it; refusals, as findings; and what was put aside,
//! by reason. The edit has been proven: the edited policy is read, judged and asked like any other. Reads and writes no
//! file, and knows no command line.

mod aside;
mod asked;
mod bundles;
mod decider;
mod entries;
mod folders;
mod names;
mod proof;
pub mod refusal;
mod sorted;
mod sorting;
pub mod wish;
mod within;

pub use aside::Aside;
pub use asked::Trace;
pub use entries::{Form, NewEntry};
pub use refusal::CODES;
pub use wish::{Wish, Wishes};

use crate::analysis::Analysis;
use crate::ask::log::evidence::Evidence;
use crate::diag::Finding;
use crate::kernel::Request;
use crate::policy::edit::Edit;
use crate::rules::profile::Files;
use proof::Failed;
use sorted::Sorted;
use std::collections::{BTreeMap, BTreeSet};

/// What a log comes to for a policy.
#[derive(Debug, Default)]
pub struct Learned {
    pub entries: Vec<NewEntry>,
    /// What makes the policy's file hold them; none where there are none.
    pub edit: Option<Edit>,
    pub refused: Vec<RefusedAccess>,
    /// Lines put aside, by reason.
    pub aside: BTreeMap<Aside, u64>,
    /// Lines that call denied what the policy allows: the node has another version of the profile.
    pub stale: u64,
    /// Programs that ran under profiles of their own, where complain mode logs no sockets.
    pub outside: BTreeSet<String>,
    /// Lines about the policy's profile.
    pub lines: u64,
    /// The wishes that named something, as they were written.
    pub used: BTreeSet<String>,
}

/// An access that is not learned, or several of one path, and why.
#[derive(Debug)]
pub struct RefusedAccess {
    pub requests: Vec<Request>,
    pub trace: Trace,
    pub finding: Finding,
}

/// Why nothing can be learned for a policy at all.
#[derive(Debug)]
pub enum LearnError {
    /// The policy itself has errors.
    Errors,
    /// What is edited would not say what was meant, or would open something else.
    NotProven(String),
}

/// Learns from evidence what a policy lacks.
pub fn learn(
    analysis: &Analysis,
    evidence: &Evidence,
    wishes: &Wishes,
    files: &Files<'_>,
) -> Result<Learned, LearnError> {
    let ruleset = analysis.ruleset(files).ok_or(LearnError::Errors)?;
    let mut sorted = Sorted::new(analysis, &ruleset, evidence, wishes);
    let mut exact = wishes.exact;
    loop {
        let entries = entries::of(analysis, &ruleset, &sorted, exact);
        let (folders, others): (Vec<Request>, Vec<Request>) =
            sorted.without_entry(&entries).into_iter().partition(|request| request.paths().any(is_folder));
        let of_folders = sorted.leave_open(&folders, FOLDER);
        if sorted.leave_open(&others, "no entry could be found for it") || of_folders {
            continue;
        }
        // What cannot stand in the policy is narrowed down, or left open; each time there is less of it.
        let (why, goes_on) = match proof::prove(analysis, &ruleset, &entries, &sorted, files) {
            Ok(edit) => return Ok(sorted.into_learned(entries, edit)),
            Err(Failed::Guilty(guilty, why)) => {
                let guilty: Vec<&NewEntry> =
                    guilty.into_iter().filter_map(|number| entries.get(number)).collect();
                let requests: Vec<Request> =
                    guilty.iter().flat_map(|entry| &entry.requests).cloned().collect();
                let goes_on = sorted.narrow(&guilty) || sorted.leave_open(&requests, &why);
                (why, goes_on)
            }
            Err(Failed::Open(requests)) => {
                let is_open =
                    |entry: &&NewEntry| requests.iter().any(|request| entry.requests.contains(request));
                let guilty: Vec<&NewEntry> = entries.iter().filter(is_open).collect();
                let why = "the entry for it does not let it through in this policy".to_owned();
                let goes_on = sorted.narrow(&guilty) || sorted.leave_open(&requests, &why);
                (why, goes_on)
            }
            Err(Failed::Written(starts)) => {
                ("a program that is learned could be written".to_owned(), sorted.refuse_written(&starts))
            }
            Err(Failed::Otherwise(why)) => (why, !std::mem::replace(&mut exact, true)),
        };
        if !goes_on {
            return Err(LearnError::NotProven(why));
        }
    }
}

/// Why the attributes of a folder, or its name, are left open.
const FOLDER: &str = "a folder can only be named together with all that lies in it, and nothing shows that it is the program's own; `--accept` takes it so";

fn is_folder(path: &[u8]) -> bool {
    path.ends_with(b"/")
}
