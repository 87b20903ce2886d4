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

/// It did not come to an end.
pub fn endless(place: Place, rule: Option<&str>, limit: Duration) -> Finding {
    let what = rule.map_or(String::new(), |rule| format!(" on the rule `{}`", short(rule)));
    let message = format!("`apparmor_parser` was stopped after {} s{what}", limit.as_secs());
    let help = match rule {
        Some(_) => "write it with fewer braces and stars, or as several entries",
        None => {
            "each rule alone is compiled in time: look for patterns in one list that differ only in their braces"
        }
    };
    Finding::new(&CODE, place, message).help(help)
}

fn short(rule: &str) -> String {
    rule.chars().take(200).collect()
}
