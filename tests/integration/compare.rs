//! What two policies differ in: each witness is allowed by the one and not by the other, and where nothing is said to
//! differ, nothing does.

use crate::support::hard_globs::{Dice, path, pattern};
use crate::support::policies::policies_below;
use crate::support::sketch;
use crate::support::trial::Trial;
use aapol::ask::Matter;
use aapol::ask::compare::compare;
use aapol::ask::{Ruleset, Verdict, ruleset};
use aapol::kernel::request::{Contact, FileVerb};
use aapol::kernel::{Access, Glob, Request};
use aapol::rules::reader;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

fn asked(trial: &Trial) -> Option<Ruleset> {
    trial.ruleset().filter(|_| !trial.is_abstract())
}

fn of_text(text: &str) -> Ruleset {
    let profiles = reader::profiles(text, &|_| None).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    let Some(profile) = profiles.into_iter().next() else { panic!("{text}") };
    let ruleset = ruleset::written(profile);
    assert!(ruleset.unread().is_empty(), "{text}{:?}", ruleset.unread());
    ruleset
}

fn allows(ruleset: &Ruleset, request: &Request) -> bool {
    ruleset.decide(request, &mut ruleset.scratch()).verdict == Verdict::Allowed
}

/// Each access by the verb that needs it alone.
const VERBS: [(Access, FileVerb); 3] =
    [(Access::READ, FileVerb::Read), (Access::WRITE, FileVerb::Write), (Access::EXEC, FileVerb::Exec)];

/// Every witness shows what it is there for.
fn witnesses_hold(before: &Ruleset, after: &Ruleset, place: &str) -> usize {
    let found = compare(before, after);
    for one in &found {
        let (more, less) = if one.gained { (after, before) } else { (before, after) };
        let hold = |request: &Request| {
            assert!(allows(more, request), "{place}: {request} is not allowed: {one:?}");
            assert!(!allows(less, request), "{place}: {request} is allowed on both sides: {one:?}");
        };
        match &one.what {
            Matter::Files { access, owner: false, witness, .. } => {
                for (_, verb) in VERBS.iter().filter(|(bit, _)| access.contains(*bit)) {
                    hold(&Request::File(*verb, witness.clone()));
                }
            }
            Matter::Processes { contacts, witness } => {
                let Ok(peer) = String::from_utf8(witness.clone()) else { continue };
                // Its own name stands for another one on each side; and a signal may be one of those that a rule names.
                let is_plain = |contact: &Contact| {
                    !peer.contains("this-profile")
                        && !matches!(contact, Contact::SignalSend | Contact::SignalReceive)
                };
                for contact in contacts.all().filter(is_plain) {
                    hold(&Request::Process { contact, signal: None, peer: peer.clone() });
                }
            }
            Matter::Asked(requests) => requests.iter().for_each(hold),
            Matter::Files { owner: true, .. }
            | Matter::Limit { .. }
            | Matter::Flag(_)
            | Matter::Mode { .. }
            | Matter::WithoutAbi
            | Matter::Unread(_)
            | Matter::Exhausted => {}
        }
    }
    found.len()
}

/// Where nothing differs about files, no path near the rules is decided about differently.
fn files_agree(one: &Ruleset, other: &Ruleset, dice: &mut Dice, place: &str) -> usize {
    let globs =
        [one, other].into_iter().flat_map(|ruleset| ruleset.held()).filter_map(|held| held.rule.paths());
    let mut count = 0;
    for glob in globs {
        for _ in 0..6 {
            let path = path(dice, glob.parts());
            // Only what can be a path: the walk knows no others.
            let is_path = path.starts_with(b"/")
                && !path.contains(&0)
                && !path.windows(2).any(|two| two == b"//")
                && !path.split(|byte| *byte == b'/').any(|part| part == b"." || part == b"..");
            if !is_path {
                continue;
            }
            for verb in FileVerb::ALL {
                let request = Request::File(verb, path.clone());
                assert_eq!(allows(one, &request), allows(other, &request), "{place}: {request}");
                count += 1;
            }
        }
    }
    count
}

fn has_files(before: &Ruleset, after: &Ruleset) -> bool {
    compare(before, after).iter().any(|one| matches!(one.what, Matter::Files { .. } | Matter::Exhausted))
}

#[test]
fn a_policy_allows_what_its_rendered_profile_allows() {
    let mut count = 0;
    for file in policies_below("examples").into_iter().chain(policies_below("golden")) {
        let trial = Trial::on_disk(&file);
        let (Some(typed), Some(rendered)) = (asked(&trial), &trial.rendered) else { continue };
        // What no file is found for is on both sides, and what cannot be parsed is compared by its text.
        if typed.unread().is_empty() {
            let written = of_text(&rendered.profile);
            let found = compare(&typed, &written);
            assert!(found.is_empty(), "{}: {found:?}", file.display());
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}

#[test]
fn random_policies_differ_by_what_is_shown() {
    let mut runner = TestRunner::deterministic();
    let mut all: Vec<(String, Ruleset)> = Vec::new();
    for _ in 0..120 {
        let tree = sketch::sketch().new_tree(&mut runner).unwrap_or_else(|reason| panic!("{reason}"));
        let text = tree.current().toml();
        let ruleset = asked(&Trial::of(&text)).filter(|ruleset| ruleset.unread().is_empty());
        all.extend(ruleset.map(|ruleset| (text, ruleset)));
    }
    let mut differences = 0;
    for pair in all.windows(2) {
        let ((text, before), (_, after)) = (&pair[0], &pair[1]);
        assert!(compare(before, before).is_empty(), "{text}");
        differences += witnesses_hold(before, after, text);
    }
    assert!(differences > 300, "{differences}");
}

#[test]
fn hard_patterns_differ_by_what_is_shown_and_nothing_else() {
    let dice = &mut Dice::new(8);
    let (mut differences, mut same, mut agreed) = (0, 0, 0);
    for number in 0..150 {
        let globs = std::iter::repeat_with(|| Glob::parse(&pattern(dice)).ok()).flatten();
        let globs: Vec<Glob> = globs.take(6).collect();
        let rule = |glob: &Glob, number: usize| {
            let access = ["r,", "rw,", "mrix,"][number % 3];
            let deny = if number == 4 { "deny " } else { "" };
            let access = if number == 4 { "w," } else { access };
            format!("  {deny}{} {access}\n", aapol::rules::text::quoted(glob.text()))
        };
        let lines: Vec<String> = globs.iter().enumerate().map(|(n, glob)| rule(glob, n)).collect();
        let profile =
            |lines: &[String]| of_text(&format!("abi <abi/3.0>,\nprofile web {{\n{}}}\n", lines.concat()));
        // Without one of the rules, which may or may not be missed; and with the rules in another order.
        let (before, after) = (profile(&lines), profile(&lines[..5 - number % 2 * 2]));
        let reversed: Vec<String> = lines.iter().rev().cloned().collect();
        assert!(compare(&before, &profile(&reversed)).is_empty());
        let place = lines.concat();
        differences += witnesses_hold(&before, &after, &place);
        if !has_files(&before, &after) {
            same += 1;
            agreed += files_agree(&before, &after, dice, &place);
        }
    }
    assert!(differences > 100 && same > 2 && agreed > 100, "{differences} {same} {agreed}");
}

/// Two files may write the same, and set its variables otherwise.
#[test]
fn what_differs_by_the_value_of_a_variable_differs() {
    for rule in [
        "@{V} r,",
        "link /a -> @{V},",
        "/bin/x px -> @{V},",
        "signal send peer=@{V},",
        "unix type=stream addr=@{V},",
        "mount options=(ro) @{V} -> /mnt/,",
        "dbus send path=@{V},",
        "change_profile -> @{V},",
        "^hat { @{V} r, }",
        "^hat { if defined @{V} { /x r, } }",
        "priority=1 @{V} r,",
        "priority=1 @{W} r,",
    ] {
        let ruleset = |value: &str| {
            let text = format!("abi <abi/3.0>,\n@{{V}}={value}\n@{{W}}=@{{V}}\nprofile x {{ {rule} }}");
            let read = reader::profiles(&text, &|_| None).unwrap_or_else(|fault| panic!("{fault}: {text}"));
            ruleset::written(read[0].clone())
        };
        assert_eq!(compare(&ruleset("/one"), &ruleset("/one")), [], "{rule}");
        assert!(!compare(&ruleset("/one"), &ruleset("/two")).is_empty(), "{rule}");
    }
}
