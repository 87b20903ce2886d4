//! What to change in a policy so that an access comes out otherwise: the smallest change that was tried and does it.
//!
//! Enters: a policy and an access. Leaves: entries to add and to take out, each set tried by judging the changed
//! policy as a whole and asking its profile again. What nothing was found for has no advice.

use super::decide::{Because, Decision, Verdict};
use super::ruleset::Ruleset;
use crate::check::lints;
use crate::check::resolved::PathKey;
use crate::diag::{Finding, Findings, Place, Severity};
use crate::kernel::request::Contact;
use crate::kernel::{Access, Capability, Glob, Operation, Request, glob, risk};
use crate::policy::{AbiWord, At, FileDefault, List, Policy, Text};

/// More steps than this are no small change.
const STEPS: usize = 4;

/// One step of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyChange {
    Add { list: List, entry: String },
    TakeOut { list: List, entry: String, place: Place },
    Abi(AbiWord),
}

impl PolicyChange {
    /// What a container can do once this is added, beyond what was asked for, as it reads behind `the container can`.
    pub fn risk(&self) -> Option<&'static str> {
        let PolicyChange::Add { list, entry } = self else { return None };
        match (list.section, list.key) {
            (Some("capabilities"), "allow") => Capability::from_name(entry)?.risk(),
            (Some("operations"), "allow") => Operation::from_name(entry)?.risk(),
            (Some("filesystem"), "deny" | "deny-write") => None,
            (Some("filesystem"), _) => risk::path(&Glob::parse(entry).ok()?.literal()?),
            _ => None,
        }
    }
}

/// A change that does what is wanted, and the policy as it is then.
#[derive(Clone, Debug)]
pub struct Advice {
    pub changes: Vec<PolicyChange>,
    pub policy: Policy,
}

impl Advice {
    /// What is doubtful about the changed policy and was not before: how an entry is written may be why the access is
    /// denied. Grants that are dangerous have their own words, which are `PolicyChange::risk`.
    pub fn doubts(&self, before: &Policy, judge: &dyn Fn(&Policy) -> Findings) -> Vec<Finding> {
        let warnings = |policy: &Policy| -> Vec<Finding> {
            let found = judge(policy);
            let is_doubt =
                |f: &&Finding| f.severity == Severity::Warning && f.code != &lints::dangerous_grant::CODE;
            found.iter().filter(is_doubt).cloned().collect()
        };
        let known = warnings(before);
        let is_known = |finding: &Finding| {
            known.iter().any(|other| other.code == finding.code && other.message == finding.message)
        };
        warnings(&self.policy).into_iter().filter(|finding| !is_known(finding)).collect()
    }
}

/// The ruleset of a policy; none where it has errors.
pub type PolicyReader<'a> = dyn Fn(&Policy) -> Option<Ruleset> + 'a;

/// The way from what a policy decides to what is wanted of all the accesses; none where no small change was found.
pub fn advise(
    policy: &Policy,
    requests: &[Request],
    wanted: Verdict,
    read: &PolicyReader<'_>,
) -> Option<Advice> {
    let trial = Trial { requests, wanted, read };
    let mut policy = policy.clone();
    let mut changes = Vec::new();
    for _ in 0..STEPS {
        let Some(state) = trial.ask(&policy)? else {
            return (!changes.is_empty()).then_some(Advice { changes, policy });
        };
        let step = match wanted {
            Verdict::Allowed => trial.towards_allowed(&policy, &state),
            Verdict::Denied | Verdict::Unknown => trial.towards_denied(&policy, &state),
        };
        let (next, done) = step?;
        policy = next;
        changes.extend(done);
    }
    trial.ask(&policy)?.is_none().then_some(Advice { changes, policy })
}

struct Trial<'a> {
    requests: &'a [Request],
    wanted: Verdict,
    read: &'a PolicyReader<'a>,
}

/// The first access that comes out otherwise than it is wanted.
struct State<'a> {
    ruleset: Ruleset,
    request: &'a Request,
    decision: Decision,
    /// Of all accesses to the path where something is missing, what is.
    missing: Access,
}

type Step = (Policy, Vec<PolicyChange>);

impl<'a> Trial<'a> {
    /// None where the policy has errors; within, none where all is as it is wanted.
    fn ask(&self, policy: &Policy) -> Option<Option<State<'a>>> {
        let ruleset = (self.read)(policy)?;
        let mut scratch = ruleset.scratch();
        let decided: Vec<(&Request, Decision)> =
            self.requests.iter().map(|request| (request, ruleset.decide(request, &mut scratch))).collect();
        let missing_at = |path: &[u8]| {
            let missing = decided.iter().filter_map(|(_, decision)| {
                let Because::Ungranted(Some((other, access))) = &decision.because else { return None };
                (other == path).then_some(*access)
            });
            missing.fold(Access::NONE, Access::with)
        };
        let first = decided.iter().find(|(_, decision)| decision.verdict != self.wanted);
        let first = first.map(|(request, decision)| (*request, decision.clone()));
        Some(first.map(|(request, decision)| {
            let missing = if let Because::Ungranted(Some((path, _))) = &decision.because {
                missing_at(path)
            } else {
                Access::NONE
            };
            State { ruleset, request, decision, missing }
        }))
    }

    /// Whether a step brings it on: what is missing, or where, is another then, and there are no errors.
    fn helps(&self, state: &State<'_>, step: &Step) -> bool {
        self.ask(&step.0).is_some_and(|after| after.is_none_or(|after| after.decision != state.decision))
    }

    fn towards_allowed(&self, policy: &Policy, state: &State<'_>) -> Option<Step> {
        let decision = &state.decision;
        match &decision.because {
            Because::Refused => take_out(policy, &state.ruleset, &decision.lines),
            Because::Ungranted(missing) => {
                let entries = match (state.request, missing) {
                    (Request::Operation(_), _) | (_, None) => word(state.request, "allow"),
                    (_, Some((path, _))) => file_grants(path, state.missing),
                };
                let steps = entries.into_iter().map(|(list, entry)| add(policy, list, entry));
                steps.into_iter().find(|step| self.helps(state, step)).or_else(|| {
                    let (path, _) = missing.as_ref()?;
                    widened(policy, &state.ruleset, path).filter(|step| self.helps(state, step))
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

    fn towards_denied(&self, policy: &Policy, state: &State<'_>) -> Option<Step> {
        let (decision, request) = (&state.decision, state.request);
        if let (Because::NotDecided, Request::Operation(operation)) = (&decision.because, request) {
            let word = AbiWord::ALL.into_iter().find(|word| word.abi().mediates(*operation))?;
            let mut policy = policy.clone();
            policy.abi = Some(At { value: word, place: policy.name.place });
            return Some((policy, vec![PolicyChange::Abi(word)]));
        }
        if decision.because != Because::Granted {
            return None;
        }
        let is_denied = |step: &Step| {
            let ruleset = (self.read)(&step.0);
            ruleset
                .is_some_and(|after| after.decide(request, &mut after.scratch()).verdict == Verdict::Denied)
        };
        let one = |line: &usize| take_out(policy, &state.ruleset, &[*line]).filter(is_denied);
        let all = || take_out(policy, &state.ruleset, &decision.lines).filter(is_denied);
        let taken = decision.lines.iter().find_map(one).or_else(all);
        taken.or_else(|| {
            let denials = match request {
                Request::File(verb, path) => file_denials(path, verb.needs()),
                Request::Rename { old, .. } => file_denials(old, Access::WRITE),
                Request::Link { new, .. } => file_denials(new, Access::LINK),
                Request::Network(_)
                | Request::Capability(_)
                | Request::Operation(_)
                | Request::Process { .. } => word(request, "deny"),
            };
            denials.into_iter().map(|(list, entry)| add(policy, list, entry)).find(is_denied)
        })
    }
}

/// The policy with the entry of `write-only` or `read-only` that is about a path moved to `read-write`.
fn widened(policy: &Policy, ruleset: &Ruleset, path: &[u8]) -> Option<Step> {
    const WIDER: List = List::of("filesystem", "read-write");
    let narrow = [List::of("filesystem", "write-only"), List::of("filesystem", "read-only")];
    let lines = ruleset.granting(path);
    let (taken, changes) = take_out(policy, ruleset, &lines)?;
    let moved = changes.iter().filter_map(|change| match change {
        PolicyChange::TakeOut { list, entry, .. } if narrow.contains(list) => Some(entry.clone()),
        PolicyChange::TakeOut { .. } | PolicyChange::Add { .. } | PolicyChange::Abi(_) => None,
    });
    let moved: Vec<String> = moved.collect();
    // Only where the one entry is all that goes.
    let [entry] = moved.as_slice() else { return None };
    if changes.len() != 1 {
        return None;
    }
    let (policy, added) = add(&taken, WIDER, entry.clone());
    Some((policy, changes.into_iter().chain(added).collect()))
}

fn add(policy: &Policy, list: List, entry: String) -> Step {
    let mut policy = policy.clone();
    let place = policy.name.place;
    for (_, texts) in policy.lists().into_iter().filter(|(one, _)| *one == list) {
        texts.push(Text { value: entry.clone(), place });
    }
    (policy, vec![PolicyChange::Add { list, entry }])
}

/// The policy without the entries of some lines; none where one of the rules stands for no entry.
fn take_out(policy: &Policy, ruleset: &Ruleset, lines: &[usize]) -> Option<Step> {
    let lines: Vec<_> = lines.iter().filter_map(|line| ruleset.line(*line)).collect();
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
                changes.push(PolicyChange::TakeOut { list, entry, place });
            }
            !goes
        });
    }
    (!changes.is_empty()).then_some((policy, changes))
}

/// Entries that grant what is missing for a path, the smallest grant first.
fn file_grants(path: &[u8], missing: Access) -> Vec<(List, String)> {
    let Some(entry) = entry(path) else { return Vec::new() };
    // Nobody who asks to read or write wants code.
    let code = Access::MAP | Access::EXEC;
    // A folder that is to be listed is listed: its name under another key would open all that lies in it.
    let is_listing = missing == Access::READ && path.ends_with(b"/");
    let fits = |key: &PathKey| {
        is_listing == (*key == PathKey::List)
            && key.grant().contains(missing)
            && (missing.intersects(code) || !key.grant().intersects(code))
    };
    let mut keys: Vec<PathKey> = PathKey::ALL.into_iter().filter(fits).collect();
    keys.sort_by_key(|key| key.grant().count());
    keys.into_iter().map(|key| (List::of(key.section(), key.name()), entry.clone())).collect()
}

/// Entries that deny what is asked for, the smallest denial first.
fn file_denials(path: &[u8], needs: Access) -> Vec<(List, String)> {
    let Some(entry) = entry(path) else { return Vec::new() };
    let denied = |key: &PathKey| key.deny(FileDefault::Deny);
    let mut keys: Vec<PathKey> =
        PathKey::ALL.into_iter().filter(|key| denied(key).intersects(needs)).collect();
    keys.sort_by_key(|key| denied(key).count());
    keys.into_iter().map(|key| (List::of(key.section(), key.name()), entry.clone())).collect()
}

/// A path as an entry: the number of a process is another one tomorrow.
fn entry(path: &[u8]) -> Option<String> {
    let path = std::str::from_utf8(path).ok()?;
    // The kubelet puts the files of a ConfigMap below a folder named by the time; rules are made to match there.
    let is_of_kubelet = |part: &&str| part.starts_with("..2") && part.contains('_');
    let mut parts: Vec<String> =
        path.split('/').filter(|part| !is_of_kubelet(part)).map(glob::escape).collect();
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
