//! Findings as one JSON array.

use super::{Report, shown};

pub fn write(reports: &[Report]) -> String {
    let mut text = serde_json::to_string_pretty(reports).unwrap_or_else(|_| "[]".to_owned());
    text.push('\n');
    shown::json(text)
}
