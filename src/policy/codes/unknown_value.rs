//! A word that a key does not take.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Place, code};
use crate::policy::shape;
use serde_json::Value;

pub static CODE: Code = code!("unknown-value", Error);

pub fn found(place: Place, path: &[String], value: &str, words: &[&str], root: &Value) -> Finding {
    let key = path.last().map_or("", String::as_str);
    let shown: String = value.chars().take(60).collect();
    let finding = Finding::new(&CODE, place, format!("`{key}` cannot be `{shown}`"));
    let homes = homes(root, path, value);
    if !homes.is_empty() {
        let here = one_of(words);
        return finding.help(format!("`{key} = \"{shown}\"` belongs in {}; here {here}", homes.join(" or ")));
    }
    match nearest(value, words.iter().copied()) {
        Some(near) => {
            let others = if words.len() > 1 { format!(" {}", one_of(words)) } else { String::new() };
            finding.help(format!("did you mean `{near}`?{others}")).fix(place, near)
        }
        None => finding.help(one_of(words)),
    }
}

/// The words that a key takes, in a sentence.
pub fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [only] => format!("it can only be {only}"),
        several => format!("it is one of {}", several.join(", ")),
    }
}

/// The other tables of the first level where a key of this name takes the word.
fn homes(root: &Value, path: &[String], value: &str) -> Vec<String> {
    let Some((key, table)) = path.split_last() else { return Vec::new() };
    let tables = root.get("properties").and_then(Value::as_object).into_iter().flatten();
    let takes = |node: &Value| {
        node.get("properties")
            .and_then(|keys| keys.get(key))
            .is_some_and(|key| shape::choices(key).contains(&value))
    };
    tables
        .filter(|(name, node)| table != [name.as_str()] && takes(node))
        .map(|(name, _)| format!("`[{name}]`"))
        .collect()
}
