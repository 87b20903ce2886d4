//! An entry that stands twice in one list.

use crate::diag::{Code, Finding, Place, code};

pub static CODE: Code = code!("duplicate-entry", Error);

pub fn found(place: Place, first: Place, text: &str, key: &str) -> Finding {
    let shown: String = text.chars().take(80).collect();
    Finding::new(&CODE, place, format!("`{shown}` stands twice in `{key}`"))
        .label("the second")
        .also(first, "the first")
        .help("take one of them out")
        .take_out(place)
}
