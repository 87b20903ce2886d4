//! Sockets that forge packets, or open more of the kernel than programs need.

use super::Refusal;
use crate::diag::{Code, code};
use crate::kernel::Socket;

pub(super) static CODE: Code = code!("refused-socket", Error);

/// Families by which packets cannot be forged and the kernel not configured.
const FAMILIES: [&str; 4] = ["inet", "inet6", "netlink", "unix"];

pub(super) fn of(socket: Socket) -> Option<Refusal> {
    let (family, kind) = (socket.family?, socket.kind?);
    let is_raw = kind.name() == "raw" && family.name() != "netlink";
    if FAMILIES.contains(&family.name()) && !is_raw {
        return None;
    }
    let forges = is_raw && FAMILIES.contains(&family.name()) || family.name() == "packet";
    Some(Refusal::new(
        &CODE,
        match forges {
            true => "with it the container can forge packets, and listen in on those of its network",
            false => "few programs need sockets of this kind, and each opens code of the kernel to attack",
        },
    ))
}
