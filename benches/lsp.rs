//! How long an editor waits for the language server as a policy grows: from a change to its findings, for the
//! rules of an entry, for the words of a list.
//!
//! Over the program's real standard streams, one thing after another, medians. In the same run `aapol check`
//! judges the same text as a process of its own, which is what an editor without a server would start.
//!
//! `cargo bench --bench lsp` runs all.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench prints, and may stop")]

#[allow(dead_code, reason = "tests ask for more")]
#[path = "../tests/support/client.rs"]
mod client;

use client::Client;
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    println!(
        "{:>9}{:>9}{:>14}{:>10}{:>14}{:>14}",
        "entries", "KiB", "findings ms", "hover ms", "completion ms", "`check` ms"
    );
    for count in [100, 1_000, 10_000] {
        measure(count, if count < 10_000 { 51 } else { 11 });
    }
}

/// Entries of several kinds, with lines to point at in their middle.
fn policy(count: usize) -> String {
    let entry = |index: usize| match index % 4 {
        0 => format!("    \"/etc/service-{index}/config.toml\",\n"),
        1 => format!("    \"/usr/share/service-{index}/\",\n"),
        2 => format!("    \"/srv/data-{index}/*.json\",\n"),
        _ => format!("    \"/srv/site-{index}/**/page-[0-9]*.{{html,css}}\",\n"),
    };
    let entries: String = (0..count).map(entry).collect();
    format!(
        "name = \"bench\"\n[filesystem]\nread-only = [\n{entries}]\n[capabilities]\nallow = [\"\"]\n\
         deny = [\"kill\"]\n"
    )
}

fn measure(count: usize, runs: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.toml");
    let uri = client::uri(&path);
    let text = policy(count);
    // Without what is being completed, so that there are rules to be shown.
    let whole = text.replace("allow = [\"\"]\n", "");
    std::fs::write(&path, &whole).unwrap();

    let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
    command.arg("lsp");
    let mut client = Client::start(command, 4096);
    client.initialize(folder.path(), json!({}), json!({}));
    client.open(&uri, &whole);
    client.diagnostics(&uri);

    let mut version = 1;
    let findings = median(runs, |run| {
        // Another finding each time, since only news is published.
        let changed = whole.replace("\"kill\"", &format!("\"kil-{run}\""));
        version += 1;
        let start = Instant::now();
        client.change(&uri, version, &changed);
        client.diagnostics(&uri);
        start.elapsed()
    });
    client.change(&uri, version + 1, &whole);
    client.diagnostics(&uri);
    let middle = u32::try_from(3 + count / 2).unwrap();
    let hover = median(runs, |_| {
        let start = Instant::now();
        let shown = client.hover(&uri, middle, 10);
        assert!(shown.is_object(), "{shown}");
        start.elapsed()
    });
    client.change(&uri, version + 2, &text);
    client.diagnostics(&uri);
    let list = u32::try_from(5 + count).unwrap();
    let completion = median(runs, |_| {
        let start = Instant::now();
        assert!(client.complete(&uri, list, 10).len() > 30);
        start.elapsed()
    });
    let check = median(runs, |_| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
        command.arg("check").arg(Path::new(&path)).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        command.status().unwrap();
        start.elapsed()
    });
    let size = text.len() / 1024;
    println!("{count:>9}{size:>9}{findings:>14.2}{hover:>10.2}{completion:>14.2}{check:>14.2}");
}

/// Milliseconds.
fn median(runs: usize, mut run: impl FnMut(usize) -> Duration) -> f64 {
    let mut times: Vec<Duration> = (0..runs).map(&mut run).collect();
    times.sort();
    times.get(runs / 2).unwrap().as_secs_f64() * 1000.0
}
