//! What the log holds about a policy, sorted: what is to be learned, what is refused, what is put aside.

use super::aside::{self, Aside};
use super::asked::Trace;
use super::decider::Decider;
use super::entries::{Form, NewEntry};
use super::refusal::{self, Context, Refusal, refused_program};
use super::wish::Wishes;
use super::{Learned, RefusedAccess};
use crate::analysis::Analysis;
use crate::ask::log::AuditType;
use crate::ask::log::evidence::{Evidence, Record, Seen};
use crate::ask::{Because, Decision, Ruleset, Verdict};
use crate::check::Checked;
use crate::check::resolved::{PathKey, VolumeSource};
use crate::diag::Place;
use crate::kernel::request::FileVerb;
use crate::kernel::{Access, Request};
use crate::policy::Posture;
use crate::policy::edit::Edit;
use std::collections::{BTreeMap, BTreeSet};

/// Everything about one policy.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    /// The records about it.
    records: Vec<(&'a Record, &'a Seen)>,
    /// What the policy lacks and may be learned, and which records ask for it, by their numbers.
    pub(super) wanted: BTreeMap<Request, Vec<usize>>,
    /// Whatever is learned, these stay denied.
    pub(super) denied: BTreeSet<Request>,
    /// What would be refused, had the user not accepted it.
    pub(super) accepted: BTreeSet<Request>,
    /// General entries that cannot stand, by how they are written.
    pub(super) narrowed: BTreeSet<String>,
    refused: BTreeMap<(&'static str, Vec<u8>), Refusing>,
    aside: BTreeMap<Aside, u64>,
    stale: u64,
    outside: BTreeSet<String>,
    lines: u64,
    /// Which of the user's wishes named something.
    used: BTreeSet<String>,
}

/// What is refused, while more of it may come.
#[derive(Debug)]
struct Refusing {
    refusal: Refusal,
    requests: Vec<Request>,
    records: Vec<usize>,
}

/// What is known of the policy while its lines are sorted.
struct Sorting<'a> {
    rules: Decider<'a>,
    wishes: &'a Wishes,
    /// What the policy expects to be denied, and where it says so.
    expected: BTreeMap<&'a Request, Place>,
    written: BTreeSet<&'a [u8]>,
    only_read: BTreeSet<&'a [u8]>,
    /// Who started programs, by lines that say nothing else.
    starters: BTreeSet<(Option<&'a str>, Option<&'a str>)>,
    /// Only what is named may be started.
    exec_is_listed: bool,
    is_server: bool,
    volumes: Vec<String>,
    tainted: BTreeSet<String>,
}

impl<'a> Sorted<'a> {
    pub(super) fn new(
        analysis: &Analysis,
        ruleset: &Ruleset,
        evidence: &'a Evidence,
        wishes: &Wishes,
    ) -> Sorted<'a> {
        let own = |record: &&Record| record.logged.is_about(&ruleset.name);
        let records: Vec<(&Record, &Seen)> =
            evidence.records.iter().filter(|(record, _)| own(record)).collect();
        let sorting = Sorting::new(analysis, ruleset, wishes, &records);
        let mut sorted = Sorted { denied: sorting.kept_unwritten(analysis), ..Sorted::default() };
        for (number, (record, seen)) in records.iter().enumerate() {
            sorted.lines += seen.lines;
            sorted.outside.extend(outside(record));
            match aside::by_itself(record).or_else(|| sorting.aside(record)) {
                Some(reason) => *sorted.aside.entry(reason).or_default() += seen.lines,
                None => sorted.take(number, record, seen, &sorting),
            }
        }
        sorted.records = records;
        let unread = evidence.unreadable.iter();
        for (why, seen) in unread {
            *sorted.aside.entry(Aside::NotAsked(why.to_string())).or_default() += seen.lines;
        }
        sorted
    }

    fn take(&mut self, number: usize, record: &Record, seen: &Seen, sorting: &Sorting<'_>) {
        let own = &sorting.rules.ruleset.name;
        let mapped = aside::mapped(record);
        let requests = record.logged.requests.iter().chain(&mapped).map(|request| settled(request, own));
        let decided: Vec<(Request, Decision)> = requests
            .map(|request| {
                let decision = sorting.rules.decide(&request);
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
        let starter = record.logged.command.as_deref();
        let asides: BTreeSet<Aside> = lacking
            .into_iter()
            .filter_map(|(request, decision)| self.sort(request, decision, (number, starter), sorting))
            .collect();
        for reason in asides {
            *self.aside.entry(reason).or_default() += seen.lines;
        }
    }

    /// Sorts an access that the policy lacks; says why, where it is put aside.
    fn sort(
        &mut self,
        request: &Request,
        decision: &Decision,
        (record, starter): (usize, Option<&str>),
        sorting: &Sorting<'_>,
    ) -> Option<Aside> {
        self.used.extend(sorting.wishes.naming(request));
        if sorting.wishes.rejects(request) {
            self.denied.insert(request.clone());
            return Some(Aside::Rejected);
        }
        if let Some(places) = sorting.against(request, decision) {
            self.refuse(Refusal::clash(places), request, [record]);
            return None;
        }
        if sorting.wishes.accepts(request) {
            self.accepted.insert(request.clone());
            self.want(request, record);
            return None;
        }
        match sorting.refusal(request, decision, starter) {
            Some(refusal) => self.refuse(refusal, request, [record]),
            None => self.want(request, record),
        }
        None
    }

    fn want(&mut self, request: &Request, record: usize) {
        self.wanted.entry(request.clone()).or_default().push(record);
    }

    /// Refusals of one kind about one thing are one.
    fn refuse(&mut self, refusal: Refusal, request: &Request, records: impl IntoIterator<Item = usize>) {
        self.denied.insert(request.clone());
        let about = match request.paths().next() {
            Some(path) => path.to_vec(),
            None => request.to_string().into_bytes(),
        };
        let known = self.refused.entry((refusal.code.name, about)).or_insert_with(|| Refusing {
            refusal,
            requests: Vec::new(),
            records: Vec::new(),
        });
        known.records.extend(records);
        if !known.requests.contains(request) {
            known.requests.push(request.clone());
        }
    }

    /// What is known of who asked for some of what is wanted.
    pub(super) fn trace<'r>(&self, requests: impl Iterator<Item = &'r Request>) -> Trace {
        let numbers = requests.filter_map(|request| self.wanted.get(request)).flatten().copied();
        Trace::of(&self.records, numbers.collect())
    }

    /// What is wanted and stands behind none of some entries.
    pub(super) fn without_entry(&self, entries: &[NewEntry]) -> Vec<Request> {
        let mut behind: Vec<&Request> = entries.iter().flat_map(|entry| &entry.requests).collect();
        behind.sort_unstable();
        let mut behind = behind.into_iter().peekable();
        let is_without = |request: &&Request| {
            while behind.next_if(|next| *next < *request).is_some() {}
            behind.peek() != Some(request)
        };
        self.wanted.keys().filter(is_without).cloned().collect()
    }

    /// Has names taken as they are where some entries are more general; whether any were.
    pub(super) fn narrow(&mut self, entries: &[&NewEntry]) -> bool {
        let general = entries.iter().filter(|entry| match entry.form {
            Form::Pattern(_) | Form::Folder(_) | Form::Bundle { .. } => true,
            Form::Itself | Form::Key => false,
        });
        let before = self.narrowed.len();
        self.narrowed.extend(general.map(|entry| entry.text.clone()));
        self.narrowed.len() > before
    }

    /// Takes accesses that no entry lets through out of what is wanted; whether there were any.
    pub(super) fn leave_open(&mut self, requests: &[Request], why: &str) -> bool {
        let mut any = false;
        for request in requests {
            let Some(records) = self.wanted.remove(request) else { continue };
            any = true;
            self.refuse(Refusal::open(why), request, records);
            self.denied.remove(request);
        }
        any
    }

    /// Refuses starts of what may be written by what is learned beside them; whether there were any.
    pub(super) fn refuse_written(&mut self, starts: &[Request]) -> bool {
        let mut any = false;
        for request in starts {
            let Some(records) = self.wanted.remove(request) else { continue };
            any = true;
            let is_started = matches!(request, Request::File(FileVerb::Exec, _));
            self.refuse(refused_program::of_written(is_started), request, records);
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
                .map(|Refusing { refusal, requests, records }| {
                    let trace = Trace::of(&self.records, records);
                    let finding = refusal.finding(&requests, &trace);
                    RefusedAccess { requests, trace, finding }
                })
                .collect(),
            aside: self.aside,
            stale: self.stale,
            outside: self.outside,
            lines: self.lines,
            used: self.used,
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
        let rules = Decider::new(ruleset);
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
            .is_ok_and(|request| rules.allows(&request));
        let is_start =
            |(record, _): &&(&Record, &Seen)| record.operation == "exec" && !aside::is_transition(record);
        let only_read = read.difference(&written).copied().collect();
        let checked = analysis.checked();
        let has_ports =
            checked.is_some_and(|checked| checked.pod.containers.iter().any(|one| !one.ports.is_empty()));
        let mut sorting = Sorting {
            rules,
            wishes,
            expected: expectations.map(|it| (&it.request, it.place)).collect(),
            written,
            only_read,
            starters: records.iter().filter(is_start).map(|(record, _)| starter(record)).collect(),
            exec_is_listed: checked.is_some_and(|checked| checked.exec.value == Posture::Deny),
            is_server: asks || grants || has_ports,
            volumes: checked.map_or(Vec::new(), written_volumes),
            tainted: BTreeSet::new(),
        };
        sorting.taint(records);
        sorting
    }

    /// Writing what the policy's own entries start or map as code, unless it may be written already or is accepted.
    fn kept_unwritten(&self, analysis: &Analysis) -> BTreeSet<Request> {
        let entries = analysis.checked().map_or([].as_slice(), |checked| checked.paths.as_slice());
        let code = entries.iter().filter(|entry| matches!(entry.key, PathKey::ExecAllow | PathKey::Library));
        let writes = code.filter_map(|entry| Some(Request::File(FileVerb::Write, entry.glob.literal()?)));
        writes.filter(|write| !self.wishes.accepts(write) && !self.rules.allows(write)).collect()
    }

    /// Finds the programs whose start is refused, with all that they start.
    fn taint(&mut self, records: &[(&Record, &Seen)]) {
        let mut starts: Vec<(&Request, Decision, Option<&str>)> = Vec::new();
        for (record, _) in records {
            for request in &record.logged.requests {
                if !matches!(request, Request::File(FileVerb::Exec, _)) || self.aside(record).is_some() {
                    continue;
                }
                let decision = self.rules.decide(request);
                if decision.verdict != Verdict::Allowed && !self.wishes.accepts(request) {
                    starts.push((request, decision, record.logged.command.as_deref()));
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
    fn aside(&self, record: &Record) -> Option<Aside> {
        if aside::is_transition(record) && self.starters.contains(&starter(record)) {
            return Some(Aside::Transition);
        }
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
        let lines = decision.lines.iter().filter_map(|line| self.rules.ruleset.line(*line));
        let places: BTreeSet<Place> = lines.flat_map(|line| line.from.iter().copied()).collect();
        (!places.is_empty()).then_some(places)
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

/// Where volumes are mounted that are written while the container runs.
fn written_volumes(checked: &Checked) -> Vec<String> {
    let is_written = |volume: &VolumeSource| match volume {
        VolumeSource::EmptyDir
        | VolumeSource::Claim(_)
        | VolumeSource::ClaimTemplate(_)
        | VolumeSource::HostPath(_) => true,
        VolumeSource::ConfigMap(_) | VolumeSource::Secret(_) => false,
    };
    let pod = &checked.pod;
    let mounts = pod.containers.iter().flat_map(|container| &container.mounts);
    let written = mounts.filter(|mount| pod.volumes.get(&mount.volume).is_some_and(is_written));
    written.map(|mount| format!("{}/", mount.path.trim_end_matches('/'))).collect()
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
fn starter(record: &Record) -> (Option<&str>, Option<&str>) {
    (record.logged.profile.as_deref(), record.logged.command.as_deref())
}

/// The program that ran under a profile of its own, where one did.
fn outside(record: &Record) -> Option<String> {
    let label = record.logged.profile.as_deref()?;
    let (_, program) = label.rsplit_once("//null-")?;
    // Old kernels number them.
    let is_number = program.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some(if is_number { record.logged.command.clone()? } else { program.to_owned() })
}
