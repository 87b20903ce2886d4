//! Kill mode without a log.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::{Audit, Mode};

pub static CODE: Code = code!("kill-quiet", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let (mode, audit) = (context.resolved.mode, context.resolved.audit);
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
