//! What was learned as data for programs, and each entry in a sentence.

use super::logs::Logs;
use super::told::counted;
use crate::analysis::Analysis;
use crate::diag::shown as names;
use crate::kernel::Request;
use crate::learn::{Form, Learned, NewEntry, Trace};
use crate::policy::quoted;
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
    moved: bool,
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
                key: key(entry),
                entry: entry.text.clone(),
                form: match entry.form {
                    Form::Itself => "itself",
                    Form::Pattern(_) => "pattern",
                    Form::Folder(_) => "folder",
                    Form::Bundle { .. } => "bundle",
                    Form::Key => "key",
                },
                moved: entry.moved.is_some(),
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

fn key(entry: &NewEntry) -> String {
    entry.list.section.into_iter().chain([entry.list.key]).collect::<Vec<_>>().join(".")
}

fn trace(trace: &Trace, logs: &Logs) -> ShownTrace {
    ShownTrace {
        lines: trace.lines(),
        programs: trace.programs.iter().cloned().collect(),
        first: trace
            .first
            .iter()
            .map(|at| ShownLine { file: logs.names.get(at.file).cloned().unwrap_or_default(), line: at.line })
            .collect(),
    }
}

pub(super) fn json(policies: &[&Shown], logs: &Logs) -> String {
    let document = Document {
        policies,
        others: &logs.evidence.others,
        incomplete: logs.evidence.losses.iter().map(|loss| loss.remedy()).collect(),
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
    let moved = if entry.moved.is_some() { ", moved from another key" } else { "" };
    let wider = match &entry.form {
        Form::Itself | Form::Key => String::new(),
        Form::Pattern(names) => {
            format!("; {}, and every other name that matches", counted(*names as u64, "name") + " seen")
        }
        Form::Folder(paths) => {
            format!("; {} in it, and everything else there", counted(*paths as u64, "path") + " seen")
        }
        Form::Bundle { instead, also } => {
            let also = match also.as_slice() {
                [] => String::new(),
                also => format!(", and grants {} as well", also.join(", ")),
            };
            format!("; it stands for {instead} entries{also}")
        }
    };
    let text = match entry.form {
        Form::Key => format!("{} = {}", key(entry), entry.text),
        Form::Itself | Form::Pattern(_) | Form::Folder(_) | Form::Bundle { .. } => {
            format!("{} {}", key(entry), quoted(&entry.text))
        }
    };
    format!("{text}: {} ({accesses}){by}{moved}{wider}", counted(entry.trace.lines(), "line"))
}
