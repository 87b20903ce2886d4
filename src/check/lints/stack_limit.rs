//! A limit that the kernel takes back.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::Limit;

pub static CODE: Code = Code {
    name: "stack-limit",
    severity: Severity::Warning,
    summary: "a limit on the stack, which the kernel takes back at once",
    explanation: "The kernel sets a profile's limits when a program enters it, and then puts the limit on the stack back to what \
                  it was before that program started (kernels 6.1 and 6.12). So `stack` does not limit the container's stack: it \
                  only keeps its processes from asking for more than that. Other limits hold.",
    bad: "name = \"web\"\n\n[limits]\nstack = \"8M\"\n",
    good: "name = \"web\"\n\n[limits]\ndata = \"512M\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    for (limit, text) in subject.policy.limits.set() {
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
