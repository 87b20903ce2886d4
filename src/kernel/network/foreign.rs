//! Sockets in the words of other tools: what they are called in the kernel.

use super::{Family, Socket, SocketType};
use SocketType::{Dgram, Seqpacket, Stream};

/// A protocol of the internet, with the family where its name says it.
type Protocol = (&'static str, Option<&'static str>, SocketType);

const PROTOCOLS: [Protocol; 7] = [
    ("tcp", None, Stream),
    ("tcp4", Some("inet"), Stream),
    ("tcp6", Some("inet6"), Stream),
    ("udp", None, Dgram),
    ("udp4", Some("inet"), Dgram),
    ("udp6", Some("inet6"), Dgram),
    ("sctp", None, Seqpacket),
];

const FAMILIES: [(&str, &str); 8] = [
    ("ip", "inet"),
    ("ip4", "inet"),
    ("ipv4", "inet"),
    ("inet4", "inet"),
    ("ip6", "inet6"),
    ("ipv6", "inet6"),
    ("inetv6", "inet6"),
    ("local", "unix"),
];

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketMeaning {
    pub socket: Socket,
    /// It names a protocol that goes over IPv4 and IPv6, and neither of these.
    pub either: bool,
}

/// What a text means, where all of it is understood.
pub fn read(text: &str) -> Option<SocketMeaning> {
    let lower = text.trim().to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['/', ':', ' ']).filter(|word| !word.is_empty()).collect();
    let (socket, either) = match words.as_slice() {
        [word] => match protocol(word) {
            Some((_, family, kind)) => {
                let socket = Socket { family: Family::from_name(family.unwrap_or("inet")), kind: Some(kind) };
                (socket, family.is_none())
            }
            None => (Socket { family: Some(family(word)?), kind: None }, false),
        },
        ["*", kind] => (Socket { family: None, kind: Some(named_type(kind)?) }, false),
        [one, other] => (pair(one, other).or_else(|| pair(other, one))?, false),
        _ => return None,
    };
    socket.is_possible().then_some(SocketMeaning { socket, either })
}

fn pair(word: &str, kind: &str) -> Option<Socket> {
    let family = family(word)?;
    let kind = named_type(kind).or_else(|| {
        let (_, own, kind) = protocol(kind)?;
        let fits = family.name().starts_with("inet") && own.is_none_or(|own| own == family.name());
        fits.then_some(kind)
    })?;
    Some(Socket { family: Some(family), kind: Some(kind) })
}

/// Whether a word is a protocol's name.
pub fn is_protocol(word: &str) -> bool {
    protocol(&word.to_ascii_lowercase()).is_some()
}

fn protocol(word: &str) -> Option<Protocol> {
    PROTOCOLS.into_iter().find(|(name, ..)| *name == word)
}

fn family(word: &str) -> Option<Family> {
    let word = word.strip_prefix("af_").unwrap_or(word);
    let name = FAMILIES.iter().find(|(other, _)| *other == word).map_or(word, |(_, name)| name);
    Family::from_name(name)
}

fn named_type(word: &str) -> Option<SocketType> {
    SocketType::from_name(word.strip_prefix("sock_").unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn nothing_means_more_than_it_says() {
        let cases = [
            ("tcp", Some("inet/stream")),
            ("udp6", Some("inet6/dgram")),
            ("ipv4", Some("inet")),
            ("ipv4/stream", Some("inet/stream")),
            ("ip6/dgram", Some("inet6/dgram")),
            ("IPv6/TCP", Some("inet6/stream")),
            ("inet6/tcp", Some("inet6/stream")),
            ("inet:stream", Some("inet/stream")),
            ("inet stream", Some("inet/stream")),
            (" inet/stream ", Some("inet/stream")),
            ("*:stream", Some("*/stream")),
            ("tcp/ipv6", Some("inet6/stream")),
            ("AF_INET/SOCK_STREAM", Some("inet/stream")),
            ("ipv4/tcp6", None),
            ("unix/tcp", None),
            ("unix/packet", None),
            ("tcp/8080", None),
            ("ipv4/strem", None),
            ("icmp", None),
            ("inet/stream/tcp", None),
            ("", None),
        ];
        for (text, want) in cases {
            let socket = read(text).map(|meaning| meaning.socket.to_string());
            assert_eq!(socket.as_deref(), want, "{text}");
        }
    }
}
