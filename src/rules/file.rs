//! Rules about files.

use super::{Effect, text};
use crate::kernel::Access;
use std::fmt;

/// Accesses to the paths of a pattern, or to every file in every way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileRule {
    All,
    Paths { pattern: String, access: Access },
}

impl FileRule {
    /// As a line behind its effect: what may be started keeps this profile, what is denied has no profile.
    pub fn write(&self, f: &mut fmt::Formatter<'_>, effect: Effect) -> fmt::Result {
        match self {
            FileRule::All => f.write_str("file,"),
            FileRule::Paths { pattern, access } => {
                let letters = access.to_string();
                let letters = if effect.allows() { letters.replace('x', "ix") } else { letters };
                write!(f, "{} {letters},", text::pattern(pattern))
            }
        }
    }
}
