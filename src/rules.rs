//! The profile language: rules as types, each with the places of the policy it comes from, and the text of profiles,
//! whoever wrote it.
//!
//! A rule writes itself as one finished line; `reader` reads lines, and `ground` says what a rule decides, written or
//! read. Knows no policy's judgement, no TOML and no templates.

pub mod block;
pub mod capability;
pub mod file;
pub mod ground;
pub mod limit;
pub mod network;
pub mod operation;
pub mod process;
pub mod reader;
pub mod text;
mod untangled;

use crate::diag::Place;
use crate::kernel::Abi;
use crate::policy::Text;
use std::fmt;

pub use block::Block;
pub use capability::CapabilityRule;
pub use file::FileRule;
pub use ground::{Ground, Transition, What};
pub use limit::LimitRule;
pub use network::NetworkRule;
pub use operation::OperationRule;
pub use process::{PtraceRule, SignalRule};

/// What the head of each profile says, by which it is known again.
pub const MARK: &str = "an AppArmor profile rendered by aapol";

/// Whether a rule allows or denies, and whether it is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    Allow,
    /// Denied without a word in the log. The kernel enforces such a denial even in complain mode.
    Deny,
    /// Denied and logged; in complain mode logged alone.
    AuditDeny,
}

impl Effect {
    fn prefix(self) -> &'static str {
        match self {
            Effect::Allow => "",
            Effect::Deny => "deny ",
            Effect::AuditDeny => "audit deny ",
        }
    }

    pub fn allows(self) -> bool {
        self == Effect::Allow
    }
}

/// What a rule is about. Ordered as profiles are read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Limit(LimitRule),
    Capability(CapabilityRule),
    Network(NetworkRule),
    Operation(OperationRule),
    Signal(SignalRule),
    Ptrace(PtraceRule),
    File(FileRule),
    /// A rule of the policy's `raw-rules`.
    Raw(String),
}

/// A rule, and the entries of the policy that it stands for; none where it is the baseline's.
#[derive(Clone, Debug)]
pub struct Rule {
    pub effect: Effect,
    pub kind: Kind,
    pub from: Vec<Place>,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.effect.prefix())?;
        match &self.kind {
            Kind::Limit(rule) => rule.fmt(f),
            Kind::Capability(rule) => rule.fmt(f),
            Kind::Network(rule) => rule.fmt(f),
            Kind::Operation(rule) => rule.fmt(f),
            Kind::Signal(rule) => rule.fmt(f),
            Kind::Ptrace(rule) => rule.fmt(f),
            Kind::File(rule) => rule.write(f, self.effect),
            Kind::Raw(rule) => f.write_str(rule),
        }
    }
}

/// A whole profile.
#[derive(Debug)]
pub struct Profile {
    pub name: String,
    /// What is to be said at its head, line by line.
    pub header: Vec<String>,
    pub abi: Abi,
    pub flags: Vec<&'static str>,
    /// Whether variables are used, by an abstraction or a raw rule.
    pub tunables: bool,
    pub abstractions: Vec<Text>,
    pub blocks: Vec<Block>,
}
