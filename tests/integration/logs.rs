//! Logs as journals, runtimes and auditd write them, given to `aapol explain` as a user would.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

const RECORD: &str = r#"audit: type=1400 audit(1.2:3): apparmor="DENIED" operation="open" class="file" profile="web" name="/srv/data" pid=7 comm="web" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#;

/// What `explain` says of a log, about a policy called `web`.
fn explained(log: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), "name = \"web\"\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
    command.current_dir(folder.path()).args(["explain", "policy.toml", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(log.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_record_is_the_same_in_every_log() {
    let wanted = explained(RECORD).0;
    assert!(wanted.starts_with("read /srv/data: denied"), "{wanted}");
    let json = serde_json::to_string(RECORD).unwrap();
    let bytes: Vec<String> = RECORD.bytes().map(|byte| byte.to_string()).collect();
    let interpreted = RECORD.replace('"', "");
    for log in [
        format!("{{\"_TRANSPORT\":\"audit\",\"MESSAGE\":{json},\"PRIORITY\":\"5\"}}\n"),
        format!("{{\n\t\"MESSAGE\" : {json},\n\t\"PRIORITY\" : \"5\"\n}}\n"),
        format!("{{\n\t\"MESSAGE\" : [\n\t\t{}\n\t]\n}}\n", bytes.join(",\n\t\t")),
        format!("{{\"MESSAGE\":[{}]}}\n", bytes.join(",")),
        format!("{{\n   \"dmesg\": [\n      {{\n         \"msg\": {json}\n      }}\n   ]\n}}\n"),
        format!("{{\"log\":{json},\"stream\":\"stderr\",\"time\":\"2026-11-21T09:00:00Z\"}}\n"),
        format!("2026-11-21T09:00:00.000000001Z stderr F {RECORD}\n"),
        format!("type=AVC msg=audit(21/11/26 09:00:00.975:672) : {interpreted}\n"),
        RECORD.replace("profile=\"web\"", "profile=\"unconfined//&web\""),
        RECORD.replace("profile=\"web\"", "profile=\":k8s://web\""),
        RECORD.replace("profile=\"web\"", "profile=\":k8s:web\""),
        RECORD.replace("profile=\"web\"", "namespace=\"root//k8s\" profile=\"web\""),
        RECORD.replace("profile=\"web\"", "profile=\"web//null-/bin/sh\""),
        RECORD.replace("profile=\"web\"", "profile=7765622F2F6E756C6C2D2F62696E2F612062"),
    ] {
        let (out, err) = explained(&log);
        assert_eq!(out, wanted, "{log}\n{err}");
    }
    for other in ["profile=\"webs\"", "profile=\"web-2\"", "profile=\"x//web\"", "profile=\":web://other\""] {
        let (out, err) = explained(&RECORD.replace("profile=\"web\"", other));
        assert!(out.is_empty() && err.contains("1 about other profiles"), "{other}: {out}{err}");
    }
}

#[test]
fn a_name_without_quotes_keeps_its_blanks() {
    let log = "type=AVC msg=audit(1.2:3) : apparmor=DENIED operation=open class=file profile=web name=/tmp/a b=c pid=7 comm=my web requested_mask=r denied_mask=r fsuid=root ouid=root";
    assert!(explained(log).0.starts_with("read \"/tmp/a b=c\": denied"), "{}", explained(log).0);
}

#[test]
fn a_log_that_lacks_lines_is_said_to() {
    let notes = |log: &str| explained(log).1.lines().filter(|line| line.starts_with("note: ")).count();
    assert_eq!(notes(RECORD), 0);
    let gaps = format!(
        "{RECORD}\naudit_printk_skb: 3 callbacks suppressed\naudit: audit_lost=2 audit_rate_limit=0\n"
    );
    assert_eq!(notes(&gaps), 1);
    assert!(
        explained(&gaps).1.contains("`kernel.printk_ratelimit=0`; raise the audit queue"),
        "{}",
        explained(&gaps).1
    );
}
