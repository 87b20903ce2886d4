//! In what two profiles can differ.

use crate::kernel::request::Contacts;
use crate::kernel::{Access, Request};
use crate::policy::Mode;

/// Something that one of two profiles allows and the other does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whether it is the second that allows it.
    pub gained: bool,
    pub what: Matter,
    /// The rules of the one that allow it.
    pub granting: Vec<usize>,
    /// The rules of the other that deny it; none where it only lacks a grant.
    pub denying: Vec<usize>,
}

impl Difference {
    /// One that no rule makes.
    pub(super) fn without_rules(gained: bool, what: Matter) -> Difference {
        Difference { gained, what, granting: Vec::new(), denying: Vec::new() }
    }
}

/// What a difference is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Accesses to files such as this one.
    Files {
        access: Access,
        /// The ways in which it may be started, where these differ.
        starts: Vec<String>,
        owner: bool,
        witness: Vec<u8>,
    },
    /// Ways to meet processes with labels such as this one; with some signals only where they are named.
    Processes { contacts: Contacts, witness: Vec<u8> },
    /// Accesses that are asked for by a word.
    Asked(Vec<Request>),
    /// A limit that is gone, higher or lower.
    Limit { limit: String, before: Option<String>, after: Option<String> },
    /// A flag of the profile that the other one lacks.
    Flag(String),
    /// Nothing is refused any more, or is again.
    Mode { before: Mode, after: Mode },
    /// One names no ABI: whether its rules about sockets and others are compiled at all is up to the parser.
    WithoutAbi,
    /// A rule that cannot be compared; by its text it stands on one side only.
    Unread(String),
    /// Comparing would have taken too long.
    Exhausted,
}
