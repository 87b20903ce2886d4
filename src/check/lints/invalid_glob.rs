//! A pattern that the parser refuses or misreads.

use crate::diag::{Code, Finding, Place, code};
use crate::kernel::glob::PatternError;
use crate::policy::Text;

pub static CODE: Code = code!("invalid-glob", Error);

pub fn found(text: &Text, place: Place, fault: PatternError) -> Finding {
    let (wrong, help) = fault.words();
    let shown: String = text.chars().take(120).collect();
    Finding::new(&CODE, place, format!("the pattern `{shown}` {wrong}")).help(help)
}
