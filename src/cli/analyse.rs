//! One policy on its way through the library: what `check`, `render` and `test` have in common.

use super::input::Input;
use super::{Failure, Findings, Outcome};
use crate::analysis::{self, Analysis, Options};
use crate::check;
use std::path::Path;

pub(super) fn options(findings: &Findings) -> Result<Options, Failure> {
    for code in &findings.silence {
        let known = super::codes::all().find(|known| known.name == code);
        match known {
            None => return Err(super::codes::unknown(code)),
            Some(known) if !check::can_be_silenced(known) => {
                return Err(Failure::new(format!("`{code}` is an error, and errors cannot be silenced"))
                    .help("fix what it reports"));
            }
            Some(_) => {}
        }
    }
    Ok(Options { strict: findings.strict, silence: findings.silence.clone() })
}

/// Analyses one policy; none where a file in a folder is no policy.
pub(super) fn analyse(input: &Input, options: &Options) -> Option<Analysis> {
    let loaded = analysis::read(&input.path, &|path: &Path| input.read(path));
    let is_meant = !input.is_found() || loaded.looks_like_policy;
    is_meant.then(|| Analysis::of(loaded, options))
}

impl From<&Analysis> for Outcome {
    fn from(analysis: &Analysis) -> Outcome {
        match (analysis.unreadable, analysis.findings.has_errors()) {
            (true, _) => Outcome::CouldNotRun,
            (false, true) => Outcome::Errors,
            (false, false) => Outcome::Fine,
        }
    }
}
