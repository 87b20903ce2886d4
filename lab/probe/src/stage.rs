//! The stage of a trial: a root, a process tree and a host name of its own, laid out unconfined; then the probe.

use crate::enter::{self, answer};
use crate::root;
use nix::sched::{CloneFlags, unshare};
use probe::{Outcome, PROGRAM, Trial, UNCONFINED};
use rustix::mount::{MountFlags, mount};
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitCode, Stdio};

pub(crate) fn main() -> ExitCode {
    let mut text = String::new();
    let outcome = io::stdin()
        .read_to_string(&mut text)
        .and_then(|_| serde_json::from_str(&text).map_err(io::Error::other))
        .and_then(|trial: Trial| perform(&trial));
    answer(&outcome.unwrap_or_else(|error| Outcome::Broken(format!("the stage failed: {error}"))));
    ExitCode::SUCCESS
}

fn perform(trial: &Trial) -> io::Result<Outcome> {
    unshare(CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWUTS | CloneFlags::CLONE_NEWIPC)?;
    root::make()?;
    if !needs_company(trial) {
        mount("proc", "/proc", "proc", MountFlags::empty(), None)?;
        lay(trial)?;
        // Becomes the probe: each process that is spared makes a thousand cases a minute shorter.
        let words: Vec<&str> = trial.words.iter().map(String::as_str).collect();
        return Err(enter::become_probe(&trial.profile, trial.user, trial.no_new_privileges, &words));
    }
    // The first process is the container's: under the profile, and there to be signalled and traced.
    unshare(CloneFlags::CLONE_NEWPID)?;
    let mut first = companion(&["first", &trial.profile])?;
    let outcome = staged(trial);
    // With it, all of its process tree ends.
    drop(first.stdin.take());
    let _ = first.wait();
    outcome
}

/// Whether other processes matter, or something is looked at afterwards.
fn needs_company(trial: &Trial) -> bool {
    let others = ["from", "first", "outside", "child", "/proc/1/"];
    let speaks_of = |word: &String| {
        others.iter().any(|other| word == other || other.starts_with('/') && word.starts_with(other))
    };
    !trial.after.is_empty() || trial.words.iter().any(speaks_of)
}

fn lay(trial: &Trial) -> io::Result<()> {
    for step in &trial.before {
        root::lay(step).map_err(|error| io::Error::other(format!("{step:?}: {error}")))?;
    }
    Ok(())
}

fn staged(trial: &Trial) -> io::Result<Outcome> {
    // And the second is nobody's.
    let mut outside = companion(&["enter", UNCONFINED, "0", "false", "wait"])?;
    let outcome = between(trial);
    // The tree of the first process does not end before its last process is buried.
    drop(outside.stdin.take());
    let _ = outside.wait();
    outcome
}

fn between(trial: &Trial) -> io::Result<Outcome> {
    lay(trial)?;
    let outcome = try_it(trial)?;
    for (path, text) in &trial.after {
        let found = fs::read_to_string(path).unwrap_or_else(|error| error.to_string());
        if found != *text {
            return Ok(Outcome::Refused {
                step: format!("{path} afterwards: {found}"),
                error: "CHANGED".to_owned(),
            });
        }
    }
    Ok(outcome)
}

fn try_it(trial: &Trial) -> io::Result<Outcome> {
    let (profile, words) = match trial.words.as_slice() {
        // Done to the first process by somebody else.
        [from, profile, words @ ..] if from == "from" => (profile, words),
        words => (&trial.profile, words),
    };
    let user = trial.user.to_string();
    let no_new_privileges = trial.no_new_privileges.to_string();
    let output = Command::new(PROGRAM)
        .args(["enter", profile, &user, &no_new_privileges, "try"])
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    if let Some(signal) = output.status.signal() {
        return Ok(Outcome::Killed(signal));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).map_err(|error| io::Error::other(format!("{error} in `{text}`")))
}

/// A process that stays; waits until it says that it is there.
fn companion(words: &[&str]) -> io::Result<Child> {
    let mut child = Command::new(PROGRAM)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.as_mut() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    if line.trim() == "ready" { Ok(child) } else { Err(io::Error::other(line)) }
}
