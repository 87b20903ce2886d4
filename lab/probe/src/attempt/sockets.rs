//! Sockets of every family and type, and talk over those that a lonely machine can talk over.

use super::{At as _, Tried, done};
use nix::errno::Errno;
use rustix::net::{AddressFamily, RawProtocol, SocketFlags, SocketType, socket_with};
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};

pub(super) fn attempt(words: &[&str]) -> Option<Tried> {
    Some(match *words {
        // Numbers: the lab has the names, from the product's own table of what the kernel calls them.
        ["socket", family, kind] => socket(family, kind),
        ["talk", "inet/stream"] => tcp("127.0.0.1:0"),
        ["talk", "inet6/stream"] => tcp("[::1]:0"),
        ["talk", "inet/dgram"] => udp("127.0.0.1:0"),
        ["talk", "inet6/dgram"] => udp("[::1]:0"),
        ["talk", "unix/stream"] => UnixStream::pair().at("socketpair").and_then(|(mut one, mut other)| {
            one.write_all(b"x").at("send")?;
            other.read_exact(&mut [0]).at("receive")?;
            done()
        }),
        ["talk", "unix/dgram"] => UnixDatagram::pair().at("socketpair").and_then(|(one, other)| {
            one.send(b"x").at("send")?;
            other.recv(&mut [0]).at("receive")?;
            done()
        }),
        ["unix-path", path] => UnixListener::bind(path).at("bind").and_then(|listener| {
            let mut one = UnixStream::connect(path).at("connect")?;
            one.write_all(b"x").at("send")?;
            listener.accept().at("accept")?.0.read_exact(&mut [0]).at("receive")?;
            done()
        }),
        _ => return None,
    })
}

/// Denied by the module is EACCES. A kernel that lacks the family, or wants a capability as well, got that far.
fn socket(family: &str, kind: &str) -> Tried {
    let number = |text: &str| text.parse::<u32>().map_err(io::Error::other);
    let family = AddressFamily::from_raw(number(family).at("family")? as u16);
    let kind = SocketType::from_raw(number(kind).at("type")?);
    match socket_with(family, kind, SocketFlags::empty(), None::<rustix::net::Protocol>) {
        Ok(_) => done(),
        Err(error) if error == rustix::io::Errno::ACCESS => Err(error).at("socket"),
        // Raw sockets want a protocol.
        Err(error) if error == rustix::io::Errno::PROTONOSUPPORT => with_protocol(family, kind),
        Err(error) => Ok(format!("{:?}", Errno::from_raw(error.raw_os_error()))),
    }
}

fn with_protocol(family: AddressFamily, kind: SocketType) -> Tried {
    const ICMP: u32 = 1;
    let protocol = RawProtocol::new(ICMP).map(rustix::net::Protocol::from_raw);
    match socket_with(family, kind, SocketFlags::empty(), protocol) {
        Err(error) if error == rustix::io::Errno::ACCESS => Err(error).at("socket"),
        Err(error) => Ok(format!("{:?}", Errno::from_raw(error.raw_os_error()))),
        Ok(_) => done(),
    }
}

fn tcp(address: &str) -> Tried {
    let listener = TcpListener::bind(address).at("bind")?;
    let mut client = TcpStream::connect(listener.local_addr().at("name")?).at("connect")?;
    client.write_all(b"x").at("send")?;
    listener.accept().at("accept")?.0.read_exact(&mut [0]).at("receive")?;
    done()
}

fn udp(address: &str) -> Tried {
    let socket = UdpSocket::bind(address).at("bind")?;
    socket.send_to(b"x", socket.local_addr().at("name")?).at("send")?;
    socket.recv(&mut [0]).at("receive")?;
    done()
}
