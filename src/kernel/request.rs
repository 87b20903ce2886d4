//! An access that can be asked about, and what AppArmor wants for it.

use std::fmt;

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

impl Contact {
    pub const ALL: [Contact; 6] = [
        Contact::SignalSend,
        Contact::SignalReceive,
        Contact::PtraceRead,
        Contact::PtraceTrace,
        Contact::PtraceReadBy,
        Contact::PtraceTracedBy,
    ];

    /// In a sentence about what is done.
    pub fn doing(self) -> &'static str {
        match self {
            Contact::SignalSend => "sending signals",
            Contact::SignalReceive => "receiving signals",
            Contact::PtraceRead => "reading a process's state",
            Contact::PtraceTrace => "tracing",
            Contact::PtraceReadBy => "having one's state read",
            Contact::PtraceTracedBy => "being traced",
        }
    }

    /// What comes before a signal's name and what comes before the other process.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Contact::SignalSend => ("signal", " to"),
            Contact::SignalReceive => ("signal", " from"),
            Contact::PtraceRead => ("ptrace read", ""),
            Contact::PtraceTrace => ("ptrace trace", ""),
            Contact::PtraceReadBy => ("ptrace readby", ""),
            Contact::PtraceTracedBy => ("ptrace tracedby", ""),
        }
    }
}

/// A set of the ways in which processes meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contacts(u8);

impl Contacts {
    pub const NONE: Contacts = Contacts(0);
    pub const SIGNALS: Contacts = Contacts::of(&[Contact::SignalSend, Contact::SignalReceive]);
    pub const PTRACES: Contacts = Contacts::of(&[
        Contact::PtraceRead,
        Contact::PtraceTrace,
        Contact::PtraceReadBy,
        Contact::PtraceTracedBy,
    ]);

    pub const fn of(mut all: &[Contact]) -> Contacts {
        let mut set = 0;
        while let [one, rest @ ..] = all {
            set |= 1 << *one as u8;
            all = rest;
        }
        Contacts(set)
    }

    pub fn contains(self, contact: Contact) -> bool {
        self.0 & 1 << contact as u8 != 0
    }

    pub fn intersects(self, other: Contacts) -> bool {
        self.0 & other.0 != 0
    }

    pub fn all(self) -> impl Iterator<Item = Contact> {
        Contact::ALL.into_iter().filter(move |contact| self.contains(*contact))
    }

    pub fn mask(self) -> u8 {
        self.0
    }
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

impl Request {
    /// The paths that it names.
    pub fn paths(&self) -> impl Iterator<Item = &[u8]> {
        let (one, other) = match self {
            Request::File(_, path) => (Some(path), None),
            Request::Rename { old, new } => (Some(old), Some(new)),
            Request::Link { new, target } => (Some(new), Some(target)),
            Request::Network(_)
            | Request::Capability(_)
            | Request::Operation(_)
            | Request::Process { .. } => (None, None),
        };
        one.into_iter().chain(other).map(Vec::as_slice)
    }

    /// The kind of socket that it asks for, where it asks for one.
    pub fn socket(&self) -> Option<Socket> {
        match self {
            Request::Network(socket) => Some(*socket),
            Request::File(..)
            | Request::Rename { .. }
            | Request::Link { .. }
            | Request::Capability(_)
            | Request::Operation(_)
            | Request::Process { .. } => None,
        }
    }
}

/// In the policy's words, such as `read /etc/passwd`; on one line, whatever the names hold.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Request::File(verb, path) => write!(f, "{} {}", verb.name(), Shown(path)),
            Request::Rename { old, new } => write!(f, "rename {} {}", Shown(old), Shown(new)),
            Request::Link { new, target } => write!(f, "link {} {}", Shown(new), Shown(target)),
            Request::Network(socket) => write!(f, "network {socket}"),
            Request::Capability(capability) => write!(f, "capability {}", capability.name()),
            Request::Operation(operation) => write!(f, "operation {}", operation.name()),
            Request::Process { contact, signal, peer } => {
                let (verb, preposition) = contact.words();
                f.write_str(verb)?;
                if let Some(signal) = signal {
                    write!(f, " {}", Shown(signal.as_bytes()))?;
                }
                write!(f, "{preposition} {}", Shown(peer.as_bytes()))
            }
        }
    }
}

/// A name from outside as it can be printed: what is no UTF-8, and what a terminal would not print as itself
/// (control characters, marks that turn the direction), is escaped; what has spaces is in quotes.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = self.0.is_empty() || self.0.iter().any(|byte| b" \"'".contains(byte));
        if quoted {
            f.write_str("\"")?;
        }
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\'' => f.write_str("'")?,
                    _ => write!(f, "{}", c.escape_debug())?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        if quoted { f.write_str("\"") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Family, SocketType};

    fn process(contact: Contact, signal: Option<&str>, peer: &str) -> Request {
        Request::Process { contact, signal: signal.map(str::to_owned), peer: peer.to_owned() }
    }

    #[test]
    fn an_access_is_written_in_the_words_of_a_policy() {
        let inet = Socket { family: Family::from_name("inet"), kind: Some(SocketType::Stream) };
        let table = [
            (Request::File(FileVerb::Read, b"/etc/passwd".to_vec()), "read /etc/passwd"),
            (Request::Rename { old: b"/a".to_vec(), new: b"/b".to_vec() }, "rename /a /b"),
            (Request::Link { new: b"/new".to_vec(), target: b"/target".to_vec() }, "link /new /target"),
            (Request::Network(inet), "network inet/stream"),
            (Request::Capability(Capability::from_name("chown").unwrap()), "capability chown"),
            (Request::Operation(Operation::PivotRoot), "operation pivot-root"),
            (process(Contact::SignalSend, Some("term"), "unconfined"), "signal term to unconfined"),
            (process(Contact::SignalReceive, Some("kill"), "runc"), "signal kill from runc"),
            (process(Contact::SignalSend, None, "runc"), "signal to runc"),
            (process(Contact::PtraceTrace, None, "unconfined"), "ptrace trace unconfined"),
            (process(Contact::PtraceRead, None, "a//&b"), "ptrace read a//&b"),
            (process(Contact::PtraceReadBy, None, "crun"), "ptrace readby crun"),
            (process(Contact::PtraceTracedBy, None, "crun"), "ptrace tracedby crun"),
        ];
        for (request, want) in table {
            assert_eq!(request.to_string(), want);
        }
    }

    #[test]
    fn no_name_can_disturb_a_terminal() {
        let table: [(&[u8], &str); 10] = [
            (b"/plain-1.2_x", "/plain-1.2_x"),
            ("/sch\u{f6}n".as_bytes(), "/sch\u{f6}n"),
            (b"/a b", "\"/a b\""),
            (b"/it's", "\"/it's\""),
            (b"/a\"b", "\"/a\\\"b\""),
            (b"", "\"\""),
            (b"/a\x1b[2J\n\x7f\0", "/a\\u{1b}[2J\\n\\u{7f}\\0"),
            ("/a\u{9b}\u{202e}\u{200b}".as_bytes(), "/a\\u{9b}\\u{202e}\\u{200b}"),
            (b"/\xff\xc3", "/\\xff\\xc3"),
            (b"/a\\n", "/a\\\\n"),
        ];
        for (name, want) in table {
            assert_eq!(Shown(name).to_string(), want);
        }
    }
}
