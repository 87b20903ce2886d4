//! From what a program did to the entries of a policy that let it, and nothing more.
//!
//! Enters: a policy, what logs hold about its profile, and what the user accepts and rejects. Leaves: an edit of the
//! policy's own file, each of its entries with what stands behind it; refusals, as findings; and what was put aside,
//! by reason. The edit has been proven: the edited policy is read, judged and asked like any other. Reads and writes no
//! file, and knows no command line.

mod aside;
mod asked;
mod bundles;
mod entries;
mod folders;
mod names;
mod proof;
pub mod refusal;
mod sorted;
pub mod wish;

pub use aside::Aside;
pub use asked::Trace;
pub use entries::{Form, NewEntry};
pub use refusal::CODES;
pub use wish::{Wish, Wishes};

use crate::analysis::Analysis;
use crate::ask::log::evidence::Evidence;
use crate::diag::{Finding, Severity};
use crate::kernel::Request;
use crate::policy::edit::Edit;
use crate::rules::profile::Files;
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
    // What cannot stand in the policy together with the rest is learned as it is, or left open.
    let mut exact = wishes.exact;
    loop {
        let entries = entries::of(analysis, &ruleset, &sorted, exact);
        let (folders, others): (Vec<Request>, Vec<Request>) =
            sorted.without_entry(&entries).into_iter().partition(|request| request.paths().any(is_folder));
        let of_folders = sorted.leave_open(&folders, FOLDER);
        if sorted.leave_open(&others, "no entry could be found for it") || of_folders {
            continue;
        }
        match proof::prove(analysis, &ruleset, &entries, &sorted, files) {
            Ok(edit) => return Ok(sorted.into_learned(entries, edit)),
            Err(proof::Failed::Open(requests))
                if sorted
                    .leave_open(&requests, "the entry for it does not let it through in this policy") => {}
            Err(proof::Failed::Written(starts)) if sorted.refuse_written(&starts) => {}
            Err(_) if !exact => exact = true,
            Err(proof::Failed::Opened(request, asking)) => {
                let asking = [sorted.of_same_path(&request), asking].concat();
                let why = format!("an entry for it would let `{request}` through as well, which is refused");
                if !sorted.leave_open(&asking, &why) {
                    return Err(LearnError::NotProven(format!(
                        "`{request}`, which is refused, would be allowed by the entries"
                    )));
                }
            }
            Err(proof::Failed::Errors(found, requests)) => {
                let first = found.iter().find(|finding| finding.severity == Severity::Error);
                let message = first.map_or("", |finding| finding.message.as_str());
                let why = format!("with an entry for it the policy would have an error: {message}");
                if !sorted.leave_open(&requests, &why) {
                    return Err(LearnError::NotProven(format!(
                        "the policy would have an error then: {message}"
                    )));
                }
            }
            Err(proof::Failed::Open(requests) | proof::Failed::Written(requests)) => {
                let first = requests.first().map(ToString::to_string).unwrap_or_default();
                return Err(LearnError::NotProven(format!(
                    "`{first}` would still be denied by the edited policy"
                )));
            }
            Err(proof::Failed::Otherwise(why)) => return Err(LearnError::NotProven(why)),
        }
    }
}

/// Why the attributes of a folder, or its name, are left open.
const FOLDER: &str = "a folder can only be named together with all that lies in it, and nothing shows that it is the program's own; `--accept` takes it so";

fn is_folder(path: &[u8]) -> bool {
    path.ends_with(b"/")
}
