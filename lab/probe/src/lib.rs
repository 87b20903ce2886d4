//! What the lab and its virtual machine say to each other: cases go in as lines of JSON, answers come back so.

use serde::{Deserialize, Serialize};

/// Where the lab's files lie in the machine's first file system.
pub const INPUT: &str = "/lab";
/// The program itself, under which name it stands in every root of a case.
pub const PROGRAM: &str = "/.lab/probe";
/// The label under which nothing is confined.
pub const UNCONFINED: &str = "unconfined";
/// The label of a process that is denied on purpose, and the name of its policy.
pub const CONTROL: &str = "lab-control";
/// Stands between operations that are tried one after the other.
pub const NEXT: &str = ",";
/// What the machine says last. Without it a run was cut short.
pub const END: &str = "--end--";

/// One thing to try, in a file system of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub number: usize,
    /// Files of compiled policy below [`INPUT`], loaded before it unless they are loaded already. What an
    /// earlier case loaded under the same name is replaced.
    pub policies: Vec<String>,
    /// Whether its answer is to say what the kernel logged meanwhile.
    pub log: bool,
    pub work: Work,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    Trial(Trial),
    Run(Run),
}

impl Default for Work {
    fn default() -> Work {
        Work::Trial(Trial::default())
    }
}

/// An operation tried by the probe, which enters the profile as a container's first program does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The label to enter.
    pub profile: String,
    /// 0 keeps root with every capability.
    pub user: u32,
    pub no_new_privileges: bool,
    /// What is laid out before, unconfined.
    pub before: Vec<Step>,
    /// The operation and what it is done to.
    pub words: Vec<String>,
    /// What is looked at afterwards, unconfined: the answer tells which of these files have this text.
    pub after: Vec<(String, String)>,
}

/// A step that lays out what a trial needs. Folders above a path are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Folder(String),
    File {
        path: String,
        text: String,
    },
    /// The probe itself under another name. Started, it does what its arguments say.
    Program(String),
    /// A file of the machine's, copied with its mode.
    Copy {
        from: String,
        path: String,
    },
    Script {
        path: String,
        text: String,
    },
    Symlink {
        path: String,
        target: String,
    },
    HardLink {
        path: String,
        target: String,
    },
    Bind {
        from: String,
        path: String,
    },
    Tmpfs(String),
    Owner {
        path: String,
        user: u32,
    },
    Mode {
        path: String,
        mode: u32,
    },
    /// An operation of the probe, done unconfined.
    Do(Vec<String>),
}

/// A program of the machine's own, run unconfined: container runs are made of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// A shell script for the machine's busybox, and its arguments.
    pub script: String,
    pub arguments: Vec<String>,
    /// It is ended when it takes longer.
    pub seconds: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub number: usize,
    pub outcome: Outcome,
    /// The kernel's lines about AppArmor, in their order.
    pub log: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The whole of it was done; the text is what it saw.
    Done(String),
    /// The kernel refused, at this step.
    Refused { step: String, error: String },
    /// The process was ended by a signal.
    Killed(i32),
    /// A run's status and what it printed.
    Ran { status: i32, output: String },
    /// It did not end in time.
    Hung(String),
    /// The lab itself failed: no answer about the profile.
    Broken(String),
}

impl Outcome {
    pub fn is_done(&self) -> bool {
        matches!(self, Outcome::Done(_))
    }

    /// Refused by the security module, not by another rule of the kernel's.
    pub fn is_denied(&self) -> bool {
        matches!(self, Outcome::Refused { error, .. } if error == "EACCES" || error == "EPERM")
    }
}
