//! An expectation that is no access.

use crate::check::expectation::{Fault, read};
use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::Request;
use crate::policy::{Text, quoted};

pub static CODE: Code = Code {
    name: "invalid-expectation",
    severity: Severity::Error,
    summary: "an expectation that does not describe an access",
    explanation: "An expectation is a verb and what it is done to: `read`, `write`, `create`, `delete`, `lock`, `map` or `exec` \
                  with one path, `rename OLD NEW`, `link NEW TARGET`, `network FAMILY/TYPE`, `capability NAME`, `operation \
                  NAME`. A path is one path, not a pattern; a trailing `/` means the folder itself. \
                  `aapol test` says whether the policy keeps it.",
    bad: "name = \"web\"\n\n[expect]\ndeny = [\"write /etc/**\"]\n",
    good: "name = \"web\"\n\n[expect]\ndeny = [\"write /etc/passwd\"]\n",
};

/// The access; none, and a finding, where it is none.
pub fn check(text: &Text, found: &mut Findings) -> Option<Request> {
    if let Some(character) = super::control_character::first(text, "") {
        found.add(super::control_character::found(text, character));
        return None;
    }
    match read(text) {
        Ok(request) => Some(request),
        Err(Fault { wrong, help, instead }) => {
            let shown: String = text.chars().take(120).collect();
            let finding =
                Finding::new(&CODE, text.place, format!("the expectation `{shown}` {wrong}")).help(help);
            found.add(match instead {
                Some(instead) => finding.fix(text.place, quoted(&instead)),
                None => finding,
            });
            None
        }
    }
}
