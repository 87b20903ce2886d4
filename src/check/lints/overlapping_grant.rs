//! A `read-only` or `write-only` pattern of which a part is granted wider.

use crate::check::draft::PathEntry;
use crate::diag::{Code, Finding, Severity};

pub static CODE: Code = Code {
    name: "overlapping-grant",
    severity: Severity::Warning,
    summary: "a `read-only` or `write-only` path that another grant opens wider in part",
    explanation: "Two patterns meet without one lying inside the other, and one of them grants what the other's word says is \
                  not possible. Where both match, the wider grant holds.",
    bad: "name = \"web\"\n\n[filesystem]\nread-only = [\"/srv/*/config/\"]\nread-write = [\"/srv/shop/**\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/srv/*/config/\"]\nread-write = [\"/srv/shop/data/\"]\n",
};

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
