//! Socket families and types: which exist, and which pairs the kernel can make.

use std::fmt;

/// A type of socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SocketType {
    Stream,
    Dgram,
    Seqpacket,
    Rdm,
    Raw,
    Packet,
}

use SocketType::{Dgram, Packet, Raw, Rdm, Seqpacket, Stream};

impl SocketType {
    pub const ALL: [SocketType; 6] = [Stream, Dgram, Seqpacket, Rdm, Raw, Packet];

    pub fn name(self) -> &'static str {
        match self {
            Stream => "stream",
            Dgram => "dgram",
            Seqpacket => "seqpacket",
            Rdm => "rdm",
            Raw => "raw",
            Packet => "packet",
        }
    }

    pub fn from_name(name: &str) -> Option<SocketType> {
        SocketType::ALL.into_iter().find(|t| t.name() == name)
    }

    /// What it is for.
    pub fn about(self) -> &'static str {
        match self {
            Stream => "Connections: TCP in the inet families.",
            Dgram => "Single messages: UDP in the inet families.",
            Seqpacket => "Connections that keep message bounds: SCTP in the inet families.",
            Rdm => "Messages that arrive but not in order.",
            Raw => "Packets as they are on the wire; needs `net_raw` but for netlink.",
            Packet => "An obsolete form of raw packets.",
        }
    }
}

/// A family of sockets, by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Family(usize);

impl Family {
    pub fn all() -> impl Iterator<Item = Family> {
        (0..TABLE.len()).map(Family)
    }

    pub fn from_name(name: &str) -> Option<Family> {
        TABLE.iter().position(|row| row.0 == name).map(Family)
    }

    pub fn name(self) -> &'static str {
        TABLE.get(self.0).map_or("", |row| row.0)
    }

    /// The types that the kernel makes sockets of in this family.
    pub fn types(self) -> &'static [SocketType] {
        TABLE.get(self.0).map_or(&[], |row| row.1)
    }

    /// What it is for, and when a container needs it.
    pub fn about(self) -> &'static str {
        TABLE.get(self.0).map_or("", |row| row.2)
    }
}

/// What kernels still have, from their `net/` folders.
const TABLE: [(&str, &[SocketType], &str); 28] = [
    ("inet", &[Stream, Dgram, Seqpacket, Raw], "IPv4: most servers and clients."),
    (
        "inet6",
        &[Stream, Dgram, Seqpacket, Raw],
        "IPv6; a server on `[::]` takes IPv4 clients through it too.",
    ),
    (
        "unix",
        &[Stream, Dgram, Seqpacket, Raw],
        "Unix sockets: programs that talk to others on the node, nginx's workers, Java, name look-ups.",
    ),
    ("netlink", &[Dgram, Raw], "Talk with the kernel: listing interfaces and routes, name look-ups."),
    (
        "packet",
        &[Dgram, Raw, Packet],
        "Frames as they are on the wire; packet captures need it, with `net_raw`.",
    ),
    ("vsock", &[Stream, Dgram, Seqpacket], "Talk between virtual machines and their host."),
    ("alg", &[Seqpacket], "The kernel's cryptography."),
    ("bluetooth", &[Stream, Dgram, Seqpacket, Raw], "Bluetooth devices."),
    ("can", &[Dgram, Raw], "Controller area networks, as in vehicles and machines."),
    ("tipc", &[Stream, Dgram, Seqpacket, Rdm], "Cluster communication by TIPC."),
    ("rds", &[Seqpacket], "Reliable datagrams between database nodes."),
    ("smc", &[Stream], "Shared memory over RDMA in place of TCP."),
    ("xdp", &[Raw], "Express data path: packets past the kernel's network stack."),
    ("kcm", &[Dgram, Seqpacket], "Messages over TCP, cut by the kernel."),
    ("qipcrtr", &[Dgram], "Qualcomm's message router, as in modems."),
    ("key", &[Raw], "Keys for IPsec."),
    ("llc", &[Stream, Dgram], "Logical link control, below network protocols."),
    ("pppox", &[Stream, Dgram, Raw], "Point-to-point connections over Ethernet."),
    ("rxrpc", &[Dgram], "Remote calls of the AFS file system."),
    ("nfc", &[Stream, Dgram, Seqpacket, Raw], "Near-field communication devices."),
    ("phonet", &[Dgram, Seqpacket], "Nokia's modem protocol."),
    ("ieee802154", &[Dgram, Raw], "Low-rate wireless networks."),
    ("caif", &[Stream, Seqpacket], "ST-Ericsson's modem protocol."),
    ("isdn", &[Dgram, Raw], "ISDN devices."),
    ("iucv", &[Stream, Seqpacket], "Talk between guests on IBM Z."),
    ("ax25", &[Dgram, Seqpacket, Raw], "Amateur radio."),
    ("x25", &[Seqpacket], "X.25 networks."),
    ("appletalk", &[Dgram, Raw], "AppleTalk networks."),
];

/// Words of other tools, and what they are here.
pub const PROTOCOLS: [(&str, &str); 9] = [
    ("tcp", "inet/stream"),
    ("tcp4", "inet/stream"),
    ("tcp6", "inet6/stream"),
    ("udp", "inet/dgram"),
    ("udp4", "inet/dgram"),
    ("udp6", "inet6/dgram"),
    ("icmp", "inet/raw"),
    ("ipv4", "inet"),
    ("ipv6", "inet6"),
];

/// A set of sockets: a family, a type, both, or (neither) all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Socket {
    pub family: Option<Family>,
    pub kind: Option<SocketType>,
}

impl Socket {
    pub fn covers(self, other: Socket) -> bool {
        let family = self.family.is_none() || self.family == other.family;
        family && (self.kind.is_none() || self.kind == other.kind)
    }

    pub fn meets(self, other: Socket) -> bool {
        let family = self.family.is_none() || other.family.is_none() || self.family == other.family;
        family && (self.kind.is_none() || other.kind.is_none() || self.kind == other.kind)
    }
}

/// As a policy writes it.
impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.family.map_or("*", Family::name))?;
        match self.kind {
            Some(kind) => write!(f, "/{}", kind.name()),
            None => Ok(()),
        }
    }
}
