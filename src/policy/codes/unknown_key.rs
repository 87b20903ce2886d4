//! A key that the language does not have.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Place, code};
use crate::policy::foreign;
use serde_json::Value;
use std::collections::BTreeMap;
use toml::de::DeTable;

pub static CODE: Code = code!("unknown-key", Error);

/// What an unknown key was most likely meant to be.
#[derive(Debug)]
pub struct KeyMeaning<'a> {
    pub key: &'a str,
    /// The key of the same table that is that already, or would be.
    pub taken: Option<(String, Place)>,
}

/// What the unknown keys of a table were most likely meant to be, by where they stand.
pub fn meanings<'a>(
    table: &DeTable<'_>,
    path: &[String],
    known: &[&'a str],
) -> BTreeMap<Place, KeyMeaning<'a>> {
    let keys: Vec<(String, Place)> = table
        .iter()
        .map(|(key, _)| (key.get_ref().to_string(), Place::new(key.span().start, key.span().end)))
        .collect();
    let meant = |name: &str| match (known.iter().find(|key| **key == name), foreign::meaning(path, name)) {
        (Some(key), _) => Some(*key),
        (None, Some(foreign::Meaning::Key(key))) => known.iter().copied().find(|other| *other == key),
        // A word of its own is no other key misspelled.
        (None, Some(foreign::Meaning::Help(_))) => None,
        (None, None) => nearest(name, known.iter().copied()),
    };
    let of: Vec<Option<&'a str>> = keys.iter().map(|(name, _)| meant(name)).collect();
    // Of those that are meant to be a key two are enough: each finds another. The right one comes first.
    let mut claims: BTreeMap<&str, Vec<&(String, Place)>> = BTreeMap::new();
    for right in [true, false] {
        for (one, key) in keys.iter().zip(&of) {
            if let Some(key) = key.filter(|key| (one.0 == *key) == right) {
                let claims = claims.entry(key).or_default();
                if claims.len() < 2 {
                    claims.push(one);
                }
            }
        }
    }
    let unknown = keys.iter().zip(&of).filter(|((name, _), _)| !known.contains(&name.as_str()));
    unknown
        .filter_map(|((_, place), key)| {
            let key = (*key)?;
            let mut others = claims.get(key).into_iter().flatten().filter(|(_, other)| other != place);
            Some((*place, KeyMeaning { key, taken: others.next().map(|other| (*other).clone()) }))
        })
        .collect()
}

pub fn found(
    place: Place,
    name: &str,
    path: &[String],
    known: &[&str],
    root: &Value,
    meant: Option<&KeyMeaning<'_>>,
) -> Finding {
    let table = match path {
        [] => "a policy".to_owned(),
        path => format!("`[{}]`", path.join(".")),
    };
    let shown: String = name.chars().take(60).collect();
    let finding = Finding::new(&CODE, place, format!("{table} has no key `{shown}`"));
    if let Some(foreign::Meaning::Help(help)) = foreign::meaning(path, name) {
        return finding.help(foreign::told(help, path));
    }
    match meant {
        Some(KeyMeaning { key, taken: None }) => {
            return finding.did_you_mean(place, key);
        }
        Some(KeyMeaning { key, taken: Some((other, at)) }) if key == other => {
            return finding.also(*at, "it stands here").help(format!(
                "`{key}` is there already: move there what is missing, and take `{shown}` out"
            ));
        }
        Some(KeyMeaning { key, taken: Some((other, at)) }) => {
            let other: String = other.chars().take(60).collect();
            return finding
                .also(*at, format!("this would be `{key}` too"))
                .help(format!("did you mean `{key}`? `{other}` would be the same key: make one of the two"));
        }
        None => {}
    }
    let homes = homes(root, name);
    if !homes.is_empty() {
        return finding.help(format!("`{shown}` belongs in {}", homes.join(" or ")));
    }
    finding.help(format!("the keys here are {}", list(known)))
}

/// The tables of the first level, and the policy itself, that have the key.
fn homes(root: &Value, name: &str) -> Vec<String> {
    let tables = root.get("properties").and_then(Value::as_object);
    let has = |node: &Value| node.get("properties").is_some_and(|p| p.get(name).is_some());
    let mut homes: Vec<String> = tables
        .into_iter()
        .flatten()
        .filter(|(_, table)| has(table))
        .map(|(table, _)| format!("`[{table}]`"))
        .collect();
    if has(root) {
        homes.push("the lines above the first table".to_owned());
    }
    let container =
        root.pointer("/properties/pod/properties/containers/additionalProperties").is_some_and(has);
    if container {
        homes.push("`[pod.containers.NAME]`".to_owned());
    }
    homes
}

fn list(words: &[&str]) -> String {
    let mut words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.sort();
    words.join(", ")
}
