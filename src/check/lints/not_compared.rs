//! A policy too large to compare everything with everything.

use crate::diag::{Code, Finding, Place, code};

pub static CODE: Code = code!("not-compared", Warning);

pub fn found(place: Place) -> Finding {
    Finding::new(
        &CODE,
        place,
        "the patterns were too many to compare all of them: some findings may be missing",
    )
    .help("use fewer patterns, or spell out the folders they start with")
}
