//! Kill mode without a log.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::{Audit, Mode};

pub static CODE: Code = Code {
    name: "kill-quiet",
    severity: Severity::Error,
    summary: "`mode = \"kill\"` with `audit = \"quiet\"`",
    explanation: "The kernel kills only on denials that it logs. With silent denials it would refuse some accesses and kill on \
                  others, so the two settings exclude each other.",
    bad: "name = \"web\"\nmode = \"kill\"\naudit = \"quiet\"\n",
    good: "name = \"web\"\nmode = \"kill\"\naudit = \"denials\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let (mode, audit) = (subject.draft.mode, subject.draft.audit);
    if let (Mode::Kill, Audit::Quiet, Some(kill), Some(quiet)) =
        (mode.value, audit.value, mode.place, audit.place)
    {
        found.add(
            Finding::new(&CODE, quiet, "silent denials do not kill")
                .also(kill, "this wants the process killed")
                .help("set `audit = \"denials\"`"),
        );
    }
}
