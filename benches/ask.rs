//! How fast a profile is asked, and what a question costs as a whole process.
//!
//! Decisions and comparisons run in this process; `test`, `explain` and `diff` are started as a user starts them,
//! beside `check` of the same policy. Times are medians.
//!
//! `cargo bench --bench ask` runs all.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may stop")]

use aapol::analysis::{Analysis, Options};
use aapol::ask::Ruleset;
use aapol::ask::compare::compare;
use aapol::kernel::Request;
use aapol::kernel::request::FileVerb;
use aapol::policy::load::File;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const COUNTS: [usize; 3] = [100, 1_000, 10_000];

fn main() {
    println!("decisions, one core:");
    for count in COUNTS {
        let ruleset = read(&policy(count, ""));
        let requests: Vec<Request> =
            paths(count).into_iter().map(|p| Request::File(FileVerb::Read, p)).collect();
        let mut scratch = ruleset.scratch();
        let mut decide = || {
            for request in &requests {
                black_box(ruleset.decide(request, &mut scratch));
            }
        };
        decide();
        let time = median(9, decide);
        let rate = requests.len() as f64 / time.as_secs_f64() / 1e6;
        println!("  {count:>6} entries {rate:8.2} million a second (aim at 1,000: 1)");
    }
    println!("comparing two policies that differ in ten entries, and two that differ in all:");
    for count in COUNTS {
        let (one, few, all) =
            (read(&policy(count, "")), read(&policy(count - 10, "")), read(&policy(count, "other-")));
        let few = median(5, || drop(black_box(compare(&one, &few))));
        let all = median(3, || drop(black_box(compare(&one, &all))));
        println!("  {count:>6} entries {:9.1} ms {:9.1} ms (aim at 1,000: < 1000)", ms(few), ms(all));
    }
    println!("whole processes, an ordinary policy and larger ones (aim at the first: < 10 ms):");
    println!("  {:>16}{:>10}{:>10}{:>10}{:>10}", "", "check", "test", "explain", "diff");
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/nginx/policy.toml");
    processes("examples/nginx", &std::fs::read_to_string(example).unwrap(), folder.path());
    for count in COUNTS {
        processes(&format!("{count} entries"), &policy(count, ""), folder.path());
    }
}

fn processes(name: &str, text: &str, folder: &Path) {
    let (old, new) = (folder.join("old.toml"), folder.join("new.toml"));
    std::fs::write(&old, text).unwrap();
    std::fs::write(&new, text.replacen("read-only = [", "read-only = [\"/new/thing\", ", 1)).unwrap();
    let run = |arguments: &[&str], paths: &[&Path]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
        // The word of the verb comes first, paths next, what is asked last.
        let (verb, rest) = arguments.split_first().unwrap();
        command.arg(verb).args(paths).args(rest);
        ms(median(9, || drop(command.output().unwrap())))
    };
    println!(
        "  {name:>16}{:>10.1}{:>10.1}{:>10.1}{:>10.1}",
        run(&["check"], &[&old]),
        run(&["test"], &[&old]),
        run(&["explain", "read /etc/shadow"], &[&old]),
        run(&["diff"], &[&old, &new]),
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn median(times: usize, mut work: impl FnMut()) -> Duration {
    let mut all: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    all.sort();
    all.get(times / 2).copied().unwrap_or_default()
}

fn read(text: &str) -> Ruleset {
    let reader = |path: &Path| Ok(File { id: path.to_owned(), text: text.to_owned() });
    let analysis = Analysis::new(Path::new("policy.toml"), &reader, &Options::default());
    analysis.ruleset(&|_: &str| None).unwrap()
}

/// Entries of every kind, in folders of their own.
fn policy(count: usize, prefix: &str) -> String {
    let (mut reads, mut writes, mut denials) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..count {
        match index % 5 {
            0 => reads.push(format!("/etc/{prefix}service-{index}/config.toml")),
            1 => reads.push(format!("/srv/{prefix}site-{index}/**/page-[0-9]*.{{html,css}}")),
            2 => reads.push(format!("/usr/share/{prefix}service-{index}/")),
            3 => writes.push(format!("/var/lib/{prefix}service-{index}/")),
            _ => denials.push(format!("/usr/share/{prefix}service-{}/private/*.pem", index - 2)),
        }
    }
    let mut text = String::from("name = \"bench\"\n\n[filesystem]\n");
    for (key, list) in [("read-only", reads), ("read-write", writes), ("deny", denials)] {
        let quoted: Vec<String> = list.iter().map(|path| format!("\"{path}\"")).collect();
        writeln!(text, "{key} = [{}]", quoted.join(", ")).unwrap();
    }
    text.push_str(
        "\n[expect]\nallow = [\"read /etc/hosts\"]\ndeny = [\"read /etc/shadow\", \"exec /bin/sh\"]\n",
    );
    text
}

/// Paths that the entries grant, nearly grant, deny, and know nothing of.
fn paths(count: usize) -> Vec<Vec<u8>> {
    let one = |number: usize| {
        let index = number * 7919 % count;
        match number % 6 {
            0 => format!("/etc/service-{}/config.toml", index / 5 * 5),
            1 => format!("/srv/site-{}/a/b/page-12.html", index / 5 * 5 + 1),
            2 => format!("/usr/share/service-{}/private/key.pem", index / 5 * 5 + 2),
            3 => format!("/var/lib/service-{}/data/1234", index / 5 * 5 + 3),
            4 => format!("/usr/lib/x86_64-linux-gnu/lib{index}.so.6"),
            _ => format!("/home/user-{index}/nothing"),
        }
    };
    (0..20_000).map(|number| one(number).into_bytes()).collect()
}
