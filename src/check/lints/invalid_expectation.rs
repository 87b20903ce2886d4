//! An expectation that is no access.

use crate::check::expectation::{ExpectationError, read};
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Request;
use crate::policy::Text;

pub static CODE: Code = code!("invalid-expectation", Error);

/// The access; none, and a finding, where it is none.
pub fn check(text: &Text, found: &mut Findings) -> Option<Request> {
    if let Some(character) = super::control_character::first(text, "") {
        found.add(super::control_character::found(text, character));
        return None;
    }
    match read(text) {
        Ok(request) => Some(request),
        Err(ExpectationError { wrong, help, instead }) => {
            let shown: String = text.chars().take(120).collect();
            let finding =
                Finding::new(&CODE, text.place, format!("the expectation `{shown}` {wrong}")).help(help);
            found.add(match instead {
                Some(instead) => finding.fix(text.place, instead),
                None => finding,
            });
            None
        }
    }
}
