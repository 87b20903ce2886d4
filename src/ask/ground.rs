//! A rule as what it decides, whoever wrote it: aapol, a person, or a distribution.

use crate::kernel::request::Contact;
use crate::kernel::{Access, Capability, Glob, Operation, Socket};
use crate::rules::process::Direction;
use crate::rules::{CapabilityRule, FileRule, Kind, OperationRule, Rule};

/// A rule as what it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Whether it grants or denies.
    pub grants: bool,
    pub what: What,
}

/// A set of the ways in which processes meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contacts(u8);

impl Contacts {
    pub const NONE: Contacts = Contacts(0);

    pub fn of(all: &[Contact]) -> Contacts {
        all.iter().fold(Contacts::NONE, |set, one| Contacts(set.0 | 1 << *one as u8))
    }

    pub fn contains(self, contact: Contact) -> bool {
        self.0 & 1 << contact as u8 != 0
    }

    pub fn all(self) -> impl Iterator<Item = Contact> {
        Contact::ALL.into_iter().filter(move |contact| self.contains(*contact))
    }

    pub fn mask(self) -> u8 {
        self.0
    }
}

/// What a rule is about. Without a pattern or a name it is about all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Files {
        paths: Option<Glob>,
        access: Access,
        /// Only where the file belongs to the process.
        owner: bool,
        /// What is started gets another profile, or none.
        leaves: bool,
    },
    /// `link /new -> /target`. With `subset` the new name must not permit more than the target does.
    Link {
        new: Glob,
        target: Option<Glob>,
        owner: bool,
        subset: bool,
    },
    Capability(Option<Capability>),
    Network(Socket),
    Operation {
        operation: Operation,
        /// It has conditions that are not read here, such as a mount's source.
        conditional: bool,
    },
    Process {
        contacts: Contacts,
        /// The signals, as the profile language names them.
        signals: Option<Vec<String>>,
        peer: Option<Glob>,
    },
    /// A limit on a resource, which decides about no access: its name and value as written.
    Limit {
        limit: String,
        value: String,
    },
    /// `all,`
    Everything,
    /// A rule about what nobody can ask about here, such as `change_profile`: as written.
    Other(String),
}

/// What a typed rule decides; none where it cannot be told.
pub fn of(rule: &Rule) -> Option<Vec<Ground>> {
    let what = match &rule.kind {
        Kind::Limit(rule) => What::Limit { limit: rule.limit.name().to_owned(), value: rule.value.clone() },
        Kind::Capability(CapabilityRule::All) => What::Capability(None),
        Kind::Capability(CapabilityRule::One(capability)) => What::Capability(Some(*capability)),
        Kind::Network(rule) => What::Network(rule.0),
        Kind::Operation(rule) => operation(*rule),
        Kind::Signal(rule) => process(
            match rule.direction {
                Direction::Receive => &[Contact::SignalReceive],
                Direction::Send => &[Contact::SignalSend],
                Direction::Both => &[Contact::SignalSend, Contact::SignalReceive],
            },
            rule.peer.as_deref(),
        )?,
        Kind::Ptrace(rule) => {
            let contacts: &[Contact] = match rule.read_only_peer {
                Some(_) => &[Contact::PtraceRead, Contact::PtraceReadBy],
                None => &[
                    Contact::PtraceRead,
                    Contact::PtraceTrace,
                    Contact::PtraceReadBy,
                    Contact::PtraceTracedBy,
                ],
            };
            process(contacts, rule.read_only_peer.as_deref())?
        }
        Kind::File(FileRule::All) => {
            What::Files { paths: None, access: Access::ALL, owner: false, leaves: false }
        }
        Kind::File(FileRule::Paths { pattern, access }) => {
            let paths = Some(Glob::parse(pattern).ok()?);
            What::Files { paths, access: *access, owner: false, leaves: false }
        }
        Kind::Raw(_) => return None,
    };
    Some(vec![Ground { grants: rule.effect.allows(), what }])
}

fn process(contacts: &[Contact], peer: Option<&str>) -> Option<What> {
    let peer = match peer {
        Some(peer) => Some(Glob::parse(peer).ok()?),
        None => None,
    };
    Some(What::Process { contacts: Contacts::of(contacts), signals: None, peer })
}

fn operation(rule: OperationRule) -> What {
    let (operation, conditional) = match rule {
        OperationRule::Mount => (Operation::Mount, false),
        OperationRule::Remount => (Operation::Remount, false),
        OperationRule::RemountReadOnly => (Operation::Remount, true),
        OperationRule::Umount => (Operation::Umount, false),
        OperationRule::PivotRoot => (Operation::PivotRoot, false),
        OperationRule::Userns => (Operation::Userns, false),
        OperationRule::Mqueue => (Operation::Mqueue, false),
        OperationRule::IoUring => (Operation::IoUring, false),
        OperationRule::Dbus => (Operation::Dbus, false),
    };
    What::Operation { operation, conditional }
}
