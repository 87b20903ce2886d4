//! Whether a profile allows an access, and which of its rules say so: AppArmor's own law. An access is allowed where
//! rules grant all that it needs, and none denies any of it.

use super::permissions::Permissions;
use super::ruleset::{IndexedRule, Ruleset};
use crate::kernel::glob::matcher::Scratch;
use crate::kernel::request::Contact;
use crate::kernel::{Access, Operation, Request};
use crate::rules::{Coverage, Kind, Rule};

/// The other process of `operation signal` and `operation ptrace`: one that no profile confines.
const OUTSIDE: &str = "unconfined";
/// Under an ABI without rules for them, message queues are files below `/`, here one of any name.
const QUEUE: &[u8] = b"/NAME-OF-THE-QUEUE";

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
    /// A hard link to a file of the process's own user may not permit what its target does not: this.
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

/// What becomes of an access to a file of the process's own user, or of another.
fn case(permissions: Permissions<Access>, path: &[u8], needs: Access, own: bool) -> Case {
    let permitted = permissions.permitted(own);
    let missing = needs.without(permitted);
    if needs.intersects(permissions.denied(own)) {
        Case::Refused
    } else if !missing.is_empty() {
        Case::Ungranted(Some((path.to_vec(), missing)))
    } else if needs == Access::LOCK && !permitted.intersects(OPENED) {
        // A lock is set on a file that is open, for reading or for writing.
        Case::Ungranted(Some((path.to_vec(), Access::READ)))
    } else {
        Case::Made
    }
}

/// What becomes of an access in one of two cases: the file is the process's own, or another's.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Case {
    Made,
    Refused,
    Ungranted(Option<(Vec<u8>, Access)>),
    /// A link would permit this beyond what its target does.
    Exceeds(Access),
}

/// Both cases in one.
fn settle(own: Case, others: Case) -> (Verdict, Because) {
    let verdict = match (own == Case::Made, others == Case::Made) {
        (true, true) => Verdict::Allowed,
        (false, false) => Verdict::Denied,
        (true, false) | (false, true) => Verdict::Unknown,
    };
    let because = match (own, others) {
        (Case::Made, Case::Made) => Because::Granted,
        (Case::Exceeds(excess), _) => Because::Exceeds(excess),
        (Case::Made, _) | (_, Case::Made) => Because::Owner,
        (Case::Refused, _) | (_, Case::Refused) => Because::Refused,
        (Case::Ungranted(missing), _) => Because::Ungranted(missing),
    };
    (verdict, because)
}

impl Because {
    /// Whether a rule about the access has a part in it.
    fn shows(&self, held: &IndexedRule) -> bool {
        match self {
            Because::Granted | Because::Exceeds(_) => held.rule.allows(),
            Because::Refused => !held.rule.allows(),
            Because::Owner => true,
            Because::Ungranted(_)
            | Because::Conditional
            | Because::Unread
            | Because::NotDecided
            | Because::WithoutAbi => false,
        }
    }
}

impl Ruleset {
    /// Decides. The scratch is this ruleset's own.
    pub fn decide(&self, request: &Request, scratch: &mut Scratch) -> Decision {
        let decision = self.decide_read(request, scratch);
        if self.abi.is_none() && matches!(request, Request::Network(_)) {
            return Decision::new(Verdict::Unknown, Because::WithoutAbi, decision.lines);
        }
        let unread = self.unread().iter().map(|(line, _)| *line);
        let may_decide = |line: &usize| self.line(*line).is_none_or(|line| may_decide(&line.text, request));
        let lines: Vec<usize> = unread.filter(may_decide).collect();
        if lines.is_empty() || decision.because == Because::Refused {
            return decision;
        }
        Decision::new(Verdict::Unknown, Because::Unread, lines)
    }

    /// By the lines that could be read.
    pub(super) fn decide_read(&self, request: &Request, scratch: &mut Scratch) -> Decision {
        match request {
            Request::File(verb, path) => self.files(&[(path, verb.needs())], scratch),
            // The kernel asks both names for the owner of the file that is renamed.
            Request::Rename { old, new } => {
                self.files(&[(old, Access::READ | Access::WRITE), (new, Access::WRITE)], scratch)
            }
            Request::Link { new, target } => self.link(new, target, scratch),
            Request::Network(socket) => self.simple(|kind| {
                if let Kind::Unix(rule) = kind {
                    return rule.coverage(*socket);
                }
                let Kind::Network(rule) = kind else { return Coverage::None };
                rule.coverage(*socket)
            }),
            Request::Capability(capability) => self.simple(|kind| {
                let Kind::Capability(rule) = kind else { return Coverage::None };
                rule.coverage(*capability)
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
            Operation::HugePages => self.files(&[(b"/", Access::READ | Access::WRITE)], scratch),
            Operation::Mqueue if is_left => self.files(&[(QUEUE, Access::READ | Access::WRITE)], scratch),
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
                self.simple(|kind| {
                    let Kind::Operation(rule) = kind else { return Coverage::None };
                    rule.coverage(operation)
                })
            }
        }
    }

    fn process(&self, contact: Contact, signal: Option<&str>, peer: &str) -> Decision {
        self.simple(|kind| {
            let Kind::Process(rule) = kind else { return Coverage::None };
            rule.coverage(contact, signal, peer)
        })
    }

    /// By rules that are about the access or are not.
    fn simple(&self, coverage: impl Fn(&Kind) -> Coverage) -> Decision {
        let (mut grants, mut denies, mut perhaps) = (Vec::new(), Vec::new(), Vec::new());
        let mut perhaps_denied = false;
        for held in self.held() {
            let kind = &held.rule.kind;
            let coverage = if matches!(kind, Kind::Everything) { Coverage::Whole } else { coverage(kind) };
            match coverage {
                Coverage::None => {}
                Coverage::Whole if held.rule.allows() => grants.push(held.line),
                Coverage::Whole => denies.push(held.line),
                Coverage::Conditional => {
                    perhaps_denied |= !held.rule.allows();
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

    /// Accesses to files that belong together: all of them are needed.
    fn files(&self, all: &[(&[u8], Access)], scratch: &mut Scratch) -> Decision {
        let mut asked = Vec::new();
        for (path, needs) in all {
            let Some(rules) = self.at(path, scratch) else { return self.too_large() };
            asked.push((*path, *needs, permissions(&rules), rules));
        }
        let worst = |own: bool| {
            let cases =
                asked.iter().map(|(path, needs, permissions, _)| case(*permissions, path, *needs, own));
            cases.fold(Case::Made, |worst, case| if worst == Case::Made { case } else { worst })
        };
        let (verdict, because) = settle(worst(true), worst(false));
        let lines = asked.iter().flat_map(|(_, needs, _, rules)| {
            let about = rules.iter().filter(|held| held.rule.access().intersects(*needs));
            about.filter(|held| because.shows(held)).map(|held| held.line)
        });
        let lines = lines.collect();
        Decision::new(verdict, because, lines)
    }

    /// A hard link needs its own permission, and where the target is the process's own may not permit more than that
    /// does (the kernel's `profile_path_link`; the parser's LINK_TO_LINK_SUBSET leaves others' files out).
    fn link(&self, new: &[u8], target: &[u8], scratch: &mut Scratch) -> Decision {
        let (Some(rules), Some(aims)) = (self.at(new, scratch), self.at(target, scratch)) else {
            return self.too_large();
        };
        let (name, aim) = (permissions(&rules), permissions(&aims));
        let pairs: Vec<Pair> = rules.iter().filter_map(|held| Pair::of(&held.rule, target)).collect();
        // `l` stands for a pair with `/**`, which is anything but the root.
        let is_below_root = target.get(1).is_some_and(|byte| *byte != b'/');
        let link = |own: bool| {
            let pairs = || pairs.iter().filter(move |pair| own || !pair.owner);
            let plain = is_below_root && name.permitted(own).contains(Access::LINK);
            let is_granted = plain || pairs().any(|pair| pair.grants);
            if name.denied(own).contains(Access::LINK) || pairs().any(|pair| !pair.grants) {
                return Case::Refused;
            }
            let wants_subset = own && (plain || pairs().any(|pair| pair.subset));
            let excess = name.permitted(own).without(aim.permitted(own)).without(Access::LINK);
            match (is_granted, wants_subset && !excess.is_empty()) {
                (false, _) => Case::Ungranted(Some((new.to_vec(), Access::LINK))),
                (true, true) => Case::Exceeds(excess),
                (true, false) => Case::Made,
            }
        };
        let (verdict, because) = settle(link(true), link(false));
        let is_about = |held: &&&IndexedRule| {
            matches!(held.rule.kind, Kind::Link(_)) || held.rule.access().contains(Access::LINK)
        };
        let lines = rules.iter().filter(is_about).filter(|held| because.shows(held));
        let lines = lines.map(|held| held.line).collect();
        Decision::new(verdict, because, lines)
    }

    /// Where the rules are too many for one automaton, nobody knows.
    fn too_large(&self) -> Decision {
        Decision::new(Verdict::Unknown, Because::Unread, (0..self.lines().len()).collect())
    }
}

/// Whether a rule that could not be read may be about the access: its first word says what it is about.
fn may_decide(rule: &str, request: &Request) -> bool {
    let is_word = |word: &&str| {
        !matches!(*word, "audit" | "allow" | "deny" | "owner" | "other") && !word.starts_with("priority=")
    };
    let word = rule.split([' ', '(', ',']).find(is_word).unwrap_or_default();
    match word {
        "unix" | "network" => matches!(request, Request::Network(_)),
        "dbus" | "mount" | "remount" | "umount" | "pivot_root" | "userns" | "mqueue" | "io_uring" => {
            matches!(request, Request::Operation(_))
        }
        "signal" | "ptrace" => matches!(request, Request::Process { .. } | Request::Operation(_)),
        "capability" => matches!(request, Request::Capability(_)),
        "set" | "change_profile" => false,
        _ => true,
    }
}

const OPENED: Access = Access::READ.with(Access::WRITE);

/// A rule about a pair of names.
struct Pair {
    grants: bool,
    owner: bool,
    subset: bool,
}

impl Pair {
    /// None where a rule is not about a pair with this target.
    fn of(rule: &Rule, target: &[u8]) -> Option<Pair> {
        let Kind::Link(link) = &rule.kind else { return None };
        let owner = rule.qualifiers.owner;
        let is_meant = link.target.matches(target);
        is_meant.then_some(Pair { grants: rule.allows(), owner, subset: link.subset })
    }
}

/// What rules about one path say together.
fn permissions(rules: &[&IndexedRule]) -> Permissions<Access> {
    let mut all = Permissions::default();
    for held in rules {
        all.add(&held.rule, held.rule.access());
    }
    all
}
