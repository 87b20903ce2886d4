//! A profile without the baseline.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::Baseline;

pub static CODE: Code = Code {
    name: "no-baseline",
    severity: Severity::Warning,
    summary: "no baseline: the container may not even be stoppable",
    explanation: "Without the baseline nothing lets the runtime signal the container, so it hangs in Terminating, and no shared \
                  library can be mapped. What is needed must then stand in the policy, signals as `raw-rules`.",
    bad: "name = \"web\"\nbaseline = \"none\"\n",
    good: "name = \"web\"\nbaseline = \"container\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let baseline = subject.draft.baseline;
    if let (Baseline::None, Some(place)) = (baseline.value, baseline.place) {
        found.add(
            Finding::new(&CODE, place, "without the baseline the runtime cannot stop the container")
                .help("leave the key out, or add `signal (receive) peer=unconfined,` to `raw-rules`"),
        );
    }
}
