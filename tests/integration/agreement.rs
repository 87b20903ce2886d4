//! The schema and the program agree: what the schema refuses, `check` refuses; what `check` refuses for its
//! form alone, the schema refuses. And the schema as editors get it means what the plain one means.

use crate::support::leaves::{Leaf, leaves, policy_with};
use crate::support::policies::policies_below;
use crate::support::sketch::sketch;
use crate::support::trial::Trial;
use aapol::cli::codes;
use aapol::diag::{Finding, Severity};
use aapol::policy::quoted;
use aapol::schema::{raw, schema};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value as Json;
use std::sync::OnceLock;

/// What no schema can say: a code, a part of the message where only some of its findings are meant, and why.
const BEYOND: &[(&str, &str, &str)] = &[
    ("advisory-exec-denial", "", "it takes two keys"),
    ("alias-glob", "", "a pattern's meaning"),
    ("capability-not-known", "", "it takes two keys"),
    ("contradicted-grant", "", "it takes two entries"),
    ("covered-entry", "", "it takes two entries"),
    ("dead-grant", "", "it takes two entries"),
    ("extends-cycle", "", "it takes other files"),
    ("init-order", "", "it takes all containers"),
    ("invalid-glob", "", "braces and brackets nest, and escapes hide them"),
    (
        "invalid-kubernetes-name",
        "the object's name",
        "how long it may be, and whether it has dots, follows from the kind",
    ),
    ("invalid-limit", "out of range", "a sum: the number times its unit"),
    ("invalid-mount", "where nothing is mounted", "it takes two keys"),
    ("invalid-mount", "two volumes are mounted", "it takes two keys"),
    ("invalid-raw-rule", "holds a comment", "quotes hide it"),
    ("invalid-raw-rule", "opens a block", "quotes hide it"),
    ("invalid-raw-rule", "closes a block", "braces nest"),
    ("invalid-raw-rule", "is more than one rule", "quotes and braces hide commas"),
    ("invalid-raw-rule", "inside braces", "braces nest"),
    ("invalid-raw-rule", "does not end where its comma is", "braces nest"),
    ("invalid-schedule", "cannot be the", "ranges of numbers, which a pattern would make unreadable"),
    ("invalid-toml", "", "a schema sees only what was parsed"),
    ("key-needs-kind", "", "it takes two keys"),
    ("kill-quiet", "", "it takes two keys, one of them from another file perhaps"),
    ("operation-not-mediated", "", "it takes two keys"),
    ("overlapping-grant", "", "it takes two entries"),
    ("remount-denial", "", "it takes two entries"),
    ("unknown-volume", "", "it takes two keys"),
    ("unreadable-policy", "", "it takes other files"),
    ("variable-refused", "", "`@{` may stand in brackets, or escaped"),
    ("volume-source", "", "a policy that it extends may give the source, or take it away"),
    ("write-inside-read-only", "", "it takes two entries"),
    ("write-only-readable", "", "it takes two keys"),
    ("wrong-type", "a date", "editors' servers take a date for a string"),
    ("wrong-type", "with a fraction", "to JSON Schema, 1.0 is a whole number"),
];

fn is_beyond(finding: &Finding) -> bool {
    BEYOND.iter().any(|(code, part, _)| *code == finding.code.name && finding.message.contains(part))
}

fn validators() -> &'static (Validator, Validator) {
    static VALIDATORS: OnceLock<(Validator, Validator)> = OnceLock::new();
    VALIDATORS.get_or_init(|| {
        let read = |schema: &Json| jsonschema::draft202012::new(schema).expect("it is a schema");
        (read(raw()), read(schema()))
    })
}

/// A policy as validators see it; none where it is no TOML.
fn json(text: &str) -> Option<Json> {
    serde_json::to_value(toml::from_str::<toml::Table>(text).ok()?).ok()
}

/// Whether the schema takes a policy, in both its shapes.
fn fits(policy: &Json) -> bool {
    let (raw, shaped) = validators();
    let fits = raw.is_valid(policy);
    assert_eq!(fits, shaped.is_valid(policy), "shaping changed what the schema takes of {policy:#}");
    fits
}

/// Holds the schema's word against `check`'s.
fn agree(text: &str, trial: &Trial) {
    let Some(policy) = json(text) else { return };
    let fits = fits(&policy);
    let errors: Vec<&Finding> = trial.findings().iter().filter(|f| f.severity == Severity::Error).collect();
    let told: Vec<String> = errors.iter().map(|f| format!("{}: {}", f.code.name, f.message)).collect();
    if !fits {
        let why: Vec<String> = validators().0.iter_errors(&policy).map(|error| error.to_string()).collect();
        assert!(!errors.is_empty(), "the schema alone refuses, for {why:?}:\n{text}");
    }
    // What a policy inherits is another file's form.
    let is_own = |finding: &Finding| finding.place.is_none_or(|place| place.start <= text.len());
    let of_form = errors.iter().any(|finding| !is_beyond(finding) && is_own(finding));
    assert!(!(fits && of_form), "`check` alone refuses, for {told:?}:\n{text}");
}

#[test]
fn they_agree_on_every_policy_in_this_repository() {
    let paths: Vec<_> = policies_below("examples").into_iter().chain(policies_below("golden")).collect();
    assert!(paths.len() > 90, "only {} policies were found", paths.len());
    for path in paths {
        // Some are not even text, and some are there to be slow.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let is_policy = json(&text).is_some_and(|policy| policy.get("name").is_some());
        if is_policy && text.len() < 10_000 {
            agree(&text, &Trial::on_disk(&path));
        }
    }
}

#[test]
fn they_agree_on_the_example_of_every_finding() {
    let mut refused = 0;
    for code in codes::all() {
        for text in [code.bad(), code.good()] {
            agree(text, &Trial::of(text));
            refused += usize::from(json(text).is_some_and(|policy| !fits(&policy)));
        }
    }
    assert!(refused > 25, "only {refused} examples are refused by the schema");
}

#[test]
fn what_no_schema_can_say_are_errors_that_exist() {
    for (code, part, _) in BEYOND {
        let known = codes::all().find(|known| known.name == *code);
        let known = known.unwrap_or_else(|| panic!("there is no {code}"));
        assert!(!part.is_empty() || known.bad().len() > 10, "{code}");
    }
}

/// Every type that a value can have, as TOML.
const KINDS: &[&str] = &["true", "7", "1.5", "\"x\"", "[]", "[[]]", "[{}]", "{}", "[7]", "[true]", "[\"x\"]"];

#[test]
fn they_agree_on_values_of_every_type() {
    for leaf in leaves() {
        for kind in KINDS {
            let text = policy_with(&leaf, kind);
            agree(&text, &Trial::of(&text));
        }
    }
}

#[test]
fn they_agree_on_keys_that_are_not_there_and_keys_left_out() {
    let mut tables: Vec<Vec<String>> = leaves().into_iter().map(|leaf| leaf.path).collect();
    tables.iter_mut().for_each(|path| {
        path.pop();
    });
    tables.dedup();
    for table in tables.into_iter().filter(|table| !table.iter().any(|part| part == "[]")) {
        let leaf = Leaf { path: [table, vec!["append".to_owned()]].concat(), seeds: Vec::new() };
        for value in ["\"x\"", "{}"] {
            let text = policy_with(&leaf, value);
            agree(&text, &Trial::of(&text));
        }
    }
    agree("", &Trial::of(""));
    agree("[pod]\n", &Trial::of("[pod]\n"));
}

/// Values that may have a greatest length: what stands before and behind the part that may, and how long it is.
const LONGEST: &[(&str, &str, usize, &str)] = &[
    ("name", "", 200, ""),
    ("abstractions.[]", "", 200, ""),
    ("limits.nofile", "", 19, ""),
    ("pod.name", "", 253, ""),
    ("pod.namespace", "", 63, ""),
    ("pod.labels.@", "", 63, ""),
    ("pod.labels.@", "", 253, "/x"),
    ("pod.labels.*", "", 63, ""),
    ("pod.seccomp", "localhost/", 1024, ""),
    ("pod.volumes.@", "", 63, ""),
    ("pod.volumes.*.secret", "", 253, ""),
    ("pod.containers.@", "", 63, ""),
    ("pod.containers.*.image", "", 1022, ":x"),
    ("pod.containers.*.image", "x:", 128, ""),
    ("pod.containers.*.env-from-secret.[]", "", 253, ""),
    ("pod.containers.*.profile", "localhost/", 4095, ""),
];

#[test]
fn they_agree_on_the_greatest_lengths() {
    for (path, before, longest, behind) in LONGEST {
        let leaf = Leaf { path: path.split('.').map(str::to_owned).collect(), seeds: Vec::new() };
        for (length, expected) in [(*longest, true), (longest + 1, false)] {
            let value = format!("{before}{}{behind}", "1".repeat(length));
            let text = policy_with(&leaf, &quoted(&value));
            agree(&text, &Trial::of(&text));
            assert_eq!(fits(&json(&text).expect("it is TOML")), expected, "{text}");
        }
    }
}

/// Characters that a pattern may take or refuse.
const TELLING: &[char] = &[
    ' ', '/', '.', ':', '@', '-', '_', '*', '?', '[', ']', '{', '}', '\\', '^', ',', '<', '#', '"', '!', 'a',
    'Z', '0', '9', '~', '\n', '\t', '\u{7f}', '\u{85}', '\u{a0}', '\u{200b}', '\u{202e}', '\u{feff}',
    '\u{fffe}', 'é', '🦀',
];

/// A text with some changes.
fn spoiled(text: &str, changes: &[(u8, prop::sample::Index, char)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (what, at, with) in changes {
        let at = at.index(characters.len() + 1);
        match what {
            0 => characters.insert(at, *with),
            1 if at < characters.len() => characters[at] = *with,
            2 if at < characters.len() => {
                characters.remove(at);
            }
            _ => {}
        }
    }
    characters.into_iter().collect()
}

const NUMBERS: &[i64] =
    &[i64::MIN, -1, 0, 1, 2, 1023, 65_535, 65_536, 2_147_483_647, 2_147_483_648, i64::MAX];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6000) })]

    #[test]
    fn they_agree_on_spoiled_values(
        leaf in prop::sample::select(leaves()),
        seed in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (0u8..3, any::<prop::sample::Index>(), prop::sample::select(TELLING)), 0..4),
    ) {
        let value = if leaf.seeds.is_empty() {
            NUMBERS[seed.index(NUMBERS.len())].to_string()
        } else {
            quoted(&spoiled(&leaf.seeds[seed.index(leaf.seeds.len())], &changes))
        };
        let text = policy_with(&leaf, &value);
        agree(&text, &Trial::of(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn they_agree_on_whole_policies(sketch in sketch()) {
        let text = sketch.toml();
        agree(&text, &Trial::of(&text));
    }
}
