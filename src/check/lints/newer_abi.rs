//! A feature set that older nodes do not have.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::Abi;

pub static CODE: Code = Code {
    name: "newer-abi",
    severity: Severity::Note,
    summary: "an `abi` that older nodes cannot load",
    explanation: "The parser reads the feature set from a file of its own package, and refuses a profile that names one it does \
                  not have: `abi = \"4.0\"` needs AppArmor 4.0 on every node, `\"5.0\"` needs 5.0. Such a profile also decides \
                  about user namespaces and message queues, which are denied unless `[operations]` allows them.",
    bad: "name = \"web\"\nabi = \"4.0\"\n",
    good: "name = \"web\"\nabi = \"3.0\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let abi = subject.draft.abi;
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
