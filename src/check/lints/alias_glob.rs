//! A denial whose first folder is a pattern, and which misses the folder's other name.

use crate::diag::{Code, Finding, code};
use crate::kernel::glob::{Automaton, Budget};
use crate::kernel::{Glob, path};
use crate::policy::Text;

pub static CODE: Code = code!("alias-glob", Error);

/// Whether the pattern could match below one of the linked folders, and not below `/usr`.
pub fn misses(text: &str) -> bool {
    // `/**` reaches `/usr` as well, and `{,usr/}` names both.
    if !path::first_is_glob(text) || text.starts_with("/**") || text.starts_with("/{,usr/}") {
        return false;
    }
    let written = text.strip_suffix('/').map(|body| format!("{body}/{{,**}}"));
    let pattern = Glob::parse(written.as_deref().unwrap_or(text));
    match (pattern, Glob::parse(path::ANY_MERGED)) {
        (Ok(pattern), Ok(merged)) => {
            let budget = Budget::new(100_000);
            Automaton::new(&pattern).meets(&Automaton::new(&merged), &budget) != Some(false)
        }
        _ => false,
    }
}

pub fn found(text: &Text) -> Finding {
    Finding::new(
        &CODE,
        text.place,
        format!(
            "the denial of `{}` could mean `/bin` or `/lib`, and would miss them below `/usr`",
            text.value
        ),
    )
    .help("name the folders, as in `/{bin,sbin}/x`, or start with `/**`")
}
