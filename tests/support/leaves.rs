//! Every value that a policy can hold, by its path in the schema, and a policy that holds one of them.

use aapol::policy::quoted;
use aapol::schema::{raw, words};
use serde_json::Value;

/// A value: its path (`*` is any name of a map, `@` the name itself, `[]` an item), and texts that it may be.
/// A value that is no text has none.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub(crate) path: Vec<String>,
    pub(crate) seeds: Vec<String>,
}

/// All of them, in the schema's order.
pub(crate) fn leaves() -> Vec<Leaf> {
    let mut found = Vec::new();
    walk(raw(), &mut Vec::new(), "", &mut found);
    assert!(found.len() > 80, "only {} values were found", found.len());
    found
}

fn walk(node: &Value, path: &mut Vec<String>, about: &str, found: &mut Vec<Leaf>) {
    let about = node.get("description").and_then(Value::as_str).unwrap_or(about);
    let mut below = |part: &str, node: &Value, found: &mut Vec<Leaf>| {
        path.push(part.to_owned());
        walk(node, path, about, found);
        path.pop();
    };
    match node.get("type").and_then(Value::as_str) {
        Some("object") => {
            for (key, value) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
                below(key, value, found);
            }
            if let Some(names) = node.get("propertyNames") {
                below("@", names, found);
            }
            if let Some(others) = node.get("additionalProperties").filter(|others| others.is_object()) {
                below("*", others, found);
            }
        }
        Some("array") => below("[]", node.get("items").unwrap_or(&Value::Null), found),
        Some("integer" | "boolean") => found.push(Leaf { path: path.clone(), seeds: Vec::new() }),
        _ => found.push(Leaf { path: path.clone(), seeds: seeds(node, about) }),
    }
}

/// The texts in the example of a description, and the words that a value may be.
fn seeds(node: &Value, about: &str) -> Vec<String> {
    let about = about.replace('\n', " ");
    let example = about.rsplit("Example: ").next().unwrap_or("");
    let examples = example.split('"').skip(1).step_by(2).map(str::to_owned);
    let words = words::listed(node).into_iter().map(|word| word.text);
    let common = ["x", "/a/b", "/etc/x.d/*.conf", "a.b", "localhost/x", "10K", "read /a", "link /a /b"];
    examples.chain(words.take(12)).chain(common.map(str::to_owned)).collect()
}

/// A policy that holds a value, written as TOML, at a path; with what the value needs beside it.
pub(crate) fn policy_with(leaf: &Leaf, value: &str) -> String {
    let mut path = leaf.path.clone();
    let mut written = value.to_owned();
    // From the value outwards, until a table is reached that has a header.
    while let Some(part) = path.pop() {
        match part.as_str() {
            "[]" => written = format!("[{written}]"),
            "@" => {
                let kind = leaf.path.first().map(String::as_str);
                let inner = match leaf.path.get(1).map(String::as_str) {
                    Some("volumes") if leaf.path.len() == 3 => "{ empty-dir = true }",
                    Some("containers") if leaf.path.len() == 3 => "{ image = \"x:1\" }",
                    _ if kind == Some("pod") => "\"cache\"",
                    _ => "\"x\"",
                };
                let name = if written.starts_with('"') { written } else { quoted(&written) };
                written = format!("{{ {name} = {inner} }}");
            }
            "*" => written = format!("{{ {} = {written} }}", name_for(&path)),
            key => {
                written = format!("{{ {key} = {written} }}");
            }
        }
    }
    // One inline table; its keys become the policy's.
    let keys = written.strip_prefix("{ ").and_then(|w| w.strip_suffix(" }")).unwrap_or(&written);
    let beside = match leaf.path.last().map(String::as_str) {
        Some("replicas") => "pod.kind = \"Deployment\"\n",
        Some("schedule") => "pod.kind = \"CronJob\"\n",
        _ => "",
    };
    let name = if leaf.path.first().is_some_and(|key| key == "name") { "" } else { "name = \"web\"\n" };
    if beside.is_empty() {
        return format!("{name}{keys}\n");
    }
    let (_, key) = keys.split_once("{ ").unwrap_or(("", keys));
    format!("{name}{beside}pod.{}\n", key.trim_end_matches(" }"))
}

/// A name that a map may hold.
fn name_for(path: &[String]) -> &'static str {
    match path.last().map(String::as_str) {
        Some("mounts" | "sub-path") => "\"/x\"",
        Some("env") => "TZ",
        Some("labels") => "app",
        _ => "cache",
    }
}
