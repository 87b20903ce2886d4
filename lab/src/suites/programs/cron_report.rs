//! A job in Python, with Debian's runtime where the official image has it.

use super::program::{Exception, Expected, Program};
use super::root::Root;
use crate::Result;

pub(super) const CRON_REPORT: Program = Program {
    name: "cron-report",
    policy: |text, _| text,
    bundles: &["python", "tls", "dns"],
    packages: |_| vec!["python3", "dash", "ca-certificates", "openssl"],
    lay,
    files: &[
        ("code", "report.py", include_str!("report.py")),
        ("figures", "2024-05.csv", "pear,2\napple,1\nplum,3\npear,2\n"),
    ],
    arguments: &[],
    environment: |_| vec![("CHAT_URL", "https://chat.example.com/said")],
    script: concat!(include_str!("upstream.sh"), include_str!("cron-report.sh")),
    facts: &[
        "ended 0",
        r#"{"level": "INFO", "message": "text/html is <p>3 kinds, 8 in all"}"#,
        r#"{"level": "INFO", "message": "made at 06:15 CEST"}"#,
        r#"{"level": "INFO", "message": "this machine: 127.0.0.1"}"#,
        r#"{"level": "INFO", "message": "the chat: heard"}"#,
        r#"{"level": "ERROR", "message": "elsewhere: Permission denied"}"#,
        r#"{"level": "ERROR", "message": "a program: Permission denied"}"#,
        "ended 0",
        r#"{"level": "INFO", "message": "the chat: heard"}"#,
        "left behind: 2024-05.html",
    ],
    seconds: 120,
    expected: &[
        Expected {
            words: &["operation=\"mknod\"", "name=\"/srv/page.html\"", "comm=\"python3\""],
            release: None,
            why: "the scenario has it write elsewhere",
        },
        Expected {
            words: &["operation=\"exec\"", "name=\"/usr/bin/dash\"", "comm=\"python3\""],
            release: None,
            why: "the scenario has it start a program",
        },
    ],
    exceptions: &[
        Exception {
            grant: "bundle tls: /etc/pki/{ca-trust,tls}/{,**} r",
            release: None,
            why: "images of the Red Hat family have their certificates there, Debian's have not",
        },
        Exception { grant: "bundle dns: network inet6 dgram", release: None, why: SORTED },
        Exception { grant: "bundle dns: network netlink raw", release: None, why: SORTED },
    ],
};

/// The names of the scenario have one address each. Java, which asks otherwise, needs both rules.
const SORTED: &str =
    "glibc lists and tries the machine's addresses for Python only to sort several of a name";

fn lay(root: &mut Root, release: &str) -> Result<()> {
    root.user("python", 10001)?;
    root.copy("usr/bin/python3", "usr/local/bin/python3")?;
    let version = if release == "bookworm" { "3.11" } else { "3.13" };
    root.folder_elsewhere(&format!("usr/lib/python{version}"), &format!("usr/local/lib/python{version}"))?;
    root.file(".lab/pages/said", "heard\n")?;
    for folder in ["app", "data", "reports", "etc/ssl/certs", "usr/share/ca-certificates"] {
        root.folder(folder)?;
    }
    root.file("etc/ssl/certs/ca-certificates.crt", "")
}
