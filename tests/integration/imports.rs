//! Profiles become policies that allow the same, or what is said: the distribution's by their compiled bytes, our own in
//! the words that they were made of, and whatever else without a panic or a policy with errors.

use crate::support::compiled::Compiled;
use crate::support::compiled::permissions::{EXEC, LINK, LOCK, MAP, READ, WRITE};
use crate::support::distribution;
use crate::support::parser::Parser;
use crate::support::policies::policies_below;
use crate::support::sketch::sketch;
use crate::support::trial::Trial;
use aapol::ask::compare::compare;
use aapol::import::{self, Imported, Original, Standing};
use aapol::kernel::{Glob, path};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn nothing(_: &str) -> Option<String> {
    None
}

/// A profile of a text, as a policy.
fn imported(text: &str) -> Imported {
    let originals = Original::of_text(text, &nothing).unwrap_or_else(|refused| panic!("{refused:?}\n{text}"));
    import::import(&originals[0], "a test", false, &nothing)
        .unwrap_or_else(|refused| panic!("{refused:?}\n{text}"))
}

/// A text cut where each of its profiles opens and closes, as distributions write them: what stands ahead, and each
/// profile's body.
fn cut(text: &str) -> (String, Vec<String>) {
    let (mut ahead, mut bodies, mut depth) = (String::new(), Vec::new(), 0usize);
    for line in text.lines() {
        let code = line.split(" #").next().unwrap_or_default().trim();
        let code = if code.starts_with('#') && !code.starts_with("#include") { "" } else { code };
        match (code.ends_with('{'), code == "}", depth) {
            (true, _, 0) => {
                bodies.push(String::new());
                depth = 1;
            }
            (false, true, 1) => depth = 0,
            (opens, closes, within) => {
                depth = within + usize::from(opens) - usize::from(closes && within > 0);
                let into = if within == 0 { &mut ahead } else { bodies.last_mut().unwrap() };
                into.push_str(line);
                into.push('\n');
            }
        }
    }
    (
        ahead
            .lines()
            .filter(|line| !line.trim_start().starts_with("abi "))
            .map(|line| format!("{line}\n"))
            .collect(),
        bodies,
    )
}

/// The same with the lines that name profiles for what is started in the order of their texts: the parser numbers these
/// profiles as they come.
fn in_order(body: &str) -> String {
    let (mut named, others): (Vec<&str>, Vec<&str>) = body.lines().partition(|line| line.contains(" -> "));
    named.sort_unstable();
    others.into_iter().chain(named).map(|line| format!("{line}\n")).collect()
}

/// The lab tries them on real kernels.
#[test]
fn what_the_lab_tries_is_what_import_makes() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    for (tried, made) in [("imported-bane", "bane-sample"), ("imported-tutorial", "tutorial")] {
        let tried = fs::read_to_string(golden.join("render").join(tried).join("policy.toml")).unwrap();
        let made = fs::read_to_string(golden.join("import").join(made).join("want/stdout")).unwrap();
        assert_eq!(tried.split("\n[expect]").next().unwrap(), made);
    }
}

/// What is known of the distribution's profiles.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    equal: usize,
    reordered: usize,
    within: usize,
}

#[test]
fn the_distribution_s_profiles_compile_to_equal_bytes_or_are_refused_by_name() {
    let Some(parser) = Parser::find().filter(|parser| parser.is_canonical()) else { return };
    let mut counts = Counts::default();
    for path in distribution::profiles() {
        let text = fs::read_to_string(&path).unwrap();
        let (ahead, bodies) = cut(&text);
        let originals = Original::of_text(&text, &distribution::file).unwrap();
        assert_eq!(originals.len(), bodies.len(), "{}", path.display());
        for (original, body) in originals.iter().zip(&bodies) {
            let name = original.name().to_owned();
            let imported = match import::import(original, "a file", true, &distribution::file) {
                Ok(imported) => imported,
                Err(refused) => {
                    assert!(refused.wrong.contains("within it"), "{name}: {}", refused.wrong);
                    counts.within += 1;
                    continue;
                }
            };
            let trial = Trial::of(&imported.text);
            let flags = original.profile.head.flags.iter();
            let modes: String = flags
                .filter(|flag| ["complain", "kill", "audit"].contains(&flag.as_str()))
                .map(|flag| format!(",{flag}"))
                .collect();
            let whole = |body: &str| {
                let head = format!(
                    "profile {} flags=(attach_disconnected,mediate_deleted{modes}) {{",
                    imported.name
                );
                format!("abi <abi/3.0>,\n{ahead}{head}\n{body}}}\n")
            };
            let ours = parser.compile_foreign(&trial.files().profile, "3.0").unwrap();
            if parser.compile_foreign(&whole(body), "3.0").unwrap() == ours {
                counts.equal += 1;
            } else {
                let other = parser.compile_foreign(&whole(&in_order(body)), "3.0").unwrap();
                assert!(other == ours, "{name} compiles to other bytes:\n{}", imported.text);
                counts.reordered += 1;
            }
        }
    }
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/import.md")).unwrap();
    for (number, what) in [
        (counts.equal, "to equal bytes"),
        (counts.reordered, "to equal bytes in another order"),
        (counts.within, "with profiles within them"),
    ] {
        assert!(docs.contains(&format!("| {what} | {number} |")), "{what}: {counts:?}");
    }
}

/// A policy that was rendered comes back: it allows the same, and its own words are found again.
fn comes_back(trial: &Trial) -> Option<Imported> {
    let rendered = trial.rendered.as_ref()?;
    let back = imported(&rendered.profile);
    let (before, after) = (trial.ruleset()?, Trial::of(&back.text).ruleset()?);
    let differences = compare(&before, &after);
    // A grant beside one of everything, for whose sake the baseline does without a denial, may stand in no rule.
    let is_lifted = |one: &&aapol::ask::Difference| one.gained || !trial.codes().contains(&"lifts-denial");
    let differences: Vec<_> = differences.iter().filter(is_lifted).collect();
    assert!(differences.is_empty(), "{differences:#?}\n{}\n{}", back.text, rendered.profile);
    let is_read = before.unread().is_empty();
    let is_same = back.report.standing == Standing::Same || trial.codes().contains(&"lifts-denial");
    assert!(!is_read || is_same, "{:#?}\n{}\n{}", back.report, back.text, rendered.profile);
    Some(back)
}

#[test]
fn our_own_profiles_come_back() {
    let mut whole = 0;
    for path in policies_below("examples").into_iter().chain(policies_below("golden/render")) {
        let trial = Trial::on_disk(&path);
        let Some(back) = comes_back(&trial) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        let has_raw =
            ["raw-rules", "abstractions", "bundles", "extends"].iter().any(|key| text.contains(key));
        if !has_raw && path.starts_with(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")) {
            let kept: Vec<&str> = back.report.raw.iter().map(|kept| kept.why.as_str()).collect();
            assert_eq!(kept, [""; 0], "{}\n{}", path.display(), back.text);
        }
        whole += 1;
    }
    assert!(whole > 40, "{whole}");
}

/// The words of a policy's lists, by section and key; paths as what they mean.
fn words_of(text: &str) -> BTreeSet<String> {
    let policy: toml::Table = text.parse().unwrap();
    let tables = policy.iter().filter_map(|(section, table)| Some((section, table.as_table()?)));
    let own = tables.filter(|(section, _)| !["pod", "expect"].contains(&section.as_str()));
    let lists = own.flat_map(|(section, table)| {
        table.iter().map(move |(key, value)| (format!("{section}.{key}"), value))
    });
    let lists = lists.chain(policy.iter().map(|(key, value)| (key.clone(), value)));
    lists
        .filter_map(|(key, value)| Some((key, value.as_array()?)))
        .flat_map(|(key, values)| {
            values.iter().filter_map(|value| value.as_str()).map(move |word| {
                let pattern = match key.as_str() {
                    "filesystem.list" => path::folder_pattern(word, false, &[]),
                    _ => path::pattern(word, &[]),
                };
                let glob = word.starts_with('/').then(|| Glob::parse(&pattern).unwrap());
                let glob = match key.as_str() {
                    "filesystem.deny" | "filesystem.deny-write" => glob.map(|glob| path::or_folder(&glob)),
                    _ => glob,
                };
                let word = glob.map_or_else(|| word.to_owned(), |glob| glob.text().to_owned());
                format!("{key} {word}")
            })
        })
        .collect()
}

/// Statements that make sense, and some that do not.
fn statement() -> impl Strategy<Value = String> {
    const PATHS: [&str; 16] = [
        "/srv/a",
        "/srv/a/",
        "/srv/**",
        "/srv/*",
        "/**",
        "/",
        "/{,**}",
        "/bin/x",
        "/usr/bin/x",
        "/run/x",
        "/proc/self/x",
        "/srv/{a,b}/**",
        "\"/srv/a b\"",
        "/srv/[a-c]*",
        "/etc/passwd",
        "/dev/null",
    ];
    const ACCESS: [&str; 16] =
        ["r", "w", "rw", "rwk", "rwlk", "mr", "rix", "ix", "m", "a", "l", "k", "rwix", "px", "mrwlkix", "wl"];
    const DENIED: [&str; 8] = ["r", "w", "x", "wl", "mx", "mrwklx", "rw", "k"];
    const OTHERS: [&str; 24] = [
        "file,",
        "network,",
        "capability,",
        "network inet stream,",
        "network raw,",
        "deny network raw,",
        "capability chown,",
        "deny capability chown,",
        "mount,",
        "deny mount,",
        "umount,",
        "remount,",
        "ptrace,",
        "signal,",
        "ptrace (read) peer=web,",
        "signal (receive) peer=unconfined,",
        "deny signal,",
        "unix,",
        "set rlimit nofile <= 10,",
        "change_profile,",
        "link /srv/a -> /srv/b,",
        "userns,",
        "all,",
        "dbus,",
    ];
    prop_oneof![
        6 => (select(&["", "owner ", "audit ", "allow "][..]), select(&PATHS[..]), select(&ACCESS[..]))
            .prop_map(|(before, path, access)| format!("{before}{path} {access},")),
        4 => (select(&["", "audit "][..]), select(&PATHS[..]), select(&DENIED[..]))
            .prop_map(|(before, path, access)| format!("{before}deny {path} {access},")),
        3 => select(&OTHERS[..]).prop_map(str::to_owned),
        1 => "[ -~]{0,20}".prop_map(|text| text.replace(['{', '}'], "")),
    ]
}

fn profile() -> impl Strategy<Value = String> {
    let flags = select(&["attach_disconnected,mediate_deleted", "complain", "audit", "kill"][..]);
    (flags, proptest::collection::vec(statement(), 0..12)).prop_map(|(flags, rules)| {
        format!("abi <abi/3.0>,\nprofile web flags=({flags}) {{\n  {}\n}}\n", rules.join("\n  "))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever stands in it: a policy without errors, that a second look finds to be what was said.
    #[test]
    fn any_profile_becomes_a_policy_or_is_refused(text in profile(), exact in any::<bool>()) {
        let Ok(originals) = Original::of_text(&text, &nothing) else { return Ok(()) };
        for original in &originals {
            let Ok(made) = import::import(original, "a test", exact, &nothing) else { continue };
            let trial = Trial::of(&made.text);
            prop_assert!(trial.errors().is_empty(), "{:?}\n{}", trial.errors(), made.text);
            if made.report.standing <= Standing::Narrower && made.report.added.is_empty() {
                let before = aapol::ask::ruleset::written(original.profile.clone());
                let after = trial.ruleset().unwrap();
                let gained: Vec<_> = compare(&before, &after)
                    .into_iter()
                    .filter(|one| one.gained && !matches!(one.what, aapol::ask::Matter::Flag(_)))
                    .collect();
                prop_assert!(gained.is_empty(), "{:#?}\n{}", gained, made.text);
            }
            prop_assert!(!exact || made.report.added.is_empty(), "{:?}\n{}", made.report.added, made.text);
        }
    }

    #[test]
    fn random_policies_come_back(sketch in sketch()) {
        let text = sketch.toml();
        let Some(back) = comes_back(&Trial::of(&text)) else { return Ok(()) };
        // The rules of a bundle may be spelled out, where some of them stand in no rule of their own; below these folders
        // the baseline denies the same; and a backslash has more than one spelling.
        let others =
            ["raw-rules", "abstractions", "config-map", "secret", "bundles", "/proc", "/sys", "\\"];
        if !others.iter().any(|key| text.contains(key)) {
            let (own, found) = (words_of(&text), words_of(&back.text));
            // What `default = "allow"` and a denial leave is as well said word by word.
            let is_open = text.contains("[operations]\ndefault = \"allow\"");
            let strange: Vec<_> =
                found.difference(&own).filter(|word| !is_open || !word.starts_with("operations.")).collect();
            prop_assert!(strange.is_empty(), "{:#?}\n{}\n{}", strange, back.text, text);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}", is_within in any::<bool>()) {
        let text = if is_within { format!("profile web {{\n{text}\n}}\n") } else { text };
        if let Ok(originals) = Original::of_text(&text, &nothing) {
            for original in &originals {
                let _ = import::import(original, "a test", false, &nothing);
            }
        }
    }
}

/// Paths that the patterns above are about, and some that they only seem to be.
const TRIED: [&str; 26] = [
    "/",
    "/a",
    "/srv",
    "/srv/",
    "/srv/a",
    "/srv/a/",
    "/srv/a/b",
    "/srv/b",
    "/srv/b/c/d",
    "/srv/c/",
    "/srv/a b",
    "/srv/d",
    "/bin/x",
    "/bin/x/",
    "/usr/bin/x",
    "/usr/bin/",
    "/run/x",
    "/var/run/x",
    "/proc/self/x",
    "/proc/1/x",
    "/etc/passwd",
    "/dev/null",
    "/etc/",
    "/tmp/y",
    "/sys/kernel/z",
    "/proc/sys/kernel/z",
];

/// A path in the other spelling of a folder that is a link on many images.
fn respelled(path: &str) -> Option<String> {
    let pairs = [("/bin/", "/usr/bin/"), ("/run/", "/var/run/")];
    let other = |(one, other): (&str, &str)| {
        let there = path.strip_prefix(one).map(|rest| format!("{other}{rest}"));
        there.or_else(|| path.strip_prefix(other).map(|rest| format!("{one}{rest}")))
    };
    pairs.into_iter().find_map(other)
}

/// What `import` calls the same, or less, the parser's own bytes allow no more of.
#[test]
fn what_is_said_to_be_no_more_is_no_more_to_the_parser() {
    const HARMLESS: u32 = LOCK | LINK | MAP;
    let Some(parser) = Parser::find() else { return };
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut tried = 0;
    for _ in 0..150 {
        let text = profile().new_tree(&mut runner).unwrap().current();
        let flags = text.split_once("flags=(").unwrap().1.split_once(')').unwrap().0;
        let original = text.replacen(flags, "attach_disconnected,mediate_deleted", 1);
        let Ok(originals) = Original::of_text(&text, &nothing) else { continue };
        let Ok(made) = import::import(&originals[0], "a test", false, &nothing) else { continue };
        let rendered = &Trial::of(&made.text).files().profile.clone();
        let compiled = [original.as_str(), rendered.as_str()].map(|text| {
            parser.compile_foreign(text, "3.0").ok().and_then(|bytes| Compiled::read(&bytes).ok())
        });
        let [Some(before), Some(after)] = compiled else { continue };
        // In complain mode everything may be started, and a rule of the policy's keeps it in sight.
        if made.report.standing > Standing::Narrower || flags == "complain" {
            continue;
        }
        tried += 1;
        for path in TRIED {
            for owner in [false, true] {
                for bit in [READ, WRITE, EXEC, MAP, LOCK, LINK] {
                    let is_new = |path: &str| !before.file(path.as_bytes(), owner).allows(bit);
                    let is_gained = after.file(path.as_bytes(), owner).allows(bit)
                        && is_new(path)
                        && respelled(path).is_none_or(|other| is_new(&other));
                    assert!(!is_gained || bit & HARMLESS != 0, "{path} {bit:x}:\n{text}\n{}", made.text);
                    let is_told = !made.report.added.is_empty();
                    assert!(!is_gained || is_told, "{path} {bit:x} is not told:\n{text}\n{}", made.text);
                }
            }
        }
    }
    assert!(tried > 40, "{tried}");
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
    command.arg("import").args(arguments).arg("--without-parser").current_dir(folder).env("NO_COLOR", "1");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(program(folder, arguments).stdin(Stdio::null()).output().unwrap())
}

fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const PROFILE: &str =
    "abi <abi/3.0>,\nprofile web flags=(attach_disconnected,mediate_deleted) {\n  /srv/x r,\n}\n";

#[test]
fn standard_input_and_pipes_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(folder.path(), &["-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(PROFILE.as_bytes()).unwrap();
    let (status, out, said) = told(child.wait_with_output().unwrap());
    assert_eq!(status, 0, "{said}");
    assert!(out.contains("read-only = [\"/srv/x\"]"), "{out}");
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    let child =
        program(folder.path(), &["pipe"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    fs::write(folder.path().join("pipe"), PROFILE).unwrap();
    assert_eq!(told(child.wait_with_output().unwrap()).1, out.replace("standard input", "`pipe`"));
}

#[test]
fn one_that_cannot_be_taken_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("a"), PROFILE).unwrap();
    fs::write(at.join("b"), "profile other {\n").unwrap();
    fs::write(at.join("c"), "profile inner {\n  profile child {\n  }\n}\n").unwrap();
    let (status, _, said) = run(at, &["a", "b", "c", "--out-dir", "out"]);
    assert_eq!(status, 2);
    assert!(said.contains("`b`, line 1:") && said.contains("`c`, line 2:"), "{said}");
    assert!(at.join("out/web.toml").is_file());
    // What is there already is left, and said to be the same.
    assert!(run(at, &["a", "--out-dir", "out"]).2.contains("unchanged: out/web.toml"));
}

#[test]
fn no_name_leads_out_of_the_folder_or_steers_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (number, name) in
        ["\"../../x\"", "\"/../etc/x\"", "\"a\u{202e}b\"", "\"a\\x1bb\"", "\"..\"", "\"\u{65e5}\""]
            .iter()
            .enumerate()
    {
        let file = format!("p{number}");
        fs::write(at.join(&file), PROFILE.replace("profile web", &format!("profile {name}"))).unwrap();
        let out = format!("out{number}");
        let (_, _, said) = run(at, &[&file, "--out-dir", &out]);
        assert!(!said.contains(['\u{202e}', '\u{1b}']), "{said:?}");
        let made: Vec<_> = fs::read_dir(at.join(&out)).into_iter().flatten().collect();
        assert!(made.len() <= 1, "{made:?}");
    }
    let outside: Vec<_> = fs::read_dir(at).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(outside.iter().all(|name| name.to_string_lossy().starts_with(['p', 'o'])), "{outside:?}");
}

#[test]
fn what_is_no_text_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("binary"), b"profile web {\n\xff\xfe\n}\n").unwrap();
    let (status, out, said) = run(at, &["binary"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(said.contains("`binary` is not UTF-8 text: line 2"), "{said}");
    fs::write(at.join("huge"), vec![b' '; (4 << 20) + 1]).unwrap();
    assert!(run(at, &["huge"]).2.contains("larger than 4 MiB"));
    fs::write(at.join("larger"), vec![b'#'; 10 << 20]).unwrap();
    assert_eq!(run(at, &["larger"]).0, 2);
    // Each level holds the one before ten times.
    let levels = (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(",")));
    let bomb: String = levels.collect();
    let bomb = format!("apiVersion: v1\nkind: ConfigMap\na0: &a0 x\n{bomb}data: *a8\n");
    fs::write(at.join("bomb.yaml"), bomb).unwrap();
    let (status, _, said) = run(at, &["bomb.yaml"]);
    assert_eq!(status, 2, "{said}");
    fs::create_dir_all(at.join("d/local")).unwrap();
    fs::write(at.join("d/local/loop"), "include <local/loop>\n/srv/y r,\n").unwrap();
    let looping = PROFILE.replace("/srv/x r,", "include <local/loop>\n  /srv/x r,");
    fs::write(at.join("loop"), looping).unwrap();
    assert_eq!(run(at, &["loop", "--include", "d"]).0, 0);
    let leaving = PROFILE.replace("/srv/x r,", "include <local/../../binary>\n  /srv/x r,");
    fs::write(at.join("leaving"), leaving).unwrap();
    assert!(run(at, &["leaving", "--include", "d"]).2.contains("of which there is no file"));
    fs::write(at.join("nameless"), "profile {\n  /srv/x r,\n}\n").unwrap();
    assert_eq!(run(at, &["nameless"]).0, 2);
    fs::write(at.join("empty"), "").unwrap();
    assert!(run(at, &["empty"]).2.contains("it is empty"));
}
