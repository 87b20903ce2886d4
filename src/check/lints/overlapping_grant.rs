//! A `read-only` or `write-only` pattern of which a part is granted wider.

use crate::check::resolved::PathEntry;
use crate::diag::{Code, Finding, code};

pub static CODE: Code = code!("overlapping-grant", Warning);

pub fn found(entry: &PathEntry, wider: &PathEntry, witness: Option<&[u8]>) -> Finding {
    let message = format!(
        "a part of `{}` is not `{}`: the `{}` of {} meets it{}",
        entry.text,
        entry.key.name(),
        wider.key.name(),
        wider.named(),
        super::denied_in_part::such_as(witness)
    );
    Finding::new(&CODE, entry.place, message)
        .also(wider.place, format!("this `{}` matches some of the same paths", wider.key.name()))
        .help("make one of the patterns narrower, or deny what must not be possible")
}
