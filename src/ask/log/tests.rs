//! Each line is read as what it asks about, and no line does harm.

mod lines;

use super::*;
use lines::{AROUND, FAULTS, LINES};
use proptest::prelude::*;

fn read_one(line: &str) -> Logged {
    read(line).unwrap_or_else(|| panic!("no line: {line}")).unwrap_or_else(|fault| panic!("{line}: {fault}"))
}

#[test]
fn each_line_is_read_as_what_was_asked() {
    for (line, want) in LINES {
        for (before, after) in AROUND {
            let line = format!("{before}apparmor=\"DENIED\" operation={line}{after}");
            let logged = read_one(&line);
            let got: Vec<String> = logged.requests.iter().map(Request::to_string).collect();
            assert_eq!(got, want, "{line}");
            assert_eq!(logged.verdict, AuditType::Denied);
            assert_eq!(logged.profile.as_deref(), Some("web"), "{line}");
        }
    }
}

#[test]
fn what_cannot_be_asked_says_why() {
    for (line, want) in FAULTS {
        let line = format!("audit: type=1400 audit(1.2:3): apparmor=\"DENIED\" operation={line}");
        assert_eq!(read(&line), Some(Err(LogError::new(want))), "{line}");
    }
    for (line, want) in [
        ("apparmor=\"ERROR\" operation=\"open\"", "`apparmor=ERROR` is no decision"),
        (
            r#"{"log":"apparmor=\"DENIED\" operation=\"open\""}"#,
            r#"`apparmor="\\\"DENIED\\\""` is no decision"#,
        ),
        ("apparmor=\"DENIED\"", "the line does not name an operation"),
    ] {
        assert_eq!(read(line), Some(Err(LogError::new(want))), "{line}");
    }
}

#[test]
fn other_lines_are_none() {
    for line in [
        "",
        "apparmor",
        "AppArmor: AppArmor Filesystem Enabled",
        "audit: type=1326 audit(1.2:3): auid=0 uid=0 comm=\"x\" syscall=41 code=0x50000",
        "type=AVC msg=audit(1.2:3): avc:  denied  { read } for  pid=7 comm=\"x\"",
        r#"audit: type=1400 audit(1.2:3): apparmor="STATUS" operation="profile_load" profile="unconfined" name="web" pid=7 comm="apparmor_parser""#,
    ] {
        assert_eq!(read(line), None, "{line}");
    }
}

#[test]
fn what_counts_depends_on_the_verdict() {
    for (word, verdict, want) in [
        ("DENIED", AuditType::Denied, "write /x"),
        ("KILLED", AuditType::Killed, "write /x"),
        ("ALLOWED", AuditType::Allowed, "read /x, write /x"),
        ("AUDIT", AuditType::Audited, "read /x, write /x"),
    ] {
        for quote in ["\"", ""] {
            let line = r#"apparmor="WORD" operation="open" name="/x" requested_mask="rw" denied_mask="w""#;
            let logged = read_one(&line.replace("WORD", word).replace('"', quote));
            let got: Vec<String> = logged.requests.iter().map(Request::to_string).collect();
            assert_eq!((logged.verdict, got.join(", ").as_str()), (verdict, want));
        }
    }
}

#[test]
fn a_line_says_who_and_about_what() {
    let who = |line: &str| {
        let logged = read_one(&format!("apparmor=\"AUDIT\" {line}"));
        (
            logged.profile.clone().unwrap_or_default(),
            logged.command.clone().unwrap_or_default(),
            logged.about(),
        )
    };
    let is = |profile: &str, command: &str, about: &str| {
        (profile.to_owned(), command.to_owned(), about.to_owned())
    };
    assert_eq!(
        who(
            r#"operation="userns_create" info="Userns create - transitioning profile" profile="unconfined" comm=612062 target="y""#
        ),
        is("unconfined", "a b", "userns create: Userns create - transitioning profile")
    );
    assert_eq!(
        who(r#"operation="umount" namespace="root//lxd-a_<var-lib-lxd>" profile=612062 comm=1B5B324A"#),
        is(":root//lxd-a_<var-lib-lxd>://a b", "\\u{1b}[2J", "umount")
    );
    assert_eq!(who(r#"operation="umount" label="a//&b""#), is("a//&b", "", "umount"));
    assert_eq!(
        who(r#"operation="umount" profile=736368C3B66E20C3A9 comm=C285"#),
        is("sch\u{f6}n \u{e9}", "\\u{85}", "umount")
    );
    assert_eq!(who(r#"operation="umount" profile="2F61" comm="cafe""#), is("2F61", "cafe", "umount"));
}

#[test]
fn a_huge_line_takes_little_time() {
    for part in ["apparmor=", "a=", "\"", "name=2F ", "apparmor=\"DENIED\" ", " ' ", "\u{1d}"] {
        let huge = part.repeat(1 << 18);
        let _ = read(&huge);
        let _ = read(&format!("apparmor=\"DENIED\" operation=\"open\" name=\"/x\" requested_mask=\"{huge}"));
        let _ = read(&format!("apparmor=\"DENIED\" operation=\"open\" name=\"/x\" requested_mask=r {huge}"));
    }
}

/// Nothing that is read may panic, and what is said of it is safe to print.
fn is_harmless(line: &str) {
    let printed = match read(line) {
        None => return,
        Some(Err(fault)) => vec![fault.to_string()],
        Some(Ok(logged)) => {
            assert!(!logged.requests.is_empty());
            let requests = logged.requests.iter().map(Request::to_string);
            let about = logged.about();
            requests.chain(logged.profile).chain(logged.command).chain([about]).collect()
        }
    };
    for text in printed {
        assert!(!text.contains(char::is_control), "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_harmless(text in "\\PC*", raw in any::<Vec<u8>>()) {
        is_harmless(&text);
        is_harmless(&format!("apparmor={text}"));
        is_harmless(&format!("apparmor=\"DENIED\" operation={text}"));
        is_harmless(&format!("apparmor=\"DENIED\" operation=\"open\" requested_mask=r name=\"/{}\"", String::from_utf8_lossy(&raw)));
    }

    #[test]
    fn a_spoilt_line_is_harmless(
        which in any::<prop::sample::Index>(),
        spoils in prop::collection::vec((any::<prop::sample::Index>(), 0..9usize, any::<char>()), 1..6),
    ) {
        let (line, _) = LINES[which.index(LINES.len())];
        let mut line: Vec<char> = format!("audit: apparmor=\"DENIED\" operation={line}").chars().collect();
        for (at, removed, put) in spoils {
            let at = at.index(line.len() + 1);
            let end = (at + removed).min(line.len());
            line.splice(at..end, [put]);
        }
        is_harmless(&line.into_iter().collect::<String>());
    }
}
