//! A denial of raw sockets that takes netlink with it.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::SocketType;

pub static CODE: Code = code!("denied-netlink", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    for entry in &context.resolved.network.deny {
        if entry.value.family.is_none() && entry.value.kind == Some(SocketType::Raw) {
            found.add(
                Finding::new(
                    &CODE,
                    entry.place,
                    "this denies netlink too, by which programs list interfaces",
                )
                .help("name the families: `inet/raw`, `inet6/raw`, `packet`"),
            );
        }
    }
}
