//! Judges a policy: its values are read into what they mean, and every lint looks at the whole.
//!
//! Enters: a `Policy`. Leaves: every finding, by position, and a `Checked` where none is an error. Nobody
//! else can make a `Checked`. Knows no rule text.

pub mod denials;
pub mod expectation;
pub mod lints;
pub mod path_index;
mod raw_rule;
mod read;
pub mod rename_guard;
pub mod resolved;
pub mod writable_paths;

pub use read::pod::ObjectName;

use crate::diag::{Code, Findings, Place, Severity};
use crate::policy::{self, Policy};
use denials::{BaselineDenial, Lifted};
use path_index::PathIndex;
use rename_guard::RenameGuard;
use resolved::Resolved;
use writable_paths::WritablePaths;

/// What the caller wants beside the policy's own words.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Warnings are errors.
    pub strict: bool,
    /// Findings to be quiet about, by code, beside the policy's own list.
    pub silence: Vec<String>,
}

/// A policy without errors, its defaults filled in.
#[derive(Debug)]
pub struct Checked {
    resolved: Resolved,
    reaches: Vec<WritablePaths>,
    shields: Vec<RenameGuard>,
    denials: Vec<BaselineDenial>,
}

impl Checked {
    /// The folders that must not be renamed, so that denials hold.
    pub fn shields(&self) -> &[RenameGuard] {
        &self.shields
    }

    /// What the baseline denies of what the postures allow.
    pub fn baseline_denials(&self) -> &[BaselineDenial] {
        &self.denials
    }

    /// What may be written, container by container.
    pub fn reaches(&self) -> &[WritablePaths] {
        &self.reaches
    }
}

impl std::ops::Deref for Checked {
    type Target = Resolved;

    fn deref(&self) -> &Resolved {
        &self.resolved
    }
}

/// What a lint looks at.
#[derive(Debug)]
pub struct Context<'a> {
    pub policy: &'a Policy,
    pub resolved: &'a Resolved,
    pub cover: &'a PathIndex<'a>,
    pub reaches: &'a [WritablePaths],
    pub shields: &'a [RenameGuard],
    /// Denials of the baseline that grants take away.
    pub lifted: &'a [Lifted<'a>],
}

impl Context<'_> {
    /// Whether an entry takes a denial of the baseline away.
    pub fn lifts(&self, entry: Place) -> bool {
        self.lifted.iter().any(|lifted| lifted.by.place() == entry)
    }
}

/// Every kind of finding that a policy can have.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    policy::codes::ALL.into_iter().chain(lints::CODES.iter().copied())
}

/// Judges a policy. Its findings join those that are there already.
pub fn check(policy: &Policy, options: &Options, found: &mut Findings) -> Option<Checked> {
    let resolved = read::read(policy, found);
    let mut cover = PathIndex::new(&resolved);
    let (denials, lifted) = denials::settle(&resolved, &mut cover);
    let reaches = writable_paths::reaches(&resolved, &cover);
    let shields = rename_guard::shields(&resolved, &cover);
    let context = Context {
        policy,
        resolved: &resolved,
        cover: &cover,
        reaches: &reaches,
        shields: &shields,
        lifted: &lifted,
    };
    for run in lints::RUN {
        run(&context, found);
    }
    if cover.is_exhausted() {
        found.add(lints::not_compared::found(resolved.name.place));
    }
    found.drop_doubts_about_errors();
    lints::unused_silence::apply(policy, &options.silence, resolved.is_complete, found);
    if options.strict {
        found.make_strict();
    }
    found.sort();
    found.gather();
    drop((cover, lifted));
    (!found.has_errors()).then_some(Checked { resolved, reaches, shields, denials })
}

/// Whether a code may be quieted at all.
pub fn can_be_silenced(code: &Code) -> bool {
    code.severity != Severity::Error
}
