//! `network`.

use super::conditions::Conditions;
use super::coverage::Coverage;
use super::text::scan::Token::{self, Word};
use super::text::variables::Variables;
use crate::kernel::{Family, Socket, SocketType};
use std::fmt;

/// Sockets of a family, a type, both, or (neither) all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetworkRule {
    Sockets {
        socket: Socket,
        conditions: Conditions,
    },
    /// Of a family that the parser knows and no kernel of today has, as written: it decides about nothing.
    Obsolete(String),
}

const OBSOLETE: [&str; 18] = [
    "ipx", "netrom", "bridge", "atmpvc", "rose", "netbeui", "security", "ash", "econet", "atmsvc", "sna",
    "irda", "wanpipe", "ib", "mpls", "decnet", "mctp", "unspec",
];

impl NetworkRule {
    /// All sockets of this kind.
    pub fn whole(socket: Socket) -> NetworkRule {
        NetworkRule::Sockets { socket, conditions: Conditions::default() }
    }

    /// A rule may be about several families, by a protocol's name.
    pub(super) fn read(tokens: &[Token<'_>], variables: &Variables) -> Result<Vec<NetworkRule>, String> {
        let (access, rest) = Conditions::read_access(tokens, variables)?;
        // Conditions have a name and `=`; before them stand the family and the type.
        let names = rest.iter().position(|token| !matches!(token, Word(_)));
        let names = names.map_or(rest.len(), |at| at.saturating_sub(1));
        let (names, rest) = rest.split_at_checked(names).unwrap_or((rest, &[]));
        let names: Vec<&str> = names
            .iter()
            .filter_map(|token| if let Word(word) = token { Some(*word) } else { None })
            .collect();
        let conditions = access.with(Conditions::read_rest(rest, variables)?);
        if matches!(names.as_slice(), [family] | [family, _] if OBSOLETE.contains(family)) {
            return Ok(vec![NetworkRule::Obsolete(names.join(" "))]);
        }
        let rule = |socket| NetworkRule::Sockets { socket, conditions: conditions.clone() };
        Ok(sockets(&names)?.into_iter().map(rule).collect())
    }

    pub fn coverage(&self, asked: Socket) -> Coverage {
        match self {
            NetworkRule::Sockets { socket, conditions } if conditions.is_empty() => {
                Coverage::whole_if(socket.covers(asked))
            }
            NetworkRule::Sockets { socket, .. } => Coverage::conditional_if(socket.covers(asked)),
            NetworkRule::Obsolete(_) => Coverage::None,
        }
    }
}

fn sockets(names: &[&str]) -> Result<Vec<Socket>, String> {
    let one = |family, kind| vec![Socket { family, kind }];
    match names {
        [] => Ok(one(None, None)),
        [word] => match (Family::from_name(word), SocketType::from_name(word), protocol(word)) {
            // `packet` is both; the parser takes it for the family.
            (Some(family), _, _) => Ok(one(Some(family), None)),
            (None, Some(kind), _) => Ok(one(None, Some(kind))),
            (None, None, Some((kind, families))) => {
                let families = families.iter().filter_map(|name| Family::from_name(name));
                Ok(families.map(|family| Socket { family: Some(family), kind: Some(kind) }).collect())
            }
            (None, None, None) => Err(format!("has `{word}`, which is no family or type that is known here")),
        },
        [first, second] => {
            let Some(family) = Family::from_name(first) else {
                return Err(format!("has `{first}`, which is no family that is known here"));
            };
            let of_family =
                |(kind, families): (SocketType, &[&str])| families.contains(first).then_some(kind);
            match SocketType::from_name(second).or_else(|| protocol(second).and_then(of_family)) {
                Some(kind) => Ok(one(Some(family), Some(kind))),
                None => Err(format!("has `{second}`, which is no type that is known here")),
            }
        }
        _ => Err("is no rule about sockets that is known here".to_owned()),
    }
}

/// The type behind a protocol's name, and the families that have it (network.cc, network_mappings).
fn protocol(word: &str) -> Option<(SocketType, &'static [&'static str])> {
    match word {
        "tcp" => Some((SocketType::Stream, &["inet", "inet6"])),
        "udp" => Some((SocketType::Dgram, &["inet", "inet6"])),
        "icmp" => Some((SocketType::Raw, &["inet"])),
        _ => None,
    }
}

impl fmt::Display for NetworkRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetworkRule::Sockets { socket, conditions } => {
                f.write_str("network")?;
                conditions.write_access(f)?;
                if let Some(family) = socket.family {
                    write!(f, " {}", family.name())?;
                }
                if let Some(kind) = socket.kind {
                    write!(f, " {}", kind.name())?;
                }
                conditions.write_rest(f)?;
                f.write_str(",")
            }
            NetworkRule::Obsolete(words) => write!(f, "network {words},"),
        }
    }
}
