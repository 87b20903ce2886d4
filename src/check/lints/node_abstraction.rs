//! An abstraction of the node.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "node-abstraction",
    severity: Severity::Warning,
    summary: "an abstraction, which varies from node to node",
    explanation: "An abstraction is a file of the node's own AppArmor package. Its rules differ between distributions and \
                  releases, so the same policy means different things on different nodes, and `check` cannot see what it \
                  grants or denies. Write the few rules that are needed into the policy instead.",
    bad: "name = \"web\"\nabstractions = [\"nameservice\"]\n",
    good: "name = \"web\"\nbundles = [\"dns\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    for text in &subject.draft.abstractions {
        found.add(
            Finding::new(&CODE, text.place, format!("what `{}` grants is decided by each node", text.value))
                .help("write what is needed into the policy, or use a bundle"),
        );
    }
}
