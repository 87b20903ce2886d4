//! A policy too large to compare everything with everything.

use crate::diag::{Code, Finding, Place, Severity};

pub static CODE: Code = Code {
    name: "not-compared",
    severity: Severity::Warning,
    summary: "patterns that were too many to compare all of them",
    explanation: "Entries that cover or contradict each other are found by comparing patterns by what they match. Thousands of \
                  patterns that all start alike would take too long, so the comparison stopped, and findings that depend on \
                  it may be missing. What is rendered is not affected. Fewer, wider patterns help.",
    bad: "",
    good: "name = \"web\"\n",
};

pub fn found(place: Place) -> Finding {
    Finding::new(
        &CODE,
        place,
        "the patterns were too many to compare all of them: some findings may be missing",
    )
    .help("use fewer patterns, or spell out the folders they start with")
}
