//! docs/keys.md is the keys as the types have them: `BLESS=1` writes it.

use aapol::policy::form::form;
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

const HEAD: &str = "# Keys

Every key of a policy, by its table. A policy needs `name` alone; what a key that is left out means is its default. This
page is written by a test from the types that read a policy (`BLESS=1 cargo test --test integration keys_page`), and
`aapol schema` prints the same for editors.
";

/// A table with its keys, and those below it.
fn table(node: &Value, path: &str, out: &mut String) {
    if let Some(others) = node.get("additionalProperties").filter(|others| others.get("properties").is_some())
    {
        return table(others, &format!("{path}.NAME"), out);
    }
    let Some(keys) = node.get("properties").and_then(Value::as_object) else { return };
    let title = if path.is_empty() { "Above the first table".to_owned() } else { format!("`[{path}]`") };
    let _ = writeln!(out, "\n## {title}\n\n| key | means | default | example |\n|---|---|---|---|");
    let is_table = |node: &Value| {
        node.get("properties").is_some()
            || node.get("additionalProperties").is_some_and(|others| others.get("properties").is_some())
    };
    for (name, node) in keys.iter().filter(|(_, node)| !is_table(node)) {
        row(name, node, out);
    }
    for (name, node) in keys.iter().filter(|(_, node)| is_table(node)) {
        table(node, format!("{path}.{name}").trim_start_matches('.'), out);
    }
}

fn row(name: &str, node: &Value, out: &mut String) {
    let about = node["description"].as_str().unwrap_or_else(|| panic!("`{name}` is not explained"));
    let (first, rest) = about.split_once("\n\n").unwrap_or((about, ""));
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let (first, rest) = (plain(first), plain(rest));
    let (_, default) = rest.split_once("Default: ").unwrap_or(("", ""));
    let (default, example) = default.split_once(" Example: ").unwrap_or((default, ""));
    let words: Vec<String> = choices(node).iter().map(|word| format!("`\"{word}\"`")).collect();
    let words = if words.is_empty() { String::new() } else { format!(" One of {}.", words.join(", ")) };
    let _ = writeln!(out, "| `{name}` | {first}{words} | {} | {example} |", default.trim_end_matches('.'));
}

/// The words that a key takes, where it takes one of a few.
fn choices(node: &Value) -> Vec<&str> {
    let list = |key: &str| node.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let plain = list("enum").iter().filter_map(Value::as_str);
    plain.chain(list("oneOf").iter().filter_map(|branch| branch.get("const")?.as_str())).collect()
}

#[test]
fn the_page_is_what_the_types_say() {
    let mut text = HEAD.to_owned();
    table(form(), "", &mut text);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    if std::env::var_os("BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none(), "CI does not bless: it compares");
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    for part in
        ["## `[pod.containers.NAME]`", "| `env-from-secret` |", "`\"on-failure\"`", "## `[pod.volumes.NAME]`"]
    {
        assert!(text.contains(part), "{part}");
    }
}
