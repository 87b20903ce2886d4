//! A pattern that the parser refuses or misreads.

use crate::diag::{Code, Finding, Place, Severity};
use crate::kernel::glob::Fault;
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "invalid-glob",
    severity: Severity::Error,
    summary: "a pattern that AppArmor refuses or misreads",
    explanation: "`*` matches within one folder, `**` across folders, `?` one byte, `[a-z]` one of some, `{a,b}` either. A \
                  `\\` takes the meaning away from the character after it. What AppArmor's parser refuses, and what it \
                  takes for something else than a reader would, is refused here, where it stands.",
    bad: "name = \"web\"\n\n[filesystem]\nread-only = [\"/srv/{data}/\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/srv/{data,images}/\"]\n",
};

pub fn found(text: &Text, place: Place, fault: Fault) -> Finding {
    let (wrong, help) = fault.words();
    let shown: String = text.chars().take(120).collect();
    Finding::new(&CODE, place, format!("the pattern `{shown}` {wrong}")).help(help)
}
