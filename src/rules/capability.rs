//! `capability`.

use super::coverage::Coverage;
use super::text::scan::Token::{self, Word};
use crate::kernel::Capability;
use std::fmt;

/// One capability, or all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CapabilityRule {
    All,
    One(Capability),
}

impl CapabilityRule {
    /// A rule may name several.
    pub(super) fn read(names: &[Token<'_>]) -> Result<Vec<CapabilityRule>, String> {
        if names.is_empty() {
            return Ok(vec![CapabilityRule::All]);
        }
        let one = |token: &Token<'_>| match token {
            Word(name) => match Capability::from_name(name) {
                Some(capability) => Ok(CapabilityRule::One(capability)),
                None => Err(format!("has `{name}`, which is no capability that is known here")),
            },
            Token::Equals | Token::Open | Token::Close | Token::Arrow | Token::AtMost => {
                Err("has more than names of capabilities".to_owned())
            }
        };
        names.iter().map(one).collect()
    }

    pub fn coverage(&self, capability: Capability) -> Coverage {
        Coverage::whole_if(match self {
            CapabilityRule::All => true,
            CapabilityRule::One(one) => *one == capability,
        })
    }
}

impl fmt::Display for CapabilityRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CapabilityRule::All => f.write_str("capability,"),
            CapabilityRule::One(capability) => write!(f, "capability {},", capability.name()),
        }
    }
}
