//! The golden runner: a folder is a case, and each case is a test: `cargo test --test golden render/paths` runs one.
//!
//! `golden/<verb>/<case>/`, which is the test `<verb>/<case>`, holds the input, an optional `args` (a word a line,
//! `policy.toml` where it is missing), and `want/` with what came out: stdout, stderr, status, and every file that was
//! made or changed. The case of a finding has no policy of its own where it shows the bad example of the finding's
//! document. `BLESS=1` rewrites `want/`. Each folder of `examples/` is a test too: it renders to what lies in it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

use aapol::cli::codes;
use libtest_mimic::{Arguments, Failed, Trial};
use pretty_assertions::StrComparison;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

type Files = BTreeMap<String, String>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let has_parser = has_parser();
    let verbs = folders(&root().join("golden"));
    let cases: Vec<Trial> = verbs
        .iter()
        .flat_map(|verb| folders(verb).into_iter().map(|folder| case(&name(verb), folder, has_parser)))
        .collect();
    let examples: Vec<Trial> = folders(&root().join("examples")).into_iter().map(example).collect();
    assert!(cases.len() > 50, "only {} cases were found", cases.len());
    assert!(examples.len() >= 10, "only {} examples were found", examples.len());
    libtest_mimic::run(&arguments, cases.into_iter().chain(examples).collect()).exit_code()
}

/// The test of a case. What needs a parser is ignored where none is, unless the proof is required.
fn case(verb: &str, folder: PathBuf, has_parser: bool) -> Trial {
    let args = fs::read_to_string(folder.join("args")).unwrap_or_default();
    let lacks_parser = args.contains("--verify") && !has_parser;
    let is_required = std::env::var("AAPOL_PROOF").as_deref() == Ok("require");
    let kind = if lacks_parser { "needs apparmor_parser" } else { "" };
    let shown = format!("{verb}/{}", name(&folder));
    let verb = verb.to_owned();
    Trial::test(shown, move || {
        if lacks_parser {
            return Err("it needs apparmor_parser, which is not installed".into());
        }
        comes_out_as_wanted(&verb, &folder)
    })
    .with_kind(kind)
    .with_ignored_flag(lacks_parser && !is_required)
}

fn example(folder: PathBuf) -> Trial {
    Trial::test(format!("examples/{}", name(&folder)), move || renders_to_what_lies_beside_it(&folder))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folders in a folder, sorted.
fn folders(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Every file below a folder, by its path from there.
fn read_all(folder: &Path, below: &str, into: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let shown = format!("{below}{}", name(&path));
        if path.is_dir() {
            read_all(&path, &format!("{shown}/"), into);
        } else {
            let bytes = fs::read(&path).unwrap();
            into.insert(shown, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    if folder.is_dir() {
        read_all(folder, "", &mut found);
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(name(&path));
        match name(&path).as_str() {
            "want" | "args" => {}
            _ if path.is_dir() => copy(&path, &target),
            _ => {
                fs::copy(&path, target).unwrap();
            }
        }
    }
}

/// Runs a case and says what came out.
fn run(verb: &str, case: &Path) -> Files {
    let place = tempfile::tempdir().unwrap();
    copy(case, place.path());
    let args = fs::read_to_string(case.join("args")).unwrap_or_else(|_| "policy.toml\n".to_owned());
    // What profiles include is the machine's own elsewhere.
    if args.lines().any(|word| word == "include") {
        copy(&root().join("tests/golden/include"), &place.path().join("include"));
    }
    let policy = place.path().join("policy.toml");
    if args.lines().any(|word| word == "policy.toml")
        && !policy.exists()
        && let Some(code) = codes::all().find(|code| code.name == name(case))
    {
        fs::write(policy, code.bad()).unwrap();
    }
    let before = files(place.path());
    let output = Command::new(env!("CARGO_BIN_EXE_aapol"))
        .arg(verb)
        .args(args.lines())
        .current_dir(place.path())
        .env_remove("CLICOLOR_FORCE")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let mut came = files(place.path());
    came.retain(|name, text| before.get(name) != Some(text));
    let status = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
    came.insert("status".to_owned(), format!("{status}\n"));
    for (stream, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        if !bytes.is_empty() {
            came.insert(stream.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    came
}

fn bless(want: &Path, came: &Files) {
    let _ = fs::remove_dir_all(want);
    for (name, text) in came {
        let path = want.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn has_parser() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(usual).any(|folder| folder.join("apparmor_parser").is_file())
}

fn comes_out_as_wanted(verb: &str, case: &Path) -> Result<(), Failed> {
    let is_blessing = std::env::var_os("BLESS").is_some();
    if is_blessing && std::env::var_os("CI").is_some() {
        return Err("CI does not bless: it compares".into());
    }
    let came = run(verb, case);
    let want = case.join("want");
    if is_blessing {
        bless(&want, &came);
    }
    no_difference(&differences(&files(&want), &came))
}

/// Each file that differs, whichever side has it.
fn differences(wanted: &Files, came: &Files) -> Vec<String> {
    let names: BTreeSet<&String> = wanted.keys().chain(came.keys()).collect();
    let told = names.into_iter().filter_map(|name| match (wanted.get(name), came.get(name)) {
        (Some(wanted), Some(came)) if wanted == came => None,
        (Some(wanted), Some(came)) => {
            Some(format!("`{name}` differs from what is wanted.\n{}", StrComparison::new(wanted, came)))
        }
        (Some(_), None) => Some(format!("`{name}` is wanted, and did not come out.")),
        (None, _) => Some(format!("`{name}` came out, and is not wanted:\n{}", came[name])),
    });
    told.collect()
}

fn no_difference(told: &[String]) -> Result<(), Failed> {
    if told.is_empty() { Ok(()) } else { Err(told.join("\n").into()) }
}

fn renders_to_what_lies_beside_it(example: &Path) -> Result<(), Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_aapol"))
        .args(["render", "--check"])
        .arg(example)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut told = Vec::new();
    if !text.is_empty() {
        told.push(format!("The files beside it differ:\n{text}"));
    }
    if output.status.code() != Some(0) {
        told.push(format!("It ended with {}:\n{said}", output.status));
    }
    if ["error[", "warning["].iter().any(|level| said.contains(level)) {
        told.push(format!("It has findings:\n{said}"));
    }
    no_difference(&told)
}
