//! `capability`.

use crate::kernel::Capability;
use std::fmt;

/// One capability, or all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CapabilityRule {
    All,
    One(Capability),
}

impl fmt::Display for CapabilityRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CapabilityRule::All => f.write_str("capability,"),
            CapabilityRule::One(capability) => write!(f, "capability {},", capability.name()),
        }
    }
}
