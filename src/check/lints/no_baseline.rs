//! A profile without the baseline.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::{Baseline, FileDefault};

pub static CODE: Code = Code {
    name: "no-baseline",
    severity: Severity::Warning,
    summary: "no baseline: the container may not even be stoppable",
    explanation: "Without the baseline nothing lets the runtime signal the container, so it hangs in Terminating, and no shared \
                  library can be mapped. What is needed must then stand in the policy, signals as `raw-rules`. The baseline's \
                  denials are gone as well: with `default = \"allow\"` the container may write the kernel's switches below \
                  `/proc` and `/sys`, which the container runtimes' own default profiles deny.",
    bad: "name = \"web\"\nbaseline = \"none\"\n",
    good: "name = \"web\"\nbaseline = \"container\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let baseline = subject.draft.baseline;
    if let (Baseline::None, Some(place)) = (baseline.value, baseline.place) {
        let files = subject.draft.files;
        let finding =
            Finding::new(&CODE, place, "without the baseline the runtime cannot stop the container")
                .help("leave the key out, or add `signal (receive) peer=unconfined,` to `raw-rules`");
        found.add(match files.place.filter(|_| files.value != FileDefault::Deny) {
            Some(open) => {
                finding.also(open, "without it, nothing denies the kernel's own files that this opens")
            }
            None => finding,
        });
    }
}
