//! Rules about sockets.

use super::operation::conditions;
use super::scan::Token::{self, Word};
use crate::kernel::{Family, Socket, SocketType};
use crate::rules::What;
use crate::rules::ground::About;

/// Families that the parser knows and no kernel of today has: a rule about them decides about nothing.
const GONE: [&str; 18] = [
    "ipx", "netrom", "bridge", "atmpvc", "rose", "netbeui", "security", "ash", "econet", "atmsvc", "sna",
    "irda", "wanpipe", "ib", "mpls", "decnet", "mctp", "unspec",
];

pub(super) fn read(tokens: &[Token<'_>], text: &str) -> Result<Vec<What>, String> {
    let socket = |family, kind| What::Network(Socket { family, kind });
    match tokens {
        [] => Ok(vec![socket(None, None)]),
        [Word(word)] | [Word(word), Word(_)] if GONE.contains(word) => Ok(vec![What::Other(text.to_owned())]),
        [Word(word)] => match (Family::from_name(word), SocketType::from_name(word), protocol(word)) {
            // `packet` is both; the parser takes it for the family.
            (Some(family), _, _) => Ok(vec![socket(Some(family), None)]),
            (None, Some(kind), _) => Ok(vec![socket(None, Some(kind))]),
            (None, None, Some((kind, families))) => {
                let families = families.iter().filter_map(|name| Family::from_name(name));
                Ok(families.map(|family| socket(Some(family), Some(kind))).collect())
            }
            (None, None, None) => Err(format!("has `{word}`, which is no family or type that is known here")),
        },
        [Word(first), Word(second)] => {
            let Some(family) = Family::from_name(first) else {
                return Err(format!("has `{first}`, which is no family that is known here"));
            };
            let of_family =
                |(kind, families): (SocketType, &[&str])| families.contains(first).then_some(kind);
            let kind = SocketType::from_name(second).or_else(|| protocol(second).and_then(of_family));
            match kind {
                Some(kind) => Ok(vec![socket(Some(family), Some(kind))]),
                None => Err(format!("has `{second}`, which is no type that is known here")),
            }
        }
        _ => {
            // Conditions stand behind the family and the type.
            let names = tokens.iter().position(|token| !matches!(token, Word(_))).unwrap_or(tokens.len());
            let is_condition = tokens.get(names) == Some(&Token::Equals);
            let names = tokens.get(..names.saturating_sub(usize::from(is_condition))).unwrap_or_default();
            if names.len() == tokens.len() {
                return Err("is no rule about sockets that is known here".to_owned());
            }
            let about = match tokens {
                // What may be done comes first.
                [Token::Open, ..] => vec![About::Sockets(Socket { family: None, kind: None })],
                _ => read(names, text)?.into_iter().filter_map(socket_of).collect(),
            };
            Ok(vec![What::Conditional { about, conditions: format!("network {}", conditions(tokens)?) }])
        }
    }
}

fn socket_of(what: What) -> Option<About> {
    if let What::Network(socket) = what { Some(About::Sockets(socket)) } else { None }
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

/// `unix` rules: all of it, all of a type, or something with conditions.
pub(super) fn unix(tokens: &[Token<'_>]) -> Result<What, String> {
    let family = Family::from_name("unix");
    let whole = match tokens {
        [] => Some(None),
        [Word("type"), Token::Equals, Word(name)]
        | [Word("type"), Token::Equals, Token::Open, Word(name), Token::Close] => {
            SocketType::from_name(name).map(Some)
        }
        _ => None,
    };
    Ok(match whole {
        Some(kind) => What::Network(Socket { family, kind }),
        None => What::Conditional {
            about: vec![About::Sockets(Socket { family, kind: None })],
            conditions: format!("unix {}", conditions(tokens)?),
        },
    })
}
