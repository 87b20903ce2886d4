//! An operation that AppArmor does not decide about under the policy's ABI.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Place, Severity};
use crate::kernel::Operation;

pub static CODE: Code = Code {
    name: "operation-not-mediated",
    severity: Severity::Error,
    summary: "an operation that the policy's `abi` does not decide about",
    explanation: "AppArmor learned to decide about user namespaces and message queues with ABI 4.0, and about io_uring with \
                  5.0. Under an older one user namespaces and io_uring stay allowed, whatever the profile says: granting \
                  them changes nothing, and denying them or expecting a denial would be a false promise. A message queue is \
                  a file by the name `/NAME` then, and on kernels that know no rules for queues under any ABI, such as \
                  Debian's: `read-write = [\"/NAME\"]` grants it. Set `abi` where every node has that version.",
    bad: "name = \"web\"\n\n[operations]\ndeny = [\"userns\"]\n",
    good: "name = \"web\"\nabi = \"4.0\"\n\n[operations]\ndeny = [\"userns\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let operations = &subject.draft.operations;
    for entry in operations.allow.iter().chain(&operations.deny) {
        judge(subject, entry.value, entry.place, found);
    }
    for text in &subject.policy.expect.deny {
        let operation = text.strip_prefix("operation ").and_then(|name| Operation::from_name(name.trim()));
        if let Some(operation) = operation {
            judge(subject, operation, text.place, found);
        }
    }
}

fn judge(subject: &Subject<'_>, operation: Operation, place: Place, found: &mut Findings) {
    let abi = subject.draft.abi;
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
