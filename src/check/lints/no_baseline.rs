//! A profile without the baseline.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::{Baseline, FileDefault};

pub static CODE: Code = code!("no-baseline", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let baseline = context.resolved.baseline;
    if let (Baseline::None, Some(place)) = (baseline.value, baseline.place) {
        let files = context.resolved.files;
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
