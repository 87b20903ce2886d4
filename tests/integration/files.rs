//! Files that are no policies, and files that are written: as a whole or not at all.

use crate::support::say::say;
use pretty_assertions::assert_eq;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

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
    symlink("/dev/zero", at.join("zero.toml")).unwrap();
    let cases = [
        ("big.toml", "`big.toml` is larger than a policy can be (1 MiB)"),
        ("bytes.toml", "`bytes.toml` is not UTF-8 text: line 2 holds other bytes"),
        ("/dev/zero", "`/dev/zero` is a device, not an ordinary file"),
        ("zero.toml", "`zero.toml` is a device, not an ordinary file"),
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

/// Runs something in a folder on a disk of its own; not where that cannot be made.
fn on_a_small_disk(at: &Path, size: &str, run: impl FnOnce(&Path)) {
    let disk = at.join("disk");
    fs::create_dir(&disk).unwrap();
    let size = format!("size={size}");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&disk).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return say("skipped: a small file system cannot be mounted here");
    }
    run(&disk);
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
}

#[test]
fn a_full_disk_leaves_neither_file() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    on_a_small_disk(at, "4k", |disk| {
        for out in ["disk", "disk/new"] {
            let output = aapol(at, &["render", "policy.toml", "--out-dir", out]);
            let expected = format!("error: cannot write `{out}/web.pod.yaml`: no space left on device");
            assert_eq!(said(&output), (expected, Some(2)));
            assert_eq!(names(disk), Vec::<String>::new());
        }
    });
}

#[test]
fn a_full_disk_says_how_many_failed() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    many(&at.join("policies"), 30);
    on_a_small_disk(at, "64k", |disk| {
        let output = aapol(at, &["render", "policies", "--out-dir", "disk"]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        let whole = names(disk).len() / 2;
        assert_whole(disk, false);
        let counted = format!("error: {} of 30 policies could not be rendered\n", 30 - whole);
        assert!(stderr.contains(&counted) && whole > 0, "{whole}: {stderr}");
        assert_eq!(stderr.matches("no space left on device").count(), 5);
    });
}

#[test]
fn a_new_folder_on_a_full_disk_is_not_made() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    many(&at.join("policies"), 30);
    on_a_small_disk(at, "64k", |disk| {
        let output = aapol(at, &["render", "policies", "--out-dir", "disk/new"]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        let last = "error: the folder was not made, since not all of its files could be written\n";
        assert!(
            stderr.ends_with(last) && stderr.contains(" of 30 policies could not be rendered\n"),
            "{stderr}"
        );
        assert_eq!((output.status.code(), names(disk)), (Some(2), Vec::new()));
    });
}

#[test]
fn a_run_that_changes_nothing_touches_no_folder() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    fs::create_dir_all(at.join("policies/below")).unwrap();
    fs::write(at.join("policies/below/web.toml"), POLICY).unwrap();
    fs::write(at.join("policies/api.toml"), POLICY.replace("web", "api")).unwrap();
    for args in [&["render", "policies"][..], &["render", "policies", "--out-dir", "out"]] {
        let folder = at.join(if args.len() > 2 { "out" } else { "policies" });
        let changed = || {
            [&folder, &folder.join("below")].map(|folder| {
                let metadata = fs::metadata(folder).unwrap();
                (metadata.mtime(), metadata.mtime_nsec())
            })
        };
        assert_eq!(aapol(at, args).status.code(), Some(0));
        let before = changed();
        assert_eq!(aapol(at, args).status.code(), Some(0));
        assert_eq!(changed(), before, "{args:?}");
    }
}

/// What is stopped fills memory until the process ends, so nothing may be done after that.
#[test]
fn a_template_that_is_stopped_ends_the_run() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    many(&at.join("policies"), 60);
    fs::create_dir(at.join("mine")).unwrap();
    let loops: String =
        ["a", "b", "c"].map(|name| format!("{{% for {name} in range(end=100000) %}}")).concat();
    fs::write(at.join("mine/pod.yaml"), format!("{loops}{}{}", "a".repeat(4096), "{% endfor %}".repeat(3)))
        .unwrap();
    let output = aapol(at, &["render", "policies", "--templates", "mine", "--out-dir", "out"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let first = "error: the template does not work: mine/pod.yaml: writes more than 16 MiB\n";
    assert!(stderr.starts_with(first), "{stderr}");
    assert!(
        stderr.ends_with("error: nothing more was rendered after the template was stopped\n"),
        "{stderr}"
    );
    assert_eq!((output.status.code(), names(at)), (Some(2), vec!["mine".to_owned(), "policies".to_owned()]));
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

/// Writes many policies into a folder.
fn many(folder: &Path, count: usize) {
    fs::create_dir_all(folder).unwrap();
    for number in 0..count {
        let policy = POLICY.replace("\"web\"", &format!("\"web{number}\""));
        fs::write(folder.join(format!("{number}.toml")), policy).unwrap();
    }
}

/// Asserts that a folder holds whole files and nothing else.
fn assert_whole(folder: &Path, left: bool) {
    for name in names(folder) {
        if name.starts_with(".aapol-") {
            assert!(left, "{name} is left");
            continue;
        }
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        let end = if name.ends_with(".apparmor") { "}\n" } else { "readOnlyRootFilesystem: true\n" };
        assert!(text.ends_with(end), "{name} is not whole: {text}");
    }
}

/// `AAPOL_KILLS=200` kills more often.
#[test]
fn a_run_that_is_killed_leaves_whole_files_and_no_litter_after_the_next() {
    let kills: u32 = std::env::var("AAPOL_KILLS").map_or(12, |kills| kills.parse().unwrap());
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    many(&at.join("policies"), 100);
    let start = Instant::now();
    assert_eq!(aapol(at, &["render", "policies", "--out-dir", "all"]).status.code(), Some(0));
    let (whole, mut left) = (start.elapsed(), 0);
    for kill in 0..kills {
        // A new folder, one that is there and whose files change, and the policies' own.
        let (out, folder) = [("new", "new"), ("out", "out"), ("", "policies")][kill as usize % 3];
        fs::create_dir_all(at.join("out")).unwrap();
        let _ = fs::remove_dir_all(at.join("new"));
        for name in names(&at.join(if out == "new" { "out" } else { folder })) {
            if !name.ends_with(".toml") && !name.starts_with('.') {
                fs::remove_file(at.join(if out == "new" { "out" } else { folder }).join(name)).unwrap();
            }
        }
        let mut args = vec!["render", "policies"];
        args.extend(["--out-dir", out].iter().filter(|_| !out.is_empty()));
        let mut child = Command::new(env!("CARGO_BIN_EXE_aapol"))
            .args(&args)
            .current_dir(at)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the time that a whole run takes.
        std::thread::sleep(whole * (kill * 7 % kills) / kills);
        let _ = child.kill();
        child.wait().unwrap();
        let is_litter = |folder: &Path| names(folder).iter().any(|name| name.starts_with(".aapol-"));
        left += u32::from(is_litter(at) || at.join(folder).exists() && is_litter(&at.join(folder)));
        if out == "new" && at.join("new").exists() {
            assert_eq!(names(&at.join("new")).len(), 200, "a new folder appears whole");
        }
        if !out.is_empty() && at.join(out).exists() {
            assert_whole(&at.join(out), true);
        }
        assert_eq!(aapol(at, &args).status.code(), Some(0));
        if out.is_empty() {
            assert!(!names(&at.join("policies")).iter().any(|name| name.starts_with('.')));
        } else {
            assert_whole(&at.join(out), false);
            assert_eq!(names(&at.join(out)).len(), 200);
        }
        assert!(!names(at).iter().any(|name| name.starts_with('.')), "{:?}", names(at));
    }
    say(&format!("{left} of {kills} kills left something for the next run to clear"));
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

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_pipe_or_a_device_in_a_files_place_is_said_in_a_line() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    fs::write(at.join("extends.toml"), "name = \"web\"\nextends = [\"base.toml\"]\n").unwrap();
    fs::create_dir_all(at.join("mine")).unwrap();
    fs::create_dir_all(at.join("new")).unwrap();
    fs::create_dir_all(at.join("walked")).unwrap();
    for name in ["web.apparmor", "base.toml", "mine/pod.yaml", "new/policy.toml", "walked/a.toml"] {
        fifo(&at.join(name));
    }
    symlink("/dev/zero", at.join("web.pod.yaml")).unwrap();
    let cases: [(&[&str], &str); 6] = [
        (
            &["render", "policy.toml"],
            "error: cannot write `web.apparmor`: it is a pipe, not an ordinary file",
        ),
        (
            &["render", "--check", "policy.toml"],
            "error: cannot compare with `web.apparmor`: it is a pipe, not an ordinary file",
        ),
        (
            &["render", "--templates", "mine", "policy.toml"],
            "error: cannot read the template `mine/pod.yaml`: it is a pipe, not an ordinary file",
        ),
        (&["init", "--out-dir", "new"], "error: `new/policy.toml` is there already"),
        (&["check", "extends.toml"], "error[unreadable-policy]: `base.toml` is a pipe, not an ordinary file"),
        (&["check", "walked"], "error[unreadable-policy]: `walked/a.toml` is a pipe, not an ordinary file"),
    ];
    for (args, expected) in cases {
        let (line, status) = said(&aapol(at, args));
        assert_eq!((line.as_str(), status.is_some_and(|status| status > 0)), (expected, true), "{args:?}");
    }
    // A link is replaced, wherever it leads.
    fs::remove_file(at.join("web.apparmor")).unwrap();
    assert_eq!(aapol(at, &["render", "policy.toml"]).status.code(), Some(0));
    assert!(fs::symlink_metadata(at.join("web.pod.yaml")).unwrap().is_file());
}

#[test]
fn modes_are_of_the_file_itself_and_run_nothing() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    fs::write(at.join("target"), "other\n").unwrap();
    fs::set_permissions(at.join("target"), fs::Permissions::from_mode(0o6777)).unwrap();
    symlink("target", at.join("web.apparmor")).unwrap();
    fs::write(at.join("web.pod.yaml"), "other\n").unwrap();
    fs::set_permissions(at.join("web.pod.yaml"), fs::Permissions::from_mode(0o6751)).unwrap();
    assert_eq!(aapol(at, &["render", "policy.toml"]).status.code(), Some(0));
    let mode = |name: &str| fs::metadata(at.join(name)).unwrap().permissions().mode() & 0o7777;
    fs::write(at.join("new"), "").unwrap();
    assert_eq!((mode("web.apparmor"), mode("web.pod.yaml")), (mode("new"), 0o640));
}

/// Runs a shell's line, with the program as `$AAPOL`.
fn shell(at: &Path, line: &str) -> (String, Option<i32>) {
    let output = Command::new("bash")
        .args(["-c", line])
        .env("AAPOL", env!("CARGO_BIN_EXE_aapol"))
        .env("NO_COLOR", "1")
        .current_dir(at)
        .output()
        .unwrap();
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

#[test]
fn streams_that_are_named_are_read_once() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    fs::write(at.join("api.toml"), POLICY.replace("web", "api")).unwrap();
    fifo(&at.join("pipe"));
    for line in [
        "$AAPOL render - < policy.toml",
        "cat policy.toml | $AAPOL render /dev/stdin",
        "$AAPOL render <(cat policy.toml)",
        "cat policy.toml > pipe & $AAPOL render pipe",
    ] {
        let (stdout, status) = shell(at, line);
        assert!(stdout.contains("profile web ") && stdout.contains("kind: Pod"), "{line}: {stdout}");
        assert_eq!(status, Some(0), "{line}");
    }
    assert_eq!(names(at), ["api.toml", "pipe", "policy.toml"]);
    let (stdout, _) =
        shell(at, "$AAPOL diff <(cat policy.toml) <(sed 's/^name.*/&\\ndefault = \"allow\"/' policy.toml)");
    assert!(stdout.contains(" allows, and "), "{stdout}");
    let (stdout, _) =
        shell(at, "$AAPOL explain <($AAPOL render - --only profile < policy.toml) 'read /etc/passwd'");
    assert!(stdout.starts_with("read /etc/passwd: allowed"), "{stdout}");
    for line in ["$AAPOL check <(cat policy.toml) <(cat api.toml)", "$AAPOL test - api.toml < policy.toml"] {
        assert_eq!(shell(at, line).1, Some(0), "{line}");
    }
    let (stdout, status) = shell(at, "$AAPOL check <(yes '# endless')");
    assert!(stdout.contains("is larger than a policy can be (1 MiB)"), "{stdout}");
    assert_eq!(status, Some(2));
    assert_eq!(shell(at, "$AAPOL render --check - < policy.toml").1, Some(2));
    assert_eq!(shell(at, "$AAPOL render - --out-dir out < policy.toml && $AAPOL render --check - --out-dir out < policy.toml").1, Some(0));
}

#[test]
fn folders_are_walked_and_kept_apart() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    for (file, name) in [
        ("a/web.toml", "web"),
        ("a/deep/api.toml", "api"),
        ("b/db.toml", "db"),
        (".h/x.toml", "x"),
        ("ignored/y.toml", "y"),
    ] {
        fs::create_dir_all(at.join(file).parent().unwrap()).unwrap();
        fs::write(at.join(file), POLICY.replace("web", name)).unwrap();
    }
    fs::create_dir(at.join(".git")).unwrap();
    fs::write(at.join(".gitignore"), "ignored/\n").unwrap();
    fs::write(at.join("Cargo.toml"), "[package]\nname = \"x\"\n").unwrap();
    assert_eq!(aapol(at, &["render", "--out-dir", "out"]).status.code(), Some(0));
    assert_eq!(names(&at.join("out")), ["a", "b"]);
    assert_eq!(names(&at.join("out/a")), ["deep", "web.apparmor", "web.pod.yaml"]);
    assert_eq!(names(&at.join("out/a/deep")), ["api.apparmor", "api.pod.yaml"]);
    assert_eq!(aapol(at, &["render", "--check", ".", "--out-dir", "out"]).status.code(), Some(0));
    for verb in ["check", "test"] {
        assert_eq!(aapol(at, &[verb]).status.code(), Some(0), "{verb}");
    }
    // One of the same name in another folder is told, and neither overwrites the other.
    fs::write(at.join("b/web.toml"), POLICY).unwrap();
    assert_eq!(aapol(at, &["render", "--out-dir", "out"]).status.code(), Some(1));
    fs::remove_file(at.join("b/web.toml")).unwrap();
    // Where a link leads to another file of the folder, or out of it, it is not one more policy.
    symlink("web.toml", at.join("a/link.toml")).unwrap();
    symlink("/etc", at.join("a/etc")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("out.toml"), POLICY.replace("web", "out")).unwrap();
    symlink(elsewhere.path().join("out.toml"), at.join("a/out.toml")).unwrap();
    let output = aapol(at, &["check"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let note = "note: `./a/out.toml` is not read: it is a link that leads out of the folder\n";
    assert!(stderr.contains(note) && stderr.contains("no errors in 3 policies"), "{stderr}");
}

#[test]
fn a_mounted_config_map_is_walked() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path().join("mounted");
    fs::create_dir_all(at.join("..2026")).unwrap();
    fs::write(at.join("..2026/web.toml"), POLICY).unwrap();
    symlink("..2026", at.join("..data")).unwrap();
    symlink("..data/web.toml", at.join("web.toml")).unwrap();
    let output = aapol(place.path(), &["check", "mounted"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("no errors in 1 policy"));
}

#[test]
fn a_folder_that_cannot_be_read_does_not_stop_the_rest() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    // Longer than the system takes a path.
    let mut deep = at.to_owned();
    fs::write(at.join("web.toml"), POLICY).unwrap();
    fs::create_dir(at.join("closed")).unwrap();
    fs::set_permissions(at.join("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(at.join("closed")).is_ok() {
        // This user may read all: a path that is longer than the system takes cannot be read by anyone.
        let made = Command::new("bash")
            .args([
                "-c",
                "name=$(printf 'a%.0s' {1..250}); for i in {1..20}; do mkdir $name && cd -P $name; done",
            ])
            .current_dir(at)
            .status();
        assert!(made.unwrap().success());
        deep.push("a".repeat(250));
    }
    let output = aapol(at, &["check"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: cannot read the folder `"), "{stderr}");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().contains("./web.toml"));
    let _ = Command::new("rm").arg("-rf").arg(&deep).status();
}

#[test]
fn files_of_an_older_name_are_told() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    let stale = |output: Output| -> Vec<String> {
        let all = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
        let text = String::from_utf8(all).unwrap();
        text.lines().filter(|line| line.starts_with("stale: ")).map(str::to_owned).collect()
    };
    fs::create_dir(at.join("p")).unwrap();
    fs::write(at.join("p/policy.toml"), POLICY).unwrap();
    fs::write(at.join("p/other.toml"), POLICY.replace("web", "other")).unwrap();
    for args in [&["render", "p"][..], &["render", "p", "--out-dir", "out"]] {
        assert!(stale(aapol(at, args)).is_empty());
    }
    // By hand, and so nobody's.
    fs::write(at.join("p/mine.apparmor"), "# mine\n").unwrap();
    fs::write(at.join("out/copy.apparmor"), fs::read(at.join("out/web.apparmor")).unwrap()).unwrap();
    fs::write(at.join("p/policy.toml"), POLICY.replace("web", "web2")).unwrap();
    let told = |folder: &str| {
        ["web.apparmor", "web.pod.yaml"].map(|name| {
            format!("stale: `{folder}/{name}` was rendered earlier, and no policy here renders it any more")
        })
    };
    assert_eq!(stale(aapol(at, &["render", "p"])), told("p"));
    assert_eq!(stale(aapol(at, &["render", "p/policy.toml"])), told("p"));
    assert_eq!(stale(aapol(at, &["render", "p", "--out-dir", "out"])), told("out"));
    for args in [&["render", "--check", "p"][..], &["render", "--check", "p", "--out-dir", "out"]] {
        let output = aapol(at, args);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(stale(output).len(), 2);
    }
    // The other one's policy is not part of this run, so nothing is known of it.
    assert!(stale(aapol(at, &["render", "p/policy.toml", "--out-dir", "out"])).is_empty());
    assert!(at.join("p/web.apparmor").is_file(), "nothing is removed");
}
