//! The house: each room knows only the rooms before it, and files stay small enough to be read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with those that it may use.
const ROOMS: [(&str, &[&str]); 18] = [
    ("diag", &[]),
    ("kernel", &[]),
    ("baseline", &["kernel"]),
    ("policy", &["diag", "kernel"]),
    ("rules", &["diag", "kernel", "policy"]),
    ("check", &["diag", "kernel", "baseline", "policy", "rules"]),
    ("foreign", &["diag", "kernel", "policy", "rules"]),
    ("schema", &["diag", "kernel", "baseline", "policy", "check"]),
    ("lower", &["diag", "kernel", "baseline", "policy", "check", "rules"]),
    ("ask", &["diag", "kernel", "policy", "check", "rules"]),
    ("pod", &["kernel", "policy", "check"]),
    ("plan", &["kernel", "policy", "check", "lower", "rules", "pod"]),
    ("render", &["diag", "kernel", "policy", "rules", "pod", "plan"]),
    ("analysis", &["diag", "policy", "check", "rules", "ask", "plan", "render"]),
    ("editor", &["diag", "policy", "schema", "rules", "analysis"]),
    ("learn", &["diag", "kernel", "baseline", "policy", "check", "rules", "ask", "analysis"]),
    ("import", &["diag", "kernel", "baseline", "policy", "check", "rules", "ask", "analysis", "foreign"]),
    (
        "cli",
        &[
            "diag", "kernel", "policy", "check", "rules", "ask", "render", "schema", "analysis", "editor",
            "learn", "foreign", "import",
        ],
    ),
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    paths.iter().map(read).collect()
}

/// What a file's text takes from the crate, by room.
fn uses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            // `use crate::{a, b::c}`
            Some(list) => {
                let list = list.split('}').next().unwrap();
                found.extend(list.split(',').map(|item| item.trim().split("::").next().unwrap().to_owned()));
            }
            None => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                found.push(rest.split_at(end).0.to_owned());
            }
        }
    }
    found
}

#[test]
fn dependencies_point_one_way() {
    for (name, text) in all() {
        let room = name.split(['/', '.']).next().unwrap();
        if room == "main" || room == "lib" {
            continue;
        }
        let (_, may) =
            ROOMS.iter().find(|(known, _)| *known == room).unwrap_or_else(|| panic!("{room} is no room"));
        for used in uses(&text) {
            assert!(used == room || may.contains(&used.as_str()), "{name} uses {used}");
        }
    }
}

#[test]
fn only_lowering_names_what_was_checked() {
    let may = ["check.rs", "lower/header.rs", "lower.rs", "pod/lower.rs", "plan.rs", "analysis.rs"];
    for (name, text) in all() {
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        assert!(may.contains(&name.as_str()) || !code.contains("Checked"), "{name} names Checked");
    }
}

/// What a policy's way through the library begins with, and the only files that may take that step.
const STEPS: [(&str, &[&str]); 8] = [
    ("policy::load(", &["src/analysis.rs"]),
    ("check::check(", &["src/analysis.rs"]),
    ("lower::lower(", &["src/plan.rs"]),
    ("Plan::lower(", &["src/analysis.rs"]),
    ("ruleset::typed(", &["src/analysis.rs"]),
    ("render::render(", &["src/analysis.rs"]),
    ("edit::settle(", &["src/analysis.rs", "tests/integration/edit.rs"]),
    // A text that is changed is another text.
    ("parse_recoverable(", &["src/policy/load.rs", "src/policy/edit"]),
];

/// Whether a file is one of some, or in the folder of one.
fn is_among(name: &str, files: &[&str]) -> bool {
    files.iter().any(|file| {
        name.strip_prefix(file).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
    })
}

/// Within the program, policies' texts become TOML here alone: heads of those that are compared by name, one line or one
/// value that is told again.
const PARSED: [(&str, &[&str]); 3] = [
    ("toml::from_str(", &["src/policy/head.rs"]),
    ("DeTable::parse(", &["src/policy/edit", "src/policy/codes/invalid_toml.rs", "src/foreign/bane"]),
    ("toml::Table", &[]),
];

#[test]
fn each_file_is_parsed_once() {
    for (name, text) in all() {
        for (call, may) in PARSED.iter().filter(|(call, _)| text.contains(call)) {
            assert!(
                is_among(&format!("src/{name}"), may),
                "{name} calls `{call}`: the file is parsed already"
            );
        }
    }
}

/// Everything that uses the library: the program, the tests, the lab and the benches.
#[test]
fn there_is_one_front_door() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["src", "tests", "benches", "lab"] {
        sources(&root.join(folder), &mut paths);
    }
    let mut taken = BTreeSet::new();
    for path in paths {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        // Under another name it would not be found.
        let renamed = ["use aapol::lower", "use aapol::check::check", "use aapol::policy::load;"];
        let renamed = renamed.iter().find(|used| text.contains(**used) && name != file!());
        assert!(renamed.is_none(), "{name}: {renamed:?}");
        for (step, may) in STEPS.iter().filter(|(step, _)| text.contains(step) && name != file!()) {
            assert!(is_among(&name, may), "{name} calls `{step}`: `Analysis` does that");
            taken.insert(*step);
        }
    }
    assert_eq!(taken.len(), STEPS.len(), "a step has another name: only {taken:?} are taken");
}

#[test]
fn files_are_of_one_room_each_and_say_what_they_are() {
    for (name, text) in all() {
        assert!(text.starts_with("//! "), "{name} does not say what it is");
        let lines = text.lines().count();
        assert!(lines <= 400, "{name} has {lines} lines: two rooms in one?");
        let file = name.rsplit('/').next().unwrap();
        assert!(!["mod.rs", "utils.rs", "helpers.rs", "common.rs"].contains(&file), "{name} tells nothing");
    }
}

/// The files of a room that a file names, by the paths of its `use` lines. A name that a room gives on is the room's
/// own file's, so within the room each is named where it is.
fn named_within(room: &str, name: &str, text: &str, files: &[String]) -> Vec<String> {
    let module = name.trim_end_matches(".rs").split('/').collect::<Vec<_>>();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    let statements = code.split(';').filter_map(|part| {
        let line = part.lines().rfind(|line| line.starts_with("use ") || line.starts_with("pub use "))?;
        Some(part[part.find(line).unwrap()..].split_once("use ").unwrap().1.replace(char::is_whitespace, ""))
    });
    for statement in statements {
        // Whatever the braces hold begins with what stands before them; one level tells the file.
        let (head, list) = statement.split_once('{').unwrap_or((&statement, ""));
        let ends: Vec<&str> =
            if list.is_empty() { vec![""] } else { list.trim_end_matches('}').split(',').collect() };
        for end in ends {
            let whole = format!("{head}{end}");
            let mut path: Vec<&str> = whole.split("::").collect();
            let mut base = module.clone();
            match path[0] {
                "crate" => base.clear(),
                "self" => {}
                "super" => {
                    while path.get(1) == Some(&"super") {
                        path.remove(0);
                        base.pop();
                    }
                    base.pop();
                }
                // A module of this file.
                _ => path.insert(0, "self"),
            }
            base.extend(&path[1..]);
            let file = (1..=base.len()).rev().map(|length| format!("{}.rs", base[..length].join("/")));
            found.extend(file.into_iter().find(|file| files.contains(file)));
        }
    }
    found.retain(|file| {
        file != name && (file.starts_with(&format!("{room}/")) || *file == format!("{room}.rs"))
    });
    found
}

#[test]
fn no_files_of_a_room_name_each_other_in_a_circle() {
    let all = all();
    let files: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    for room in ["rules", "ask"] {
        let mut arrows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, text) in &all {
            if name.starts_with(&format!("{room}/")) || *name == format!("{room}.rs") {
                arrows.insert(name, named_within(room, name, text, &files));
            }
        }
        assert!(arrows.values().map(Vec::len).sum::<usize>() > 15, "{arrows:?}");
        // What names nothing that is left is taken away; a circle stays.
        while let Some(done) =
            arrows.iter().find(|(_, named)| named.iter().all(|file| !arrows.contains_key(file.as_str())))
        {
            let done = *done.0;
            arrows.remove(done);
        }
        assert!(arrows.is_empty(), "a circle in {room}: {arrows:#?}");
    }
}

/// One word for one thing: a type that others see has a name of its own.
#[test]
fn no_two_public_types_have_one_name() {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in all() {
        for line in text.lines() {
            let Some(rest) = ["pub struct ", "pub enum ", "pub trait ", "pub type "]
                .iter()
                .find_map(|head| line.strip_prefix(head))
            else {
                continue;
            };
            let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if let Some(other) = known.insert(word.clone(), name.clone()) {
                panic!("`{word}` is a type of {other} and of {name}");
            }
        }
    }
    assert!(known.len() > 150, "{}", known.len());
}
