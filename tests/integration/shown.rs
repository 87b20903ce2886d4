//! Names of files, and other text from outside, on their way to a terminal and to the readers of CI.
#![cfg(unix)]

use aapol::diag::shown;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Output};

/// A command for GitHub behind a line break, a colour, C1's way to begin one, the order of writing, a tag of XML, a
/// directive of TAP, a mark without width, and bytes that are no text.
const NAME: &[u8] = b"x\n::error::y\r\x1b[31m\xc2\x9bm\xe2\x80\xae<b>&# TODO\xe2\x80\x8b\xff";

const GOOD: &str =
    "name = \"web\"\n[expect]\nallow = [\"read /etc/hosts\"]\ndeny = [\"read /etc/hosts\", \"read /x\"]\n";

fn of(end: &str) -> OsString {
    let mut name = OsStr::from_bytes(NAME).to_owned();
    name.push(end);
    name
}

fn run(folder: &Path, arguments: &[&OsStr]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

/// What a run writes: text in which every character is seen, and no line of which is a name's own.
fn shows(folder: &Path, arguments: &[&OsStr]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = run(folder, arguments);
    let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    let hidden = text.chars().find(|c| *c != '\n' && shown::is_hidden(*c));
    assert_eq!(hidden, None, "{arguments:?}: {text:?}");
    assert!(!text.lines().any(|line| line.starts_with("::error::y")), "{arguments:?}: {text}");
    (status.code(), text)
}

#[test]
fn every_verb_shows_a_files_name_in_one_line() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let (good, bad, profile, missing) = (of(".toml"), of("-bad.toml"), of(".apparmor"), of("-missing.toml"));
    let (sub, templates) = (of("-folder"), of("-templates"));
    fs::write(folder.join(&good), GOOD).unwrap();
    fs::write(folder.join(&bad), "name = 1\n\u{9b}\u{202e} = \"\u{2028}\"\nmode = \"\\u001b[31m\"\n")
        .unwrap();
    fs::write(folder.join(&profile), "profile web {\n  /a r,\n  \u{202e}\u{1b}[31m nonsense,\n}\n").unwrap();
    fs::create_dir(folder.join(&templates)).unwrap();
    fs::write(folder.join(&templates).join("profile.apparmor"), "{{ \u{202e}\u{1b} }}\n").unwrap();
    fs::create_dir(folder.join("more")).unwrap();
    fs::write(folder.join("more").join(of(".apparmor")), "").unwrap();
    let word = OsStr::new;
    let cases: [(&[&OsStr], i32); 27] = [
        (&[word("check"), &bad], 1),
        (&[word("check"), &good, &missing], 2),
        (&[word("check"), &bad, &good, word("--format=json")], 1),
        (&[word("check"), &bad, &good, word("--format=sarif")], 1),
        (&[word("check"), &bad, &good, word("--format=github")], 1),
        (&[word("check"), &missing, word("--format=github")], 2),
        (&[word("check"), &templates], 2),
        (&[word("check"), &good, word("--silence"), &of("")], 2),
        (&[word("check"), &good, word("--format"), &of("")], 2),
        (&[word("test"), &good, &bad], 1),
        (&[word("test"), &good, &bad, word("--report=tap")], 1),
        (&[word("test"), &good, &bad, word("--report=junit")], 1),
        (&[word("explain"), &good, word("read /etc/hosts")], 0),
        (&[word("explain"), &good, &of("")], 2),
        (&[word("explain"), &profile, word("read /a")], 0),
        (&[word("explain"), &missing, word("read /a")], 2),
        (&[word("diff"), &good, &profile], 0),
        (&[word("diff"), &bad, &good], 1),
        (&[word("render"), &good, word("--out-dir"), &sub], 0),
        (&[word("render"), &good, word("--out-dir"), &good], 2),
        (&[word("render"), &good, word("--templates"), &templates], 2),
        (&[word("render"), &good, word("--templates"), word("more")], 2),
        (&[word("init"), word("--out-dir"), &sub], 0),
        (&[word("init"), &of("")], 2),
        (&[word("templates"), word("--out-dir"), &sub], 0),
        (&[word("man"), word("--out-dir"), &sub], 0),
        (&[&missing], 2),
    ];
    for (arguments, status) in cases {
        assert_eq!(shows(folder, arguments).0, Some(status), "{arguments:?}");
    }
    // What lies on disk is shown too, where it differs from what would be written.
    fs::write(folder.join(&sub).join("web.apparmor"), "\u{1b}[31m\u{202e}\n").unwrap();
    let (status, text) = shows(folder, &[word("render"), word("--check"), &good, word("--out-dir"), &sub]);
    assert_eq!(status, Some(1));
    assert!(text.contains("-\\u{1b}[31m\\u{202e}\n"), "{text}");
}

#[test]
fn what_machines_read_names_the_file() {
    let place = tempfile::tempdir().unwrap();
    let name = "a b\n%:,\u{202e}\u{1b}<&\".toml";
    fs::write(place.path().join(name), "name = 1\n").unwrap();
    let read = |format: &str| {
        let output = run(place.path(), &[OsStr::new("check"), OsStr::new(name), OsStr::new(format)]);
        String::from_utf8(output.stdout).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&read("--format=json")).unwrap();
    assert_eq!(json.pointer("/0/location/file").unwrap(), name);
    let sarif: serde_json::Value = serde_json::from_str(&read("--format=sarif")).unwrap();
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(sarif.pointer(uri).unwrap(), "a%20b%0A%25%3A%2C%E2%80%AE%1B%3C%26%22.toml");
    let github = read("--format=github");
    assert!(github.starts_with("::error file=a b%0A%25%3A%2C\\u{202e}\\u{1b}<&\".toml,line=1,"), "{github}");
}

#[test]
fn results_stay_what_their_readers_know() {
    let place = tempfile::tempdir().unwrap();
    let name = of(".toml");
    fs::write(place.path().join(&name), GOOD).unwrap();
    let junit = shows(place.path(), &[OsStr::new("test"), &name, OsStr::new("--report=junit")]).1;
    let shown = "x\\n::error::y\\r\\u{1b}[31m\\u{9b}m\\u{202e}&lt;b&gt;&amp;# TODO\\u{200b}\\xff.toml";
    assert!(junit.contains(&format!("<testsuite name=\"{shown}\" tests=\"3\"")), "{junit}");
    let tap = shows(place.path(), &[OsStr::new("test"), &name, OsStr::new("--report=tap")]).1;
    let points = tap.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count();
    assert_eq!(points, 3, "{tap}");
    // A `#` that is not escaped would begin a directive.
    assert!(tap.contains("&\\# TODO"), "{tap}");
}

/// A path that is printed otherwise is printed as it is.
#[test]
fn paths_are_shown_in_one_place() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
            } else if fs::read_to_string(&path).unwrap().contains(".display()") {
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    look(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.is_empty(), "`diag::shown::path` shows a path: {found:?}");
}
