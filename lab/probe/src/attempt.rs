//! What can be tried: an operation by its name, done whole, from the first call to the last.
//!
//! Opening a file says little about writing to it, so each operation goes on until the thing is done.

mod capabilities;
mod files;
mod mounts;
mod processes;
mod sockets;
mod ways;

pub(crate) use processes::CHILD;
use std::io;
use std::os::fd::OwnedFd;

/// Why an operation was not done.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The kernel refused one of its steps.
    Kernel { step: &'static str, error: io::Error },
    /// Nothing was tried: the lab's own mistake.
    Unknown(String),
}

pub(crate) type Tried = Result<String, Refusal>;

/// Names the step that an error comes from.
pub(crate) trait At<T> {
    fn at(self, step: &'static str) -> Result<T, Refusal>;
}

impl<T, E: Into<io::Error>> At<T> for Result<T, E> {
    fn at(self, step: &'static str) -> Result<T, Refusal> {
        self.map_err(|error| Refusal::Kernel { step, error: error.into() })
    }
}

/// Nothing to see but that it was done.
pub(crate) fn done() -> Tried {
    Ok(String::new())
}

pub(crate) fn attempt(words: &[&str]) -> Tried {
    let tried = files::attempt(words)
        .or_else(|| sockets::attempt(words))
        .or_else(|| capabilities::attempt(words))
        .or_else(|| mounts::attempt(words))
        .or_else(|| processes::attempt(words))
        .or_else(|| ways::attempt(words));
    tried.unwrap_or_else(|| Err(Refusal::Unknown(format!("no such operation: {words:?}"))))
}

/// What an operation finds when it starts.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// In place of its own.
    pub(crate) stdin: Option<OwnedFd>,
    /// A process that the program which tries it has for a child.
    pub(crate) child: Option<u32>,
}

/// Makes what an operation needs from outside, unconfined.
pub(crate) fn prepare(words: &[&str], profile: &str) -> io::Result<Given> {
    match words {
        ["try", "capability", name] => capabilities::prepare(name, profile),
        ["try", "signal" | "ptrace" | "proc-exe", "child", ..] => processes::prepare(profile, 0),
        ["try", "inherited" | "passed", ..] => ways::prepare(words),
        _ => Ok(Given::default()),
    }
}
