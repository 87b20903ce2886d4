//! From a profile that somebody wrote to a policy, and what became of it.
//!
//! Enters: the text of a profile, or what another tool would write as one. Leaves: a policy as text, with a report: which
//! rules have no key and stay as they are, what was dropped, and what the policy allows that the profile does not, and
//! the reverse. Reads no files and prints nothing.
//!
//! `original` reads, `fit` proposes a key for each rule, `draft` writes the policy, and `proof` holds it against the
//! original: what checking refuses, or what allows too much, becomes the rule as it was, until nothing is left to correct.

mod bundled;
mod draft;
mod fit;
mod key;
mod original;
mod proof;
mod report;
mod slot;

pub use original::Original;
pub use report::{ImportReport, Kept, Standing};

use crate::foreign::NotTaken;
use crate::rules::profile::Files;

/// A policy that was made of a profile.
#[derive(Debug)]
pub struct Imported {
    pub name: String,
    /// The policy itself, with the report as comments.
    pub text: String,
    pub report: ImportReport,
}

/// Makes a policy of a profile. `source` is what it was read from, as people name it; with `exact` a rule that no key
/// means exactly stays as it is.
pub fn import(
    original: &Original,
    source: &str,
    exact: bool,
    files: &Files<'_>,
) -> Result<Imported, NotTaken> {
    let proven = proof::prove(original, exact, files)?;
    let report = report::report(original, &proven);
    let text = draft::commented(&proven.draft, &report, source);
    Ok(Imported { name: proven.draft.name, text, report })
}
