//! `set rlimit`.

use crate::kernel::Limit;
use std::fmt;

/// A resource limit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LimitRule {
    pub limit: Limit,
    pub value: String,
}

impl fmt::Display for LimitRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "set rlimit {} <= {},", self.limit.name(), self.value)
    }
}
