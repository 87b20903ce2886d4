//! An entry that no expectation touches.

use crate::diag::{Code, Finding, Place, code};

pub static CODE: Code = code!("untouched-entry", Note);

pub fn found(place: Place) -> Finding {
    Finding::new(&CODE, place, "no expectation touches this entry")
}
