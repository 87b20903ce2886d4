//! What to change in a policy so that an access comes out otherwise: the smallest change that was tried and does it.
//!
//! Enters: a policy and an access. Leaves: entries to add and to take out, each set tried by judging the changed
//! policy as a whole and asking its profile again. What nothing was found for has no advice.

use super::decide::{Because, Decision, Verdict};
use super::ruleset::Ruleset;
use crate::check::draft::PathKey;
use crate::check::{self, Options};
use crate::diag::{Findings, Place};
use crate::kernel::request::Contact;
use crate::kernel::{Access, Operation, Request, glob};
use crate::policy::{AbiWord, At, List, Policy, Text};
use crate::rules;

/// More steps than this are no small change.
const STEPS: usize = 4;

/// One step of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Add { list: List, entry: String },
    TakeOut { list: List, entry: String, place: Place },
    Abi(AbiWord),
}

/// The way from what a policy decides to what is wanted; none where no small change was found to do it.
pub fn advise(
    policy: &Policy,
    request: &Request,
    wanted: Verdict,
    read: &dyn Fn(&rules::Profile, &check::Checked) -> Ruleset,
) -> Option<Vec<Change>> {
    let trial = Trial { request, read };
    let mut policy = policy.clone();
    let mut changes = Vec::new();
    for _ in 0..STEPS {
        let (ruleset, decision) = trial.ask(&policy)?;
        if decision.verdict == wanted {
            return (!changes.is_empty()).then_some(changes);
        }
        let step = if wanted == Verdict::Allowed {
            trial.towards_allowed(&policy, &ruleset, &decision)
        } else {
            trial.towards_denied(&policy, &ruleset, &decision)
        };
        let (next, done) = step?;
        policy = next;
        changes.extend(done);
    }
    let (_, decision) = trial.ask(&policy)?;
    (decision.verdict == wanted).then_some(changes)
}

struct Trial<'a> {
    request: &'a Request,
    read: &'a dyn Fn(&rules::Profile, &check::Checked) -> Ruleset,
}

type Step = (Policy, Vec<Change>);

impl Trial<'_> {
    /// None where the policy has errors.
    fn ask(&self, policy: &Policy) -> Option<(Ruleset, Decision)> {
        let checked = check::check(policy, &Options::default(), &mut Findings::default())?;
        let ruleset = (self.read)(&rules::lower(&checked), &checked);
        let decision = ruleset.decide(self.request, &mut ruleset.scratch());
        Some((ruleset, decision))
    }

    fn towards_allowed(&self, policy: &Policy, ruleset: &Ruleset, decision: &Decision) -> Option<Step> {
        match &decision.because {
            Because::Refused => take_out(policy, ruleset, decision),
            Because::Ungranted(missing) => {
                let entries = match missing {
                    Some((path, access)) => file_grants(path, *access),
                    None => word(self.request, "allow"),
                };
                // The first that brings it on: what is missing, or where, is another then.
                entries.into_iter().find_map(|(list, entry)| {
                    let step = add(policy, list, entry);
                    let (_, after) = self.ask(&step.0)?;
                    (after.because != decision.because).then_some(step)
                })
            }
            Because::Granted
            | Because::Exceeds(_)
            | Because::Owner
            | Because::Conditional
            | Because::Unread
            | Because::NotDecided
            | Because::WithoutAbi => None,
        }
    }

    fn towards_denied(&self, policy: &Policy, ruleset: &Ruleset, decision: &Decision) -> Option<Step> {
        if let (Because::NotDecided, Request::Operation(operation)) = (&decision.because, self.request) {
            let word = AbiWord::ALL.into_iter().find(|word| word.abi().mediates(*operation))?;
            let mut policy = policy.clone();
            policy.abi = Some(At { value: word, place: policy.name.place });
            return Some((policy, vec![Change::Abi(word)]));
        }
        if decision.because != Because::Granted {
            return None;
        }
        let is_denied =
            |step: &Step| self.ask(&step.0).is_some_and(|(_, after)| after.verdict == Verdict::Denied);
        take_out(policy, ruleset, decision).filter(is_denied).or_else(|| {
            let denials = match self.request {
                Request::File(verb, path) => file_denials(path, verb.needs()),
                Request::Rename { old, .. } => file_denials(old, Access::WRITE),
                Request::Link { new, .. } => file_denials(new, Access::LINK),
                Request::Network(_)
                | Request::Capability(_)
                | Request::Operation(_)
                | Request::Process { .. } => word(self.request, "deny"),
            };
            denials.into_iter().map(|(list, entry)| add(policy, list, entry)).find(is_denied)
        })
    }
}

fn add(policy: &Policy, list: List, entry: String) -> Step {
    let mut policy = policy.clone();
    let place = policy.name.place;
    for (_, texts) in policy.lists().into_iter().filter(|(one, _)| *one == list) {
        texts.push(Text { value: entry.clone(), place });
    }
    (policy, vec![Change::Add { list, entry }])
}

/// The policy without the entries that decided; none where one of the rules stands for no entry.
fn take_out(policy: &Policy, ruleset: &Ruleset, decision: &Decision) -> Option<Step> {
    let lines: Vec<_> = decision.lines.iter().filter_map(|line| ruleset.line(*line)).collect();
    if lines.iter().any(|line| line.from.is_empty()) {
        return None;
    }
    let places: Vec<Place> = lines.into_iter().flat_map(|line| line.from.iter().copied()).collect();
    let mut policy = policy.clone();
    let mut changes = Vec::new();
    for (list, texts) in policy.lists() {
        texts.retain(|text| {
            let goes = places.contains(&text.place);
            if goes {
                let (entry, place) = (text.value.clone(), text.place);
                changes.push(Change::TakeOut { list, entry, place });
            }
            !goes
        });
    }
    (!changes.is_empty()).then_some((policy, changes))
}

/// Entries that grant what is missing for a path, the smallest grant first.
fn file_grants(path: &[u8], missing: Access) -> Vec<(List, String)> {
    let Some(entry) = entry(path) else { return Vec::new() };
    let mut keys: Vec<PathKey> =
        PathKey::ALL.into_iter().filter(|key| key.grant().contains(missing)).collect();
    keys.sort_by_key(|key| key.grant().count());
    keys.into_iter().map(|key| (List::of(key.section(), key.name()), entry.clone())).collect()
}

/// Entries that deny what is asked for, the smallest denial first.
fn file_denials(path: &[u8], needs: Access) -> Vec<(List, String)> {
    let Some(entry) = entry(path) else { return Vec::new() };
    let denied = |key: &PathKey| key.deny(crate::policy::FileDefault::Deny);
    let mut keys: Vec<PathKey> =
        PathKey::ALL.into_iter().filter(|key| denied(key).intersects(needs)).collect();
    keys.sort_by_key(|key| denied(key).count());
    keys.into_iter().map(|key| (List::of(key.section(), key.name()), entry.clone())).collect()
}

/// A path as an entry: the number of a process is another one tomorrow.
fn entry(path: &[u8]) -> Option<String> {
    let path = std::str::from_utf8(path).ok()?;
    let mut parts: Vec<String> = path.split('/').map(glob::escape).collect();
    if let [_, proc, rest @ ..] = parts.as_mut_slice()
        && proc == "proc"
    {
        let is_number = |part: &String| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        for part in rest.iter_mut().filter(|part| is_number(part)) {
            "[0-9]*".clone_into(part);
        }
    }
    Some(parts.join("/"))
}

/// The entry for what is asked for by a word.
fn word(request: &Request, key: &'static str) -> Vec<(List, String)> {
    let found = match request {
        Request::Network(socket) => Some(("network", socket.to_string())),
        Request::Capability(capability) => Some(("capabilities", capability.name().to_owned())),
        Request::Operation(operation) => Some(("operations", operation.name().to_owned())),
        Request::Process { contact, .. } => match contact {
            Contact::SignalSend => Some(("operations", Operation::Signal.name().to_owned())),
            Contact::PtraceRead | Contact::PtraceTrace | Contact::PtraceReadBy | Contact::PtraceTracedBy => {
                Some(("operations", Operation::Ptrace.name().to_owned()))
            }
            Contact::SignalReceive => None,
        },
        Request::File(..) | Request::Rename { .. } | Request::Link { .. } => None,
    };
    found.into_iter().map(|(section, entry)| (List::of(section, key), entry)).collect()
}
