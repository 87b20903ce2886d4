//! The one front door: from a policy's path to all that is known of it.
//!
//! Enters: a path, a way to read files, and what the caller wants beside the policy's own words. Leaves: the texts, the
//! policy and its findings; and, made when they are asked for, the fixes of these, its plan, its rules to be asked,
//! and what it renders to. Nobody else loads, checks or lowers a policy.

pub use crate::check::Options;

use crate::ask::{Ruleset, ruleset};
use crate::check::resolved::Expectation;
use crate::check::{self, Checked};
use crate::diag::{Findings, Fixes, Place, Sources};
use crate::plan::Plan;
use crate::policy::load::Parsed;
use crate::policy::{self, Loaded, Policy, Reader};
use crate::render::{self, Artefact, TemplateError, Templates};
use crate::rules::profile::Files;
use std::path::Path;
use std::sync::OnceLock;

/// A policy, and all that is known of it.
#[derive(Debug)]
pub struct Analysis {
    pub sources: Sources,
    /// Others may join them: those about several policies, and those of a parser.
    pub findings: Findings,
    /// What is known of each source beside its text, in their order.
    pub files: Vec<Parsed>,
    /// The first file itself could not be read.
    pub unreadable: bool,
    policy: Option<Policy>,
    checked: Option<Checked>,
    plan: OnceLock<Plan>,
    fixes: OnceLock<Fixes>,
}

/// Reads a policy's files and judges nothing: for its names, or to see whether it is a policy at all.
pub fn read(path: &Path, reader: &Reader<'_>) -> Loaded {
    policy::load(path, reader)
}

/// The rules of a policy that stands in no file, such as one with an entry more; none where it has errors.
pub fn ruleset_of(policy: &Policy, files: &Files<'_>) -> Option<Ruleset> {
    let checked = check::check(policy, &Options::default(), &mut Findings::default())?;
    Some(asked(&checked, &Plan::lower(&checked), files))
}

/// What is found about such a policy.
pub fn findings_of(policy: &Policy) -> Findings {
    let mut found = Findings::default();
    check::check(policy, &Options::default(), &mut found);
    found
}

fn asked(checked: &Checked, plan: &Plan, files: &Files<'_>) -> Ruleset {
    ruleset::typed(plan.profile(), checked.mode.value, files)
}

impl Analysis {
    pub fn new(path: &Path, reader: &Reader<'_>, options: &Options) -> Analysis {
        Analysis::of(read(path, reader), options)
    }

    /// Of a policy whose files are read.
    pub fn of(mut loaded: Loaded, options: &Options) -> Analysis {
        let checked = match &loaded.policy {
            Some(policy) => check::check(policy, options, &mut loaded.findings),
            None => {
                loaded.findings.sort();
                None
            }
        };
        Analysis {
            sources: loaded.sources,
            findings: loaded.findings,
            files: loaded.files,
            unreadable: loaded.unreadable,
            policy: loaded.policy,
            checked,
            plan: OnceLock::new(),
            fixes: OnceLock::new(),
        }
    }

    /// The policy as it is written; none where its form keeps it from being read.
    pub fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    /// The policy with its defaults filled in; none where it has errors.
    pub fn checked(&self) -> Option<&Checked> {
        self.checked.as_ref()
    }

    /// How the files change by the findings' fixes. Those of findings that join later are not settled.
    pub fn fixes(&self) -> &Fixes {
        self.fixes.get_or_init(|| policy::edit::settle(&self.findings, &self.sources))
    }

    /// Both files as types; none where the policy has errors.
    pub fn plan(&self) -> Option<&Plan> {
        let checked = self.checked.as_ref()?;
        Some(self.plan.get_or_init(|| Plan::lower(checked)))
    }

    /// What the profile decides, with what abstractions hold; none where the policy has errors.
    pub fn ruleset(&self, files: &Files<'_>) -> Option<Ruleset> {
        Some(asked(self.checked()?, self.plan()?, files))
    }

    /// What the policy renders to; none where it has errors.
    pub fn artefacts(&self, templates: &Templates) -> Option<Result<Vec<Artefact>, TemplateError>> {
        Some(render::render(templates, self.plan()?, &self.sources))
    }

    /// What the policy expects of itself, where it has no errors.
    pub fn expectations(&self) -> &[Expectation] {
        self.checked.as_ref().map_or(&[], |checked| &checked.expectations)
    }

    /// Whether it is there to be built on alone.
    pub fn is_abstract(&self) -> bool {
        self.checked.as_ref().is_some_and(|checked| checked.is_abstract)
    }

    /// The entry of the policy's own file through which it is built on another file.
    pub fn leading_to(&self, base: usize) -> Option<Place> {
        let named_by = |base: usize| self.files.iter().find(|file| file.base == base)?.named_by;
        let mut place = named_by(base)?;
        // Each file is named in one that was read before it.
        while let Some((source, _)) = self.sources.locate(place).filter(|(source, _)| source.base() > 0) {
            place = named_by(source.base())?;
        }
        Some(place)
    }
}
