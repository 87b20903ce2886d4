//! What was learned, as it is told: the change and each entry, what was refused, what was put aside, what the logs lack.

use super::document::{self, Shown};
use super::logs::Logs;
use crate::analysis::Analysis;
use crate::cli::console::Console;
use crate::diag::{human, shown as names};
use crate::learn::Aside;
use crate::learn::Learned;
use std::collections::{BTreeMap, BTreeSet};

/// What is told in the end.
pub(super) struct Told<'a> {
    logs: &'a Logs,
    as_json: bool,
    policies: Vec<One>,
    /// The wishes that named something, as they were written.
    used: BTreeSet<String>,
}

/// What is told of one policy.
struct One {
    /// Lines about its profile.
    lines: u64,
    form: OneAs,
}

enum OneAs {
    Document(Shown),
    /// The unified difference, findings and all else, for people.
    Text(String),
}

impl<'a> Told<'a> {
    pub(super) fn new(logs: &'a Logs, as_json: bool) -> Told<'a> {
        Told { logs, as_json, policies: Vec::new(), used: BTreeSet::new() }
    }

    pub(super) fn add(&mut self, analysis: &Analysis, learned: &Learned, is_written: bool) {
        self.used.extend(learned.used.iter().cloned());
        let form = match self.as_json {
            true => OneAs::Document(document::of(analysis, learned, self.logs)),
            false => OneAs::Text(text(analysis, learned, is_written)),
        };
        self.policies.push(One { lines: learned.lines, form });
    }

    /// Whether a wish named something.
    pub(super) fn used(&self, wish: &str) -> bool {
        self.used.contains(wish)
    }

    pub(super) fn show(&self, console: &mut Console) {
        let mut documents: Vec<&Shown> = Vec::new();
        // Of many policies those that the logs are about.
        let is_told = |one: &&One| self.policies.len() == 1 || one.lines > 0;
        for one in &self.policies {
            match &one.form {
                OneAs::Document(shown) => documents.push(shown),
                OneAs::Text(text) if is_told(&one) => console.out(text),
                OneAs::Text(_) => {}
            }
        }
        if self.as_json {
            console.out_exactly(&document::json(&documents, self.logs));
            return;
        }
        if !self.policies.is_empty() && !self.policies.iter().any(|one| is_told(&one)) {
            console
                .out(&format!("no line of the log is about one of the {} policies\n", self.policies.len()));
        }
        if !self.policies.is_empty() && self.policies.iter().all(|one| one.lines == 0) {
            console.out_line(unfit(self.logs).to_owned());
        }
        // Where no policy could be read, whose the lines are is not known.
        for line in about_logs(self.logs).into_iter().filter(|_| !self.policies.is_empty()) {
            console.out_line(line);
        }
    }
}

fn text(analysis: &Analysis, learned: &Learned, is_written: bool) -> String {
    let mut out = String::new();
    let source = analysis.sources.iter().next();
    let name = analysis.policy().map_or(String::new(), |policy| policy.name.value.clone());
    if let (Some(source), Some(edit), false) = (source, &learned.edit, is_written) {
        let edited = edit.apply(&source.text);
        let path = names::path(&source.path);
        let diff = similar::TextDiff::from_lines(source.text.as_str(), &edited);
        out.push_str(&diff.unified_diff().context_radius(3).header(&path, &path).to_string());
        out.push('\n');
    }
    match (learned.entries.len(), learned.lines) {
        (_, 0) => out.push_str(&format!("no line of the log is about `{name}`\n")),
        (0, lines) => {
            out.push_str(&format!("nothing to learn for `{name}` from {}\n", counted(lines, "line")))
        }
        (entries, lines) => {
            let entries = match entries {
                1 => "1 entry".to_owned(),
                entries => format!("{entries} entries"),
            };
            out.push_str(&format!("{entries} for `{name}`, from {}:\n", counted(lines, "line")));
        }
    }
    for entry in &learned.entries {
        out.push_str(&format!("  {}\n", names::one_line(document::sentence(entry))));
    }
    if !learned.refused.is_empty() {
        out.push('\n');
    }
    for refused in &learned.refused {
        out.push_str(&human::write(&refused.finding, &analysis.sources, false));
    }
    for (reason, lines) in asides(learned) {
        out.push_str(&format!("put aside, {}: {reason}\n", counted(lines, "line")));
    }
    if learned.stale > 0 {
        out.push_str(&format!(
            "note: {} what the policy allows by now: the log is older than the policy, or the node has an older profile loaded\n",
            asked(learned.stale)
        ));
    }
    if !learned.outside.is_empty() {
        const MOST: usize = 5;
        let programs: Vec<String> =
            learned.outside.iter().take(MOST).map(|name| format!("`{name}`")).collect();
        let more = if learned.outside.len() > MOST { " and others" } else { "" };
        let count = counted(learned.outside.len() as u64, "program");
        out.push_str(&format!(
            "note: {count} ran outside of the policy, where no socket is logged ({}{more}): render this policy in complain mode, load it and run once more\n",
            programs.join(", ")
        ));
    }
    out
}

fn asides(learned: &Learned) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    for (reason, lines) in &learned.aside {
        let reason: &Aside = reason;
        *all.entry(reason.to_string()).or_default() += lines;
    }
    all
}

/// What a log may be that says nothing about a policy.
fn unfit(logs: &Logs) -> &'static str {
    let is_none = logs.evidence.others.is_empty() && logs.evidence.unreadable.is_empty();
    match (logs.evidence.lines, is_none) {
        (0, _) => "note: the log is empty",
        (_, true) => {
            "note: no line is AppArmor's at all: all was allowed, or this is not the kernel's log, or the profile is not loaded"
        }
        (_, false) => {
            "note: the log's records are about other profiles, or could not be read: compare the names with the policy's `name`"
        }
    }
}

fn about_logs(logs: &Logs) -> Vec<String> {
    let mut lines = Vec::new();
    let others: u64 = logs.evidence.others.values().sum();
    if others > 0 {
        const MOST: usize = 5;
        let mut named: Vec<(&String, &u64)> = logs.evidence.others.iter().collect();
        named.sort_by(|(one, lines), (other, more)| (more, one).cmp(&(lines, other)));
        let shown: Vec<String> =
            named.iter().take(MOST).map(|(name, lines)| format!("`{name}` {lines}")).collect();
        let more = if named.len() > MOST { ", and others" } else { "" };
        lines.push(format!("{} about other profiles: {}{more}", counted(others, "line"), shown.join(", ")));
    }
    if !logs.evidence.losses.is_empty() {
        let remedies: Vec<&str> = logs.evidence.losses.iter().map(|loss| loss.remedy()).collect();
        lines.push(format!("note: the log is not complete, lines of it were lost: {}", remedies.join("; ")));
    }
    lines
}

fn asked(lines: u64) -> String {
    if lines == 1 { "1 line asks for".to_owned() } else { format!("{lines} lines ask for") }
}

pub(super) fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
