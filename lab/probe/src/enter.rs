//! Entering a profile as a container runtime does: the label is asked for, and the next program starts under it.

use crate::attempt::{self, Given, Refusal};
use probe::{Outcome, UNCONFINED};
use rustix::mount::{MountFlags, mount};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

/// The first process of a case's own process tree: makes /proc that tree's, and stays under the profile.
pub(crate) fn first(profile: &str) -> ExitCode {
    let mounted = mount("proc", "/proc", "proc", MountFlags::empty(), None);
    let entered = mounted.map_err(io::Error::from).and_then(|()| ask_for(profile));
    if let Err(error) = entered {
        println!("the first process failed: {error}");
        return ExitCode::FAILURE;
    }
    let error = Command::new(probe::PROGRAM).arg("wait").exec();
    println!("the first process cannot start: {error}");
    ExitCode::FAILURE
}

/// Becomes the user and the label, and then the program itself with these words.
pub(crate) fn main(profile: &str, user: &str, no_new_privileges: bool, words: &[&str]) -> ExitCode {
    let user: u32 = user.parse().unwrap_or(0);
    let error = become_it(profile, user, no_new_privileges, words);
    answer(&Outcome::Broken(format!("cannot enter {profile}: {error}")));
    ExitCode::FAILURE
}

/// The probe, in place of this process. What comes back is why not.
pub(crate) fn become_probe(profile: &str, user: u32, no_new_privileges: bool, words: &[&str]) -> io::Error {
    let words: Vec<&str> = ["try"].iter().chain(words).copied().collect();
    become_it(profile, user, no_new_privileges, &words)
}

fn become_it(profile: &str, user: u32, no_new_privileges: bool, words: &[&str]) -> io::Error {
    match change(profile, user, no_new_privileges, words) {
        Ok(given) => {
            let mut command = Command::new(probe::PROGRAM);
            command.args(words);
            if let Some(child) = given.child {
                command.env(attempt::CHILD, child.to_string());
            }
            if let Some(stdin) = given.stdin {
                command.stdin(stdin);
            }
            command.exec()
        }
        Err(error) => error,
    }
}

fn change(profile: &str, user: u32, no_new_privileges: bool, words: &[&str]) -> io::Result<Given> {
    let given = attempt::prepare(words, profile)?;
    if user != 0 {
        nix::unistd::setgroups(&[])?;
        nix::unistd::setgid(user.into())?;
        nix::unistd::setuid(user.into())?;
    }
    if no_new_privileges {
        rustix::thread::set_no_new_privs(true)?;
    }
    ask_for(profile)?;
    Ok(given)
}

/// The program that this thread starts next is to be under a label.
pub(crate) fn ask_for(profile: &str) -> io::Result<()> {
    if profile == UNCONFINED {
        return Ok(());
    }
    let mut file = File::options().write(true).open("/proc/thread-self/attr/apparmor/exec")?;
    file.write_all(format!("exec {profile}").as_bytes())
}

/// Tries one operation and says what came of it.
pub(crate) fn attempt(words: &[&str]) -> ExitCode {
    answer(&tried(words));
    ExitCode::SUCCESS
}

/// Tries operations one after the other, each answer on a line of its own: a container starts slowly.
pub(crate) fn each(words: &[&str]) -> ExitCode {
    for words in words.split(|word| *word == probe::NEXT) {
        answer(&tried(words));
        let _ = io::stdout().write_all(b"\n");
    }
    ExitCode::SUCCESS
}

fn tried(words: &[&str]) -> Outcome {
    match attempt::attempt(words) {
        Ok(saw) => Outcome::Done(saw),
        Err(Refusal::Kernel { step, error }) => {
            Outcome::Refused { step: step.to_owned(), error: name_of(&error) }
        }
        Err(Refusal::Unknown(what)) => Outcome::Broken(what),
    }
}

/// Says that it is there, and stays until its input ends: its profile may not let anybody end it.
pub(crate) fn wait() -> ExitCode {
    println!("ready");
    let _ = io::stdin().read(&mut [0]);
    ExitCode::SUCCESS
}

pub(crate) fn answer(outcome: &Outcome) {
    let text = serde_json::to_string(outcome).unwrap_or_default();
    // Not `println!`: a pipe that is gone must not be a panic.
    let _ = io::stdout().write_all(text.as_bytes());
}

/// The kernel's name of an error, such as `EACCES`.
pub(crate) fn name_of(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(code) => format!("{:?}", nix::errno::Errno::from_raw(code)),
        None => error.to_string(),
    }
}
