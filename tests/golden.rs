//! The golden runner: a folder is a case.
//!
//! `golden/<verb>/<case>/` holds the input, an optional `args` (a word a line, `policy.toml` where it is
//! missing), and `want/` with what came out: stdout, stderr, status, and every file that was made or changed.
//! The case of a finding has no policy of its own where it shows the bad example of the finding's document.
//! `BLESS=1` rewrites `want/`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

#[path = "support/say.rs"]
mod say;

use aapol::cli::codes;
use pretty_assertions::assert_eq;
use say::say;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Files = BTreeMap<String, String>;

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
    assert!(std::env::var_os("CI").is_none(), "CI does not bless: it compares");
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

#[test]
fn every_case_comes_out_as_wanted() {
    let blessing = std::env::var_os("BLESS").is_some();
    let mut count = 0;
    for verb in folders(&root().join("golden")) {
        for case in folders(&verb) {
            let shown = format!("{}/{}", name(&verb), name(&case));
            let args = fs::read_to_string(case.join("args")).unwrap_or_default();
            if args.contains("--verify") && !has_parser() {
                assert_ne!(
                    std::env::var("AAPOL_PROOF").as_deref(),
                    Ok("require"),
                    "{shown} needs apparmor_parser"
                );
                say(&format!("skipped: {shown} needs apparmor_parser, which is not installed"));
                continue;
            }
            let came = run(&name(&verb), &case);
            let want = case.join("want");
            if blessing {
                bless(&want, &came);
            }
            assert_eq!(files(&want), came, "{shown}");
            count += 1;
        }
    }
    assert!(count > 50, "only {count} cases were found");
}

#[test]
fn examples_render_to_what_lies_beside_them() {
    let examples = folders(&root().join("examples"));
    assert!(examples.len() >= 10, "only {} examples were found", examples.len());
    for example in examples {
        let output = Command::new(env!("CARGO_BIN_EXE_aapol"))
            .args(["render", "--check"])
            .arg(&example)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(text, "", "{}", example.display());
        assert_eq!(output.status.code(), Some(0), "{}: {said}", example.display());
        for level in ["error[", "warning["] {
            assert!(!said.contains(level), "{}: {said}", example.display());
        }
    }
}
