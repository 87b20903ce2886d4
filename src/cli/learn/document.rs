//! What was learned as data for programs, and each entry in a sentence.

use super::logs::Logs;
use super::told::counted;
use crate::analysis::Analysis;
use crate::diag::shown as names;
use crate::kernel::request::Shown as ShownPath;
use crate::kernel::{Capability, Operation, Request};
use crate::learn::{Form, Learned, NewEntry, Trace};
use crate::policy::{List, quoted};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything about one policy.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    policy: String,
    profile: String,
    lines: u64,
    entries: Vec<ShownEntry>,
    refused: Vec<ShownRefusal>,
    aside: BTreeMap<&'static str, u64>,
    /// Lines that call denied what the policy allows.
    stale: u64,
    /// Programs that ran under profiles of their own.
    outside: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ShownEntry {
    key: String,
    entry: String,
    form: &'static str,
    /// The key under which it stood.
    moved: Option<String>,
    accesses: Vec<String>,
    #[serde(flatten)]
    evidence: ShownTrace,
}

#[derive(Debug, Serialize)]
struct ShownRefusal {
    code: &'static str,
    message: String,
    help: Option<String>,
    accesses: Vec<String>,
    #[serde(flatten)]
    evidence: ShownTrace,
}

#[derive(Debug, Serialize)]
struct ShownTrace {
    lines: u64,
    programs: Vec<String>,
    /// The first of them, by file and line.
    first: Vec<ShownLine>,
}

#[derive(Debug, Serialize)]
struct ShownLine {
    file: String,
    line: u64,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    policies: &'a [&'a Shown],
    /// Lines about other profiles.
    others: &'a BTreeMap<String, u64>,
    /// What keeps the next log whole, where lines of this one were lost.
    incomplete: Vec<&'static str>,
}

pub(super) fn of(analysis: &Analysis, learned: &Learned, logs: &Logs) -> Shown {
    let accesses = |requests: &mut dyn Iterator<Item = &Request>| requests.map(ToString::to_string).collect();
    let mut aside = BTreeMap::new();
    for (reason, lines) in &learned.aside {
        *aside.entry(reason.word()).or_default() += lines;
    }
    Shown {
        policy: analysis
            .sources
            .iter()
            .next()
            .map_or(String::new(), |source| source.path.to_string_lossy().into_owned()),
        profile: analysis.policy().map_or(String::new(), |policy| policy.name.value.clone()),
        lines: learned.lines,
        entries: learned
            .entries
            .iter()
            .map(|entry| ShownEntry {
                key: key(entry.list),
                entry: entry.text.clone(),
                form: match entry.form {
                    Form::Itself => "itself",
                    Form::Pattern(_) => "pattern",
                    Form::Folder(_) => "folder",
                    Form::Bundle { .. } => "bundle",
                    Form::Key => "key",
                },
                moved: entry.moved.map(|(from, _)| key(from)),
                accesses: accesses(&mut entry.requests.iter()),
                evidence: trace(&entry.trace, logs),
            })
            .collect(),
        refused: learned
            .refused
            .iter()
            .map(|refused| ShownRefusal {
                code: refused.finding.code.name,
                message: refused.finding.message.clone(),
                help: refused.finding.help.clone(),
                accesses: accesses(&mut refused.requests.iter()),
                evidence: trace(&refused.trace, logs),
            })
            .collect(),
        aside,
        stale: learned.stale,
        outside: learned.outside.iter().cloned().collect(),
    }
}

fn key(list: List) -> String {
    list.section.into_iter().chain([list.key]).collect::<Vec<_>>().join(".")
}

fn trace(trace: &Trace, logs: &Logs) -> ShownTrace {
    ShownTrace {
        lines: trace.lines,
        programs: trace.programs.iter().cloned().collect(),
        first: trace
            .first
            .as_slice()
            .iter()
            .map(|at| ShownLine { file: logs.names.get(at.file).cloned().unwrap_or_default(), line: at.line })
            .collect(),
    }
}

pub(super) fn json(policies: &[&Shown], logs: &Logs) -> String {
    let document = Document {
        policies,
        others: &logs.evidence.others,
        incomplete: logs
            .evidence
            .losses
            .iter()
            .map(|loss| loss.remedy())
            .chain(logs.is_cut.then_some("a log ended too early: take it anew"))
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_else(|_| "{}".to_owned());
    text.push('\n');
    names::json(text)
}

/// An entry in a line: what it is, what stands behind it, and what else it lets through.
pub(super) fn sentence(entry: &NewEntry) -> String {
    let Trace { programs, .. } = &entry.trace;
    const MOST: usize = 4;
    let by: Vec<&str> = programs.iter().take(MOST).map(String::as_str).collect();
    let more = if programs.len() > MOST { " and others" } else { "" };
    let by = if by.is_empty() { String::new() } else { format!(", by {}{more}", by.join(", ")) };
    let accesses = counted(entry.requests.len() as u64, "access").replace("accesss", "accesses");
    let moved = match entry.moved {
        Some((from, _)) => format!(", moved from `{}`", key(from)),
        None => String::new(),
    };
    let wider = match &entry.form {
        Form::Itself | Form::Key => String::new(),
        Form::Pattern(names) => {
            let seen = counted(*names as u64, "name") + " seen";
            let digits = if entry.text.contains("]*") {
                ": `[…]*` is one such character and whatever follows"
            } else {
                ""
            };
            format!("; {seen}{}, and every other name that matches{digits}", widest(entry))
        }
        Form::Folder(_)
            if entry.requests.iter().flat_map(Request::paths).all(|path| path.ends_with(b"/")) =>
        {
            "; the folder itself was seen, and everything in it is meant".to_owned()
        }
        Form::Folder(paths) => {
            let seen = counted(*paths as u64, "path") + " seen in it";
            format!("; {seen}{}, and everything else there", widest(entry))
        }
        Form::Bundle { instead, also } => {
            let also = match also.as_slice() {
                [] => String::new(),
                also => format!(", and grants {} as well", also.join(", ")),
            };
            format!("; it stands for {instead} entries{also}")
        }
    };
    let means = means(entry).map_or(String::new(), |means| format!("; {means}"));
    let text = match entry.form {
        Form::Key => format!("{} = {}", key(entry.list), entry.text),
        Form::Itself | Form::Pattern(_) | Form::Folder(_) | Form::Bundle { .. } => {
            format!("{} {}", key(entry.list), quoted(&entry.text))
        }
    };
    format!("{text}: {} ({accesses}){by}{moved}{wider}{means}", counted(entry.trace.lines, "line"))
}

/// The path furthest down that was seen, where the entry has other letters.
fn widest(entry: &NewEntry) -> String {
    let depth = |path: &&[u8]| (path.iter().filter(|byte| **byte == b'/').count(), path.len());
    let seen = entry.requests.iter().flat_map(Request::paths).max_by_key(depth);
    seen.map_or(String::new(), |path| format!(", such as `{}`", ShownPath(path)))
}

/// What a word of the policy grants as a whole, where more than a name was asked for.
fn means(entry: &NewEntry) -> Option<String> {
    let about = match entry.list.section {
        Some("operations") => Operation::from_name(&entry.text)?.about(),
        Some("capabilities") => Capability::from_name(&entry.text)?.about(),
        Some("pod") => {
            return Some(
                "the container can speak to the cluster with the rights of the pod's account".to_owned(),
            );
        }
        Some("exec") if ["/busybox", "/toybox"].iter().any(|name| entry.text.ends_with(name)) => {
            return Some("every tool that it holds can be started then".to_owned());
        }
        Some(_) | None => return None,
    };
    let about = about.split([';', '.']).next()?;
    let mut letters = about.chars();
    let first = letters.next()?.to_lowercase();
    Some(format!("it lets the container {first}{}", letters.as_str()))
}
