//! PostgreSQL: Debian's version of it at the places that the official image has for 16.

use super::program::{Expected, Program};
use super::root::Root;
use crate::Result;

pub(super) const POSTGRES: Program = Program {
    name: "postgres",
    policy: |text, _| text,
    bundles: &[],
    packages: |release| {
        let server = if is_old(release) { "postgresql-15" } else { "postgresql-17" };
        vec![server, "bash", "coreutils", "dash", "openssl"]
    },
    lay,
    files: &[],
    arguments: &["docker-entrypoint.sh", "postgres"],
    environment: |release| {
        // The image's own variable, and what the cluster's secret holds.
        let mut all = vec![("LANG", "C.UTF-8"), ("POSTGRES_PASSWORD", "pear")];
        if is_old(release) {
            // Its initdb does not know `--set`: see `lay`.
            all.push(("POSTGRES_INITDB_ARGS", ""));
        }
        all
    },
    script: include_str!("postgres.sh"),
    facts: &[
        "IPv4 42",
        "IPv6 42",
        "Unix 42",
        "the first table pear",
        "nuts hazel pecan",
        "PL/pgSQL NOTICE:  works",
        "text search 'pear':2",
        "workers Workers Launched: 2",
        "reloaded",
        "nuts hazel pecan",
        "a stray write: Permission denied",
        "a file elsewhere: Permission denied",
        "a granted program: COPY 2",
        "another program: command not executable",
        "ended 0",
        "nuts hazel pecan",
        "ended 0",
        "alarms: 0",
    ],
    seconds: 170,
    expected: &[
        Expected::STRAY,
        Expected {
            words: &["operation=\"mknod\"", "name=\"/srv/nut\"", "comm=\"postgres\""],
            release: None,
            why: "the scenario has it write elsewhere",
        },
        Expected {
            words: &["operation=\"exec\"", "name=\"/usr/bin/sha256sum\"", "comm=\"sh\""],
            release: None,
            why: "the scenario has it start what is not granted",
        },
        Expected {
            words: &["operation=\"file_mmap\"", "name=\"/\"", "comm=\"postgres\"", "requested_mask=\"w\""],
            release: Some("bookworm"),
            why: "the initdb of 15 tries huge pages, and cannot be told not to",
        },
    ],
    exceptions: &[],
};

fn is_old(release: &str) -> bool {
    release == "bookworm"
}

fn lay(root: &mut Root, release: &str) -> Result<()> {
    let version = if is_old(release) { "15" } else { "17" };
    root.user("postgres", 999)?;
    // The server looks for its modules where it was built to find them: a link leads from there.
    root.folder_elsewhere(&format!("usr/lib/postgresql/{version}"), "usr/lib/postgresql/16")?;
    let sample = format!("usr/share/postgresql/{version}/postgresql.conf.sample");
    let mut settings =
        root.read(&sample)?.replace("#listen_addresses = 'localhost'", "listen_addresses = '*'");
    if is_old(release) {
        settings.push_str("huge_pages = off\n");
    }
    root.file(&sample, &settings)?;
    root.folder("var/lib/postgresql/data")?;
    root.file(
        "docker-entrypoint-initdb.d/fruit.sql",
        "create table fruit (name text);\ninsert into fruit values ('pear');\n",
    )?;
    root.script("usr/local/bin/docker-entrypoint.sh", include_str!("start.sh"))
}
