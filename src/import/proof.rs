//! Holds a policy against the profile that it was made of, and corrects it until nothing is left to correct.
//!
//! What checking refuses, what allows more than the original and may not, and what allows less without need becomes the
//! rule as it was. What a key may add is part of the original that it is held against: locking, linking and mapping, the other
//! spelling of folders that are links on many images, and the signals by which a container is stopped. So whatever is
//! gained beyond that is gained for sure.

mod correct;
mod widened;

use super::draft::Draft;
use super::fit::{self, Frame};
use super::key::PolicyEntry;
use super::original::Original;
use super::slot::{self, Fate, Slot, SlotMatter};
use crate::analysis::{Analysis, Options};
use crate::ask::compare::compare;
use crate::ask::{Difference, Ruleset, ruleset};
use crate::check::lints::invalid_name;
use crate::foreign::NotTaken;
use crate::kernel::Abi;
use crate::kernel::request::Contact;
use crate::policy::load::File;
use crate::policy::{Audit, Mode};
use crate::rules::profile::Files;
use crate::rules::{Kind, Rule, Variables, reader};
use correct::{Sides, by_differences, by_findings, refused};
use std::path::{Path, PathBuf};
use widened::{pin, widened};

/// A policy with what is known of it.
pub(super) struct Proven {
    pub(super) draft: Draft,
    pub(super) after: Ruleset,
    /// What the policy allows and the profile does not, beyond what a key may add.
    pub(super) gained: Vec<Difference>,
    /// All that the policy allows and the profile does not, and the reverse.
    pub(super) differences: Vec<Difference>,
    /// Whether the profile's `abstractions/base` became the baseline.
    pub(super) base_replaced: bool,
    /// So many lines stand ahead of the original's own where differences name them.
    pub(super) ahead: usize,
}

/// Corrections follow from each other only a few times.
const ROUNDS: usize = 12;

/// Makes the policy of a profile.
pub(super) fn prove(original: &Original, exact: bool, files: &Files<'_>) -> Result<Proven, NotTaken> {
    original.refused()?;
    let has = |flag: &str| original.profile.head.flags.iter().any(|one| one == flag);
    let mode = match (has("complain"), has("kill")) {
        (true, _) => Mode::Complain,
        (false, true) => Mode::Kill,
        (false, false) => Mode::Enforce,
    };
    let frame = Frame { exact, has_baseline: !exact, mode, abi: abi(original) };
    let has_base = original.profile.includes.iter().any(|include| include.name == "abstractions/base");
    let first = attempt(original, frame, files)?;
    if frame.has_baseline && !has_base && !first.is_of_baseline() {
        return attempt(original, Frame { has_baseline: false, ..frame }, files);
    }
    Ok(Proven { base_replaced: has_base && frame.has_baseline, ..first })
}

/// The ABI that a profile names, where it is one that policies have; else the first.
fn abi(original: &Original) -> Abi {
    let named = original.profile.abi.as_deref().unwrap_or_default();
    Abi::ALL.into_iter().find(|abi| named.ends_with(abi.name())).unwrap_or(Abi::V3_0)
}

fn attempt(original: &Original, frame: Frame, files: &Files<'_>) -> Result<Proven, NotTaken> {
    let name = policy_name(original.name());
    let known = reader::variables(&name, files).unwrap_or_else(|_| Variables::of_profile(&name));
    let mut slots = slot::slots(original, &name, &known);
    let open = fit::opened(&slots, frame);
    let of = |entries| match frame.has_baseline {
        true => baseline(&name, frame, entries, files).map(Some),
        false => Ok(None),
    };
    // Its denials stand where something is open: those that nothing opens are the baseline's all the same.
    let all_open =
        ["filesystem", "exec", "network"].map(|section| PolicyEntry::new(section, "default", "allow"));
    let (baseline, denials) = (of(open.entries())?, of(all_open.to_vec())?);
    fit::fit(&mut slots, frame, open, &[baseline.as_ref(), denials.as_ref()]);
    let mut draft = Draft {
        name,
        mode: frame.mode,
        audit: Audit::Denials,
        abi: frame.abi.name(),
        has_baseline: frame.has_baseline,
        slots,
    };
    let logs_all = original.profile.head.flags.iter().any(|flag| flag == "audit");
    let mut before = ruleset::written(original.profile.clone());
    let mut widened = widened(original, &draft.name, baseline.as_ref());
    let ahead = before.lines().len().saturating_sub(original.profile.lines.len());
    let mut rounds = 0;
    loop {
        rounds += 1;
        let is_last = rounds >= ROUNDS;
        settle_audit(&mut draft, logs_all, frame.exact);
        let written = draft.write();
        let analysis = analyse(&written.text);
        let is_corrected = by_findings(&mut draft, &written, &analysis.findings, original)?;
        if is_corrected && !is_last {
            continue;
        }
        let Some(after) = analysis.ruleset(files) else {
            return Err(refused(original, None, "the policy that is made of it has errors".to_owned()));
        };
        pin([&mut before, &mut widened], &after);
        let gained: Vec<Difference> =
            compare(&widened, &after).into_iter().filter(|difference| difference.gained).collect();
        let differences = compare(&before, &after);
        let sides = Sides { ahead, after: &after, written: &written };
        if !is_last && by_differences(&mut draft, &sides, &gained, &differences) {
            continue;
        }
        return Ok(Proven { draft, after, gained, differences, base_replaced: false, ahead });
    }
}

/// What a policy of these defaults has without any entry.
fn baseline(
    name: &str,
    frame: Frame,
    defaults: Vec<PolicyEntry>,
    files: &Files<'_>,
) -> Result<Ruleset, NotTaken> {
    let draft = Draft {
        name: name.to_owned(),
        mode: frame.mode,
        audit: Audit::Denials,
        abi: frame.abi.name(),
        has_baseline: true,
        slots: vec![Slot::beside(defaults)],
    };
    analyse(&draft.write().text).ruleset(files).ok_or_else(|| NotTaken {
        line: None,
        wrong: format!("the policy's name would be `{name}`, which no policy can have"),
        help: "give the profile another name".to_owned(),
    })
}

fn analyse(text: &str) -> Analysis {
    let read = |_: &Path| Ok(File { id: PathBuf::from("policy.toml"), text: text.to_owned() });
    Analysis::new(Path::new("policy.toml"), &read, &Options::default())
}

/// The name that a policy can have for a profile of this one.
fn policy_name(name: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let body = name.trim_start_matches('/').replace('/', ".");
    let plain: String = body.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    let plain = plain.trim_matches(['-', '.', '_']);
    let short = plain.get(..invalid_name::LONGEST).unwrap_or(plain).trim_end_matches(['-', '.', '_']);
    match short {
        "" => "imported".to_owned(),
        name if invalid_name::RESERVED.contains(&name) => format!("{name}-imported"),
        name => name.to_owned(),
    }
}

/// How the policy's denials are logged: as most of the profile's are, and never less.
fn settle_audit(draft: &mut Draft, logs_all: bool, exact: bool) {
    let denials = draft.slots.iter().filter(
        |slot| matches!(&slot.fate, Fate::Entries(entries) if entries.iter().any(PolicyEntry::is_denial)),
    );
    let logged: Vec<bool> = denials.map(|slot| slot.is_logged()).collect();
    let is_quiet = !logged.is_empty() && logged.iter().all(|logged| !logged);
    draft.audit = match (logs_all, is_quiet) {
        (true, _) => Audit::All,
        (false, true) => Audit::Quiet,
        (false, false) => Audit::Denials,
    };
    if exact && !is_quiet {
        for slot in draft.slots.iter_mut().filter(|slot| !slot.is_logged()) {
            let is_denial =
                matches!(&slot.fate, Fate::Entries(entries) if entries.iter().any(PolicyEntry::is_denial));
            if is_denial {
                slot.fate = Fate::Raw("it is denied without being logged, and others are logged".to_owned());
            }
        }
    }
}

impl Proven {
    /// Whether the profile is one of those that the baseline is made for: it has what every container has, can be stopped,
    /// and denies what the runtimes deny, where anything is open.
    fn is_of_baseline(&self) -> bool {
        let is_baselines = |line: &usize| self.after.line(*line).is_some_and(|line| line.from.is_empty());
        let all = |lines: &[usize]| !lines.is_empty() && lines.iter().all(is_baselines);
        let is_gained = self.gained.iter().any(|one| all(&one.granting));
        let is_lost = self.differences.iter().any(|one| !one.gained && all(&one.denying));
        let denies = self.draft.slots.iter().any(|slot| {
            slot.fate_is_baseline()
                && slot.matter.files().is_some_and(|(_, _, qualifiers)| !qualifiers.allows())
        });
        let can_be_stopped = self.draft.slots.iter().any(|slot| {
            let SlotMatter::Rule(Rule { kind: Kind::Process(process), .. }) = &slot.matter else {
                return false;
            };
            slot.fate_is_baseline() && process.contacts.contains(Contact::SignalReceive)
        });
        !is_gained && can_be_stopped && (denies || !is_lost)
    }
}
