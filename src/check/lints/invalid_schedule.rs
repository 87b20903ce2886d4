//! A schedule that cron does not know.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-schedule", Error);

const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("weekday", 0, 6, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

/// Words that stand for five fields.
pub const WHOLE: [&str; 7] =
    ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];

pub fn check(text: &Text, found: &mut Findings) {
    if WHOLE.contains(&text.as_str()) {
        return;
    }
    let shown: String = text.chars().take(60).collect();
    let fields: Vec<&str> = text.split(' ').filter(|field| !field.is_empty()).collect();
    if super::control_character::first(text, "").is_some() || fields.len() != FIELDS.len() {
        return found.add(
            Finding::new(&CODE, text.place, format!("`{}` is not a schedule", shown.escape_debug()))
                .help("write five fields: minute, hour, day of the month, month, weekday"),
        );
    }
    for (field, (name, low, high, words)) in fields.into_iter().zip(FIELDS) {
        let first = u32::from(low == 1);
        if !field.split(',').all(|part| fits(part, low, high, words, first)) {
            found.add(
                Finding::new(&CODE, text.place, format!("`{field}` cannot be the {name} of a schedule"))
                    .help(format!(
                        "the {name} is `*`, or from {low} to {high}, with `-`, `,` and `/` between numbers"
                    )),
            );
        }
    }
}

fn fits(part: &str, low: u32, high: u32, words: &[&str], first: u32) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    let number = |text: &str| {
        let word = words.iter().position(|w| w.eq_ignore_ascii_case(text));
        let word = word.and_then(|i| u32::try_from(i).ok()).map(|i| i + first);
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        word.or_else(|| text.parse().ok().filter(|_| digits)).filter(|n| (low..=high).contains(n))
    };
    let step_fits = step.is_none_or(|s| s.parse::<u32>().is_ok_and(|n| n > 0 && n <= high));
    let range_fits = match range.split_once('-') {
        _ if range == "*" || range == "?" => true,
        None => number(range).is_some(),
        Some((from, to)) => match (number(from), number(to)) {
            (Some(from), Some(to)) => from <= to,
            _ => false,
        },
    };
    step_fits && range_fits
}
