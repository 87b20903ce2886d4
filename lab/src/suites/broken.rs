//! The proof of the proof: profiles that are broken on purpose, and the probes that must notice.
//!
//! The same probes run under a sound profile, where none may complain, and under each broken one, where those that
//! are named must complain and no others.

use crate::Result;
use crate::access::{self, words};
use crate::check::{Check, Report, allowed_is};
use crate::generation::{Generation, Policies};
use crate::parser::{Settings, Warnings};
use crate::policy::Rendered;
use crate::{Fail, check};
use probe::Trial;

pub(super) const NAME: &str = "broken";

const POLICY: &str = "name = \"web\"\n[filesystem]\nread-only = [\"/data/\"]\nread-write = [\"/var/app/\"]\ndeny = [\"/var/app/key\"]\n\
    [exec]\nallow = [\"/data/run/\"]\n[network]\nallow = [\"inet/stream\"]\n";

/// What the policy says, in its words or the probe's.
const PROBES: [(&str, bool); 15] = [
    ("read /data/x", true),
    ("write /data/x", false),
    ("read /etc/shadow", false),
    ("write /var/app/x", true),
    ("read /var/app/key", false),
    ("exec /data/run/tool", true),
    ("exec /usr/bin/tool", false),
    ("network inet/stream", true),
    ("network inet/dgram", false),
    ("network packet/raw", false),
    ("capability chown", false),
    ("from unconfined signal first SIGCONT", true),
    ("signal first SIGCONT", true),
    ("proc-exe first", true),
    ("operation mount", false),
];

/// A way to break a profile.
struct Breakage {
    name: &'static str,
    change: fn(&str) -> String,
    settings: Settings,
    /// The probes that must notice.
    noticed: &'static [&'static str],
}

const BREAKAGES: [Breakage; 7] = [
    Breakage { name: "nothing", change: str::to_owned, settings: Settings::Debian, noticed: &[] },
    Breakage {
        name: "no signal rules",
        change: |text| without(text, "signal "),
        settings: Settings::Debian,
        noticed: &["from unconfined signal first SIGCONT", "signal first SIGCONT"],
    },
    Breakage {
        name: "no ptrace rules",
        change: |text| without(text, "ptrace "),
        settings: Settings::Debian,
        noticed: &["proc-exe first"],
    },
    // Every rule about networks is dropped in silence: moby#44984.
    Breakage {
        name: "no abi",
        change: |text| without(text, "abi "),
        settings: Settings::Bare,
        noticed: &["network inet/dgram", "network packet/raw"],
    },
    Breakage {
        name: "a bare file rule",
        change: |text| {
            text.replace(
                "profile web flags=(attach_disconnected,mediate_deleted) {",
                "profile web flags=(attach_disconnected,mediate_deleted) {\n  file,",
            )
        },
        settings: Settings::Debian,
        noticed: &["write /data/x", "read /etc/shadow", "exec /usr/bin/tool"],
    },
    Breakage {
        name: "no denials",
        change: |text| without(text, "audit deny "),
        settings: Settings::Debian,
        noticed: &["read /var/app/key"],
    },
    Breakage {
        name: "complain mode",
        change: |text| text.replace("mediate_deleted)", "mediate_deleted,complain)"),
        settings: Settings::Debian,
        noticed: &[
            "write /data/x",
            "read /etc/shadow",
            "read /var/app/key",
            "exec /usr/bin/tool",
            "network inet/dgram",
            "network packet/raw",
            "capability chown",
            "operation mount",
        ],
    },
];

fn without(text: &str, beginning: &str) -> String {
    let kept = text.lines().filter(|line| !line.trim_start().starts_with(beginning));
    kept.map(|line| format!("{line}\n")).collect()
}

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut report = Report::of(NAME, generation);
    let sound = Rendered::of("broken", POLICY)?.profile;
    for breakage in &BREAKAGES {
        let text = (breakage.change)(&sound);
        if text == sound && !breakage.noticed.is_empty() {
            return Err(Fail::new(&format!("{}: nothing was broken", breakage.name)));
        }
        // As a user loads it: of what is lost the parser says nothing then.
        let output = generation.parser.run(&text, breakage.settings, Warnings::Usual)?;
        if !output.status.success() || !output.stderr.is_empty() {
            return Err(Fail::of(breakage.name, &output));
        }
        let policies = Policies::from([("web".to_owned(), output.stdout)]);
        let mut own = Report::of(NAME, generation);
        own.perform(generation, &policies, &checks(), &[])?;
        report.tried += own.tried;
        report.wrong.extend(compare(breakage, &own));
    }
    Ok(report)
}

fn checks() -> Vec<Check> {
    let check = |(line, allowed): &(&str, bool)| {
        let all: Vec<&str> = line.split(' ').collect();
        let plain = Trial { profile: "web".to_owned(), words: words(&all), ..Trial::default() };
        let trial = access::trial("web", line).unwrap_or(plain);
        Check::trial((*line).to_owned(), "web", trial, allowed_is(*allowed))
    };
    PROBES.iter().map(check).collect()
}

/// Who complained and should not have, and who should have and did not.
fn compare(breakage: &Breakage, report: &check::Report) -> Vec<String> {
    let complained = |line: &str| report.wrong.iter().any(|wrong| wrong.starts_with(&format!("{line}: ")));
    let wrong =
        PROBES.iter().filter_map(|(line, _)| match (complained(line), breakage.noticed.contains(line)) {
            (true, false) => Some(format!("{}: `{line}` complains without need", breakage.name)),
            (false, true) => Some(format!("{}: `{line}` does not notice", breakage.name)),
            _ => None,
        });
    wrong.collect()
}
