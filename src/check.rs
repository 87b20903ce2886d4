//! Judges a policy: its values are read into what they mean, and every lint looks at the whole.
//!
//! Enters: a `Policy`. Leaves: every finding, by position, and a `Checked` where none is an error. Nobody
//! else can make a `Checked`. Knows no rule text.

pub mod cover;
pub mod denials;
pub mod draft;
pub mod expectation;
pub mod lints;
pub mod mounts;
mod raw_rule;
mod read;
pub mod shield;

pub use read::pod::ObjectName;

use crate::diag::{Code, Findings, Place, Severity};
use crate::policy::{self, Policy};
use cover::Cover;
use denials::{BaselineDenial, Lifted};
use draft::Draft;
use mounts::Reach;
use shield::Shield;

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
    draft: Draft,
    reaches: Vec<Reach>,
    shields: Vec<Shield>,
    denials: Vec<BaselineDenial>,
}

impl Checked {
    /// The folders that must not be renamed, so that denials hold.
    pub fn shields(&self) -> &[Shield] {
        &self.shields
    }

    /// What the baseline denies of what the postures allow.
    pub fn baseline_denials(&self) -> &[BaselineDenial] {
        &self.denials
    }

    /// What may be written, container by container.
    pub fn reaches(&self) -> &[Reach] {
        &self.reaches
    }
}

impl std::ops::Deref for Checked {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        &self.draft
    }
}

/// What a lint looks at.
#[derive(Debug)]
pub struct Subject<'a> {
    pub policy: &'a Policy,
    pub draft: &'a Draft,
    pub cover: &'a Cover<'a>,
    pub reaches: &'a [Reach],
    pub shields: &'a [Shield],
    /// Denials of the baseline that grants take away.
    pub lifted: &'a [Lifted<'a>],
}

impl Subject<'_> {
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
    let draft = read::read(policy, found);
    let mut cover = Cover::new(&draft);
    let (denials, lifted) = denials::settle(&draft, &mut cover);
    let reaches = mounts::reaches(&draft, &cover);
    let shields = shield::shields(&draft, &cover);
    let subject = Subject {
        policy,
        draft: &draft,
        cover: &cover,
        reaches: &reaches,
        shields: &shields,
        lifted: &lifted,
    };
    for run in lints::RUN {
        run(&subject, found);
    }
    if cover.is_exhausted() {
        found.add(lints::not_compared::found(draft.name.place));
    }
    found.drop_doubts_about_errors();
    lints::unused_silence::apply(policy, &options.silence, draft.is_complete, found);
    if options.strict {
        found.make_strict();
    }
    found.sort();
    found.gather();
    drop((cover, lifted));
    (!found.has_errors()).then_some(Checked { draft, reaches, shields, denials })
}

/// Whether a code may be quieted at all.
pub fn can_be_silenced(code: &Code) -> bool {
    code.severity != Severity::Error
}
