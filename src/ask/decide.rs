//! Whether a profile allows an access, and which of its rules say so: AppArmor's own law. An access is allowed where
//! rules grant all that it needs, and none denies any of it.

use super::ground::{Ground, What};
use super::matcher::Scratch;
use super::ruleset::Ruleset;
use crate::kernel::automaton::{Automaton, Budget};
use crate::kernel::request::Contact;
use crate::kernel::{Access, Glob, Operation, Request};

/// The other process of `operation signal` and `operation ptrace`: one that no profile confines.
const OUTSIDE: &str = "unconfined";
/// Under an ABI without rules for them, message queues are files below `/`, here one of any name.
const QUEUE: &[u8] = b"/queue";
/// What looking at one peer's pattern may cost.
const WORK: usize = 100_000;

/// What becomes of an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    Denied,
    /// Rules that decide could not be read, or depend on what is not known here.
    Unknown,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The lines grant it.
    Granted,
    /// The lines deny it.
    Refused,
    /// No rule grants it; of a file, what is missing and for which path.
    Ungranted(Option<(Vec<u8>, Access)>),
    /// A hard link may not permit what its target does not: this.
    Exceeds(Access),
    /// The lines hold for a process's own files only.
    Owner,
    /// The lines have conditions.
    Conditional,
    /// The lines could not be read.
    Unread,
    /// The profile's ABI leaves it to others.
    NotDecided,
    /// The profile names no ABI: whether its network rules are compiled at all depends on the parser's settings.
    WithoutAbi,
}

/// What becomes of an access, why, and by which lines of the ruleset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub verdict: Verdict,
    pub because: Because,
    pub lines: Vec<usize>,
}

impl Decision {
    fn new(verdict: Verdict, because: Because, mut lines: Vec<usize>) -> Decision {
        lines.sort_unstable();
        lines.dedup();
        Decision { verdict, because, lines }
    }

    fn ungranted(missing: Option<(Vec<u8>, Access)>) -> Decision {
        Decision::new(Verdict::Denied, Because::Ungranted(missing), Vec::new())
    }
}

/// What rules say of one path.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Grounds {
    grants: Access,
    owner_grants: Access,
    denies: Access,
    owner_denies: Access,
}

impl Grounds {
    pub(super) fn add(&mut self, ground: &Ground) {
        let is_owner = ground.what.is_owner();
        let set = match (ground.grants, is_owner) {
            (true, false) => &mut self.grants,
            (true, true) => &mut self.owner_grants,
            (false, false) => &mut self.denies,
            (false, true) => &mut self.owner_denies,
        };
        *set = *set | ground.what.access();
    }

    /// What is permitted whoever owns the file.
    pub(super) fn permitted(self) -> Access {
        self.grants.without(self.denies | self.owner_denies)
    }

    /// What is permitted with one's own file.
    pub(super) fn permitted_to_owner(self) -> Access {
        (self.grants | self.owner_grants).without(self.denies | self.owner_denies)
    }
}

impl Ruleset {
    /// Decides. The scratch is this ruleset's own.
    pub fn decide(&self, request: &Request, scratch: &mut Scratch) -> Decision {
        let decision = self.decide_read(request, scratch);
        if self.abi.is_none() && matches!(request, Request::Network(_)) {
            return Decision::new(Verdict::Unknown, Because::WithoutAbi, decision.lines);
        }
        if self.unread.is_empty() || decision.because == Because::Refused {
            return decision;
        }
        let lines = self.unread.iter().map(|(line, _)| *line).collect();
        Decision::new(Verdict::Unknown, Because::Unread, lines)
    }

    /// By the lines that could be read.
    pub(super) fn decide_read(&self, request: &Request, scratch: &mut Scratch) -> Decision {
        match request {
            Request::File(verb, path) => self.file(path, verb.needs(), scratch),
            Request::Rename { old, new } => {
                let removed = self.file(old, Access::READ | Access::WRITE, scratch);
                let made = self.file(new, Access::WRITE, scratch);
                join(removed, made)
            }
            Request::Link { new, target } => self.link(new, target, scratch),
            Request::Network(socket) => self.simple(|what| {
                let What::Network(rule) = what else { return Fit::No };
                Fit::of(rule.covers(*socket))
            }),
            Request::Capability(capability) => self.simple(|what| {
                let What::Capability(rule) = what else { return Fit::No };
                Fit::of(rule.is_none_or(|one| one == *capability))
            }),
            Request::Process { contact, signal, peer } => self.process(*contact, signal.as_deref(), peer),
            Request::Operation(operation) => self.operation(*operation, scratch),
        }
    }

    fn operation(&self, operation: Operation, scratch: &mut Scratch) -> Decision {
        let is_left = self.abi.is_some_and(|abi| !abi.mediates(operation));
        match operation {
            Operation::Signal => self.process(Contact::SignalSend, None, OUTSIDE),
            Operation::Ptrace => self.process(Contact::PtraceTrace, None, OUTSIDE),
            Operation::HugePages => self.file(b"/", Access::READ | Access::WRITE, scratch),
            Operation::Mqueue if is_left => self.file(QUEUE, Access::READ | Access::WRITE, scratch),
            Operation::Mount
            | Operation::Remount
            | Operation::Umount
            | Operation::PivotRoot
            | Operation::Userns
            | Operation::Mqueue
            | Operation::IoUring
            | Operation::Dbus => {
                if is_left {
                    return Decision::new(Verdict::Allowed, Because::NotDecided, Vec::new());
                }
                self.simple(|what| {
                    let What::Operation { operation: rule, conditional } = what else { return Fit::No };
                    let is_meant = *rule == operation || operation.part_of() == Some(*rule);
                    if is_meant && *conditional { Fit::Perhaps } else { Fit::of(is_meant) }
                })
            }
        }
    }

    fn process(&self, contact: Contact, signal: Option<&str>, peer: &str) -> Decision {
        self.simple(|what| {
            let What::Process { contacts, signals, peer: pattern } = what else { return Fit::No };
            let is_signal = match (signals, signal) {
                (None, _) => true,
                (Some(all), Some(one)) => all.iter().any(|name| name == one),
                (Some(_), None) => false,
            };
            let is_peer = || pattern.as_ref().is_none_or(|pattern| matches(pattern, peer.as_bytes()));
            Fit::of(contacts.contains(contact) && is_signal && is_peer())
        })
    }

    /// By rules that are about the access or are not.
    fn simple(&self, fit: impl Fn(&What) -> Fit) -> Decision {
        let (mut grants, mut denies, mut perhaps) = (Vec::new(), Vec::new(), Vec::new());
        let mut perhaps_denied = false;
        for held in &self.held {
            let what = &held.ground.what;
            let fit = if matches!(what, What::Everything) { Fit::Yes } else { fit(what) };
            match fit {
                Fit::No => {}
                Fit::Yes if held.ground.grants => grants.push(held.line),
                Fit::Yes => denies.push(held.line),
                Fit::Perhaps => {
                    perhaps_denied |= !held.ground.grants;
                    perhaps.push(held.line);
                }
            }
        }
        if !denies.is_empty() {
            return Decision::new(Verdict::Denied, Because::Refused, denies);
        }
        if perhaps_denied || grants.is_empty() && !perhaps.is_empty() {
            return Decision::new(Verdict::Unknown, Because::Conditional, perhaps);
        }
        if grants.is_empty() {
            return Decision::ungranted(None);
        }
        Decision::new(Verdict::Allowed, Because::Granted, grants)
    }

    fn file(&self, path: &[u8], needs: Access, scratch: &mut Scratch) -> Decision {
        let Some(all) = self.grounds(path, scratch) else { return self.too_large() };
        let missing = needs.without(all.grants);
        // A lock is set on a file that is open, for reading or for writing.
        let unopened = needs == Access::LOCK && !(all.grants.without(all.denies)).intersects(OPENED);
        let (verdict, because) = if needs.intersects(all.denies) {
            (Verdict::Denied, Because::Refused)
        } else if !missing.without(all.owner_grants).is_empty() {
            (Verdict::Denied, Because::Ungranted(Some((path.to_vec(), missing))))
        } else if unopened {
            (Verdict::Denied, Because::Ungranted(Some((path.to_vec(), Access::READ))))
        } else if !missing.is_empty() || needs.intersects(all.owner_denies) {
            (Verdict::Unknown, Because::Owner)
        } else {
            (Verdict::Allowed, Because::Granted)
        };
        let mut lines = Vec::new();
        self.at(path, scratch, |held| {
            let is_owner = held.ground.what.is_owner();
            let decides = held.ground.what.access().intersects(needs)
                && match &because {
                    Because::Granted => held.ground.grants && !is_owner,
                    Because::Refused => !held.ground.grants && !is_owner,
                    Because::Owner => is_owner,
                    Because::Ungranted(_)
                    | Because::Exceeds(_)
                    | Because::Conditional
                    | Because::Unread
                    | Because::NotDecided
                    | Because::WithoutAbi => false,
                };
            if decides {
                lines.push(held.line);
            }
        });
        Decision::new(verdict, because, lines)
    }

    /// A hard link needs its own permission, and may not permit more than its target does (the kernel's
    /// `profile_path_link`).
    fn link(&self, new: &[u8], target: &[u8], scratch: &mut Scratch) -> Decision {
        let (mut pairs, mut pair_denials, mut subset) = (Vec::new(), Vec::new(), false);
        let read = self.at(new, scratch, |held| {
            if let What::Link { target: pattern, subset: is_subset, .. } = &held.ground.what
                && pattern.as_ref().is_none_or(|pattern| matches(pattern, target))
            {
                let list = if held.ground.grants { &mut pairs } else { &mut pair_denials };
                list.push(held.line);
                subset |= *is_subset;
            }
        });
        if !read {
            return self.too_large();
        }
        if !pair_denials.is_empty() {
            return Decision::new(Verdict::Denied, Because::Refused, pair_denials);
        }
        let plain = self.file(new, Access::LINK, scratch);
        let is_plain = plain.verdict == Verdict::Allowed;
        if !is_plain && (pairs.is_empty() || plain.because == Because::Refused) {
            return plain;
        }
        let mut lines = plain.lines;
        lines.extend(pairs);
        if !is_plain && !subset {
            return Decision::new(Verdict::Allowed, Because::Granted, lines);
        }
        let (Some(new), Some(target)) = (self.grounds(new, scratch), self.grounds(target, scratch)) else {
            return self.too_large();
        };
        let excess = new.permitted_to_owner().without(target.permitted()).without(Access::LINK);
        if excess.is_empty() {
            Decision::new(Verdict::Allowed, Because::Granted, lines)
        } else if new.permitted().without(target.permitted_to_owner()).without(Access::LINK).is_empty() {
            Decision::new(Verdict::Unknown, Because::Owner, lines)
        } else {
            Decision::new(Verdict::Denied, Because::Exceeds(excess), lines)
        }
    }

    /// Where the rules are too many for one automaton, nobody knows.
    fn too_large(&self) -> Decision {
        Decision::new(Verdict::Unknown, Because::Unread, (0..self.lines.len()).collect())
    }
}

const OPENED: Access = Access::READ.with(Access::WRITE);

/// Whether a rule is about an access.
enum Fit {
    Yes,
    No,
    Perhaps,
}

impl Fit {
    fn of(is: bool) -> Fit {
        if is { Fit::Yes } else { Fit::No }
    }
}

/// What becomes of an access that is two.
fn join(first: Decision, second: Decision) -> Decision {
    if first.verdict == Verdict::Denied {
        return first;
    }
    if second.verdict == Verdict::Denied
        || first.verdict == Verdict::Allowed && first.verdict != second.verdict
    {
        return second;
    }
    let lines = if first.verdict == second.verdict {
        first.lines.iter().chain(&second.lines).copied().collect()
    } else {
        first.lines
    };
    Decision::new(first.verdict, first.because, lines)
}

fn matches(pattern: &Glob, text: &[u8]) -> bool {
    Automaton::new(pattern).matches(text, &Budget::new(WORK)) == Some(true)
}
