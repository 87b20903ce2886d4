//! A grant of everything.

use crate::check::Context;
use crate::check::path_index::Pattern;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::{Access, Glob};
use crate::policy::Baseline;

pub static CODE: Code = code!("whole-filesystem", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    let Ok(everything) = Glob::parse("/**") else {
        return;
    };
    let everything = Pattern::new(everything);
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry() else {
            continue;
        };
        // All paths have no more than the root in common.
        let starts_anywhere = atom.pattern.prefixes().iter().any(|prefix| prefix.len() <= 1);
        // A denial of everything cuts the baseline, and that finding says more.
        let told = entry.grant.is_empty() && context.resolved.baseline.value == Baseline::Container;
        if told || !starts_anywhere || !cover.atom_covers(index, &everything) {
            continue;
        }
        let help = if entry.grant.contains(Access::WRITE) {
            "name the folders that the program writes to"
        } else if !entry.grant.is_empty() {
            "name what is meant, or set the section's `default`"
        } else {
            "name what must be denied; what nothing grants is denied anyway"
        };
        found.add(
            Finding::new(&CODE, entry.place, format!("`{}` means every file there is", entry.text))
                .help(help),
        );
    }
}
