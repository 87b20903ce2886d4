//! Reading and judging policies, alone and beside each other: what `check` and `render` have in common.

use super::input::{self, Input};
use super::{Failure, Findings, Outcome};
use crate::check::{self, Checked, Options};
use crate::policy::{self, Loaded};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub(super) fn options(findings: &Findings) -> Result<Options, Failure> {
    for code in &findings.silence {
        let known = super::codes::all().find(|known| known.name == code);
        match known {
            None => {
                return Err(
                    Failure::new(format!("there is no finding `{code}`")).help("`aapol codes` lists them")
                );
            }
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
    let mut loaded = policy::load(&input.path, &input::read);
    if input.found && !loaded.looks_like_policy {
        return None;
    }
    let checked = match &loaded.policy {
        Some(policy) => check::check(policy, options, &mut loaded.findings),
        None => {
            loaded.findings.sort();
            None
        }
    };
    loaded.settle_mends();
    Some(Judged { loaded, checked })
}

/// Policies' names, where there are several: two of one name would be one profile in the kernel.
pub(super) struct Names(BTreeMap<String, Vec<PathBuf>>);

impl Names {
    pub(super) fn new(inputs: &[Input]) -> Names {
        let mut names: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        if inputs.len() > 1 {
            let read: Vec<Option<String>> = inputs.par_iter().map(|i| input::name(&i.path)).collect();
            for (input, name) in inputs.iter().zip(read) {
                if let Some(name) = name {
                    names.entry(name).or_default().push(input.path.clone());
                }
            }
            names.retain(|_, paths| paths.len() > 1);
        }
        Names(names)
    }

    /// Adds the finding to a policy whose name another one has.
    pub(super) fn judge(&self, input: &Input, judged: &mut Judged) {
        let Some(checked) = &judged.checked else {
            return;
        };
        let twins = self.0.get(&checked.name.value);
        let twin = twins.and_then(|paths| paths.iter().find(|path| **path != input.path));
        if let Some(twin) = twin {
            let finding = super::codes::duplicate_name::found(&checked.name.value, checked.name.place, twin);
            judged.loaded.findings.add(finding);
        }
    }
}

/// Folders that hold no policy.
pub(super) fn nothing_found(paths: &[PathBuf]) -> Failure {
    let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    Failure::new(format!("no policies in {}", names.join(", ")))
        .help("a policy is a `*.toml` file with a `name` above its first table")
}
