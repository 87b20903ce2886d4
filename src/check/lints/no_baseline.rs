//! A profile without the baseline.

use crate::check::Context;
use crate::check::raw_rule;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::{Baseline, FileDefault};

pub static CODE: Code = code!("no-baseline", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let resolved = context.resolved;
    let (Baseline::None, Some(place)) = (resolved.baseline.value, resolved.baseline.place) else { return };
    let open = resolved.files.place.filter(|_| resolved.files.value != FileDefault::Deny);
    let can_be_stopped = resolved.raw_rules.iter().any(|text| raw_rule::lets_be_stopped(text));
    let message = match (can_be_stopped, open) {
        (true, None) => return,
        (true, Some(_)) => "without the baseline nothing denies what the container runtimes deny",
        (false, _) => "without the baseline the runtime cannot stop the container",
    };
    let help = match can_be_stopped {
        true => "leave the key out, or deny the kernel's own files in `[filesystem]`",
        false => "leave the key out, or add `signal (receive) peer=unconfined,` to `raw-rules`",
    };
    let finding = Finding::new(&CODE, place, message).help(help);
    found.add(match open {
        Some(open) => finding.also(open, "without it, nothing denies the kernel's own files that this opens"),
        None => finding,
    });
}
