//! What complain mode leaves open.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::Mode;

pub static CODE: Code = Code {
    name: "complain-relaxes",
    severity: Severity::Note,
    summary: "complain mode blocks nothing",
    explanation: "In complain mode what the policy does not allow is logged and passes. Since the kernel enforces written \
                  denials even then, they are rendered as audited grants; and the manifest leaves out what would block by \
                  itself: dropped capabilities and the read-only root. Collect the log, mend the policy, then set `mode = \
                  \"enforce\"`.",
    bad: "name = \"web\"\nmode = \"complain\"\n",
    good: "name = \"web\"\nmode = \"enforce\"\n",
};

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
