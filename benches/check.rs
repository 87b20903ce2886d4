//! How long a policy's check takes as the policy grows: reading the text, then every lint.
//!
//! In this process, so that neither start-up nor the disk is measured. Growth close to linear shows as the
//! same milliseconds an entry in every row; the hostile rows need only stay bounded.
//!
//! `cargo bench --bench check` runs all.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may stop")]

use aapol::analysis::{Analysis, Options};
use aapol::policy::load::File;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    println!("{:34}{:>9}{:>11}{:>12}{:>11}", "", "entries", "ms", "ms/entry", "aim");
    for (count, aim) in [(100, ""), (1_000, "< 10 ms"), (10_000, "")] {
        measure("a mixture", count, &mixture(count), aim);
    }
    for count in [1_000, 10_000] {
        measure("globs of one prefix", count, &one_prefix(count), "< 2000 ms");
        measure("nested folders", count, &nested(count), "< 2000 ms");
    }
    // No policy is larger than 1 MiB.
    measure("globs that fill the largest file", 70_000, &shortest(70_000), "< 2000 ms");
}

/// Entries of every kind, in a thousand folders: what a large generated policy looks like.
fn mixture(count: usize) -> String {
    let mut lists: [(&str, &str, Vec<String>); 6] = [
        ("filesystem", "read-only", Vec::new()),
        ("filesystem", "read-write", Vec::new()),
        ("filesystem", "deny-write", Vec::new()),
        ("filesystem", "deny", Vec::new()),
        ("exec", "allow", Vec::new()),
        ("exec", "deny", Vec::new()),
    ];
    for index in 0..count {
        let (list, entry) = match index % 10 {
            0 | 1 => (0, format!("/etc/service-{index}/config.toml")),
            2 => (0, format!("/usr/share/service-{index}/")),
            3 => (0, format!("/srv/data-{index}/*.json")),
            4 => (0, format!("/srv/site-{index}/**/page-[0-9]*.{{html,css}}")),
            5 => (1, format!("/var/lib/service-{index}/")),
            6 => (2, format!("/var/lib/service-{}/schema/", index - 1)),
            7 => (3, format!("/usr/share/service-{}/private/*.pem", index - 5)),
            8 => (4, format!("/opt/service-{index}/bin/server")),
            _ => (5, format!("/opt/service-{}/bin/debug", index - 1)),
        };
        lists.get_mut(list).unwrap().2.push(entry);
    }
    write_policy(&lists)
}

/// Globs that all begin alike, so that nothing tells them apart at a glance.
fn one_prefix(count: usize) -> String {
    let globs = (0..count).map(|index| format!("/srv/*-{index}/**/[a-f]*{{x,y{index}}}")).collect();
    write_policy(&[("filesystem", "read-only", globs)])
}

/// As many globs of one prefix as a file can hold.
fn shortest(count: usize) -> String {
    let globs = (0..count).map(|index| format!("/*{index}")).collect();
    write_policy(&[("filesystem", "read-only", globs)])
}

/// Folders of which each lies in some of the others.
fn nested(count: usize) -> String {
    let folders = (0..count).map(|index| {
        let mut path = String::from("/srv/");
        for bit in (0..count.ilog2()).rev() {
            if index >> bit > 0 {
                write!(path, "{}/", (index >> bit) & 1).unwrap();
            }
        }
        path
    });
    write_policy(&[("filesystem", "read-write", folders.collect())])
}

fn write_policy(lists: &[(&str, &str, Vec<String>)]) -> String {
    let mut text = String::from("name = \"bench\"\n");
    let mut open = "";
    for (table, key, entries) in lists {
        if *table != open {
            writeln!(text, "[{table}]").unwrap();
            open = table;
        }
        writeln!(text, "{key} = [").unwrap();
        for entry in entries {
            writeln!(text, "  \"{entry}\",").unwrap();
        }
        text.push_str("]\n");
    }
    text
}

fn measure(what: &str, count: usize, text: &str, aim: &str) {
    let read = |_: &Path| Ok(File { id: "bench.toml".into(), text: text.to_owned() });
    let run = || {
        let start = Instant::now();
        let analysis = Analysis::new(Path::new("bench.toml"), &read, &Options::default());
        let took = start.elapsed();
        assert!(analysis.policy().is_some(), "the policy is read");
        took
    };
    let mut times: Vec<Duration> = (0..if count > 10_000 { 3 } else { 11 }).map(|_| run()).collect();
    times.sort();
    let median = times.get(times.len() / 2).unwrap().as_secs_f64() * 1000.0;
    println!("{what:34}{count:>9}{median:>11.2}{:>12.5}{aim:>11}", median / count as f64);
}
