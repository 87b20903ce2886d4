//! What is known of a policy and its log while the log's lines are sorted: why a line asks for nothing, and why an access is
//! refused.

use super::aside::{self, Aside};
use super::decider::Decider;
use super::refusal::{self, Context, Refusal, refused_program};
use super::wish::Wishes;
use crate::analysis::Analysis;
use crate::ask::log::Logged;
use crate::ask::log::evidence::Seen;
use crate::ask::{Because, Decision, Ruleset, Verdict};
use crate::check::resolved::{PathKey, ResolvedPod, VolumeSource};
use crate::diag::Place;
use crate::kernel::request::FileVerb;
use crate::kernel::{Access, Request};
use crate::policy::Posture;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the policy while its lines are sorted.
pub(super) struct Sorting<'a> {
    pub(super) rules: Decider<'a>,
    pub(super) wishes: &'a Wishes,
    /// What the policy expects to be denied, and where it says so.
    expected: BTreeMap<Request, Place>,
    written: Paths<'a>,
    read: Paths<'a>,
    /// Who started programs, by lines that say nothing else.
    starters: BTreeSet<(Option<&'a str>, Option<&'a str>)>,
    /// Only what is named may be started.
    exec_is_listed: bool,
    is_server: bool,
    volumes: Vec<String>,
    tainted: BTreeSet<String>,
}

impl<'a> Sorting<'a> {
    pub(super) fn new(
        analysis: &'a Analysis,
        ruleset: &'a Ruleset,
        wishes: &'a Wishes,
        records: &[(&'a Logged, &'a Seen)],
    ) -> Sorting<'a> {
        let (mut written, mut read) = (Vec::new(), Vec::new());
        for (record, _) in records.iter().filter(|(record, _)| aside::is_made(record).is_none()) {
            for request in &record.requests {
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
        let rules = Decider::new(ruleset);
        let is_inet = |request: &Request| {
            let family = request.socket().and_then(|socket| socket.family);
            family.is_some_and(|family| family.name().starts_with("inet"))
        };
        let asks = records.iter().flat_map(|(record, _)| &record.requests).any(is_inet);
        let grants = crate::check::expectation::read("network inet/stream")
            .is_ok_and(|request| rules.allows(&request));
        let is_start =
            |(record, _): &&(&Logged, &Seen)| record.operation == "exec" && !aside::is_transition(record);
        let checked = analysis.checked();
        let has_ports =
            checked.is_some_and(|checked| checked.pod.containers.iter().any(|one| !one.ports.is_empty()));
        let mut sorting = Sorting {
            rules,
            wishes,
            expected: expectations.map(|it| (permission(&it.request), it.place)).collect(),
            written: Paths::new(written),
            read: Paths::new(read),
            starters: records.iter().filter(is_start).map(|(record, _)| starter(record)).collect(),
            exec_is_listed: checked.is_some_and(|checked| checked.exec.value == Posture::Deny),
            is_server: asks || grants || has_ports,
            volumes: checked.map_or(Vec::new(), |checked| written_volumes(&checked.pod)),
            tainted: BTreeSet::new(),
        };
        sorting.taint(records);
        sorting
    }

    /// Writing what the policy's own entries start or map as code, unless it may be written already or is accepted.
    pub(super) fn kept_unwritten(&self, analysis: &Analysis) -> BTreeSet<Request> {
        let entries = analysis.checked().map_or([].as_slice(), |checked| checked.paths.as_slice());
        let code = entries.iter().filter(|entry| matches!(entry.key, PathKey::ExecAllow | PathKey::Library));
        let writes = code.filter_map(|entry| Some(Request::File(FileVerb::Write, entry.glob.literal()?)));
        writes.filter(|write| !self.wishes.accepts(write) && !self.rules.allows(write)).collect()
    }

    /// Finds the programs whose start is refused, with all that they start.
    fn taint(&mut self, records: &[(&Logged, &Seen)]) {
        let mut starts: Vec<(&Request, Decision, Option<&str>)> = Vec::new();
        for (record, _) in records.iter().filter(|(record, _)| self.aside(record).is_none()) {
            let is_exec = |request: &&Request| matches!(request, Request::File(FileVerb::Exec, _));
            for request in record.requests.iter().filter(is_exec) {
                let decision = self.rules.decide(request);
                if decision.verdict != Verdict::Allowed && !self.wishes.accepts(request) {
                    starts.push((request, decision, record.command.as_deref()));
                }
            }
        }
        loop {
            let known = self.tainted.len();
            for (request, decision, starter) in &starts {
                let is_refused = self.refusal(request, decision, *starter).is_some();
                if is_refused || self.wishes.rejects(request) {
                    self.tainted.extend(request.paths().map(refused_program::called));
                }
            }
            if self.tainted.len() == known {
                return;
            }
        }
    }

    /// What other records show to ask for nothing.
    fn aside(&self, record: &Logged) -> Option<Aside> {
        if aside::is_transition(record) && self.starters.contains(&starter(record)) {
            return Some(Aside::Transition);
        }
        let path = aside::is_made(record)?;
        (self.read.contains(path) && !self.written.contains(path)).then_some(Aside::OpenedExisting)
    }

    /// The places where the policy itself says that it is denied; none where it does not.
    fn against(&self, request: &Request, decision: &Decision) -> Option<BTreeSet<Place>> {
        if let Some(place) = self.expected.get(&permission(request)) {
            return Some(BTreeSet::from([*place]));
        }
        if decision.because != Because::Refused {
            return None;
        }
        let lines = decision.lines.iter().filter_map(|line| self.rules.ruleset.line(*line));
        let places: BTreeSet<Place> = lines.flat_map(|line| line.from.iter().copied()).collect();
        (!places.is_empty()).then_some(places)
    }

    /// What becomes of each access of a record, on its own: nothing that is learned from others matters here.
    pub(super) fn judged(&self, record: &Logged) -> Judged {
        if let Some(reason) = aside::by_itself(record).or_else(|| self.aside(record)) {
            return Judged::Aside(reason);
        }
        let mapped = aside::mapped(record);
        let requests = record.requests.iter().chain(&mapped);
        let requests = requests.map(|request| settled(request, &self.rules.ruleset.name));
        let decided = requests.map(|request| (self.rules.decide(&request), request));
        let lacking = decided.filter(|(decision, _)| decision.verdict != Verdict::Allowed);
        let starter = record.command.as_deref();
        Judged::Asked(
            lacking.map(|(decision, request)| (self.fate(&request, &decision, starter), request)).collect(),
        )
    }

    /// What becomes of an access that the policy lacks.
    fn fate(&self, request: &Request, decision: &Decision, starter: Option<&str>) -> Fate {
        if self.wishes.rejects(request) {
            return Fate::Rejected;
        }
        if let Some(places) = self.against(request, decision) {
            return Fate::Refused(Refusal::clash(places));
        }
        if self.wishes.accepts(request) {
            return Fate::Accepted;
        }
        self.refusal(request, decision, starter).map_or(Fate::Wanted, Fate::Refused)
    }

    fn refusal(&self, request: &Request, decision: &Decision, starter: Option<&str>) -> Option<Refusal> {
        let runs = |path: &[u8]| {
            self.exec_is_listed
                && [FileVerb::Exec, FileVerb::Map].into_iter().any(|verb| self.rules.allows_file(verb, path))
        };
        let context = Context {
            writes: &|path| self.written.contains(path) || self.rules.allows_file(FileVerb::Write, path),
            runs: &runs,
            is_server: self.is_server,
            volumes: &self.volumes,
            tainted: &self.tainted,
        };
        if decision.because == Because::Refused {
            return Some(Refusal::of_baseline());
        }
        if decision.verdict == Verdict::Unknown {
            return Some(Refusal::open("what decides about it could not be read"));
        }
        refusal::judge(request, starter, &context)
    }
}

/// What a record comes to.
pub(super) enum Judged {
    Aside(Aside),
    /// What of it the policy lacks; nothing where it allows all.
    Asked(Vec<(Fate, Request)>),
}

/// What becomes of an access.
pub(super) enum Fate {
    Rejected,
    Refused(Refusal),
    Accepted,
    Wanted,
}

/// Paths, in order.
struct Paths<'a>(Vec<&'a [u8]>);

impl<'a> Paths<'a> {
    fn new(mut paths: Vec<&'a [u8]>) -> Paths<'a> {
        paths.par_sort_unstable();
        paths.dedup();
        Paths(paths)
    }

    fn contains(&self, path: &[u8]) -> bool {
        self.0.binary_search(&path).is_ok()
    }
}

/// Where volumes are mounted that are written while the container runs.
fn written_volumes(pod: &ResolvedPod) -> Vec<String> {
    let is_written = |volume: &VolumeSource| match volume {
        VolumeSource::EmptyDir
        | VolumeSource::Claim(_)
        | VolumeSource::ClaimTemplate(_)
        | VolumeSource::HostPath(_) => true,
        VolumeSource::ConfigMap(_) | VolumeSource::Secret(_) => false,
    };
    let mounts = pod.containers.iter().flat_map(|container| &container.mounts);
    let written = mounts.filter(|mount| pod.volumes.get(&mount.volume).is_some_and(is_written));
    written.map(|mount| format!("{}/", mount.path.trim_end_matches('/'))).collect()
}

/// An access in the place of all that ask for the same: making, writing and deleting a file are one to AppArmor.
fn permission(request: &Request) -> Request {
    match request {
        Request::File(FileVerb::Create | FileVerb::Delete, path) => {
            Request::File(FileVerb::Write, path.clone())
        }
        Request::File(..)
        | Request::Rename { .. }
        | Request::Link { .. }
        | Request::Network(_)
        | Request::Capability(_)
        | Request::Operation(_)
        | Request::Process { .. } => request.clone(),
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

/// Who started a program, and under which profile.
fn starter(record: &Logged) -> (Option<&str>, Option<&str>) {
    (record.profile.as_deref(), record.command.as_deref())
}

/// The program that ran under a profile of its own, where one did.
pub(super) fn outside(record: &Logged) -> Option<String> {
    let label = record.profile.as_deref()?;
    let (_, program) = label.rsplit_once("//null-")?;
    // Old kernels number them.
    let is_number = program.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some(if is_number { record.command.clone()? } else { program.to_owned() })
}
