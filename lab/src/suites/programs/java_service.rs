//! A service in Java: Debian's runtime where Eclipse Temurin's images have it, and where Debian has it itself.

use super::program::{Exception, Expected, Program};
use super::root::Root;
use crate::Result;

/// As the example has it.
const TEMURIN: &str = "/opt/java/openjdk";
const DEBIAN: &str = "the runtime is where Debian has it";
const ELSEWHERE: &str = "the runtime is where Eclipse Temurin has it";

pub(super) const JAVA_SERVICE: Program = Program {
    name: "java-service",
    policy: |text, release| match release {
        "bookworm" => text.replace(TEMURIN, &format!("/{}", debian(release))),
        _ => text,
    },
    bundles: &["jvm"],
    packages: |release| {
        let runtime =
            if release == "bookworm" { "openjdk-17-jre-headless" } else { "openjdk-21-jre-headless" };
        vec![runtime, "libbsh-java", "coreutils", "dash", "ca-certificates", "openssl"]
    },
    lay,
    files: &[],
    // One compiler of the two: where the processor is emulated, the better one costs more than it gains.
    arguments: &[
        "/opt/java/openjdk/bin/java",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        "/app/bsh.jar",
        "bsh.Interpreter",
        "/app/orders.bsh",
        "8080",
    ],
    environment: |_| Vec::new(),
    script: concat!(include_str!("upstream.sh"), include_str!("java-service.sh")),
    facts: &[
        "GET / pear",
        "lookup 127.0.0.1",
        "upstream {\"fruit\": \"pear\"}",
        "interface lo",
        "seed 4",
        "zone +01:00",
        "scratch made and removed",
        "sorted pear plum 0",
        "a stray write: Permission denied",
        "a program: IOException",
        "a write elsewhere: AccessDeniedException",
        "GET / after that pear",
        "ended 143",
    ],
    seconds: 180,
    expected: &[
        Expected::STRAY,
        Expected {
            words: &["operation=\"exec\"", "name=\"/usr/bin/dash\"", "comm=\"jspawnhelper\""],
            release: None,
            why: "the scenario has it start a program",
        },
        Expected {
            words: &["operation=\"mknod\"", "name=\"/srv/page.html\""],
            release: None,
            why: "the scenario has it write elsewhere",
        },
    ],
    exceptions: &[
        Exception { grant: "bundle jvm: /opt/java/openjdk/**.so mr", release: Some("bookworm"), why: DEBIAN },
        Exception { grant: "bundle jvm: /opt/java/openjdk/{,**} r", release: Some("bookworm"), why: DEBIAN },
        Exception { grant: "bundle jvm: /usr/lib/jvm/**.so mr", release: Some("trixie"), why: ELSEWHERE },
        Exception { grant: "bundle jvm: /usr/lib/jvm/{,**} r", release: Some("trixie"), why: ELSEWHERE },
    ],
};

fn debian(release: &str) -> &'static str {
    match release {
        "bookworm" => "usr/lib/jvm/java-17-openjdk-amd64",
        _ => "usr/lib/jvm/java-21-openjdk-amd64",
    }
}

fn lay(root: &mut Root, release: &str) -> Result<()> {
    root.user("java", 10001)?;
    match release {
        "bookworm" => {
            root.folder_in_place(debian(release))?;
            root.link(TEMURIN.trim_start_matches('/'), &format!("/{}", debian(release)))?;
        }
        _ => root.folder_elsewhere(debian(release), TEMURIN.trim_start_matches('/'))?,
    }
    root.copy("usr/share/java/bsh.jar", "app/bsh.jar")?;
    root.file("app/orders.bsh", include_str!("orders.bsh"))?;
    root.file("app/page.html", "pear\n")?;
    root.file(".lab/pages/fruit.json", "{\"fruit\": \"pear\"}\n")?;
    root.folder("etc/ssl/certs/java")?;
    root.file("etc/ssl/certs/ca-certificates.crt", "")
}
