//! `network`.

use crate::kernel::Socket;
use std::fmt;

/// Sockets of a family, a type, both, or (neither) all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetworkRule(pub Socket);

impl fmt::Display for NetworkRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("network")?;
        if let Some(family) = self.0.family {
            write!(f, " {}", family.name())?;
        }
        if let Some(kind) = self.0.kind {
            write!(f, " {}", kind.name())?;
        }
        f.write_str(",")
    }
}
