//! A policy as text, and which slot each of its entries stands for.

use super::key::PolicyEntry;
use super::report::ImportReport;
use super::slot::{Fate, Slot};
use crate::diag::{Place, shown};
use crate::policy::{Audit, Mode, quoted};
use std::collections::{BTreeMap, BTreeSet};

/// A policy that is being made.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) mode: Mode,
    pub(super) audit: Audit,
    pub(super) abi: &'static str,
    pub(super) has_baseline: bool,
    pub(super) slots: Vec<Slot>,
}

/// Its text, with the slots of what stands in it.
pub(super) struct Written {
    pub(super) text: String,
    /// In their order.
    spans: Vec<Span>,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    place: Place,
    pub(super) slot: usize,
    /// The section and the key of an entry; none of a raw rule.
    pub(super) key: Option<(&'static str, &'static str)>,
}

impl Written {
    /// What stands at a place.
    pub(super) fn at(&self, place: Place) -> Option<Span> {
        let behind = self.spans.partition_point(|span| span.place.start <= place.start);
        let span = self.spans.get(behind.checked_sub(1)?)?;
        (place.end <= span.place.end).then_some(*span)
    }
}

/// The tables of a policy, in their order.
const SECTIONS: [&str; 8] =
    ["", "filesystem", "exec", "capabilities", "network", "operations", "limits", "pod"];

/// The lists of a table, in their order; limits stand as they come.
const KEYS: [&str; 12] = [
    "bundles",
    "abstractions",
    "default",
    "read-only",
    "read-write",
    "write-only",
    "list",
    "allow",
    "libraries",
    "deny-write",
    "deny",
    "raw-rules",
];

/// An entry and the slot that it stands for.
type Owned<'a> = (&'a PolicyEntry, usize);

impl Draft {
    fn entries(&self) -> impl Iterator<Item = Owned<'_>> {
        self.slots.iter().enumerate().flat_map(|(number, slot)| {
            let entries = if let Fate::Entries(entries) = &slot.fate { entries.as_slice() } else { &[] };
            entries.iter().map(move |entry| (entry, number))
        })
    }

    pub(super) fn write(&self) -> Written {
        self.write_under("")
    }

    fn write_under(&self, head: &str) -> Written {
        let mut out = Writer { text: head.to_owned(), spans: Vec::new() };
        out.text.push_str(&format!("name = {}\n", quoted(&self.name)));
        for (key, word) in [
            (
                "mode",
                match self.mode {
                    Mode::Enforce => None,
                    Mode::Complain => Some("complain"),
                    Mode::Kill => Some("kill"),
                },
            ),
            (
                "audit",
                match self.audit {
                    Audit::Denials => None,
                    Audit::Quiet => Some("quiet"),
                    Audit::All => Some("all"),
                },
            ),
            ("abi", (self.abi != "3.0").then_some(self.abi)),
            ("baseline", (!self.has_baseline).then_some("none")),
        ] {
            if let Some(word) = word {
                out.text.push_str(&format!("{key} = {}\n", quoted(word)));
            }
        }
        let open: Vec<&str> = self
            .entries()
            .filter(|(entry, _)| entry.key == "default" && entry.value == "allow")
            .map(|(entry, _)| entry.section)
            .collect();
        let is_all_open =
            ["filesystem", "exec", "capabilities", "network"].iter().all(|section| open.contains(section));
        if is_all_open {
            let first = self.entries().find(|(entry, _)| entry.key == "default");
            out.text.push_str("default = ");
            if let Some((entry, slot)) = first {
                out.entry(entry, slot);
            }
            out.text.push('\n');
        }
        for section in SECTIONS {
            self.section(section, is_all_open, &mut out);
            if section.is_empty() {
                self.raw_rules(&mut out);
            }
        }
        Written { text: out.text, spans: out.spans }
    }

    fn section(&self, section: &str, is_all_open: bool, out: &mut Writer) {
        let is_meant = |entry: &PolicyEntry| {
            entry.section == section && !(is_all_open && entry.key == "default" && entry.value == "allow")
        };
        let mut keys: BTreeMap<(usize, &str), Vec<Owned<'_>>> = BTreeMap::new();
        for (entry, slot) in self.entries().filter(|(entry, _)| is_meant(entry)) {
            let order = KEYS.iter().position(|key| *key == entry.key).unwrap_or(KEYS.len());
            let all = keys.entry((order, entry.key)).or_default();
            // What stands in two includes is one entry.
            if !all.iter().any(|(known, _)| known.value == entry.value) {
                all.push((entry, slot));
            }
        }
        if !keys.is_empty() && !section.is_empty() {
            out.text.push_str(&format!("\n[{section}]\n"));
        }
        for ((_, key), entries) in keys {
            out.text.push_str(&format!("{key} = "));
            match entries.as_slice() {
                [(entry, slot), ..] if entry.is_single() => out.entry(entry, *slot),
                [(entry, slot)] => {
                    out.text.push('[');
                    out.entry(entry, *slot);
                    out.text.push(']');
                }
                several => {
                    out.text.push_str("[\n");
                    for (entry, slot) in several {
                        out.text.push_str("  ");
                        out.entry(entry, *slot);
                        out.text.push_str(",\n");
                    }
                    out.text.push(']');
                }
            }
            out.text.push('\n');
        }
    }

    /// Those that stay for one reason stand under it.
    fn raw_rules(&self, out: &mut Writer) {
        let mut reasons: Vec<(&str, Vec<(&str, usize)>)> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (number, slot) in self.slots.iter().enumerate() {
            let Fate::Raw(why) = &slot.fate else { continue };
            for rule in slot.raw.iter().map(String::as_str) {
                if !seen.insert(rule) {
                    continue;
                }
                match reasons.iter_mut().find(|(known, _)| known == why) {
                    Some((_, rules)) => rules.push((rule, number)),
                    None => reasons.push((why, vec![(rule, number)])),
                }
            }
        }
        if reasons.is_empty() {
            return;
        }
        out.text.push_str("raw-rules = [\n");
        for (why, rules) in reasons {
            out.text.push_str(&format!("  # {}\n", comment(why)));
            for (rule, slot) in rules {
                out.text.push_str("  ");
                out.raw(rule, slot);
                out.text.push_str(",\n");
            }
        }
        out.text.push_str("]\n");
    }
}

struct Writer {
    text: String,
    spans: Vec<Span>,
}

impl Writer {
    fn entry(&mut self, entry: &PolicyEntry, slot: usize) {
        self.value(&entry.written(), slot, Some((entry.section, entry.key)));
    }

    fn raw(&mut self, rule: &str, slot: usize) {
        self.value(&quoted(rule), slot, None);
    }

    fn value(&mut self, value: &str, slot: usize, key: Option<(&'static str, &'static str)>) {
        let start = self.text.len();
        self.text.push_str(value);
        self.spans.push(Span { place: Place::new(start, self.text.len()), slot, key });
    }
}

/// The policy with what became of the profile at its head.
pub(super) fn commented(draft: &Draft, report: &ImportReport, source: &str) -> String {
    let mut head = format!("# From {}.\n", comment(source));
    for line in report.comments() {
        head.push_str(&format!("# {}\n", comment(&line)));
    }
    head.push('\n');
    draft.write_under(&head).text
}

/// A text that stays in its comment, whatever it holds.
fn comment(text: &str) -> String {
    shown::one_line(text.to_owned())
}
