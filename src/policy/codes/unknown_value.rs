//! A word that a key does not take.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Place, code};

pub static CODE: Code = code!("unknown-value", Error);

pub fn found(place: Place, key: &str, value: &str, words: &[&str]) -> Finding {
    let shown: String = value.chars().take(60).collect();
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let finding = Finding::new(&CODE, place, format!("`{key}` cannot be `{shown}`"));
    match nearest(value, words.iter().copied()) {
        Some(near) => finding
            .help(format!("did you mean `{near}`? it is one of {}", quoted.join(", ")))
            .fix(place, near),
        None => finding.help(format!("it is one of {}", quoted.join(", "))),
    }
}
