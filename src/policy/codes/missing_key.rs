//! A policy without a name.

use crate::diag::{Code, Finding, Place, code};

pub static CODE: Code = code!("missing-key", Error);

pub fn found(place: Place) -> Finding {
    Finding::new(&CODE, place, "the policy has no `name`")
        .help("add a line such as `name = \"web\"` above the first table")
}
