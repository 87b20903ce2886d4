//! A rule as what it decides, whoever wrote it: aapol, a person, or a distribution.

use super::process::Direction;
use super::reader::{self, Variables, pattern};
use super::{
    CapabilityRule, Effect, FileRule, Kind, LimitRule, NetworkRule, OperationRule, PtraceRule, Rule,
    SignalRule,
};
use crate::kernel::request::Contact;
use crate::kernel::{Access, Capability, Glob, Operation, Socket};
use std::fmt;

/// A rule as what it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Whether it grants or denies.
    pub grants: bool,
    /// Whether what it denies is not logged: such a denial holds in complain mode, too.
    pub quiet: bool,
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

    pub fn with(self, other: Contacts) -> Contacts {
        Contacts(self.0 | other.0)
    }

    pub fn all(self) -> impl Iterator<Item = Contact> {
        Contact::ALL.into_iter().filter(move |contact| self.contains(*contact))
    }

    pub fn mask(self) -> u8 {
        self.0
    }
}

/// How a program that is started gets its profile, where it does not keep the one it was started from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    /// As written: `px`, `Cx`, `unsafe ux`.
    pub how: String,
    /// The profile that is named for it, as written.
    pub target: Option<String>,
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.how)?;
        self.target.as_ref().map_or(Ok(()), |target| write!(f, " -> {target}"))
    }
}

/// What a rule with conditions is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Sockets(Socket),
    Operation(Operation),
}

/// What a rule is about. Without a pattern or a name it is about all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Files {
        paths: Option<Glob>,
        access: Access,
        /// Only where the file belongs to the process.
        owner: bool,
        /// How what is started gets its profile; none where nothing is started, or it keeps this one.
        transition: Option<Transition>,
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
    Operation(Operation),
    /// About some of these sockets or operations only, by conditions that are compared and not weighed here, such as a
    /// socket's address or a mount's source.
    Conditional {
        about: Vec<About>,
        conditions: String,
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

/// What a rule of aapol's own decides; the reason where a raw rule cannot be read.
pub fn of(rule: &Rule, variables: &Variables) -> Result<Vec<Ground>, String> {
    let pattern = |text: &str| pattern::path(text, &Variables::default());
    let label = |text: &String| pattern::label(text, &Variables::default());
    let all = match &rule.kind {
        Kind::Limit(LimitRule { limit, value }) => {
            vec![What::Limit { limit: limit.name().to_owned(), value: value.clone() }]
        }
        Kind::Capability(CapabilityRule::All) => vec![What::Capability(None)],
        Kind::Capability(CapabilityRule::One(capability)) => vec![What::Capability(Some(*capability))],
        Kind::Network(NetworkRule(socket)) => vec![What::Network(*socket)],
        Kind::Operation(operation) => operations(*operation),
        Kind::Signal(SignalRule { direction, peer }) => {
            let contacts = match direction {
                Direction::Receive => Contacts::of(&[Contact::SignalReceive]),
                Direction::Send => Contacts::of(&[Contact::SignalSend]),
                Direction::Both => Contacts::of(&[Contact::SignalSend, Contact::SignalReceive]),
            };
            vec![What::Process { contacts, signals: None, peer: peer.as_ref().map(label).transpose()? }]
        }
        Kind::Ptrace(PtraceRule { read_only_peer }) => {
            let reading = [Contact::PtraceRead, Contact::PtraceReadBy];
            let contacts = match read_only_peer {
                Some(_) => Contacts::of(&reading),
                None => Contacts::of(&[Contact::PtraceTrace, Contact::PtraceTracedBy])
                    .with(Contacts::of(&reading)),
            };
            vec![What::Process {
                contacts,
                signals: None,
                peer: read_only_peer.as_ref().map(label).transpose()?,
            }]
        }
        Kind::File(FileRule::All) => {
            vec![What::Files { paths: None, access: Access::ALL, owner: false, transition: None }]
        }
        Kind::File(FileRule::Paths { pattern: text, access }) => {
            vec![What::Files { paths: Some(pattern(text)?), access: *access, owner: false, transition: None }]
        }
        Kind::Raw(_) => {
            let line = reader::rule(&rule.to_string(), variables);
            return line.unread.map_or(Ok(line.grounds), Err);
        }
    };
    let (grants, quiet) = (rule.effect.allows(), rule.effect == Effect::Deny);
    Ok(all.into_iter().map(|what| Ground { grants, quiet, what }).collect())
}

fn operations(rule: OperationRule) -> Vec<What> {
    let one = |operation| vec![What::Operation(operation)];
    match rule {
        // A rule for mounting is one for remounting too.
        OperationRule::Mount => vec![What::Operation(Operation::Mount), What::Operation(Operation::Remount)],
        OperationRule::Remount => one(Operation::Remount),
        OperationRule::RemountReadOnly => vec![What::Conditional {
            about: vec![About::Operation(Operation::Remount)],
            conditions: "remount options = (ro)".to_owned(),
        }],
        OperationRule::Umount | OperationRule::UmountOfPaths => one(Operation::Umount),
        OperationRule::PivotRoot => one(Operation::PivotRoot),
        OperationRule::Userns => one(Operation::Userns),
        OperationRule::Mqueue => one(Operation::Mqueue),
        OperationRule::IoUring => one(Operation::IoUring),
        OperationRule::Dbus => one(Operation::Dbus),
    }
}
