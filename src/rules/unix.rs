//! `unix`: sockets of one machine, by type, address and peer.

use super::conditions::Conditions;
use super::coverage::Coverage;
use super::text::scan::Token::{self, Close, Equals, Open, Word};
use super::text::variables::Variables;
use crate::kernel::{Family, Socket, SocketType};
use std::fmt;

/// Unix sockets of a type, or of any without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixRule {
    kind: Option<SocketType>,
    conditions: Conditions,
}

impl UnixRule {
    pub(super) fn read(tokens: &[Token<'_>], variables: &Variables) -> Result<UnixRule, String> {
        let kind = match tokens {
            [Word("type"), Equals, Word(name)] | [Word("type"), Equals, Open, Word(name), Close] => {
                SocketType::from_name(name)
            }
            _ => None,
        };
        let conditions = match kind {
            Some(_) => Conditions::default(),
            None => Conditions::read(tokens, variables)?,
        };
        Ok(UnixRule { kind, conditions })
    }

    pub fn is_whole(&self) -> bool {
        self.conditions.is_empty()
    }

    /// The sockets that it is about, where it has no conditions.
    pub fn socket(&self) -> Option<Socket> {
        self.is_whole().then(|| Socket { family: Family::from_name("unix"), kind: self.kind })
    }

    pub fn coverage(&self, asked: Socket) -> Coverage {
        let socket = Socket { family: Family::from_name("unix"), kind: self.kind };
        if self.is_whole() {
            Coverage::whole_if(socket.covers(asked))
        } else {
            Coverage::conditional_if(socket.covers(asked))
        }
    }
}

impl fmt::Display for UnixRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unix")?;
        if let Some(kind) = self.kind {
            write!(f, " type={}", kind.name())?;
        }
        write!(f, "{},", self.conditions)
    }
}
