//! A silenced finding that does not occur.

use super::invalid_silence;
use crate::check::{can_be_silenced, codes};
use crate::diag::{Code, Finding, Findings, Severity, code};
use crate::policy::Policy;
use std::collections::BTreeSet;

pub static CODE: Code = code!("unused-silence", Warning);

/// Takes out what the policy or the caller wants silent, and says which words of the policy silenced nothing.
pub fn apply(policy: &Policy, also: &[String], complete: bool, found: &mut Findings) {
    let names: Vec<&str> = codes().map(|code| code.name).collect();
    let present: BTreeSet<&str> = found.iter().map(|finding| finding.code.name).collect();
    let mut wrong = Vec::new();
    for text in &policy.silence {
        match codes().find(|code| code.name == text.as_str()) {
            None => wrong.push(invalid_silence::unknown(text, &names)),
            Some(code) if !can_be_silenced(code) => wrong.push(invalid_silence::is_error(text)),
            // A value that could not be read may be what the word is there for.
            Some(code) if complete && !present.contains(code.name) => wrong.push(
                Finding::new(&CODE, text.place, format!("the policy has no `{}` to silence", text.value))
                    .help("take it out")
                    .take_out(text.place),
            ),
            Some(_) => {}
        }
    }
    let silent: BTreeSet<&str> =
        policy.silence.iter().map(|text| text.as_str()).chain(also.iter().map(String::as_str)).collect();
    found.retain(|finding| !can_be_silenced(finding.code) || !silent.contains(finding.code.name));
    for finding in
        wrong.into_iter().filter(|f| !silent.contains(f.code.name) || f.code.severity == Severity::Error)
    {
        found.add(finding);
    }
}
