//! Policies at random: what is taken renders to what the real readers take, no value becomes more than a
//! value, the order of keys decides nothing, and no text makes the program panic.

use crate::support::entries::entries;
use crate::support::law;
use crate::support::manifest::{all_leaves, shape, spec, typed, yaml};
use crate::support::nasty::{as_path, odd_name, text};
use crate::support::parser::Parser;
use crate::support::policies::policies_below;
use crate::support::sketch::{Sketch, Value, sketch};
use crate::support::trial::Trial;
use aapol::check::codes;
use aapol::diag::{self, Finding, Place, Report, github, human, sarif};
use aapol::editor::session::Session;
use aapol::policy::edit::{Change, Edit};
use aapol::policy::{ReadError, quoted};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value as Json, json};
use std::sync::OnceLock;

/// Every text of the policy's containers is in the manifest, as it is in the policy.
fn arrives(sketch: &Sketch, manifest: &Json) {
    let spec = spec(manifest);
    for (name, list) in [("web", "containers"), ("first", "initContainers")] {
        let table = format!("pod.containers.{name}");
        let called = |container: &&Json| container["name"] == name;
        let Some(container) = spec[list].as_array().and_then(|all| all.iter().find(called)) else { continue };
        for key in ["command", "args"] {
            if let Some(Value::Texts(texts)) = sketch.value(&table, key) {
                assert_eq!(container[key], Json::from(texts.clone()), "{key}");
            }
        }
        if let Some(Value::Map(pairs)) = sketch.value(&table, "env") {
            let env = container["env"].as_array().expect("the variables are there");
            let arrived: Vec<(&str, &str)> = env
                .iter()
                .filter_map(|variable| Some((variable["name"].as_str()?, variable["value"].as_str()?)))
                .collect();
            let written: Vec<(&str, &str)> =
                pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(arrived, written);
        }
    }
    if let Some(Value::Map(labels)) = sketch.value("pod", "labels") {
        for (key, value) in labels {
            assert_eq!(manifest["metadata"]["labels"][key], Json::from(value.as_str()), "{key}");
        }
    }
}

/// The lines of a profile that are rules, the `abi` line and includes left out.
fn rules(profile: &str) -> usize {
    let lines = profile.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.filter(|line| line.ends_with(',') && !line.starts_with("abi ")).count()
}

/// The findings can be shown in every form, and point into the text.
fn shows(trial: &Trial) {
    let ends: usize = trial.sources().iter().map(|source| source.text.len() + 1).sum();
    let inside = |place: &Place| {
        assert!(place.start <= place.end && place.end < ends.max(1), "{place:?} of {ends}");
        let (source, range) = trial.sources().locate(*place).expect("every place is in a file");
        assert!(source.text.get(range).is_some(), "{place:?} cuts a character");
    };
    for finding in trial.findings().iter() {
        finding.place.iter().for_each(inside);
        finding.others.iter().for_each(|label| inside(&label.place));
        finding.fix.iter().for_each(|fix| inside(&fix.place));
        assert!(!finding.message.contains('\n'), "one line: {}", finding.message);
        human::write(finding, trial.sources(), true);
    }
    let reports: Vec<Report> =
        trial.findings().iter().map(|finding| Report::new(finding, trial.fixes(), trial.sources())).collect();
    let codes: Vec<_> = codes().collect();
    for document in [diag::json::write(&reports), sarif::write(&reports, &codes)] {
        serde_json::from_str::<Json>(&document).expect("it is JSON");
    }
    let lines = github::write(&reports);
    let guilty = |finding: &Finding| finding.others.iter().filter(|label| label.is_guilty).count();
    let places: usize = trial.findings().iter().map(|finding| 1 + guilty(finding)).sum();
    assert_eq!(lines.lines().count(), places, "a command a line");
}

/// The texts of examples and golden cases, to be spoiled.
fn known_texts() -> &'static [String] {
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let paths = policies_below("examples").into_iter().chain(policies_below("golden"));
        let texts = paths.filter_map(|path| std::fs::read_to_string(path).ok());
        // One is there to be slow.
        texts.filter(|text| text.len() < 10_000).collect()
    })
}

const FRAGMENTS: &[&str] = &[
    "name = \"web\"\n",
    "name",
    " = ",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    "\n",
    "\r\n",
    "\\",
    "#",
    "=",
    "[filesystem]\n",
    "[pod.containers.web]\n",
    "[pod.containers.\"\"]\n",
    "deny = [",
    "\"/etc/**\"",
    "\"/{a,\"",
    "true",
    "-1",
    "99999999999999999999",
    "1.5",
    "2001-01-01",
    "\\u0000",
    "\\ud800",
    "\u{0}",
    "\u{feff}",
    "é",
    "語",
    "\u{202e}",
    "extends = [\"policy.toml\"]\n",
    "silence = [\"\"]\n",
    "a.b.c = 1\n",
    "name = 1\n",
    "env = { A = 1 }\n",
    "\t",
];

fn random_text() -> impl Strategy<Value = String> {
    let fragments = prop::collection::vec(select(FRAGMENTS), 0..20).prop_map(|parts| parts.concat());
    let insertion = prop_oneof![select(FRAGMENTS).prop_map(str::to_owned), text(), any::<String>()];
    let spoiled =
        (any::<Index>(), any::<Index>(), 0..12usize, insertion).prop_map(|(which, at, cut, insertion)| {
            let text: Vec<char> = which.get(known_texts()).chars().collect();
            let from = at.index(text.len() + 1);
            let to = (from + cut).min(text.len());
            text[..from].iter().copied().chain(insertion.chars()).chain(text[to..].iter().copied()).collect()
        });
    prop_oneof![1 => any::<String>(), 2 => fragments, 5 => spoiled]
}

/// A place for one value: the policy around it, and a harmless value of the same kind.
const HOLES: &[(&str, &str)] = &[
    ("name = 'web'\n[pod.containers.web]\nimage = 'a:1'\nenv = { A = @, B = 'b' }\n", "a"),
    ("name = 'web'\n[pod.containers.web]\nimage = 'a:1'\nargs = ['-c', @, 'b']\n", "a"),
    ("name = 'web'\n[pod.containers.web]\nimage = 'a:1'\ncommand = [@]\n", "a"),
    ("name = 'web'\ndescription = @\n", "a"),
    (
        "name = 'web'\n[pod]\nkind = 'CronJob'\nschedule = '0 3 * * *'\n[pod.containers.web]\nargs = [@]\n",
        "a",
    ),
    ("name = 'web'\n[pod]\nkind = 'Job'\n[pod.containers.web]\nenv = { A = @ }\n", "a"),
    ("name = 'web'\n[pod]\nlabels = { a = @ }\n", "a"),
    ("name = 'web'\n[pod]\nseccomp = @\n", "localhost/a"),
    ("name = 'web'\n[pod]\nnamespace = @\n", "a"),
    ("name = 'web'\n[pod.containers.web]\n[pod.containers.b]\nprofile = @\n", "localhost/a"),
    ("name = 'web'\n[pod.containers.web]\nimage = @\n", "a:1"),
    ("name = 'web'\n[pod.volumes.a]\nhost-path = @\n[pod.containers.web]\nmounts = { '/b' = 'a' }\n", "/a"),
    ("name = 'web'\n[pod.volumes.a]\nclaim = @\n[pod.containers.web]\nmounts = { '/b' = 'a' }\n", "a"),
    ("name = 'web'\n[pod.volumes.a]\nclaim = 'a'\n[pod.containers.web]\nmounts = { @ = 'a' }\n", "/a"),
    (
        "name = 'web'\n[pod.volumes.a]\nclaim = 'a'\n[pod.containers.web]\nmounts = { '/b' = 'a' }\n\
         sub-path = { '/b' = @ }\n",
        "a",
    ),
    ("name = 'web'\n[filesystem]\nread-only = [@]\n", "/a"),
    ("name = 'web'\n[filesystem]\nread-write = [@]\n", "/a"),
    ("name = 'web'\n[filesystem]\ndeny = [@]\n", "/a"),
    ("name = 'web'\n[exec]\nallow = [@]\n", "/a"),
    ("name = 'web'\n[exec]\ndeny = [@]\n", "/a"),
    ("name = 'web'\n[limits]\nnofile = @\n", "1"),
    ("name = 'web'\nabstractions = [@]\n", "base"),
    ("name = 'web'\nraw-rules = [@]\n", "/a r,"),
];

/// Something to put there: any text, or one that looks like what belongs there.
fn filling() -> impl Strategy<Value = ((&'static str, &'static str), String)> {
    let start = select(&["", "", "/", "localhost/", "a:", "/a/"][..]);
    let end = select(&["", "", "", ",", " r,", "/"][..]);
    (select(HOLES), start, prop_oneof![text(), odd_name()], end)
        .prop_map(|(hole, start, text, end)| (hole, format!("{start}{text}{end}")))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_global_rejects: 1 << 20, ..ProptestConfig::default() })]

    #[test]
    fn what_is_taken_is_taken_by_the_real_readers(sketch in sketch()) {
        let trial = Trial::of(&sketch.toml());
        shows(&trial);
        let Some(files) = &trial.rendered else { return Ok(()) };
        prop_assert_eq!(rules(&files.profile), trial.rules(), "{}", files.profile);
        if let Some(parser) = Parser::find().filter(|parser| parser.knows(trial.abi())) {
            let compiled = parser.compile(&files.profile, trial.abi());
            prop_assert!(compiled.is_ok(), "{:?}\n{}", compiled, files.profile);
        }
        let manifest = yaml(&files.pod);
        let known = all_leaves(&typed(&manifest));
        let lost: Vec<_> = all_leaves(&manifest).difference(&known).cloned().collect();
        prop_assert!(lost.is_empty(), "Kubernetes does not have {:?}", lost);
        arrives(&sketch, &manifest);
    }

    #[test]
    fn no_value_becomes_more_than_a_value(((around, harmless), value) in filling()) {
        let plain = Trial::of(&around.replace('@', &quoted(harmless)));
        let trial = Trial::of(&around.replace('@', &quoted(&value)));
        shows(&trial);
        let (Some(files), plain) = (&trial.rendered, plain.files()) else { return Ok(()) };
        prop_assert_eq!(shape(&files.pod), shape(&plain.pod), "{}", files.pod);
        prop_assert_eq!(rules(&files.profile), rules(&plain.profile), "{}", files.profile);
    }

    #[test]
    fn a_name_on_disk_is_one_path(name in odd_name(), folder in any::<bool>()) {
        let Some(parser) = Parser::find() else { return Ok(()) };
        let end = if folder { "/" } else { "" };
        let written = quoted(&format!("/srv/{}{end}", as_path(&name)));
        let trial = Trial::of(&format!("name = 'web'\nbaseline = 'none'\nfilesystem.read-only = [{written}]\n"));
        let numbers: String = name.bytes().map(|byte| format!("\\{byte:03o}")).collect();
        let end = if folder { "/{,**}" } else { "" };
        let flags = "flags=(attach_disconnected,mediate_deleted)";
        let by_hand = format!("abi <abi/3.0>,\nprofile web {flags} {{\n  /srv/{numbers}{end} rk,\n}}\n");
        let meant = parser.compile(&by_hand, "3.0");
        prop_assert!(meant.is_ok(), "{:?}", meant);
        prop_assert!(parser.compile(&trial.files().profile, "3.0") == meant, "{}", trial.files().profile);
    }

    #[test]
    fn the_order_of_keys_decides_nothing((one, other) in sketch().prop_flat_map(|s| (Just(s.clone()), s.shuffled()))) {
        let (one, other) = (Trial::of(&one.toml()), Trial::of(&other.toml()));
        prop_assert_eq!(&one.rendered, &other.rendered);
        let sorted = |trial: &Trial| { let mut codes = trial.codes(); codes.sort_unstable(); codes };
        prop_assert_eq!(sorted(&one), sorted(&other));
    }

    #[test]
    fn no_entry_changes_nothing_in_silence(sketch in sketch(), which in any::<Index>()) {
        let text = sketch.toml();
        let full = Trial::of(&text);
        // What raw rules grant is not known, so neither is what a denial takes from it.
        prop_assume!(full.rendered.is_some() && sketch.value("", "raw-rules").is_none());
        let all = entries(&text);
        let entry = which.get(&all);
        prop_assume!(!law::is_exempt(entry, &all));
        let without = Trial::of(&entry.taken_out(&text));
        let whole = law::Whole::new(&full, Trial::of(&law::loud(&text)));
        prop_assert!(whole.misses(&without, entry), "{} {}", entry.name(), entry.text);
    }

    #[test]
    fn what_is_said_to_be_superfluous_is(sketch in sketch()) {
        if Parser::find().is_some_and(|parser| !parser.is_canonical()) {
            return Ok(());
        }
        let text = sketch.toml();
        let full = Trial::of(&text);
        prop_assume!(full.rendered.is_some());
        for entry in entries(&text) {
            let place = Place::new(entry.range.start, entry.range.end);
            let is_said = full.findings().iter().any(|finding| {
                ["covered-entry", "repeated-entry"].contains(&finding.code.name) && finding.place == Some(place)
            });
            // A negated class takes the byte NUL as well, which no path holds, and so compiles to more.
            if is_said && !entry.text.contains("[^") {
                let without = Trial::of(&entry.taken_out(&text));
                prop_assert!(law::effect(&full) == law::effect(&without), "{} {}", entry.name(), entry.text);
            }
        }
    }

    #[test]
    fn all_that_is_superfluous_can_be_taken_out_at_once(sketch in sketch()) {
        if Parser::find().is_some_and(|parser| !parser.is_canonical()) {
            return Ok(());
        }
        let text = sketch.toml();
        let full = Trial::of(&text);
        prop_assume!(full.rendered.is_some() && !text.contains("[^"));
        let fixes = full.fixes().iter().map(|settled| &settled.fix);
        let taken = fixes.filter(|fix| fix.value.is_none());
        let changes: Vec<Change> = taken.map(|fix| Change::Remove { at: fix.place }).collect();
        let edit = Edit::new(full.sources().iter().next().expect("there is one"), &changes);
        let fixed = Trial::of(&edit.expect("entries can be taken out").apply(&text));
        prop_assert!(fixed.rendered.is_some(), "{:?}", fixed.errors());
        prop_assert!(law::effect(&full) == law::effect(&fixed));
    }

    #[test]
    fn no_text_makes_it_panic(text in random_text()) {
        let trial = Trial::of(&text);
        shows(&trial);
        if let Some(files) = &trial.rendered {
            yaml(&files.pod);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_an_editors_session(
        texts in prop::collection::vec(random_text(), 1..4),
        places in prop::collection::vec((any::<u16>(), any::<u16>()), 1..8),
        utf8 in any::<bool>(),
    ) {
        let nothing = |_: &std::path::Path| Err(ReadError { wrong: "does not exist".to_owned(), help: None });
        let mut session = Session::new(&nothing);
        let encoding = if utf8 { "utf-8" } else { "utf-16" };
        let offered = json!({ "capabilities": { "general": { "positionEncodings": [encoding] } } });
        session.request("initialize", offered).expect("it is the first request");
        let document = json!({ "uri": "file:///srv/policy.toml", "version": 0 });
        let opened = json!({ "textDocument": { "uri": document["uri"], "version": 0, "text": "" } });
        session.notify("textDocument/didOpen", opened).unwrap();
        for text in texts {
            let ends: Vec<usize> = text.split('\n').map(|line| line.encode_utf16().count()).collect();
            let changed = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
            session.notify("textDocument/didChange", changed).unwrap();
            for (line, character) in &places {
                // Most places are in the text.
                let line = usize::from(*line) % (ends.len() + 1);
                let length = ends.get(line).copied().unwrap_or(0);
                let place = json!({ "line": line, "character": usize::from(*character) % (length + 2) });
                let asked = json!({ "textDocument": document, "position": place, "context": { "diagnostics": [] },
                    "range": { "start": place, "end": place } });
                for method in ["hover", "completion", "codeAction"] {
                    let answer = session.request(&format!("textDocument/{method}"), asked.clone());
                    prop_assert!(answer.is_ok(), "{method} at {place}: {answer:?}");
                }
            }
            session.settle();
        }
    }
}

/// What the tests above found, so that it is tried each time.
const FOUND: &[&str] = &[
    "name = 'web'\n[filesystem]\nread-only = ['/[é']\n",
    "name = 'web'\n[filesystem]\nread-only = ['/[é]', '/[a-é]', '/{é', '/é}', '/\\é\\']\n",
    "name = 'web'\n[limits]\nnofile = \"a\\nb\"\n",
    "name = 'web'\n[pod]\nnamespace = \"a\\nb\"\n",
    "name = 'web'\n[capabilities]\nallow = [\"a\\nb\"]\n",
    "name = 'web'\n\"a\\nb\" = 1\n",
    "name = 'web'\ndescription = \"\\uFFFE\"\n",
    "name = 'web'\n[pod.containers.web]\nargs = [\"\\uFFFE\", \"a\\n\\uFFFF\"]\n",
];

#[test]
fn what_was_found_once_is_shown_and_read() {
    for policy in FOUND {
        let trial = Trial::of(policy);
        shows(&trial);
        if let Some(files) = &trial.rendered {
            yaml(&files.pod);
        }
    }
}
