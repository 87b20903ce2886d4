//! Every kind of finding has what it needs: an explanation whose examples are true, and a golden case.

use aapol::ask::{expect, ruleset};
use aapol::check::{self, Options};
use aapol::cli::codes;
use aapol::diag::{Code, Findings};
use aapol::lower;
use aapol::policy::{self, ReadError, load::File};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Their examples need more than one policy, a parser, or thousands of lines.
const TOLD_IN_WORDS: [&str; 5] =
    ["case-collision", "duplicate-name", "duplicate-pod", "parser-refused", "not-compared"];

/// The findings of a policy that stands alone in `web.toml`.
fn findings(text: &str) -> Findings {
    let read = |path: &Path| {
        if path == Path::new("web.toml") {
            Ok(File { id: PathBuf::from("web.toml"), text: text.to_owned() })
        } else {
            Err(ReadError { wrong: "does not exist".to_owned(), help: None })
        }
    };
    let mut loaded = policy::load(Path::new("web.toml"), &read);
    if let Some(policy) = loaded.policy.take()
        && let Some(checked) = check::check(&policy, &Options::default(), &mut loaded.findings)
    {
        let ruleset = ruleset::typed(&lower::lower(&checked), checked.mode.value, &|_: &str| None);
        let tested = expect::ask(&checked.expectations, &ruleset);
        codes::of_test(&tested, &ruleset, true, &mut loaded.findings);
    }
    loaded.findings
}

fn has(found: &Findings, code: &Code) -> bool {
    found.iter().any(|finding| finding.code.name == code.name)
}

#[test]
fn the_bad_example_has_the_finding_and_the_good_one_has_not() {
    for code in codes::all().filter(|code| !TOLD_IN_WORDS.contains(&code.name)) {
        let bad = findings(code.bad);
        let names: Vec<&str> = bad.iter().map(|f| f.code.name).collect();
        assert!(has(&bad, code), "the bad example of {} has {names:?}", code.name);
        let good = findings(code.good);
        let names: Vec<&str> = good.iter().map(|f| f.code.name).collect();
        assert!(!has(&good, code), "the good example of {} has it too", code.name);
        assert!(!good.has_errors(), "the good example of {} has errors: {names:?}", code.name);
    }
}

#[test]
fn a_place_is_shown_with_a_word_on_why() {
    for code in codes::all() {
        for finding in findings(code.bad).iter() {
            let silent = finding.others.iter().find(|other| other.text.is_empty());
            assert!(silent.is_none(), "{}: {finding:?}", code.name);
        }
    }
}

#[test]
fn names_are_kebab_case_and_unique_and_explained() {
    let mut names = BTreeSet::new();
    for code in codes::all() {
        assert!(names.insert(code.name), "{} stands twice", code.name);
        assert!(code.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", code.name);
        assert!(code.explanation.len() > 60 && code.explanation.ends_with('.'), "{}", code.name);
        assert!(!code.summary.ends_with('.') && !code.summary.is_empty(), "{}", code.name);
    }
}

#[test]
fn each_lint_has_a_file_and_a_golden_case_of_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for code in codes::all() {
        let file = format!("{}.rs", code.name.replace('-', "_"));
        let rooms = ["src/check/lints", "src/policy/codes", "src/cli/codes"];
        assert!(rooms.iter().any(|room| root.join(room).join(&file).is_file()), "{file} is missing");
        let shown = ["check", "render", "test"].iter().any(|verb| {
            let want = root.join("golden").join(verb).join(code.name).join("want");
            ["stdout", "stderr"]
                .iter()
                .filter_map(|stream| fs::read_to_string(want.join(stream)).ok())
                .any(|text| text.contains(&format!("[{}]", code.name)))
        });
        assert!(shown, "no golden case shows {}", code.name);
    }
}
