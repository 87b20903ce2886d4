//! Modes and the log: what each blocks, what ends the process, what the kernel writes down and what it does not.
//!
//! Every look at the log ends with a denial that is known to be logged (see the probe's `log`): a line that is
//! missing is missing, and not late.

use crate::Result;
use crate::access;
use crate::check::{Check, Judge, Report};
use crate::generation::Generation;
use crate::suites::matrix::Plan;
use probe::{Answer, Outcome};

pub(super) const NAME: &str = "modes";

const KILLED: i32 = 9;

/// Denials that are written down, where all the rest is allowed.
const WRITTEN: &str = "[filesystem]\nread-write = [\"/data/\"]\ndeny = [\"/data/secret\"]\ndeny-write = [\"/data/ro\"]\n\
    [exec]\nallow = [\"/data/\"]\ndeny = [\"/data/tool\"]\n\
    [capabilities]\ndefault = \"allow\"\ndeny = [\"sys_time\"]\n[network]\ndefault = \"allow\"\ndeny = [\"inet/dgram\"]\n\
    [operations]\ndefault = \"allow\"\ndeny = [\"mount\"]\n";

/// A few grants, and nothing said about the rest.
const UNSAID: &str = "[filesystem]\nread-write = [\"/data/\"]\n[capabilities]\nallow = [\"chown\", \"sys_admin\"]\n\
    [network]\nallow = [\"inet/stream\"]\n[operations]\nallow = [\"umount\"]\n";

/// Denials of operations that nothing else is said about.
const OPERATIONS: &str =
    "[capabilities]\nallow = [\"sys_admin\"]\n[operations]\ndeny = [\"umount\", \"pivot-root\"]\n";

/// A denial that says nothing of being logged.
const QUIET: &str = "raw-rules = [\"deny /data/secret r,\", \"deny capability sys_time,\", \"deny network inet dgram,\"]\n\
    silence = [\"unchecked-raw-rule\"]\n[filesystem]\nread-write = [\"/data/\"]\n[capabilities]\ndefault = \"allow\"\n\
    [network]\ndefault = \"allow\"\n";

/// What an access comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Allowed,
    /// No rule speaks of it.
    Unsaid,
    /// A denial is written.
    Written,
    /// One that is not logged, which holds in every mode; where all is logged it is as if it were.
    Quiet,
}

/// A policy, an access, what it comes to, what the kernel's line about it holds, and whether kill mode kills.
const ROWS: [(&str, &str, Rule, &str, bool); 27] = [
    (WRITTEN, "read /data/x", Rule::Allowed, "name=\"/data/x\"", false),
    (WRITTEN, "capability chown", Rule::Allowed, "capname=\"chown\"", false),
    (WRITTEN, "network inet/stream", Rule::Allowed, "sock_type=\"stream\"", false),
    (WRITTEN, "operation umount", Rule::Allowed, "operation=\"umount\"", false),
    (WRITTEN, "read /data/secret", Rule::Written, "name=\"/data/secret\"", true),
    (WRITTEN, "write /data/secret", Rule::Written, "name=\"/data/secret\"", true),
    (WRITTEN, "exec /data/secret", Rule::Written, "name=\"/data/secret\"", true),
    (WRITTEN, "exec /data/tool", Rule::Written, "name=\"/data/tool\"", true),
    (WRITTEN, "write /data/ro", Rule::Written, "name=\"/data/ro\"", true),
    (WRITTEN, "create /data/ro", Rule::Written, "name=\"/data/ro\"", true),
    (WRITTEN, "capability sys_time", Rule::Written, "capname=\"sys_time\"", true),
    (WRITTEN, "network inet/dgram", Rule::Written, "sock_type=\"dgram\"", false),
    (WRITTEN, "operation mount", Rule::Written, "operation=\"mount\"", true),
    (OPERATIONS, "operation umount", Rule::Written, "operation=\"umount\"", true),
    (OPERATIONS, "operation pivot-root", Rule::Written, "operation=\"pivotroot\"", true),
    (QUIET, "read /data/secret", Rule::Quiet, "name=\"/data/secret\"", true),
    (QUIET, "capability sys_time", Rule::Quiet, "capname=\"sys_time\"", true),
    (QUIET, "network inet/dgram", Rule::Quiet, "sock_type=\"dgram\"", false),
    (UNSAID, "write /data/x", Rule::Allowed, "name=\"/data/x\"", false),
    (UNSAID, "read /other/x", Rule::Unsaid, "name=\"/other/x\"", true),
    (UNSAID, "create /other/x", Rule::Unsaid, "name=\"/other/x\"", true),
    (UNSAID, "exec /data/tool", Rule::Unsaid, "name=\"/data/tool\"", true),
    (UNSAID, "capability sys_time", Rule::Unsaid, "capname=\"sys_time\"", true),
    (UNSAID, "network inet/dgram", Rule::Unsaid, "sock_type=\"dgram\"", false),
    (UNSAID, "operation mount", Rule::Unsaid, "operation=\"mount\"", true),
    (UNSAID, "operation signal", Rule::Unsaid, "operation=\"signal\"", false),
    (UNSAID, "operation ptrace", Rule::Unsaid, "operation=\"ptrace\"", false),
];

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut plan = Plan::new(generation);
    for mode in ["enforce", "complain", "kill"] {
        for audit in ["denials", "quiet", "all"] {
            // Silent denials do not kill: the program refuses the pair.
            if (mode, audit) == ("kill", "quiet") {
                continue;
            }
            for (sections, line, rule, about, kills) in ROWS {
                let Some(policy) =
                    plan.policy(&format!("mode = \"{mode}\"\naudit = \"{audit}\"\n{sections}"))?
                else {
                    continue;
                };
                let Some(trial) = access::trial(&policy, line) else { continue };
                let what = format!("mode {mode}, audit {audit}, {rule:?}: {line}");
                plan.add(
                    Check::trial(what, &policy, trial, judge(mode, audit, rule, about, kills, line))
                        .with_log(),
                );
            }
        }
    }
    plan.perform(NAME)
}

fn judge(
    mode: &'static str,
    audit: &'static str,
    rule: Rule,
    about: &'static str,
    kills: bool,
    access: &str,
) -> Judge {
    let is_start = access.starts_with("exec ");
    // Kill mode takes no notice of quiet where capabilities are concerned.
    let is_told = audit == "all" || (mode, about) == ("kill", "capname=\"sys_time\"");
    let rule = if rule == Rule::Quiet && is_told { Rule::Written } else { rule };
    Box::new(move |answer| {
        let came = came(&answer.outcome);
        let must = match (rule, mode) {
            (Rule::Allowed, _) | (Rule::Unsaid | Rule::Written, "complain") => "done",
            (Rule::Unsaid | Rule::Written, "kill") if kills => "killed",
            _ => "denied",
        };
        let logged = word(answer, about);
        let line = match (rule, mode) {
            (Rule::Allowed, _) if audit == "all" => Some("AUDIT"),
            (Rule::Allowed, _) => None,
            // What is started keeps the profile, and is logged.
            (Rule::Unsaid, "complain") if is_start => Some("AUDIT"),
            (Rule::Unsaid | Rule::Written, "complain") => Some("ALLOWED"),
            (Rule::Quiet, _) => None,
            (Rule::Written, _) if audit == "quiet" => None,
            // Of sockets, ptrace and signals the kernel says so too, and refuses them only.
            (Rule::Unsaid | Rule::Written, "kill") => Some("KILLED"),
            (Rule::Unsaid | Rule::Written, _) => Some("DENIED"),
        };
        if came == must && logged == line.map(str::to_owned) {
            return Ok(());
        }
        Err(format!(
            "must be {must} with {line:?} in the log, and was {:?} with {:?}",
            answer.outcome, answer.log
        ))
    })
}

fn came(outcome: &Outcome) -> &'static str {
    // Not the probe itself, but the process that was to become the program.
    let child = matches!(outcome, Outcome::Refused { error, .. } if error.contains("SIGKILL"));
    if child || matches!(outcome, Outcome::Killed(KILLED)) {
        "killed"
    } else if outcome.is_done() {
        "done"
    } else if outcome.is_denied() {
        "denied"
    } else {
        "neither"
    }
}

/// What the kernel's line about this calls it.
fn word(answer: &Answer, about: &str) -> Option<String> {
    let line = answer.log.iter().find(|line| line.contains(about))?;
    let (_, rest) = line.split_once("apparmor=\"")?;
    rest.split_once('"').map(|(word, _)| word.to_owned())
}
