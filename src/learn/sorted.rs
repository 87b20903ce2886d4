//! What the log holds about a policy, sorted: what is to be learned, what is refused, what is put aside.

use super::aside::Aside;
use super::asked::Trace;
use super::entries::{Form, NewEntry};
use super::refusal::{Refusal, refused_program};
use super::sorting::{Fate, Judged, Sorting, outside};
use super::wish::Wishes;
use super::{Learned, RefusedAccess};
use crate::analysis::Analysis;
use crate::ask::Ruleset;
use crate::ask::log::evidence::{Evidence, Seen};
use crate::ask::log::{AuditType, Logged};
use crate::kernel::Request;
use crate::kernel::request::FileVerb;
use crate::policy::edit::Edit;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Everything about one policy.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    /// The records about it.
    records: Vec<(&'a Logged, &'a Seen)>,
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

impl<'a> Sorted<'a> {
    pub(super) fn new(
        analysis: &Analysis,
        ruleset: &Ruleset,
        evidence: &'a Evidence,
        wishes: &Wishes,
    ) -> Sorted<'a> {
        let own = evidence.records.iter().filter(|(record, _)| record.is_about(&ruleset.name));
        let records: Vec<(&Logged, &Seen)> = own.map(|(record, seen)| (&**record, seen)).collect();
        let sorting = Sorting::new(analysis, ruleset, wishes, &records);
        let mut sorted = Sorted { denied: sorting.kept_unwritten(analysis), ..Sorted::default() };
        let judged: Vec<Judged> = records.par_iter().map(|(record, _)| sorting.judged(record)).collect();
        for (number, ((record, seen), judged)) in records.iter().zip(judged).enumerate() {
            sorted.lines += seen.lines;
            sorted.outside.extend(outside(record));
            match judged {
                Judged::Aside(reason) => sorted.put_aside(reason, seen),
                Judged::Asked(lacking) if lacking.is_empty() => match record.verdict {
                    AuditType::Audited => sorted.put_aside(Aside::Granted, seen),
                    AuditType::Denied | AuditType::Killed | AuditType::Allowed => sorted.stale += seen.lines,
                },
                Judged::Asked(lacking) => {
                    if lacking.iter().any(|(fate, _)| matches!(fate, Fate::Rejected)) {
                        sorted.put_aside(Aside::Rejected, seen);
                    }
                    for (fate, request) in lacking {
                        sorted.used.extend(wishes.naming(&request));
                        sorted.take(fate, request, number);
                    }
                }
            }
        }
        sorted.records = records;
        let unread = evidence.unreadable.iter();
        for (why, seen) in unread {
            sorted.put_aside(Aside::NotAsked(why.to_string()), seen);
        }
        sorted
    }

    fn put_aside(&mut self, reason: Aside, seen: &Seen) {
        *self.aside.entry(reason).or_default() += seen.lines;
    }

    /// Takes in an access that the policy lacks, by the number of its record.
    fn take(&mut self, fate: Fate, request: Request, record: usize) {
        match fate {
            Fate::Rejected => {
                self.denied.insert(request);
            }
            Fate::Refused(refusal) => self.refuse(refusal, &request, [record]),
            Fate::Accepted => {
                self.accepted.insert(request.clone());
                self.wanted.entry(request).or_default().push(record);
            }
            Fate::Wanted => self.wanted.entry(request).or_default().push(record),
        }
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

    /// What is known of who asked for some of what is wanted, by the numbers of the records.
    pub(super) fn trace(&self, numbers: impl Iterator<Item = usize>) -> Trace {
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
