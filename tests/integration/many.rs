//! Files with tens of thousands of the same mistake: what is said of them is bounded, and each costs what it costs alone.

use std::fs;
use std::process::Command;

/// The time that a run takes of a processor, in hundredths of a second, and what it shows.
fn run(text: &str) -> (u64, String) {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("policy.toml"), text).unwrap();
    // The shell's own times are those of its children, however busy the machine is.
    let script = "\"$0\" check policy.toml; times";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_aapol")])
        .current_dir(place.path())
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let (shown, times) = shown.trim_end().rsplit_once('\n').unwrap();
    let (shown, _) = shown.rsplit_once('\n').unwrap_or(("", shown));
    let user = times.split(' ').next().unwrap();
    let (minutes, seconds) = user.trim_end_matches('s').split_once('m').unwrap();
    let seconds: f64 = seconds.parse().unwrap();
    let minutes: u64 = minutes.parse().unwrap();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds")]
    let hundredths = minutes * 6000 + (seconds * 100.0) as u64;
    (hundredths, shown.to_owned())
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn a_mistake_made_often_costs_what_it_costs_each_time() {
    let policy = |section: &str, text: String| format!("name = \"web\"\n{section}{text}");
    let list = |section: &str, text: String| policy(section, format!("[{text}]\n"));
    type Make<'a> = &'a dyn Fn(usize) -> String;
    let cases: [(&str, Make<'_>); 12] = [
        ("unknown keys", &|n| policy("", lines(n, |i| format!("k{i} = 1\n")))),
        ("slips of one key", &|n| policy("[filesystem]\n", lines(n, |i| format!("read-onl{i} = []\n")))),
        ("unknown tables", &|n| policy("", lines(n, |i| format!("[t{i}]\n")))),
        ("dotted keys", &|n| policy("", lines(n, |i| format!("t{i}.a.b = 1\n")))),
        ("containers", &|n| policy("", lines(n, |i| format!("[pod.containers.c{i}]\nimag = \"x\"\n")))),
        ("unknown values", &|n| list("[capabilities]\nallow = ", lines(n, |i| format!("\"chow{i}\",")))),
        ("unknown findings", &|n| list("silence = ", lines(n, |i| format!("\"x{i}\",\n")))),
        ("bases", &|n| list("extends = ", lines(n, |i| format!("\"{i}.toml\",")))),
        ("the same entry", &|n| list("[filesystem]\nread-only = ", lines(n, |_| "\"/a\",".to_owned()))),
        ("the same key", &|n| policy("", lines(n, |_| "mode = \"kill\"\n".to_owned()))),
        ("nested lists", &|n| policy("a = ", "[".repeat(n))),
        ("a long key", &|n| policy("", format!("{} = 1\n", vec!["a"; n].join(".")))),
    ];
    for (about, make) in cases {
        let (once, _) = run(&make(400));
        let (often, shown) = run(&make(3200));
        // Eight times as many take at most twice eight times as long, and what is shown is bounded.
        assert!(often <= 16 * once.max(10), "{about}: {once} and {often} hundredths of a second");
        assert!(shown.len() < 250_000, "{about}: {} bytes are shown", shown.len());
    }
}
