//! A policy's grants, each with the policy that lacks it.
//!
//! A grant is an entry of a list, or one of the alternatives in an entry's braces. The expectations are left out:
//! they speak of grants that are gone.

use crate::Result;
use toml::{Table, Value};

const SECTIONS: [&str; 5] = ["filesystem", "exec", "network", "capabilities", "operations"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    /// Such as `network.allow inet/stream`.
    pub(super) name: String,
    /// The policy without it.
    pub(super) without: String,
}

pub(super) fn grants(policy: &str) -> Result<Vec<Grant>> {
    let mut table: Table = toml::from_str(policy)?;
    table.remove("expect");
    let mut found = Vec::new();
    for at in lists(&table) {
        let entries = entries(&table, &at);
        for (number, entry) in entries.iter().enumerate() {
            let mut without = |what: &str, rest: Option<String>| -> Result<()> {
                let kept = entries.iter().enumerate().filter_map(|(other, entry)| {
                    if other == number { rest.clone() } else { Some(entry.clone()) }
                });
                let mut table = table.clone();
                put(&mut table, &at, kept.map(Value::String).collect());
                let name = format!("{} {what}", at.join("."));
                found.push(Grant { name, without: toml::to_string(&table)? });
                Ok(())
            };
            match braces(entry) {
                None => without(entry, None)?,
                Some((before, alternatives, after)) => {
                    for (number, alternative) in alternatives.iter().enumerate() {
                        let rest = alternatives.iter().enumerate().filter(|(other, _)| *other != number);
                        let rest: Vec<&str> = rest.map(|(_, one)| *one).collect();
                        let rest = match rest.as_slice() {
                            [one] => format!("{before}{one}{after}"),
                            rest => format!("{before}{{{}}}{after}", rest.join(",")),
                        };
                        without(&format!("{before}{alternative}{after}"), Some(rest))?;
                    }
                }
            }
        }
    }
    Ok(found)
}

/// Where the lists of grants stand.
fn lists(table: &Table) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    if table.contains_key("bundles") {
        found.push(vec!["bundles".to_owned()]);
    }
    for section in SECTIONS {
        let Some(Value::Table(keys)) = table.get(section) else { continue };
        let grants = keys.iter().filter(|(key, value)| *key != "deny" && value.is_array());
        found.extend(grants.map(|(key, _)| vec![section.to_owned(), key.clone()]));
    }
    found
}

fn entries(table: &Table, at: &[String]) -> Vec<String> {
    let list = match at {
        [key] => table.get(key),
        [section, key] => table.get(section).and_then(|section| section.get(key)),
        _ => None,
    };
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|entry| entry.as_str().map(str::to_owned)).collect()
}

fn put(table: &mut Table, at: &[String], list: Vec<Value>) {
    match at {
        [key] => drop(table.insert(key.clone(), Value::Array(list))),
        [section, key] => {
            if let Some(Value::Table(section)) = table.get_mut(section) {
                section.insert(key.clone(), Value::Array(list));
            }
        }
        _ => {}
    }
}

/// The text before the one pair of braces, what stands in it, and the text after.
fn braces(entry: &str) -> Option<(&str, Vec<&str>, &str)> {
    let (before, rest) = entry.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    let is_plain = !inside.contains('{') && !after.contains('{');
    is_plain.then(|| (before, inside.split(',').collect(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_and_alternative_is_a_grant() {
        let policy = "name = \"a\"\nbundles = [\"dns\"]\n[exec]\nallow = [\"/bin/{cat,ls}\", \"/bin/id\"]\n\
                      deny = [\"/bin/su\"]\n[expect]\nallow = [\"exec /bin/ls\"]\n";
        let found = grants(policy).unwrap();
        let names: Vec<&str> = found.iter().map(|grant| grant.name.as_str()).collect();
        assert_eq!(names, ["bundles dns", "exec.allow /bin/cat", "exec.allow /bin/ls", "exec.allow /bin/id"]);
        assert_eq!(
            found[1].without,
            "name = \"a\"\nbundles = [\"dns\"]\n\n[exec]\nallow = [\"/bin/ls\", \"/bin/id\"]\ndeny = [\"/bin/su\"]\n"
        );
    }
}
