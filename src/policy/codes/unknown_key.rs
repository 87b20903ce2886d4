//! A key that the language does not have.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Place, Severity};
use serde_json::Value;

pub static CODE: Code = Code {
    name: "unknown-key",
    severity: Severity::Error,
    summary: "a key that does not exist, or not in this table",
    explanation: "A key that nobody reads would leave its author believing in a rule that is not there, so each key must be \
                  one of the language's. Keys are written with `-` and belong to a table; a line above the first table \
                  belongs to the policy itself, and a line below `[exec]` to `exec`.",
    bad: "name = \"web\"\n\n[filesystem]\nreadonly = [\"/etc/nginx/\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/nginx/\"]\n",
};

pub fn found(place: Place, name: &str, path: &[String], known: &[&str], root: &Value) -> Finding {
    let table = match path {
        [] => "a policy".to_owned(),
        path => format!("`[{}]`", path.join(".")),
    };
    let shown: String = name.chars().take(60).collect();
    let finding = Finding::new(&CODE, place, format!("{table} has no key `{shown}`"));
    if matches!(name, "append" | "append-only") {
        return finding.help(
            "there is no append-only access: with AppArmor's `a` a file opens for appending and then every write fails; use `write-only`",
        );
    }
    if let Some(near) = nearest(name, known.iter().copied()) {
        return finding.help(format!("did you mean `{near}`?")).fix(place, near);
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
