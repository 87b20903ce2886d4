//! A default that does not reach every operation.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Operation;
use crate::policy::Posture;

pub static CODE: Code = code!("unmediated-operations", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let Some(default) = context.policy.operations.default.as_ref().filter(|d| d.value == Posture::Deny)
    else {
        return;
    };
    let abi = context.resolved.abi.value;
    let open: Vec<&str> = Operation::ALL
        .into_iter()
        .filter(|operation| !abi.mediates(*operation) && operation.open_without_rules())
        .map(Operation::name)
        .collect();
    if !open.is_empty() {
        found.add(
            Finding::new(
                &CODE,
                default.place,
                format!("under abi {} this does not deny `{}`", abi.name(), open.join("`, `")),
            )
            .help("set a newer `abi` if every node has it"),
        );
    }
}
