//! Every rendered profile through an independent linter, `apparmor-lint`, which reads its directive in their heads.
//!
//! `tests/linter/install` gets it; where it is missing, the test says so in a line.

use crate::support::say::say;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What it says besides, and why it stays.
const MEANT: [(&str, &str); 7] = [
    ("file-rule-subsumed", "of policies that say a thing twice, as `check` tells them"),
    ("rule-subsumed", "the same"),
    ("file-rule-consolidatable", "the same"),
    ("duplicate-profile-name", "cases of tests have one name"),
    ("prefer-abstractions-nameservice-strict", "the policy names the abstraction"),
    ("missing-abi", "the parser here has no ABI 5.0"),
    ("unparsed-rule", "an escaped brace, which apparmor_parser takes"),
];

fn profiles(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            profiles(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "apparmor") {
            into.push(path);
        }
    }
}

#[test]
fn the_linter_finds_nothing_that_it_is_not_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let linter = target.join("linter/bin/apparmor-lint");
    if !linter.is_file() {
        let is_required = std::env::var_os("AAPOL_PROOF").is_some_and(|word| word == "require");
        assert!(!is_required, "AAPOL_PROOF=require, and apparmor-lint is not installed");
        say("skipped: apparmor-lint is not installed");
        return;
    }
    let mut all = Vec::new();
    profiles(&root.join("examples"), &mut all);
    profiles(&root.join("golden/render"), &mut all);
    // Rendered ones say so; the others are inputs of cases, in another's hand.
    let rendered = |path: &PathBuf| std::fs::read_to_string(path).unwrap().contains("rendered by aapol");
    all.retain(rendered);
    assert!(all.len() > 40, "only {} profiles were found", all.len());
    let output = Command::new(linter)
        // The parser has tests of its own.
        .args(["--no-parser", "--format", "json"])
        .args(&all)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let found: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)));
    let mut wrong = Vec::new();
    collect(&found, &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every finding, wherever it stands in what is printed.
fn collect(value: &serde_json::Value, wrong: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(all) => all.iter().for_each(|value| collect(value, wrong)),
        serde_json::Value::Object(map) => match map.get("code").and_then(serde_json::Value::as_str) {
            Some(code) if MEANT.iter().any(|(meant, _)| *meant == code) => {}
            Some(_) => wrong.push(value.to_string()),
            None => map.values().for_each(|value| collect(value, wrong)),
        },
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}
