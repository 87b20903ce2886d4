//! An access that can be asked about, and what AppArmor wants for it.

use super::{Access, Capability, Operation, Socket};

/// What is done with one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileVerb {
    Read,
    Write,
    Create,
    Delete,
    Lock,
    Map,
    Exec,
}

impl FileVerb {
    pub const ALL: [FileVerb; 7] = [
        FileVerb::Read,
        FileVerb::Write,
        FileVerb::Create,
        FileVerb::Delete,
        FileVerb::Lock,
        FileVerb::Map,
        FileVerb::Exec,
    ];

    pub fn name(self) -> &'static str {
        match self {
            FileVerb::Read => "read",
            FileVerb::Write => "write",
            FileVerb::Create => "create",
            FileVerb::Delete => "delete",
            FileVerb::Lock => "lock",
            FileVerb::Map => "map",
            FileVerb::Exec => "exec",
        }
    }

    pub fn from_name(name: &str) -> Option<FileVerb> {
        FileVerb::ALL.into_iter().find(|verb| verb.name() == name)
    }

    /// What the kernel asks the profile for. A file is opened before it is locked or mapped.
    pub fn needs(self) -> Access {
        match self {
            FileVerb::Read => Access::READ,
            FileVerb::Write | FileVerb::Create | FileVerb::Delete => Access::WRITE,
            FileVerb::Lock => Access::LOCK,
            FileVerb::Map => Access::READ | Access::MAP,
            FileVerb::Exec => Access::EXEC,
        }
    }
}

/// What one process does with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contact {
    SignalSend,
    SignalReceive,
    PtraceRead,
    PtraceTrace,
    PtraceReadBy,
    PtraceTracedBy,
}

/// An access. Paths are bytes as the kernel has them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Request {
    File(FileVerb, Vec<u8>),
    Rename {
        old: Vec<u8>,
        new: Vec<u8>,
    },
    Link {
        new: Vec<u8>,
        target: Vec<u8>,
    },
    /// Of one family and one type.
    Network(Socket),
    Capability(Capability),
    Operation(Operation),
    Process {
        contact: Contact,
        /// The signal's name as the profile language has it, such as `term`; any where there is none.
        signal: Option<String>,
        /// The other process's label.
        peer: String,
    },
}
