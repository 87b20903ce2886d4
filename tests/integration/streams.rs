//! Standard output that cannot be written: every verb that prints says so, and fails.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

const POLICY: &str = "name = \"web\"\n[expect]\nallow = [\"read /etc/hosts\"]\ndeny = [\"read /x\"]\n";
const OTHER: &str = "name = \"web\"\n[filesystem]\nread-only = [\"/x\"]\n";
const BAD: &str = "name = \"bad\"\nmode = \"x\"\n";

/// Each verb that prints, in each of its ways.
const PRINT: [&[&str]; 23] = [
    &["render", "--stdout", "a.toml"],
    &["render", "--check", "a.toml"],
    &["check", "bad.toml"],
    &["check", "--format=json", "a.toml"],
    &["check", "--format=sarif", "a.toml"],
    &["check", "--format=github", "bad.toml"],
    &["test", "--report=tap", "a.toml"],
    &["test", "--report=junit", "a.toml"],
    &["test", "--coverage", "bad.toml"],
    &["explain", "a.toml", "read /x"],
    &["diff", "a.toml", "b.toml"],
    &["diff", "a.toml", "a.toml"],
    &["init", "--list"],
    &["codes"],
    &["codes", "dead-grant"],
    &["schema"],
    &["completions", "bash"],
    &["completions", "fish"],
    &["man"],
    &["--help"],
    &["--version"],
    &["check", "--help"],
    &["help", "render"],
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.toml", POLICY), ("b.toml", OTHER), ("bad.toml", BAD)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1");
    command
}

#[test]
fn output_that_is_lost_is_told_once_and_is_a_failure() {
    let folder = folder();
    for arguments in PRINT {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let run = program(folder.path(), arguments).stdout(full).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        let told = said.lines().filter(|line| line.starts_with("error: cannot write to standard output: "));
        assert_eq!(told.count(), 1, "{arguments:?}: {said}");
        assert!(said.contains("no space left on device"), "{arguments:?}: {said}");
        assert_eq!(run.status.code(), Some(2), "{arguments:?}: {said}");
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let folder = folder();
    for arguments in PRINT {
        // What the same run ends with when all is read, and says beside it.
        let whole = program(folder.path(), arguments).output().unwrap();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = program(folder.path(), arguments).stdout(writer).output().unwrap();
        assert_eq!(run.status.code(), whole.status.code(), "{arguments:?}");
        assert_eq!(run.stderr, whole.stderr, "{arguments:?}");
    }
}

#[test]
fn a_file_that_may_not_grow_is_a_failure() {
    let folder = folder();
    // The signal that comes with it is ignored, as under many a supervisor: the write itself fails.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" schema > out";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_aapol")]).current_dir(folder.path());
    let run = command.output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("cannot write to standard output: file too large"), "{said}");
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn a_server_whose_answers_are_lost_says_so() {
    let folder = folder();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = program(folder.path(), &["lsp"]);
    let mut server = command.stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let asked = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let mut stdin = server.stdin.take().unwrap();
    write!(stdin, "Content-Length: {}\r\n\r\n{asked}", asked.len()).unwrap();
    // It ends by itself, though the editor still holds the other end.
    let status = server.wait().unwrap();
    let mut said = String::new();
    server.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "error: cannot write to standard output: no space left on device\n");
    assert_eq!(status.code(), Some(2));
    drop(stdin);
}
