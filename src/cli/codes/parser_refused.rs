//! A profile that the real parser does not take.

use crate::diag::{Code, Finding, Place, code};
use std::time::Duration;

pub static CODE: Code = code!("parser-refused", Error);

pub fn found(place: Place, rule: Option<&str>, said: &str) -> Finding {
    let shown: String = said.chars().take(300).collect();
    let what = rule.map_or("the profile".to_owned(), |rule| format!("the rule `{}`", short(rule)));
    Finding::new(&CODE, place, format!("`apparmor_parser` refused {what}: {shown}")).help(
        "look at `raw-rules`, `abstractions` and `abi`; `render --only profile --stdout` shows the profile",
    )
}

/// It did not come to an end within the first limit, nor on the rule within the second.
pub fn endless(place: Place, rule: Option<&str>, [limit, alone]: [Duration; 2]) -> Finding {
    let stopped = format!("`apparmor_parser` was stopped after {} s", limit.as_secs());
    let finding = |what: String| Finding::new(&CODE, place, format!("{stopped}{what}"));
    match rule {
        Some(rule) => {
            let seconds = alone.as_secs().max(1);
            finding(format!(": the rule `{}` alone takes it more than {seconds} s", short(rule)))
                .help("write it with fewer braces and stars, or as several entries")
        }
        None => finding(String::new()).help(
            "each rule alone is compiled in time: look for patterns in one list that differ only in their braces",
        ),
    }
}

/// The process that compiles crashed.
pub fn crashed(place: Place, rule: Option<&str>, rules: usize) -> Finding {
    let (message, help) = match rule {
        Some(rule) => (
            format!("`apparmor_parser` crashes on the rule `{}`", short(rule)),
            "write it in another way, or as several entries",
        ),
        None if rules > MANY => (
            format!(
                "`apparmor_parser` crashes on the profile: its {rules} rules are too many for one profile"
            ),
            "grant folders, or use patterns, in place of single files; with a larger stack (`ulimit -s unlimited`) the parser takes more, on each node, too",
        ),
        None => (
            "`apparmor_parser` crashes on the profile".to_owned(),
            "no rule alone is to blame: look at `raw-rules`, `abstractions` and `abi`, or try another version of the parser",
        ),
    };
    Finding::new(&CODE, place, message).help(help)
}

/// With fewer rules no parser has run out of its stack, which it takes more of for each.
const MANY: usize = 10_000;

fn short(rule: &str) -> String {
    rule.chars().take(200).collect()
}
