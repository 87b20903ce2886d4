//! Files that are no policies, and files that are written: as a whole or not at all.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

#[path = "support/say.rs"]
mod say;

use pretty_assertions::assert_eq;
use say::say;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const POLICY: &str = "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\n";

fn aapol(place: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aapol"))
        .args(args)
        .current_dir(place)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The first line of what was said, and the status.
fn said(output: &Output) -> (String, Option<i32>) {
    let all = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8(all).unwrap();
    (text.lines().next().unwrap_or("").to_owned(), output.status.code())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_no_policy_file_is_said_in_a_line() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    fs::write(at.join("big.toml"), vec![b'#'; (1 << 20) + 1]).unwrap();
    fs::write(at.join("bytes.toml"), b"name = \"web\"\n# \xff\n").unwrap();
    assert!(Command::new("mkfifo").arg(at.join("pipe.toml")).status().unwrap().success());
    let cases = [
        ("big.toml", "`big.toml` is larger than a policy can be (1 MiB)"),
        ("bytes.toml", "`bytes.toml` is not UTF-8 text: line 2 holds other bytes"),
        ("pipe.toml", "`pipe.toml` is not an ordinary file"),
        ("/dev/zero", "`/dev/zero` is not an ordinary file"),
        ("none.toml", "`none.toml` does not exist"),
    ];
    for (file, wrong) in cases {
        let expected = format!("error[unreadable-policy]: {wrong}");
        for verb in ["check", "render"] {
            assert_eq!(said(&aapol(at, &[verb, file])), (expected.clone(), Some(2)));
        }
    }
}

#[test]
fn a_file_that_may_not_be_read_is_said_in_a_line() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("policy.toml");
    fs::write(&file, POLICY).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        say("skipped: this user may read every file");
        return;
    }
    let expected = "error[unreadable-policy]: `policy.toml` may not be read by this user".to_owned();
    assert_eq!(said(&aapol(place.path(), &["check", "policy.toml"])), (expected, Some(2)));
}

#[test]
fn a_full_disk_leaves_neither_file() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    let full = at.join("full");
    fs::create_dir(&full).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4k", "tmpfs"]).arg(&full).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        say("skipped: a small file system cannot be mounted here");
        return;
    }
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    let output = aapol(at, &["render", "policy.toml", "--out-dir", "full"]);
    let left = names(&full);
    assert!(Command::new("umount").arg(&full).status().unwrap().success());
    let (line, status) = said(&output);
    assert_eq!(
        (line.as_str(), status),
        ("error: cannot write `full/web.pod.yaml`: no space left on device", Some(2))
    );
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn files_are_replaced_and_links_are_not_followed() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    fs::write(at.join("elsewhere"), "kept\n").unwrap();
    symlink("elsewhere", at.join("web.apparmor")).unwrap();
    assert_eq!(aapol(at, &["render", "policy.toml"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(at.join("elsewhere")).unwrap(), "kept\n");
    assert!(fs::symlink_metadata(at.join("web.apparmor")).unwrap().is_file());
    assert_eq!(names(at), ["elsewhere", "policy.toml", "web.apparmor", "web.pod.yaml"]);
}

#[test]
fn unchanged_files_are_left_alone_and_modes_are_kept() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    let file = at.join("web.pod.yaml");
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    aapol(at, &["render", "policy.toml"]);
    let first = fs::metadata(&file).unwrap();
    aapol(at, &["render", "policy.toml"]);
    let second = fs::metadata(&file).unwrap();
    assert_eq!((first.ino(), first.mtime_nsec()), (second.ino(), second.mtime_nsec()));
    fs::write(&file, "changed\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    aapol(at, &["render", "policy.toml"]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_run_that_is_killed_leaves_only_whole_files() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    for number in 0..500 {
        let policy = POLICY.replace("\"web\"", &format!("\"web{number}\""));
        fs::write(at.join(format!("{number}.toml")), policy).unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_aapol"))
        .args(["render", ".", "--out-dir", "out"])
        .current_dir(at)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Somewhere in the middle, wherever that is on this machine.
    while fs::read_dir(at.join("out")).map_or(0, Iterator::count) < 20 && child.try_wait().unwrap().is_none()
    {
    }
    let _ = child.kill();
    child.wait().unwrap();
    for name in names(&at.join("out")).iter().filter(|name| !name.starts_with(".aapol-")) {
        let text = fs::read_to_string(at.join("out").join(name)).unwrap();
        let end = if name.ends_with(".apparmor") { "}\n" } else { "readOnlyRootFilesystem: true\n" };
        assert!(text.ends_with(end), "{name} is not whole: {text}");
    }
    assert_eq!(aapol(at, &["render", ".", "--out-dir", "out"]).status.code(), Some(0));
}

#[test]
fn standard_input_stands_beside_files() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("web.toml"), POLICY).unwrap();
    let policy = place.path().join("policy");
    fs::write(&policy, POLICY.replace("web", "api")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_aapol"))
        .args(["check", "-", "web.toml"])
        .current_dir(place.path())
        .stdin(fs::File::open(&policy).unwrap())
        .output()
        .unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{found}");
    assert!(found.contains("[pod.containers.api]"), "{found}");
}

/// A finding quotes the lines that it is about: of a file that is no policy none may be shown.
#[test]
fn a_policy_shows_no_line_of_what_is_none() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    for (name, secret) in [("secret", "secret=1 x\n"), ("secret.txt", "secret=1 x\n")] {
        fs::write(at.join(name), secret).unwrap();
    }
    symlink("secret", at.join("link.toml")).unwrap();
    symlink("/proc/self/environ", at.join("process.toml")).unwrap();
    symlink("base.toml", at.join("good.toml")).unwrap();
    fs::write(at.join("base.toml"), "name = \"base\"\nabstract = true\n").unwrap();
    let up = "../".repeat(20);
    let no_base = |path: &str| format!("`{path}` in `extends` does not end in `.toml`");
    let cases = [
        (format!("{up}proc/self/environ"), no_base(&format!("{up}proc/self/environ"))),
        ("secret.txt".to_owned(), no_base("secret.txt")),
        (".".to_owned(), no_base(".")),
        (
            "link.toml".to_owned(),
            format!(
                "`link.toml` is a link to `{}`, which does not end in `.toml`",
                fs::canonicalize(at.join("secret")).unwrap().to_str().unwrap()
            ),
        ),
        ("process.toml".to_owned(), "`process.toml` lies below `/proc`, where no policy is".to_owned()),
    ];
    for (base, wrong) in cases {
        fs::write(at.join("policy.toml"), format!("name = \"web\"\nextends = [\"{base}\"]\n")).unwrap();
        for verb in ["check", "render", "test", "explain"] {
            let accesses: &[&str] = if verb == "explain" { &["read /a"] } else { &[] };
            let output = aapol(at, &[&[verb, "policy.toml"], accesses].concat());
            assert_eq!(said(&output), (format!("error[unreadable-policy]: {wrong}"), Some(1)), "{verb}");
            let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!all.contains("secret=1") && !all.contains("PATH="), "{verb}: {all}");
        }
    }
    fs::write(at.join("policy.toml"), "name = \"web\"\nextends = [\"good.toml\"]\n").unwrap();
    assert_eq!(aapol(at, &["check", "policy.toml"]).status.code(), Some(0));
    // Also where they are named themselves.
    for file in ["/proc/self/environ", "process.toml", "link.toml", "."] {
        let output = aapol(at, &["check", file]);
        let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!all.contains("secret=1") && !all.contains("PATH="), "{file}: {all}");
        assert_ne!(output.status.code(), Some(0), "{file}");
    }
}
