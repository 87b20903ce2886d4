//! A rule as what it decides, whoever wrote it: aapol, a person, or a distribution.

use crate::kernel::request::Contact;
use crate::kernel::{Access, Capability, Glob, Operation, Socket};

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
