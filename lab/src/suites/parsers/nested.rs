//! Policies whose patterns have groups in groups, many of them empty: what is rendered of them is compiled in a moment.
//! Patterns as they are here, written into a profile by hand, keep parser 3.0 busy for ever.

#[path = "../../../../tests/support/hard_globs.rs"]
#[allow(dead_code, clippy::indexing_slicing, reason = "a part of it is used, and it was written for tests")]
mod hard_globs;

use crate::Result;
use crate::check::Report;
use crate::parser::Parser;
use crate::policy::Rendered;
use hard_globs::{Dice, nested_policy};

/// Policies for each parser, and profiles in one run of it.
const POLICIES: usize = 300;
const BATCH: usize = 50;
/// One file has one, ahead of all its profiles.
const ABI: &str = "abi <abi/3.0>,\n";

pub(super) fn compile(parser: &Parser, report: &mut Report) -> Result<()> {
    // The same ones for every parser.
    let dice = &mut Dice::new(11);
    for batch in 0..POLICIES / BATCH {
        let mut profiles = Vec::new();
        while profiles.len() < BATCH {
            let name = format!("nested-{batch}-{}", profiles.len());
            let text = nested_policy(dice, &name);
            // One in many grants what it denies, which is an error.
            if let Ok(rendered) = Rendered::of(&name, &text) {
                profiles.push(rendered.profile.replace(ABI, ""));
            }
        }
        let what = format!("{BATCH} policies with nested braces, batch {batch}, parser {}", parser.version);
        report.count(&what, parser.compile(&format!("{ABI}{}", profiles.concat())).map(drop));
    }
    Ok(())
}
