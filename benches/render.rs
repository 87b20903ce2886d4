//! How long `aapol render` takes, beside what `cp` takes for the same files.
//!
//! The whole process is timed, ours and `cp` in turn on the same disk, so that what else the machine does
//! falls on both. What counts is the ratio of the medians; milliseconds are this machine's alone.
//!
//! Nothing is removed before the end: for minutes ext4 does not hand out the inodes of removed files, and
//! searching past them would be most of what both take. A run soon after another therefore shows lower ratios.
//!
//! `cargo bench --bench render` runs all; `-- NUMBER` takes another number of policies than 10,000.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench prints, and may stop")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const AAPOL: &str = env!("CARGO_BIN_EXE_aapol");

fn main() {
    // Cargo itself adds `--bench`.
    let policies = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    println!("{:34}{:>11}{:>11}{:>8}{:>6}", "", "aapol ms", "cp ms", "ratio", "aim");
    one_example();
    folder(policies);
}

/// One example, against copying its two outputs.
fn one_example() {
    let example = example();
    let folder = tempfile::tempdir().unwrap();
    let [wanted, ours, theirs] = ["wanted", "ours", "theirs"].map(|name| folder.path().join(name));
    time(Command::new(AAPOL).arg("render").arg(&example).arg("--out-dir").arg(&wanted));
    let rendered: Vec<PathBuf> = fs::read_dir(&wanted).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(rendered.len(), 2, "a profile and a manifest");
    let pairs = pairs(201, |round| {
        let (ours, theirs) = (round_of(&ours, round), round_of(&theirs, round));
        let render = time(Command::new(AAPOL).arg("render").arg(&example).arg("--out-dir").arg(&ours));
        (render, time(Command::new("cp").args(&rendered).arg(&theirs)))
    });
    let name = example.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    row(&format!("examples/{name}"), &pairs);
}

/// A folder of policies, against copying all that they render to; then again, when nothing changes.
fn folder(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let [policies, ours, theirs] = ["policies", "ours", "theirs"].map(|name| folder.path().join(name));
    fs::create_dir(&policies).unwrap();
    for index in 0..count {
        fs::write(policies.join(format!("service-{index}.toml")), policy(index)).unwrap();
    }
    let render = |to: &Path| {
        let mut command = Command::new(AAPOL);
        command.arg("render").arg(&policies).arg("--out-dir").arg(to);
        command
    };
    // `cp -r A/. B` fills B whether it is there or not.
    let copy = |from: &Path, to: &Path| {
        let mut command = Command::new("cp");
        command.arg("-r").arg(from.join(".")).arg(to);
        command
    };
    let new = pairs(5, |round| {
        let (ours, theirs) = (round_of(&ours, round), round_of(&theirs, round));
        (time(&mut render(&ours)), time(&mut copy(&ours, &theirs)))
    });
    let (ours, theirs) = (round_of(&ours, 0), round_of(&theirs, 0));
    assert_eq!(fs::read_dir(&ours).unwrap().count(), 2 * count, "each policy is rendered");
    row(&format!("{count} policies, new files"), &new);
    let again = pairs(5, |_| (time(&mut render(&ours)), time(&mut copy(&ours, &theirs))));
    row(&format!("{count} policies, nothing changes"), &again);
    let peak = peak_memory(&mut render(&folder.path().join("last")));
    println!("{:34}{:>11} MB{:>22}", format!("{count} policies, peak memory"), peak / 1024, "< 100 MB");
}

/// A policy of 25 entries, as an organisation that generates them might have thousands of.
fn policy(index: usize) -> String {
    let name = format!("service-{index}");
    let team = index % 40;
    let mut text = format!("name = \"{name}\"\ndescription = \"Service {index} of team {team}.\"\n\n");
    let mut table = |head: &str, lists: &[(&str, &[&str])]| {
        writeln!(text, "[{head}]").unwrap();
        for (key, entries) in lists {
            let entries: Vec<String> =
                entries.iter().map(|entry| format!("\"{}\"", entry.replace("NAME", &name))).collect();
            writeln!(text, "{key} = [{}]", entries.join(", ")).unwrap();
        }
        text.push('\n');
    };
    let filesystem: &[(&str, &[&str])] = &[
        (
            "read-only",
            &[
                "/etc/NAME/",
                "/srv/NAME/static/",
                "/usr/share/NAME/",
                "/usr/share/zoneinfo/",
                "/etc/ssl/certs/",
                "/opt/NAME/lib/*.jar",
                "/opt/NAME/plugins/**/*.{json,yaml}",
                "/sys/fs/cgroup/",
            ],
        ),
        ("read-write", &["/var/lib/NAME/", "/var/cache/NAME/", "/run/NAME/", "/tmp/NAME-[0-9]*"]),
        ("write-only", &["/var/log/NAME/"]),
        ("deny-write", &["/var/lib/NAME/schema/"]),
        ("deny", &["/etc/NAME/private/", "/var/lib/NAME/keys/*.pem"]),
    ];
    table("filesystem", filesystem);
    table("exec", &[("allow", &["/opt/NAME/bin/server", "/opt/NAME/bin/migrate", "/usr/bin/openssl"])]);
    table("capabilities", &[("allow", &["net_bind_service"])]);
    table("network", &[("allow", &["inet/stream", "inet6/stream", "inet/dgram", "inet6/dgram", "unix"])]);
    write!(
        text,
        "[pod]\nkind = \"Deployment\"\nreplicas = 2\nnamespace = \"team-{team}\"\n\
         labels = {{ app = \"{name}\", team = \"team-{team}\" }}\n\n\
         [pod.volumes.data]\nclaim = \"{name}\"\n[pod.volumes.scratch]\nempty-dir = true\n\n\
         [pod.containers.server]\nimage = \"registry.example/{name}:1.4.2\"\nports = [8443]\n\
         env = {{ TZ = \"UTC\", LOG_LEVEL = \"info\" }}\n\
         mounts = {{ \"/var/lib/{name}\" = \"data\", \"/var/cache/{name}\" = \"scratch\", \
         \"/run/{name}\" = \"scratch\", \"/var/log/{name}\" = \"scratch\", \"/tmp\" = \"scratch\" }}\n"
    )
    .unwrap();
    text
}

/// The largest memory that a process had, in KiB. Its status is read while it runs: the standard library has
/// no other way to ask.
fn peak_memory(command: &mut Command) -> u64 {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(now.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    peak
}

fn example() -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let all = ["nginx", "starter"].map(|name| examples.join(name).join("policy.toml"));
    all.into_iter().find(|path| path.is_file()).unwrap()
}

/// The folder of one round; it is there already when the clock starts.
fn round_of(folder: &Path, round: usize) -> PathBuf {
    let folder = folder.with_extension(round.to_string());
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn time(command: &mut Command) -> Duration {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().unwrap();
    let took = start.elapsed();
    assert!(status.success(), "{command:?} ended with {status}");
    took
}

/// Runs of both, in turn; the first pair only warms up.
fn pairs(count: usize, run: impl FnMut(usize) -> (Duration, Duration)) -> Vec<(Duration, Duration)> {
    (0..=count).map(run).skip(1).collect()
}

fn row(what: &str, pairs: &[(Duration, Duration)]) {
    let ours = median(pairs.iter().map(|(ours, _)| *ours));
    let theirs = median(pairs.iter().map(|(_, theirs)| *theirs));
    let ratio = ours / theirs;
    println!("{what:34}{ours:>11.2}{theirs:>11.2}{ratio:>8.2}{:>6}", "< 2");
}

fn median(times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times.get(times.len() / 2).unwrap().as_secs_f64() * 1000.0
}
