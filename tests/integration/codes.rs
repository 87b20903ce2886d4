//! Every kind of finding has what it needs: an explanation whose examples are true, and a golden case.

use crate::support::trial::alone;
use aapol::ask::expect;
use aapol::cli::codes;
use aapol::diag::{Code, Findings};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Their examples need more than one policy, a parser, or thousands of lines.
const TOLD_IN_WORDS: [&str; 14] = [
    "case-collision",
    "duplicate-name",
    "duplicate-pod",
    "parser-refused",
    "not-compared",
    // These are about a log.
    "against-policy",
    "not-learned",
    "refused-capability",
    "refused-device",
    "refused-operation",
    "refused-program",
    "refused-secret",
    "refused-socket",
    "refused-system-file",
];

/// The findings of a policy that stands alone in `web.toml`, those of its expectations among them.
fn findings(text: &str) -> Findings {
    let mut analysis = alone(text);
    if let Some(ruleset) = analysis.ruleset(&|_: &str| None) {
        let mut findings = std::mem::take(&mut analysis.findings);
        codes::of_test(&expect::ask(analysis.expectations(), &ruleset), &ruleset, true, &mut findings);
        return findings;
    }
    analysis.findings
}

fn has(found: &Findings, code: &Code) -> bool {
    found.iter().any(|finding| finding.code.name == code.name)
}

#[test]
fn the_bad_example_has_the_finding_and_the_good_one_has_not() {
    for code in codes::all().filter(|code| !TOLD_IN_WORDS.contains(&code.name)) {
        let bad = findings(code.bad());
        let names: Vec<&str> = bad.iter().map(|f| f.code.name).collect();
        assert!(has(&bad, code), "the bad example of {} has {names:?}", code.name);
        let good = findings(code.good());
        let names: Vec<&str> = good.iter().map(|f| f.code.name).collect();
        assert!(!has(&good, code), "the good example of {} has it too", code.name);
        assert!(!good.has_errors(), "the good example of {} has errors: {names:?}", code.name);
    }
}

#[test]
fn a_place_is_shown_with_a_word_on_why() {
    for code in codes::all() {
        for finding in findings(code.bad()).iter() {
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
        let (summary, explanation) = (code.summary(), code.explanation());
        assert!(explanation.len() > 60 && explanation.ends_with('.'), "{}", code.name);
        assert!(!summary.ends_with('.') && !summary.is_empty(), "{}", code.name);
    }
}

/// What is read of a document is all that stands in it: nothing is misspelled, out of order or left over.
#[test]
fn a_document_has_its_form() {
    for code in codes::all() {
        let example = |title: &str, text: &str| format!("\n## {title}\n\n```toml\n{text}```\n");
        let mut wanted = format!("# {}: {}\n\n{}\n", code.name, code.summary(), code.explanation());
        if !TOLD_IN_WORDS.contains(&code.name) || !code.bad().is_empty() {
            wanted.push_str(&example("Bad", code.bad()));
        }
        wanted.push_str(&example("Good", code.good()));
        let words = |text: &str| text.split([' ', '\n']).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(code.document), words(&wanted), "{}", code.name);
        assert!(!code.good().is_empty(), "{}", code.name);
        assert!(code.document.lines().all(|line| line.chars().count() <= 120), "{}", code.name);
    }
}

/// The names of what lies in some folders, without their endings.
fn stems(folders: &[&str]) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn codes_and_files_and_documents_are_the_same_ones() {
    let names: BTreeSet<String> = codes::all().map(|code| code.name.to_owned()).collect();
    let files = stems(&["src/check/lints", "src/policy/codes", "src/cli/codes", "src/learn/refusal"]);
    let files: BTreeSet<String> = files.iter().map(|file| file.replace('_', "-")).collect();
    let strays: Vec<&String> = files.symmetric_difference(&names).collect();
    assert!(strays.is_empty(), "these have a file and are in no table, or the other way about: {strays:?}");
    let documents = stems(&["docs/findings"]);
    let strays: Vec<&String> = documents.symmetric_difference(&names).collect();
    assert!(strays.is_empty(), "these have a document and no code, or the other way about: {strays:?}");
}

#[test]
fn each_code_has_a_golden_case_of_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for code in codes::all() {
        let shown = ["check", "render", "test", "learn"].iter().any(|verb| {
            let want = root.join("golden").join(verb).join(code.name).join("want");
            ["stdout", "stderr"]
                .iter()
                .filter_map(|stream| fs::read_to_string(want.join(stream)).ok())
                .any(|text| text.contains(&format!("[{}]", code.name)))
        });
        assert!(shown, "no golden case shows {}", code.name);
    }
}
