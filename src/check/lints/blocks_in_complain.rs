//! A raw rule that blocks although the policy only watches.

use crate::check::Context;
use crate::check::raw_rule;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::{Audit, Mode};

pub static CODE: Code = code!("blocks-in-complain", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let (mode, audit) = (context.resolved.mode, context.resolved.audit);
    // Where all is logged, quiet denials are, and pass.
    if mode.value != Mode::Complain || audit.value == Audit::All {
        return;
    }
    for text in context.resolved.raw_rules.iter().filter(|text| raw_rule::is_quiet_denial(text)) {
        let finding = Finding::new(
            &CODE,
            text.place,
            format!("`{}` blocks in complain mode, too, and is not logged", text.value),
        )
        .label("the kernel enforces a denial that is not logged")
        .gathered("these raw rules block in complain mode, too, and are not logged")
        .help("write `audit deny`, which is logged and lets pass until the mode is `enforce`");
        found.add(match mode.place {
            Some(place) => finding.also(place, "complain mode is set here"),
            None => finding,
        });
    }
}
