//! What the log holds about a policy, sorted: what is to be learned, what is refused, what is put aside.

use super::aside::{self, Aside};
use super::asked::Trace;
use super::entries::NewEntry;
use super::refusal::{self, Context, Refusal};
use super::wish::Wishes;
use super::{Learned, RefusedAccess};
use crate::analysis::Analysis;
use crate::ask::log::AuditType;
use crate::ask::log::evidence::{Evidence, Record, Seen};
use crate::ask::{Because, Decision, Ruleset, Verdict};
use crate::diag::Place;
use crate::kernel::glob::matcher::Scratch;
use crate::kernel::request::FileVerb;
use crate::kernel::{Access, Request};
use crate::policy::edit::Edit;
use std::collections::{BTreeMap, BTreeSet};

/// Everything about one policy.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// What the policy lacks and may be learned.
    pub(super) wanted: BTreeMap<Request, Trace>,
    /// Whatever is learned, these stay denied.
    pub(super) denied: BTreeSet<Request>,
    refused: BTreeMap<(&'static str, Vec<u8>), Refusing>,
    aside: BTreeMap<Aside, u64>,
    stale: u64,
    outside: BTreeSet<String>,
    lines: u64,
}

/// What is refused, while more of it may come.
#[derive(Debug)]
struct Refusing {
    refusal: Refusal,
    requests: Vec<Request>,
    trace: Trace,
}

/// What is known of the policy while its lines are sorted.
struct Sorting<'a> {
    ruleset: &'a Ruleset,
    wishes: &'a Wishes,
    /// What the policy expects to be denied, and where it says so.
    expected: BTreeMap<&'a Request, Place>,
    written: BTreeSet<&'a [u8]>,
    only_read: BTreeSet<&'a [u8]>,
    is_server: bool,
    scratch: Scratch,
}

impl Sorted {
    pub(super) fn new(
        analysis: &Analysis,
        ruleset: &Ruleset,
        evidence: &Evidence,
        wishes: &Wishes,
    ) -> Sorted {
        let own = |record: &&Record| record.logged.is_about(&ruleset.name);
        let records: Vec<(&Record, &Seen)> =
            evidence.records.iter().filter(|(record, _)| own(record)).collect();
        let mut sorting = Sorting::new(analysis, ruleset, wishes, &records);
        let mut sorted = Sorted::default();
        for (number, (record, seen)) in records.into_iter().enumerate() {
            sorted.lines += seen.lines;
            sorted.outside.extend(outside(record));
            match aside::by_itself(record).or_else(|| sorting.aside(record)) {
                Some(reason) => *sorted.aside.entry(reason).or_default() += seen.lines,
                None => sorted.take(number, record, seen, &mut sorting),
            }
        }
        let unread = evidence.unreadable.iter();
        for (why, seen) in unread {
            *sorted.aside.entry(Aside::NotAsked(why.to_string())).or_default() += seen.lines;
        }
        sorted
    }

    fn take(&mut self, number: usize, record: &Record, seen: &Seen, sorting: &mut Sorting<'_>) {
        let own = &sorting.ruleset.name;
        let mapped = aside::mapped(record);
        let requests = record.logged.requests.iter().chain(&mapped).map(|request| settled(request, own));
        let decided: Vec<(Request, Decision)> = requests
            .map(|request| {
                let decision = sorting.ruleset.decide(&request, &mut sorting.scratch);
                (request, decision)
            })
            .collect();
        let lacking: Vec<&(Request, Decision)> =
            decided.iter().filter(|(_, decision)| decision.verdict != Verdict::Allowed).collect();
        if lacking.is_empty() {
            match record.logged.verdict {
                AuditType::Audited => *self.aside.entry(Aside::Granted).or_default() += seen.lines,
                AuditType::Denied | AuditType::Killed | AuditType::Allowed => self.stale += seen.lines,
            }
            return;
        }
        let trace = trace(number, record, seen);
        for (request, decision) in lacking {
            self.sort(request, decision, &trace, sorting);
        }
    }

    fn sort(&mut self, request: &Request, decision: &Decision, trace: &Trace, sorting: &Sorting<'_>) {
        if sorting.wishes.rejects(request) {
            *self.aside.entry(Aside::Rejected).or_default() += trace.lines();
            self.denied.insert(request.clone());
            return;
        }
        if let Some(places) = sorting.against(request, decision) {
            self.refuse(Refusal::clash(places), request, trace);
            return;
        }
        let refusal = sorting.refusal(request, decision, trace).filter(|_| !sorting.wishes.accepts(request));
        match refusal {
            Some(refusal) => self.refuse(refusal, request, trace),
            None => self.want(request, trace),
        }
    }

    fn want(&mut self, request: &Request, trace: &Trace) {
        self.wanted.entry(request.clone()).or_default().join(trace);
    }

    /// Refusals of one kind about one thing are one.
    fn refuse(&mut self, refusal: Refusal, request: &Request, trace: &Trace) {
        self.denied.insert(request.clone());
        let about = match request.paths().next() {
            Some(path) => path.to_vec(),
            None => request.to_string().into_bytes(),
        };
        let known = self.refused.entry((refusal.code.name, about)).or_insert_with(|| Refusing {
            refusal,
            requests: Vec::new(),
            trace: Trace::default(),
        });
        known.trace.join(trace);
        if !known.requests.contains(request) {
            known.requests.push(request.clone());
        }
    }

    /// What is wanted and stands behind none of some entries.
    pub(super) fn without_entry(&self, entries: &[NewEntry]) -> Vec<Request> {
        let behind: BTreeSet<&Request> = entries.iter().flat_map(|entry| &entry.requests).collect();
        self.wanted.keys().filter(|request| !behind.contains(request)).cloned().collect()
    }

    /// What is wanted of the paths of an access.
    pub(super) fn of_same_path(&self, request: &Request) -> Vec<Request> {
        let paths: BTreeSet<&[u8]> = request.paths().collect();
        let is_same = |wanted: &&Request| wanted.paths().any(|path| paths.contains(path));
        self.wanted.keys().filter(is_same).cloned().collect()
    }

    /// Takes accesses that no entry lets through out of what is wanted; whether there were any.
    pub(super) fn leave_open(&mut self, requests: &[Request]) -> bool {
        let mut any = false;
        for request in requests {
            let Some(trace) = self.wanted.remove(request) else { continue };
            any = true;
            let refusal = Refusal::open("no entry was found that lets it through and nothing else");
            self.refuse(refusal, request, &trace);
            self.denied.remove(request);
        }
        any
    }

    pub(super) fn into_learned(self, entries: Vec<NewEntry>, edit: Option<Edit>) -> Learned {
        Learned {
            entries,
            edit,
            refused: self
                .refused
                .into_values()
                .map(|Refusing { refusal, requests, trace }| {
                    let finding = refusal.finding(&requests, &trace);
                    RefusedAccess { requests, trace, finding }
                })
                .collect(),
            aside: self.aside,
            stale: self.stale,
            outside: self.outside,
            lines: self.lines,
        }
    }
}

impl<'a> Sorting<'a> {
    fn new(
        analysis: &'a Analysis,
        ruleset: &'a Ruleset,
        wishes: &'a Wishes,
        records: &[(&'a Record, &'a Seen)],
    ) -> Sorting<'a> {
        let (mut written, mut read) = (BTreeSet::new(), BTreeSet::new());
        for (record, _) in records.iter().filter(|(record, _)| aside::is_made(record).is_none()) {
            for request in &record.logged.requests {
                let is_write = match request {
                    Request::File(verb, _) => verb.needs().intersects(Access::WRITE),
                    Request::Rename { .. } | Request::Link { .. } => true,
                    Request::Network(_)
                    | Request::Capability(_)
                    | Request::Operation(_)
                    | Request::Process { .. } => false,
                };
                if is_write { &mut written } else { &mut read }.extend(request.paths());
            }
        }
        let expectations = analysis.expectations().iter().filter(|expectation| !expectation.allowed);
        let mut scratch = ruleset.scratch();
        let is_inet = |request: &Request| match request {
            Request::Network(socket) => socket.family.is_some_and(|family| family.name().starts_with("inet")),
            Request::File(..)
            | Request::Rename { .. }
            | Request::Link { .. }
            | Request::Capability(_)
            | Request::Operation(_)
            | Request::Process { .. } => false,
        };
        let asks = records.iter().flat_map(|(record, _)| &record.logged.requests).any(is_inet);
        let grants = crate::check::expectation::read("network inet/stream")
            .is_ok_and(|request| ruleset.decide(&request, &mut scratch).verdict == Verdict::Allowed);
        let only_read = read.difference(&written).copied().collect();
        Sorting {
            ruleset,
            wishes,
            expected: expectations.map(|it| (&it.request, it.place)).collect(),
            written,
            only_read,
            is_server: asks || grants,
            scratch,
        }
    }

    /// What other records show to ask for nothing.
    fn aside(&self, record: &Record) -> Option<Aside> {
        let path = aside::is_made(record)?;
        self.only_read.contains(path).then_some(Aside::OpenedExisting)
    }

    /// The places where the policy itself says that it is denied; none where it does not.
    fn against(&self, request: &Request, decision: &Decision) -> Option<BTreeSet<Place>> {
        if let Some(place) = self.expected.get(request) {
            return Some(BTreeSet::from([*place]));
        }
        if decision.because != Because::Refused {
            return None;
        }
        let lines = decision.lines.iter().filter_map(|line| self.ruleset.line(*line));
        let places: BTreeSet<Place> = lines.flat_map(|line| line.from.iter().copied()).collect();
        (!places.is_empty()).then_some(places)
    }

    fn refusal(&self, request: &Request, decision: &Decision, trace: &Trace) -> Option<Refusal> {
        let granted = |path: &[u8]| {
            let write = Request::File(FileVerb::Write, path.to_vec());
            self.ruleset.decide(&write, &mut self.ruleset.scratch()).verdict == Verdict::Allowed
        };
        let context = Context {
            writes: &|path| self.written.contains(path) || granted(path),
            is_server: self.is_server,
        };
        if decision.because == Because::Refused {
            return Some(Refusal::of_baseline());
        }
        if decision.verdict == Verdict::Unknown {
            return Some(Refusal::open("what decides about it could not be read"));
        }
        refusal::judge(request, trace, &context)
    }
}

/// A child's label is its policy's.
fn settled(request: &Request, own: &str) -> Request {
    let mut request = request.clone();
    if let Request::Process { peer, .. } = &mut request
        && peer.starts_with(&format!("{own}//null-"))
    {
        own.clone_into(peer);
    }
    request
}

/// The program that ran under a profile of its own, where one did.
fn outside(record: &Record) -> Option<String> {
    let label = record.logged.profile.as_deref()?;
    let (_, program) = label.rsplit_once("//null-")?;
    Some(program.to_owned())
}

fn trace(number: usize, record: &Record, seen: &Seen) -> Trace {
    Trace::new(number, seen.lines, seen.first.iter().copied(), record.logged.command.clone())
}
