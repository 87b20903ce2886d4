//! Policies whose patterns have groups in groups, many of them empty: what is rendered of them is compiled in a moment.
//! Patterns as they are here, written into a profile by hand, keep parser 3.0 busy for ever.

#[path = "../../../../tests/support/hard_globs.rs"]
#[allow(dead_code, clippy::indexing_slicing, reason = "a part of it is used, and it was written for tests")]
mod hard_globs;

use crate::Result;
use crate::check::Report;
use crate::parser::Parser;
use crate::policy::Rendered;
use aapol::policy::quoted;
use hard_globs::{Dice, nested};

/// Policies for each parser, and profiles in one run of it.
const POLICIES: usize = 300;
const BATCH: usize = 50;

pub(super) fn compile(parser: &Parser, report: &mut Report) -> Result<()> {
    // The same ones for every parser.
    let dice = &mut Dice::new(11);
    for batch in 0..POLICIES / BATCH {
        let mut profiles = Vec::new();
        while profiles.len() < BATCH {
            let name = format!("nested-{batch}-{}", profiles.len());
            let text = policy(dice, &name);
            // One in many grants what it denies, which is an error.
            if let Ok(rendered) = Rendered::of(&name, &text) {
                // One file has one abi, ahead of all its profiles.
                let abi = if profiles.is_empty() { "" } else { "abi <abi/3.0>,\n" };
                profiles.push(if abi.is_empty() {
                    rendered.profile
                } else {
                    rendered.profile.replacen(abi, "", 1)
                });
            }
        }
        let what = format!("{BATCH} policies with nested braces, batch {batch}, parser {}", parser.version);
        report.count(&what, parser.compile(&profiles.concat()).map(drop));
    }
    Ok(())
}

/// A policy of a few patterns to a list, each list below folders of its own.
fn policy(dice: &mut Dice, name: &str) -> String {
    let lists =
        ["read-only", "read-write", "deny-write", "deny"].into_iter().enumerate().map(|(number, key)| {
            let patterns: Vec<String> = (0..dice.below(6))
                .map(|_| quoted(&nested(dice).replacen('/', &format!("/{number}"), 1)))
                .collect();
            format!("{key} = [{}]\n", patterns.join(", "))
        });
    format!("name = \"{name}\"\n[filesystem]\n{}", lists.collect::<String>())
}
