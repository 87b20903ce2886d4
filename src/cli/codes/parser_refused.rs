//! A profile that the real parser does not take.

use crate::diag::{Code, Finding, Place, Severity};

pub static CODE: Code = Code {
    name: "parser-refused",
    severity: Severity::Error,
    summary: "`apparmor_parser` refused the rendered profile",
    explanation: "`--verify` lets the installed parser compile the profile before anything is written. What it refuses is most \
                  often a rule of `raw-rules`, an abstraction that this machine does not have, or an `abi` newer than the \
                  parser.",
    bad: "name = \"web\"\nraw-rules = [\"no such rule,\"]\n",
    good: "name = \"web\"\nraw-rules = [\"dbus send bus=system,\"]\n",
};

pub fn found(place: Place, said: &str) -> Finding {
    let shown: String = said.chars().take(300).collect();
    Finding::new(&CODE, place, format!("`apparmor_parser` refused the profile: {shown}")).help(
        "look at `raw-rules`, `abstractions` and `abi`; `render --only profile --stdout` shows the profile",
    )
}
