//! A policy without a name.

use crate::diag::{Code, Finding, Place, Severity};

pub static CODE: Code = Code {
    name: "missing-key",
    severity: Severity::Error,
    summary: "a required key is missing",
    explanation: "Every policy has a `name`: the profile's name in the kernel, the pod's `localhostProfile`, and the names \
                  of the files that are written. It stands above the first table.",
    bad: "description = \"Serves static pages.\"\n",
    good: "name = \"web\"\ndescription = \"Serves static pages.\"\n",
};

pub fn found(place: Place) -> Finding {
    Finding::new(&CODE, place, "the policy has no `name`")
        .help("add a line such as `name = \"web\"` above the first table")
}
