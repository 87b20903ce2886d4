//! An entry that stands twice in one list.

use crate::diag::{Code, Finding, Place, Severity};

pub static CODE: Code = Code {
    name: "duplicate-entry",
    severity: Severity::Error,
    summary: "an entry that stands twice in one list",
    explanation: "The second changes nothing, so it is a slip: another entry may have been meant. Lists whose order counts, \
                  `command` and `args`, may hold a text twice.",
    bad: "name = \"web\"\n\n[capabilities]\nallow = [\"chown\", \"setuid\", \"chown\"]\n",
    good: "name = \"web\"\n\n[capabilities]\nallow = [\"chown\", \"setuid\"]\n",
};

pub fn found(place: Place, first: Place, text: &str, key: &str) -> Finding {
    let shown: String = text.chars().take(80).collect();
    Finding::new(&CODE, place, format!("`{shown}` stands twice in `{key}`"))
        .label("the second")
        .also(first, "the first")
        .help("take one of them out")
        .take_out(place)
}
