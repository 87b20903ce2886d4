//! An operation that AppArmor does not decide about under the policy's ABI.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::Operation;

pub static CODE: Code = code!("operation-not-mediated", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let operations = &context.resolved.operations;
    for entry in operations.allow.iter().chain(&operations.deny) {
        judge(context, entry.value, entry.place, found);
    }
    for text in &context.policy.expect.deny {
        let operation = text.strip_prefix("operation ").and_then(|name| Operation::from_name(name.trim()));
        if let Some(operation) = operation {
            judge(context, operation, text.place, found);
        }
    }
}

fn judge(context: &Context<'_>, operation: Operation, place: Place, found: &mut Findings) {
    let abi = context.resolved.abi;
    if abi.value.mediates(operation) {
        return;
    }
    let what = if operation.open_without_rules() { "it stays allowed" } else { "a queue is a file to it" };
    let finding = Finding::new(
        &CODE,
        place,
        format!(
            "under abi {} AppArmor does not decide about `{}`: {what}",
            abi.value.name(),
            operation.name()
        ),
    );
    let finding = match abi.place {
        Some(place) => finding.also(place, "decided here"),
        None => finding,
    };
    found.add(finding.help(format!(
        "set `abi = \"{}\"` if every node has it, or take this out",
        operation.since().name()
    )));
}
