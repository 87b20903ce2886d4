//! Learning from logs: what is read whatever the log's form, what is learned whatever its order, and what holds of every policy and
//! every log.

use crate::support::sketch::sketch;
use crate::support::trial::{Trial, alone};
use aapol::analysis::Analysis;
use aapol::ask::Verdict;
use aapol::ask::log::evidence::{Evidence, Reading};
use aapol::ask::log::is_of;
use aapol::learn::{LearnError, Learned, Wish, Wishes, learn};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const EMPTY: &str = "# Whose it is.\nname = \"web\" # the front\nmode = \"complain\"\n\n[pod.containers.web]\nimage = \"registry.example.com/shop/web:1.4\"\n";

/// As the kernel writes a line about a file.
fn line(profile: &str, operation: &str, name: &str, mask: &str, pid: usize) -> String {
    let hexadecimal = |name: &str| name.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    let name = if is_plain { format!("\"{name}\"") } else { hexadecimal(name) };
    format!(
        "audit: type=1400 audit(1.{pid}:{pid}): apparmor=\"ALLOWED\" operation=\"{operation}\" class=\"file\" profile=\"{profile}\" name={name} pid={pid} comm=\"web\" requested_mask=\"{mask}\" denied_mask=\"{mask}\" fsuid=0 ouid=0\n"
    )
}

fn evidence(log: &[u8]) -> Evidence {
    Evidence::read(log, 0, &|profile: &str| is_of(profile, "web"))
}

fn learned(policy: &str, log: &str) -> (String, Learned) {
    let analysis = alone(policy);
    let learned = learn(&analysis, &evidence(log.as_bytes()), &Wishes::default(), &|_: &str| None).unwrap();
    (edited(&analysis, &learned), learned)
}

fn edited(analysis: &Analysis, learned: &Learned) -> String {
    let text = &analysis.sources.iter().next().unwrap().text;
    learned.edit.as_ref().map_or_else(|| text.clone(), |edit| edit.apply(text))
}

/// A day of a server, with names that are made anew.
fn day(names: &[&str]) -> String {
    let mut log = line("web", "open", "/srv/www/index.html", "r", 1);
    for (pid, name) in names.iter().enumerate() {
        log += &line("web", "mknod", &format!("/tmp/upload-{name}"), "c", pid);
        log += &line("web", "open", &format!("/tmp/upload-{name}"), "wrc", pid);
        log += &line("web", "unlink", &format!("/tmp/upload-{name}"), "d", pid);
    }
    log
}

#[test]
fn a_record_is_the_same_in_every_log() {
    let record = line("web", "open", "/srv/data", "r", 7);
    let record = record.trim_end();
    let json = serde_json::to_string(record).unwrap();
    let bytes: Vec<String> = record.bytes().map(|byte| byte.to_string()).collect();
    let wanted = evidence(record.as_bytes());
    assert_eq!(wanted.records.len(), 1);
    for log in [
        format!("{{\"__CURSOR\":\"a\",\"MESSAGE\":{json},\"PRIORITY\":\"5\"}}\n"),
        format!("{{\n\t\"MESSAGE\" : {json},\n\t\"PRIORITY\" : \"5\"\n}}\n"),
        format!("{{\n\t\"MESSAGE\" : [\n\t\t{}\n\t],\n\t\"_PID\" : \"1\"\n}}\n", bytes.join(",\n\t\t")),
        format!("{{\"MESSAGE\":[{}]}}\n", bytes.join(",")),
        format!("{{\"log\":{json},\"stream\":\"stderr\",\"time\":\"2026-11-21T09:00:00Z\"}}\n"),
        format!("2026-11-21T09:00:00.1Z stderr F {record}\n"),
        format!("type=AVC msg=audit(21/11/26 09:00:00.975:672) : {}\n", record.replace('"', "")),
        record.replace("pid=7", "pid=8"),
    ] {
        let found = evidence(log.as_bytes());
        let records: Vec<_> = found.records.iter().map(|(record, _)| record).collect();
        assert_eq!(records, wanted.records.iter().map(|(record, _)| record).collect::<Vec<_>>(), "{log}");
    }
}

#[test]
fn what_differs_each_time_makes_no_new_record() {
    let lines = (0..1000).map(|pid| line("web", "open", "/srv/data", "r", pid));
    let found = evidence(lines.collect::<String>().as_bytes());
    assert_eq!(found.records.len(), 1);
    assert_eq!(
        found.records.iter().map(|(_, seen)| (seen.lines, seen.first.as_slice().len())).collect::<Vec<_>>(),
        [(1000, 5)]
    );
    let socket = |port: usize| {
        format!(
            "apparmor=\"ALLOWED\" operation=\"accept\" profile=\"web\" pid={port} comm=\"web\" laddr=10.0.0.1 lport=80 faddr=10.0.0.{port} fport={port} family=\"inet\" sock_type=\"stream\" protocol=6 requested_mask=\"accept\" denied_mask=\"accept\"\n"
        )
    };
    assert_eq!(evidence((1..200).map(socket).collect::<String>().as_bytes()).records.len(), 1);
}

#[test]
fn other_profiles_are_counted_and_never_learned() {
    let mut log = line("other", "open", "/srv/a", "r", 1) + &line("web-2", "open", "/srv/b", "r", 1);
    log += &line("web//null-/bin/x", "open", "/srv/c", "r", 1);
    let found = evidence(log.as_bytes());
    assert_eq!(
        found.others.iter().map(|(name, lines)| (name.as_str(), *lines)).collect::<Vec<_>>(),
        [("other", 1), ("web-2", 1)]
    );
    log += &line("web", "open", "/memfd:x (deleted)", "r", 1);
    let (text, learned) = learned(EMPTY, &log);
    assert!(text.contains("read-only = [\"/srv/c\"]"), "{text}");
    assert_eq!(learned.outside, BTreeSet::from(["/bin/x".to_owned()]));
}

#[test]
fn other_random_names_lead_to_the_same_policy() {
    let (two, _) = learned(EMPTY, &day(&["aX3k9Q", "Zt02pp"]));
    let (three, _) = learned(EMPTY, &day(&["Qq99LM", "kk8Zu1", "p0O9i8"]));
    assert_eq!(two, three);
    assert!(two.contains("read-write = [\"/tmp/upload-*\"]"), "{two}");
}

#[test]
fn the_order_of_lines_and_files_makes_no_difference() {
    let log = day(&["aX3k9Q", "Zt02pp", "Qq99LM"]) + &line("web", "open", "/var/lib/web/db", "wr", 3);
    let mut lines: Vec<&str> = log.lines().collect();
    let (wanted, _) = learned(EMPTY, &log);
    lines.reverse();
    assert_eq!(learned(EMPTY, &lines.join("\n")).0, wanted);
    let (one, other) = lines.split_at(lines.len() / 2);
    for halves in [[one, other], [other, one]] {
        let mut all = Evidence::default();
        for half in halves {
            all.merge(evidence(half.join("\n").as_bytes()));
        }
        let analysis = alone(EMPTY);
        let learned = learn(&analysis, &all, &Wishes::default(), &|_: &str| None).unwrap();
        assert_eq!(edited(&analysis, &learned), wanted);
    }
}

/// What the human wrote counts: a wider entry that would cover one of theirs is not learned.
#[test]
fn entries_of_the_policy_keep_their_meaning() {
    let policy = EMPTY.to_owned() + "\n[filesystem]\nread-only = [\"/var/lib/app/data/conf\"]\n";
    let log: String =
        (0..4).map(|n| line("web", "open", &format!("/var/lib/app/data/{n}x{n}"), "wc", n)).collect();
    let (text, _) = learned(&policy, &log);
    assert!(!text.contains("\"/var/lib/app/data/\""), "{text}");
    assert!(text.contains("read-only = [\"/var/lib/app/data/conf\"]"), "{text}");
}

fn path() -> impl Strategy<Value = String> {
    let part = select(vec![
        "srv",
        "data",
        "etc",
        "tmp",
        "var",
        "lib",
        "app",
        "a b",
        "x*y",
        "q\"r",
        "it's",
        "[z]",
        "{k}",
        "#1",
        "sch\u{f6}n",
        "17",
        "aX3k9Q",
        "\\",
        ",",
        "usr",
        "bin",
    ]);
    (prop::collection::vec(part, 1..5), any::<bool>())
        .prop_map(|(parts, is_folder)| format!("/{}{}", parts.join("/"), if is_folder { "/" } else { "" }))
}

fn record() -> impl Strategy<Value = String> {
    let operation = select(vec![
        ("open", "r"),
        ("open", "wc"),
        ("open", "wrc"),
        ("mknod", "c"),
        ("mkdir", "c"),
        ("unlink", "d"),
        ("file_lock", "k"),
        ("exec", "x"),
        ("file_mmap", "rm"),
        ("rename_dest", "wc"),
        ("getattr", "r"),
    ]);
    let words = select(vec![
        "apparmor=\"ALLOWED\" operation=\"create\" profile=\"web\" pid=1 comm=\"web\" family=\"inet\" sock_type=\"stream\" protocol=6\n",
        "apparmor=\"ALLOWED\" operation=\"create\" profile=\"web\" pid=1 comm=\"web\" family=\"inet\" sock_type=\"dgram\" protocol=6\n",
        "apparmor=\"ALLOWED\" operation=\"create\" profile=\"web\" pid=1 comm=\"web\" family=\"netlink\" sock_type=\"raw\" protocol=6\n",
        "apparmor=\"ALLOWED\" operation=\"capable\" profile=\"web\" pid=1 comm=\"web\" capability=0 capname=\"chown\"\n",
        "apparmor=\"ALLOWED\" operation=\"capable\" profile=\"web\" pid=1 comm=\"web\" capability=0 capname=\"sys_admin\"\n",
    ]);
    prop_oneof![
        6 => (operation, path()).prop_map(|((operation, mask), path)| line("web", operation, &path, mask, 1)),
        1 => words.prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// From any policy and any log: what is learned is allowed, what is refused is denied, comments stay, and a second run
    /// finds nothing more.
    #[test]
    fn what_is_learned_is_allowed_and_nothing_else(policy in prop_oneof![Just(EMPTY.to_owned()), sketch().prop_map(|sketch| format!("# kept\n{}", sketch.toml()))], log in prop::collection::vec(record(), 1..40)) {
        let analysis = alone(&policy);
        let Some(name) = analysis.policy().map(|policy| policy.name.value.clone()) else { return Ok(()) };
        let log = log.concat().replace("profile=\"web\"", &format!("profile=\"{name}\""));
        let found = Evidence::read(log.as_bytes(), 0, &|profile: &str| is_of(profile, &name));
        let learned = match learn(&analysis, &found, &Wishes::default(), &|_: &str| None) {
            Ok(learned) => learned,
            Err(LearnError::Errors) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(format!("{error:?}\n{policy}\n{log}"))),
        };
        let text = edited(&analysis, &learned);
        let comments = |text: &str| text.matches('#').count();
        prop_assert!(comments(&text) == comments(&policy) + text.matches("#1").count() - policy.matches("#1").count());
        let trial = Trial::of(&text);
        let ruleset = trial.ruleset().expect("the edited policy has no errors");
        let mut scratch = ruleset.scratch();
        for request in learned.entries.iter().flat_map(|entry| &entry.requests) {
            prop_assert!(ruleset.decide(request, &mut scratch).verdict == Verdict::Allowed, "{request}\n{text}");
        }
        for refused in &learned.refused {
            for request in &refused.requests {
                prop_assert!(ruleset.decide(request, &mut scratch).verdict != Verdict::Allowed, "{request}\n{text}");
            }
        }
        let again = learn(&alone(&text), &found, &Wishes::default(), &|_: &str| None).expect("it is learned again");
        prop_assert!(again.edit.is_none(), "{text}\n{:?}", again.entries);
    }

    /// In which pieces a log comes makes no difference.
    #[test]
    fn pieces_make_no_difference(log in prop::collection::vec(record(), 1..30), at in prop::collection::vec(0usize..4000, 0..6)) {
        let mut log = log.concat();
        let array: Vec<String> = line("web", "open", "/srv/array", "r", 9).trim_end().bytes().map(|byte| byte.to_string()).collect();
        log += &format!("{{\n\t\"MESSAGE\" : [\n\t\t{}\n\t]\n}}\n", array.join(",\n\t\t"));
        let meant = |profile: &str| is_of(profile, "web");
        let mut reading = Reading::new(0, &meant);
        let mut ends: Vec<usize> = at.into_iter().filter(|at| *at < log.len()).collect();
        ends.sort_unstable();
        let mut start = 0;
        for end in ends.into_iter().chain([log.len()]) {
            reading.push(&log.as_bytes()[start..end]);
            start = end;
        }
        prop_assert_eq!(reading.finish(), evidence(log.as_bytes()));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), tail in record()) {
        let mut log = bytes;
        log.extend(tail.as_bytes());
        evidence(&log);
        let torn = &tail.as_bytes()[..tail.len() / 2];
        evidence(torn);
    }
}

#[test]
fn lines_that_are_too_long_are_left_out_without_being_held() {
    let mut log = vec![b'x'; 200_000];
    log.extend(b" apparmor=\"DENIED\" operation=\"open\" profile=\"web\" name=\"/long\" requested_mask=\"r\" denied_mask=\"r\"\n");
    log.extend(line("web", "open", "/short", "r", 1).as_bytes());
    let whole = evidence(&log);
    assert_eq!(whole.records.len(), 1);
    assert_eq!(whole.lines, 2);
    let meant = |profile: &str| is_of(profile, "web");
    let mut reading = Reading::new(0, &meant);
    log.chunks(1000).for_each(|piece| reading.push(piece));
    assert_eq!(reading.finish(), whole);
}

#[test]
fn a_cut_array_takes_no_line_with_it() {
    let log = format!("\t\"MESSAGE\" : [\n\t\t97,\n{}", line("web", "open", "/srv/a", "r", 1));
    assert_eq!(evidence(log.as_bytes()).records.len(), 1);
}

#[test]
fn a_spoiled_line_is_not_learned_as_another() {
    let log = line("web", "open", "/srv/data", "r", 1).into_bytes();
    let at = log.windows(4).position(|part| part == b"data").unwrap();
    let spoiled = [&log[..at], &[0xff], &log[at..]].concat();
    let found = evidence(&spoiled);
    assert!(found.records.is_empty());
    assert_eq!(found.unreadable.len(), 1);
}

#[test]
fn very_many_other_profiles_are_one_whatever_their_order() {
    let mut lines: Vec<String> =
        (0..1500).map(|number| line(&format!("other-{number}"), "open", "/srv/a", "r", 1)).collect();
    let one = evidence(lines.concat().as_bytes());
    lines.reverse();
    let other = evidence(lines.concat().as_bytes());
    assert_eq!(one.others, other.others);
    assert_eq!((one.others.len(), one.others.values().sum::<u64>()), (1, 1500));
}

/// The program in a folder of its own, with a policy called `policy.toml`.
struct Place(tempfile::TempDir);

impl Place {
    fn new(policy: &str) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        place.write("policy.toml", policy.as_bytes());
        place
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn policy(&self) -> String {
        fs::read_to_string(self.path().join("policy.toml")).unwrap()
    }

    fn learn(&self, words: &[&str], input: &[u8]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
        command.current_dir(self.path()).arg("learn").args(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn compressed_logs_and_standard_input_are_read_as_others_are() {
    let log = day(&["aX3k9Q", "Zt02pp"]);
    let place = Place::new(EMPTY);
    place.write("plain.log", log.as_bytes());
    place.write("log.gz", &gzip(log.as_bytes()));
    let wanted = place.learn(&["policy.toml", "plain.log"], b"");
    assert_eq!(wanted.status.code(), Some(0), "{}", said(&wanted));
    for (words, input) in [
        (["policy.toml", "log.gz"].as_slice(), b"".as_slice()),
        (&["policy.toml"], log.as_bytes()),
        (&["policy.toml", "-"], &gzip(log.as_bytes())),
    ] {
        assert_eq!(place.learn(words, input).stdout, wanted.stdout, "{words:?}");
    }
    assert_eq!(place.policy(), EMPTY);
}

#[test]
fn what_cannot_be_read_is_told_and_nothing_is_half_written() {
    let log = day(&["aX3k9Q", "Zt02pp"]);
    let compressed = gzip(log.repeat(200).as_bytes());
    let place = Place::new(EMPTY);
    place.write("torn.gz", &compressed[..compressed.len() / 2]);
    place.write("nothing.gz", &compressed[..12]);
    place.write("binary", &[0, 159, 146, 150, 10, 255, 254].repeat(500));
    for (words, code, message) in [
        (["policy.toml", "missing.log"].as_slice(), 2, "the log `missing.log` does not exist"),
        (&["policy.toml", "."], 2, "the log `.` is a folder"),
        (&["policy.toml", "nothing.gz"], 2, "ends too early for a file that gzip compressed"),
        (&["policy.toml", "torn.gz"], 1, "ends too early for a file that gzip compressed"),
        (&["policy.toml", "binary"], 0, ""),
        (&["missing.toml", "binary"], 2, "missing.toml"),
    ] {
        let output = place.learn(words, b"");
        assert_eq!(output.status.code(), Some(code), "{words:?} {}", said(&output));
        assert!(said(&output).contains(message), "{words:?} {}", said(&output));
    }
    assert_eq!(place.policy(), EMPTY);
    let output = place.learn(&["-"], EMPTY.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("cannot be the policy and the log"), "{}", said(&output));
    let output = place.learn(&["-", "--write", "binary"], EMPTY.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("cannot be edited"), "{}", said(&output));
}

#[test]
fn a_policy_that_is_a_link_stays_one_and_keeps_its_mode() {
    let place = Place::new(EMPTY);
    fs::create_dir(place.path().join("kept")).unwrap();
    fs::rename(place.path().join("policy.toml"), place.path().join("kept/web.toml")).unwrap();
    fs::set_permissions(place.path().join("kept/web.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("kept/web.toml", place.path().join("policy.toml")).unwrap();
    let output = place.learn(&["policy.toml", "--write"], day(&["aX3k9Q", "Zt02pp"]).as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(fs::symlink_metadata(place.path().join("policy.toml")).unwrap().is_symlink());
    assert!(place.policy().contains("/tmp/upload-*"));
    let mode = fs::metadata(place.path().join("kept/web.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    // A second run finds nothing more.
    let before = place.policy();
    let output = place.learn(&["policy.toml", "--write"], day(&["aX3k9Q", "Zt02pp"]).as_bytes());
    assert_eq!((output.status.code(), place.policy()), (Some(0), before));
}

#[test]
fn a_folder_of_policies_shares_a_log() {
    let place = Place::new(EMPTY);
    place.write("other.toml", EMPTY.replace("name = \"web\"", "name = \"other\"").as_bytes());
    let log = line("web", "open", "/srv/a", "r", 1) + &line("other", "open", "/srv/b", "r", 1);
    let output = place.learn(&[".", "--write"], log.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let other = fs::read_to_string(place.path().join("other.toml")).unwrap();
    assert!(place.policy().contains("/srv/a") && !place.policy().contains("/srv/b"));
    assert!(other.contains("/srv/b") && !other.contains("/srv/a"));
    let output = place.learn(&["."], line("third", "open", "/srv/a", "r", 1).as_bytes());
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("no line of the log is about one of the 2 policies\n"), "{out}");
}

#[test]
fn a_wish_opens_what_it_names_alone() {
    let log = line("web", "open", "/etc/shadow", "r", 1) + &line("web", "open", "/etc/gshadow", "r", 1);
    let analysis = alone(EMPTY);
    let wishes = Wishes { accept: vec![Wish::read("read /etc/shadow").unwrap()], ..Wishes::default() };
    let learned = learn(&analysis, &evidence(log.as_bytes()), &wishes, &|_: &str| None).unwrap();
    let entries: Vec<&str> = learned.entries.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(entries, ["/etc/shadow"]);
    assert_eq!(learned.refused.len(), 1);
}

#[test]
fn what_others_wrote_is_no_evidence() {
    let genuine = line("web", "open", "/srv/page", "r", 7);
    let forged = |name: &str| line("web", "open", name, "r", 7);
    let text = [
        format!("Nov 28 09:00:00 node1 myapp[71]: {}", forged("/srv/forged")),
        format!("10.0.0.1 - - \"GET /{}", forged("/srv/forged")),
        // The same record, first forged and then genuine.
        format!("Nov 28 09:00:00 node1 myapp[71]: {}", forged("/srv/page")),
        format!("Nov 28 09:00:00 node1 kernel: {genuine}"),
    ];
    let (_, learned) = learned(EMPTY, &text.concat());
    let entries: Vec<&str> = learned.entries.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(entries, ["/srv/page"]);
}

#[test]
fn files_that_are_there_and_only_read_keep_a_folder_from_being_taken_whole() {
    let made = ["a", "b", "c"].map(|name| line("web", "mknod", &format!("/srv/app/{name}"), "c", 7)).concat();
    let read = line("web", "open", "/srv/app/index", "r", 7);
    let entries = |log: &str| -> Vec<String> {
        learned(EMPTY, log).1.entries.into_iter().map(|entry| entry.text).collect()
    };
    assert_eq!(entries(&made), ["/srv/app/"]);
    assert_eq!(entries(&(made + &read)), ["/srv/app/index", "/srv/app/a", "/srv/app/b", "/srv/app/c"]);
}

#[test]
fn an_interrupt_ends_the_log_and_not_the_work() {
    let place = Place::new(EMPTY);
    let mut child = Command::new(env!("CARGO_BIN_EXE_aapol"))
        .args(["learn", "policy.toml"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // More than a pipe holds: when it is written, somebody reads it.
    let one = line("web", "open", "/srv/first", "r", 7);
    stdin.write_all(one.repeat(400_000 / one.len()).as_bytes()).unwrap();
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    // Standard input stays open.
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let said = said(&output);
    assert!(String::from_utf8_lossy(&output.stdout).contains("/srv/first"), "{said}");
    assert!(said.contains("ended by Ctrl-C"), "{said}");
    assert_eq!(output.status.code(), Some(0), "{said}");
}
