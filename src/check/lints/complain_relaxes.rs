//! What complain mode leaves open.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Mode;

pub static CODE: Code = code!("complain-relaxes", Note);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let mode = subject.draft.mode;
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
