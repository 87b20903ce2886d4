//! An abstraction of the node.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("node-abstraction", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    for text in &context.resolved.abstractions {
        found.add(
            Finding::new(&CODE, text.place, format!("what `{}` grants is decided by each node", text.value))
                .help("write what is needed into the policy, or use a bundle"),
        );
    }
}
