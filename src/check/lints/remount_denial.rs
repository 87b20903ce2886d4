//! A denial of remounting beside a grant of mounting.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Operation;
use crate::policy::Posture;

pub static CODE: Code = code!("remount-denial", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let operations = &context.resolved.operations;
    let of = |operation: Operation| move |e: &&crate::check::resolved::Entry<Operation>| e.value == operation;
    let Some(denial) = operations.deny.iter().find(of(Operation::Remount)) else {
        return;
    };
    if operations.deny.iter().any(|e| e.value == Operation::Mount) {
        return;
    }
    let grant = operations.allow.iter().find(of(Operation::Mount)).map(|e| e.place);
    let default = operations.default.place.filter(|_| operations.default.value == Posture::Allow);
    if let Some(place) = grant.or(default) {
        found.add(
            Finding::new(
                &CODE,
                denial.place,
                "remounts cannot be denied where mounts are granted: kernel 6.1 lets some pass",
            )
            .also(place, "this grants mounts")
            .help("deny `mount` as well, or write the mounts that are needed as `raw-rules`"),
        );
    }
}
