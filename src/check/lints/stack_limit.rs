//! A limit that the kernel takes back.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Limit;

pub static CODE: Code = code!("stack-limit", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    for (limit, text) in context.policy.limits.set() {
        if limit == Limit::Stack {
            found.add(
                Finding::new(
                    &CODE,
                    text.place,
                    "the kernel sets the stack's limit back when a program starts",
                )
                .help("take it out, or keep it to refuse processes that ask for more"),
            );
        }
    }
}
