//! The schema in the repository is the one that the types make.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use aapol::schema;
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_file_is_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/policy.schema.json");
    if std::env::var_os("BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none(), "CI does not bless: it compares");
        std::fs::write(&path, schema::text()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), schema::text());
}

/// Every key, by its path, with its schema.
fn keys(node: &Value, path: &str, into: &mut Vec<(String, Value)>) {
    if let Some(properties) = node.get("properties").and_then(Value::as_object) {
        for (name, value) in properties {
            let path = format!("{path}{name}");
            into.push((path.clone(), value.clone()));
            keys(value, &format!("{path}."), into);
        }
    }
    if let Some(others) = node.get("additionalProperties") {
        keys(others, &format!("{path}*."), into);
    }
}

#[test]
fn every_key_is_explained_and_nothing_is_null_or_elsewhere() {
    let mut all = Vec::new();
    keys(schema::schema(), "", &mut all);
    assert!(all.len() > 80, "only {} keys were found", all.len());
    for (path, node) in &all {
        let about = node.get("description").and_then(Value::as_str).unwrap_or("");
        assert!(about.ends_with(['.', '`']) || about.contains(". "), "{path}: {about}");
        // A reference would hide the key's own words from some editors.
        assert!(node.get("$ref").is_none(), "{path}");
    }
    let text = schema::text();
    assert!(!text.contains("\"null\""));
    assert!(!text.contains("$defs"));
}
