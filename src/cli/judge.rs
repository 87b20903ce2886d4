//! Reading and judging one policy: what `check`, `render` and `test` have in common.

use super::input::Input;
use super::{Failure, Findings, Outcome};
use crate::check::{self, Checked, Options};
use crate::policy::{self, Loaded};
use std::path::Path;

pub(super) fn options(findings: &Findings) -> Result<Options, Failure> {
    for code in &findings.silence {
        let known = super::codes::all().find(|known| known.name == code);
        match known {
            None => return Err(super::codes::unknown(code)),
            Some(known) if !check::can_be_silenced(known) => {
                return Err(Failure::new(format!("`{code}` is an error, and errors cannot be silenced"))
                    .help("mend what it reports"));
            }
            Some(_) => {}
        }
    }
    Ok(Options { strict: findings.strict, silence: findings.silence.clone() })
}

/// A policy that was read and judged.
pub(super) struct Judged {
    pub loaded: Loaded,
    pub checked: Option<Checked>,
}

impl Judged {
    pub(super) fn outcome(&self) -> Outcome {
        match (self.loaded.unreadable, self.loaded.findings.has_errors()) {
            (true, _) => Outcome::CouldNotRun,
            (false, true) => Outcome::Errors,
            (false, false) => Outcome::Fine,
        }
    }
}

/// Reads and judges one policy; none where a file in a folder is no policy.
pub(super) fn judge(input: &Input, options: &Options) -> Option<Judged> {
    let loaded = policy::load(&input.path, &|path: &Path| input.read(path));
    let is_meant = !input.is_found() || loaded.looks_like_policy;
    is_meant.then(|| judge_loaded(loaded, options))
}

/// Judges a policy that is read.
pub(super) fn judge_loaded(mut loaded: Loaded, options: &Options) -> Judged {
    let checked = match &loaded.policy {
        Some(policy) => check::check(policy, options, &mut loaded.findings),
        None => {
            loaded.findings.sort();
            None
        }
    };
    loaded.settle_fixes();
    Judged { loaded, checked }
}
