//! Socket families and types: which exist, and which pairs the kernel can make.

pub mod foreign;

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
            Stream => "Connections, which is TCP in the inet families; most servers and clients need it.",
            Dgram => {
                "Single messages, which is UDP in the inet families; name look-ups, QUIC and logging need it."
            }
            Seqpacket => {
                "Connections that keep message bounds, which is SCTP in the inet families; telephony needs it."
            }
            Rdm => "Messages that arrive but not in order; programs written for TIPC need it.",
            Raw => {
                "Packets as they are on the wire; ping and captures need it, with `net_raw` but for netlink."
            }
            Packet => "An obsolete form of raw packets; hardly any program needs it.",
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
    ("inet", &[Stream, Dgram, Seqpacket, Raw], "IPv4; most servers and clients need it."),
    (
        "inet6",
        &[Stream, Dgram, Seqpacket, Raw],
        "IPv6; a server on `[::]` needs it, and takes IPv4 clients through it too.",
    ),
    (
        "unix",
        &[Stream, Dgram, Seqpacket, Raw],
        "Unix sockets; programs that talk to others on the node need it, and so do nginx's workers, Java and name look-ups.",
    ),
    (
        "netlink",
        &[Dgram, Raw],
        "Talk with the kernel; programs that list interfaces and routes need it, and so do some name look-ups.",
    ),
    (
        "packet",
        &[Dgram, Raw, Packet],
        "Frames as they are on the wire; packet captures need it, with `net_raw`.",
    ),
    (
        "vsock",
        &[Stream, Dgram, Seqpacket],
        "Talk between virtual machines and their host; agents inside virtual machines need it.",
    ),
    ("alg", &[Seqpacket], "The kernel's cryptography; programs that leave ciphers to the kernel need it."),
    ("bluetooth", &[Stream, Dgram, Seqpacket, Raw], "Bluetooth; programs that use such devices need it."),
    ("can", &[Dgram, Raw], "Controller area networks; programs in vehicles and machines need it."),
    (
        "tipc",
        &[Stream, Dgram, Seqpacket, Rdm],
        "Cluster communication by TIPC; programs written for it need it.",
    ),
    ("rds", &[Seqpacket], "Reliable datagrams between nodes; Oracle's clustered databases need it."),
    (
        "smc",
        &[Stream],
        "Shared memory over RDMA in place of TCP; programs written for such hardware need it.",
    ),
    ("xdp", &[Raw], "Packets past the kernel's network stack; fast packet processors need it."),
    ("kcm", &[Dgram, Seqpacket], "Messages over TCP, cut by the kernel; hardly any program needs it."),
    ("qipcrtr", &[Dgram], "Qualcomm's message router; programs that talk with modems need it."),
    ("key", &[Raw], "Keys for IPsec; IPsec daemons need it."),
    ("llc", &[Stream, Dgram], "Logical link control, below network protocols; hardly any program needs it."),
    (
        "pppox",
        &[Stream, Dgram, Raw],
        "Point-to-point connections over Ethernet; PPPoE and L2TP daemons need it.",
    ),
    ("rxrpc", &[Dgram], "Remote calls of the AFS file system; AFS tools need it."),
    (
        "nfc",
        &[Stream, Dgram, Seqpacket, Raw],
        "Near-field communication; programs that use such devices need it.",
    ),
    ("phonet", &[Dgram, Seqpacket], "Nokia's modem protocol; programs that talk with such modems need it."),
    ("ieee802154", &[Dgram, Raw], "Low-rate wireless networks; gateways to sensors need it."),
    (
        "caif",
        &[Stream, Seqpacket],
        "ST-Ericsson's modem protocol; programs that talk with such modems need it.",
    ),
    ("isdn", &[Dgram, Raw], "ISDN; programs that use such devices need it."),
    ("iucv", &[Stream, Seqpacket], "Talk between guests on IBM Z; programs written for it need it."),
    ("ax25", &[Dgram, Seqpacket, Raw], "Amateur radio; programs for it need it."),
    ("x25", &[Seqpacket], "X.25 networks; programs that still use them need it."),
    ("appletalk", &[Dgram, Raw], "AppleTalk networks; servers for old Macintosh computers need it."),
];

/// A set of sockets: a family, a type, both, or (neither) all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Socket {
    pub family: Option<Family>,
    pub kind: Option<SocketType>,
}

impl Socket {
    /// Whether the kernel makes such sockets, and a rule can name them.
    pub fn is_possible(self) -> bool {
        match (self.family, self.kind) {
            // The profile language would take the word for the family of that name.
            (None, Some(SocketType::Packet)) => false,
            (Some(family), Some(kind)) => family.types().contains(&kind),
            (Some(_) | None, _) => true,
        }
    }

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
