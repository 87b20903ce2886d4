//! A feature set that older nodes do not have.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Abi;

pub static CODE: Code = code!("newer-abi", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let abi = context.resolved.abi;
    if let (true, Some(place)) = (abi.value != Abi::V3_0, abi.place) {
        found.add(
            Finding::new(
                &CODE,
                place,
                format!("nodes with an AppArmor older than {} cannot load this profile", abi.value.name()),
            )
            .help("keep it if every node has it: `apparmor_parser --version` on a node tells"),
        );
    }
}
