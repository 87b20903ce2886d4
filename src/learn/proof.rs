//! The edit of a policy, and the proof that it does what is announced and nothing else.
//!
//! Enters: entries. Leaves: the edit, once the edited text has been read, judged and asked like any policy: all that is
//! learned is allowed, all that is refused is denied, its expectations are met as before, and against the old policy
//! with the announced rules nothing is gained.

use super::decider::Decider;
use super::entries::{NewEntry, TOKEN};
use super::sorted::Sorted;
use crate::analysis::{Analysis, Options};
use crate::ask::{Difference, Matter, RuleLine, Ruleset, Verdict, compare, expect};
use crate::diag::{Place, Severity};
use crate::kernel::Request;
use crate::kernel::request::FileVerb;
use crate::policy::edit::{Change, Edit, Value};
use crate::policy::load::File;
use crate::policy::{List, ReadError, quoted};
use crate::rules::Rule;
use crate::rules::profile::Files;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

/// What kept an edit from being proven.
#[derive(Debug)]
pub(super) enum Failed {
    /// These would still be denied.
    Open(Vec<Request>),
    /// These start or map what could be written then.
    Written(Vec<Request>),
    /// Entries that cannot stand, by their numbers, and why, as it reads behind what asks for them.
    Guilty(BTreeSet<usize>, String),
    Otherwise(String),
}

impl Failed {
    fn of(guilty: BTreeSet<usize>, why: String) -> Failed {
        if guilty.is_empty() { Failed::Otherwise(why) } else { Failed::Guilty(guilty, why) }
    }
}

/// The proven edit; none where there is nothing to learn.
pub(super) fn prove(
    analysis: &Analysis,
    before: &Ruleset,
    entries: &[NewEntry],
    sorted: &Sorted<'_>,
    files: &Files<'_>,
) -> Result<Option<Edit>, Failed> {
    if entries.is_empty() {
        return Ok(None);
    }
    let otherwise = |why: &str| Failed::Otherwise(why.to_owned());
    let source = analysis.sources.iter().next().ok_or_else(|| otherwise("the policy has no file"))?;
    let changes: Vec<Change> = entries.iter().map(change).collect();
    let edit = Edit::new(source, &changes)
        .map_err(|refusal| Failed::Otherwise(format!("the file cannot be edited: {refusal}")))?;
    let text = edit.apply(&source.text);
    let read = |path: &Path| {
        let text = match path == source.path {
            true => Some(&text),
            false => analysis.sources.iter().find(|one| one.path == path).map(|one| &one.text),
        };
        let missing = || ReadError { wrong: "was not read before".to_owned(), help: None };
        Ok(File { id: path.to_owned(), text: text.ok_or_else(missing)?.clone() })
    };
    let edited = Analysis::new(&source.path, &read, &Options::default());
    let Some(after) = edited.ruleset(files) else {
        return Err(with_errors(&edited, entries));
    };
    let rules = Decider::new(&after);
    allowed(&rules, entries)?;
    denied(&edited, &rules, sorted, entries)?;
    unwritten(&rules, sorted, entries)?;
    expected(analysis, before, &edited, &after)?;
    announced(analysis, &edited, &after, entries, files)?;
    Ok(Some(edit))
}

/// The entries that the errors are about: of those in one error the one with the fewest accesses.
fn with_errors(edited: &Analysis, entries: &[NewEntry]) -> Failed {
    let mut guilty = BTreeSet::new();
    let errors = || edited.findings.iter().filter(|finding| finding.severity == Severity::Error);
    for error in errors() {
        let texts = texts(edited, error.guilty().chain(error.others.iter().map(|other| other.place)));
        let named = entries.iter().enumerate().filter(|(_, entry)| is_among(entry, &texts));
        guilty.extend(named.min_by_key(|(_, entry)| entry.requests.len()).map(|(number, _)| number));
    }
    let message = errors().next().map_or("", |error| error.message.as_str());
    let why = format!("the policy would have an error then: {message}");
    Failed::of(guilty, why)
}

fn change(entry: &NewEntry) -> Change {
    let key = |list: List| list.section.into_iter().chain([list.key]).map(str::to_owned).collect();
    if entry.list == TOKEN {
        return Change::Set { key: key(TOKEN), value: Value::Written(entry.text.clone()) };
    }
    match entry.moved {
        Some((_, at)) => Change::Move { at, list: key(entry.list) },
        None => Change::Insert { list: key(entry.list), entry: Value::Text(entry.text.clone()) },
    }
}

fn allowed(after: &Decider<'_>, entries: &[NewEntry]) -> Result<(), Failed> {
    let is_open = |request: &&Request| !after.allows(request);
    let all: Vec<&Request> = entries.iter().flat_map(|entry| &entry.requests).collect();
    let open: BTreeSet<&Request> = all.into_par_iter().filter(is_open).collect();
    if open.is_empty() { Ok(()) } else { Err(Failed::Open(open.into_iter().cloned().collect())) }
}

fn denied(
    edited: &Analysis,
    after: &Decider<'_>,
    sorted: &Sorted<'_>,
    entries: &[NewEntry],
) -> Result<(), Failed> {
    for request in &sorted.denied {
        let decision = after.decide(request);
        if decision.verdict == Verdict::Allowed {
            let lines = decision.lines.iter().filter_map(|line| after.ruleset.line(*line));
            let texts = texts(edited, lines.flat_map(|line| line.from.iter().copied()));
            let paths: BTreeSet<&[u8]> = request.paths().collect();
            let is_of_path = |entry: &NewEntry| {
                entry.requests.iter().flat_map(Request::paths).any(|path| paths.contains(path))
            };
            let granting = entries.iter().enumerate();
            let granting = granting.filter(|(_, entry)| is_among(entry, &texts) || is_of_path(entry));
            let guilty = granting.map(|(number, _)| number).collect();
            let why = format!("an entry for it would let `{request}` through as well, which is refused");
            return Err(Failed::of(guilty, why));
        }
    }
    Ok(())
}

/// What is learned to be started or mapped as code cannot be written, unless the user accepts it.
fn unwritten(after: &Decider<'_>, sorted: &Sorted<'_>, entries: &[NewEntry]) -> Result<(), Failed> {
    let is_written = |request: &&Request| {
        let Request::File(FileVerb::Exec | FileVerb::Map, path) = request else { return false };
        !sorted.accepted.contains(*request) && after.allows_file(FileVerb::Write, path)
    };
    let starts: BTreeSet<&Request> =
        entries.iter().flat_map(|entry| &entry.requests).filter(|request| is_written(request)).collect();
    if starts.is_empty() { Ok(()) } else { Err(Failed::Written(starts.into_iter().cloned().collect())) }
}

/// What stands at some places.
fn texts(edited: &Analysis, places: impl Iterator<Item = Place>) -> BTreeSet<String> {
    let text = |place: Place| {
        let (source, range) = edited.sources.locate(place)?;
        source.text.get(range).map(|text| text.trim_matches(['"', '\'']).to_owned())
    };
    places.filter_map(text).collect()
}

fn is_among(entry: &NewEntry, texts: &BTreeSet<String>) -> bool {
    texts.contains(&entry.text) || texts.contains(quoted(&entry.text).trim_matches('"'))
}

/// What was met stays met.
fn expected(analysis: &Analysis, before: &Ruleset, edited: &Analysis, after: &Ruleset) -> Result<(), Failed> {
    let was_met = |request: &Request| {
        expect::ask(analysis.expectations(), before)
            .iter()
            .any(|tested| tested.expectation.request == *request && tested.outcome == expect::Outcome::Met)
    };
    let tested = expect::ask(edited.expectations(), after);
    let unmet = tested
        .iter()
        .find(|tested| tested.outcome != expect::Outcome::Met && was_met(&tested.expectation.request));
    unmet.map_or(Ok(()), |tested| {
        let request = &tested.expectation.request;
        Err(Failed::Otherwise(format!(
            "the policy's expectation about `{request}` would not be met any more"
        )))
    })
}

/// Against the old policy and the rules of the announced entries nothing is gained.
fn announced(
    analysis: &Analysis,
    edited: &Analysis,
    after: &Ruleset,
    entries: &[NewEntry],
    files: &Files<'_>,
) -> Result<(), Failed> {
    let unread = || Failed::Otherwise("the policy could not be read again".to_owned());
    let (Some(before), Some(plan), Some(old)) = (analysis.ruleset(files), edited.plan(), analysis.plan())
    else {
        return Err(unread());
    };
    let mut policy = edited.policy().ok_or_else(unread)?.clone();
    let mut places: BTreeSet<Place> = BTreeSet::new();
    for (list, texts) in policy.lists() {
        let of_list = |text: &str| entries.iter().any(|entry| entry.list == list && entry.text == text);
        places.extend(texts.iter().filter(|text| of_list(&text.value)).map(|text| text.place));
    }
    let sets_token = entries.iter().any(|entry| entry.list == TOKEN);
    let known: BTreeSet<(&_, _)> = old
        .profile()
        .blocks
        .iter()
        .flat_map(|block| &block.rules)
        .map(|rule| (&rule.kind, rule.qualifiers))
        .collect();
    let is_announced = |rule: &&Rule| {
        let is_of_token =
            sets_token && rule.from.is_empty() && !known.contains(&(&rule.kind, rule.qualifiers));
        rule.allows() && (is_of_token || rule.from.iter().any(|place| places.contains(place)))
    };
    let rules = plan.profile().blocks.iter().flat_map(|block| &block.rules).filter(is_announced);
    let line = RuleLine { text: String::new(), from: Vec::new(), origin: String::new() };
    let before = before.with(line, rules.cloned());
    let gained = compare::compare(&before, after).into_iter().find(|difference| difference.gained);
    gained.map_or(Ok(()), |difference| Err(Failed::Otherwise(described(&difference))))
}

fn described(gained: &Difference) -> String {
    match &gained.what {
        Matter::Files { witness, .. } | Matter::Processes { witness, .. } => format!(
            "the edited policy would allow more than is announced, such as `{}`",
            crate::kernel::request::Shown(witness)
        ),
        Matter::Exhausted => {
            "it would take too long to show that the edited policy allows nothing else".to_owned()
        }
        Matter::Asked(_)
        | Matter::Limit { .. }
        | Matter::Flag(_)
        | Matter::Mode { .. }
        | Matter::WithoutAbi
        | Matter::Unread(_) => "the edited policy would allow more than is announced".to_owned(),
    }
}
