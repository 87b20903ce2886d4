//! A default that does not reach every operation.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::Operation;
use crate::policy::Posture;

pub static CODE: Code = Code {
    name: "unmediated-operations",
    severity: Severity::Note,
    summary: "`default = \"deny\"` in `[operations]` under an `abi` that does not decide about all of them",
    explanation: "Under an older ABI AppArmor does not decide about user namespaces and io_uring, so these stay \
                  allowed even where the default denies. (Message queues are files to it then.) The profile's header says which. A newer `abi` decides about them, \
                  on nodes that have it.",
    bad: "name = \"web\"\n\n[operations]\ndefault = \"deny\"\n",
    good: "name = \"web\"\nabi = \"5.0\"\n\n[operations]\ndefault = \"deny\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let Some(default) = subject.policy.operations.default.as_ref().filter(|d| d.value == Posture::Deny)
    else {
        return;
    };
    let abi = subject.draft.abi.value;
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
