//! How fast logs are read, and what learning from them costs.
//!
//! Lines a second on as many cores as there are and on one, for a log about one profile, for one of which most lines are about others, and
//! for one in which each line is new. Times are medians.
//!
//! `cargo bench --bench learn` runs all, `cargo bench --bench learn -- new` those whose names hold a word.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may stop")]

use aapol::analysis::{Analysis, Options};
use aapol::ask::log::evidence::Evidence;
use aapol::learn::{Wishes, learn};
use aapol::policy::load::File;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const LINES: usize = 400_000;
const PATHS: usize = 200_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_wanted = |name: &str| words.iter().all(|word| name.contains(word.as_str()));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    println!("{:>42}{:>14}{:>14}", "million lines a second", "one core", "all cores");
    for (name, log, aim) in [
        ("about one profile", same(LINES), 1.0),
        ("most about others", foreign(LINES), 5.0),
        ("no line of AppArmor's", plain(LINES), 5.0),
        ("each line new", distinct(LINES), 0.0),
    ] {
        if !is_wanted(name) {
            continue;
        }
        let read = || drop(black_box(Evidence::read(log.as_bytes(), 0, &|name: &str| name == "web")));
        let rate = |time: Duration| LINES as f64 / time.as_secs_f64() / 1e6;
        let single = rate(one.install(|| median(5, read)));
        println!("{name:>30} (aim {aim:>4}){single:>14.2}{:>14.2}", rate(median(5, read)));
    }
    let read = |_: &Path| {
        Ok(File { id: "policy.toml".into(), text: "name = \"web\"\nmode = \"complain\"\n".to_owned() })
    };
    let analysis = Analysis::new(Path::new("policy.toml"), &read, &Options::default());
    println!("learning:");
    for (name, log) in
        [("one folder of the program's own", distinct(PATHS)), ("paths that stay as they are", spread(2_000))]
    {
        if !is_wanted(name) {
            continue;
        }
        let lines = log.lines().count();
        let time = median(3, || {
            let evidence = Evidence::read(log.as_bytes(), 0, &|name: &str| name == "web");
            drop(black_box(learn(&analysis, &evidence, &Wishes::default(), &|_: &str| None).unwrap()));
        });
        println!("{name:>34}, {lines:>7} paths{:>10.2} s (aim at 200,000: 2)", time.as_secs_f64());
    }
}

fn line(out: &mut String, number: usize, profile: &str, name: &str, mask: &str) {
    let _ = writeln!(
        out,
        "Nov 28 09:00:00 node1 kernel: audit: type=1400 audit(1764312000.{:03}:{number}): apparmor=\"ALLOWED\" operation=\"open\" class=\"file\" profile=\"{profile}\" name=\"{name}\" pid={} comm=\"web\" requested_mask=\"{mask}\" denied_mask=\"{mask}\" fsuid=101 ouid=0",
        number % 1000,
        number % 30_000,
    );
}

fn same(lines: usize) -> String {
    let mut out = String::new();
    (0..lines).for_each(|number| line(&mut out, number, "web", &format!("/srv/app/{}", number % 500), "r"));
    out
}

fn foreign(lines: usize) -> String {
    let mut out = String::new();
    for number in 0..lines {
        let profile = if number % 50 == 0 { "web" } else { "cri-containerd.apparmor.d" };
        line(&mut out, number, profile, &format!("/srv/app/{}", number % 500), "r");
    }
    out
}

fn plain(lines: usize) -> String {
    let mut out = String::new();
    for number in 0..lines {
        let _ = writeln!(
            out,
            "Nov 28 09:00:00 node1 kubelet[1234]: I1128 09:00:00.{number:06} 1234 kubelet.go:2345] \"SyncLoop (PLEG): event for pod\" pod=\"shop/web-{number}\" event={{ID: 0f3a9c1d Type: ContainerStarted}}"
        );
    }
    out
}

fn distinct(lines: usize) -> String {
    let mut out = String::new();
    (0..lines).for_each(|number| {
        line(&mut out, number, "web", &format!("/var/lib/web/data/{}/{number}", number % 100), "wc")
    });
    out
}

fn spread(lines: usize) -> String {
    let mut out = String::new();
    (0..lines).for_each(|number| line(&mut out, number, "web", &format!("/srv/f{number}x/page"), "r"));
    out
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times.get(runs / 2).copied().unwrap()
}
