//! What complain mode leaves open.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Mode;

pub static CODE: Code = code!("complain-relaxes", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let mode = context.resolved.mode;
    if let (Mode::Complain, Some(place)) = (mode.value, mode.place) {
        found.add(
            Finding::new(
                &CODE,
                place,
                "complain mode blocks nothing: denials are logged, and the manifest drops no capabilities and leaves the root writable",
            )
            .help("set `mode = \"enforce\"` when the log holds nothing unexpected"),
        );
    }
}
