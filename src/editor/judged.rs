//! A policy as its document stands now: its files, its findings, and its rules where it has no errors.
//!
//! Enters: a document among the open ones. Leaves: what `check` says, and which rules a place renders to.

use super::document::Document;
use super::shelf::Shelf;
use crate::check::{self, Checked, Options};
use crate::diag::Place;
use crate::diag::sources::Source;
use crate::plan::Plan;
use crate::policy::{self, Loaded, Reader};
use crate::rules::Rule;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

#[derive(Debug)]
pub struct Judged {
    pub loaded: Loaded,
    /// The open documents whose texts were read, by URI.
    texts: BTreeSet<String>,
    checked: Option<Checked>,
    /// Made when it is asked for: not every keystroke is followed by a question about rules.
    plan: OnceLock<Plan>,
    /// The files that `extends` names, by where their positions begin, and the entries that name them.
    entries: OnceLock<Vec<(usize, Place)>>,
}

impl Judged {
    pub fn new(document: &Document, shelf: &Shelf, disk: &Reader<'_>) -> Judged {
        let texts = Mutex::new(BTreeSet::new());
        let read = |path: &Path| {
            let (open, file) = shelf.read(document, path, disk);
            if let (Some(open), Ok(mut texts)) = (open, texts.lock()) {
                texts.insert(open.uri.clone());
            }
            file
        };
        let mut loaded = policy::load(&document.path, &read);
        let checked = match loaded.policy.take() {
            Some(policy) => check::check(&policy, &Options::default(), &mut loaded.findings),
            None => {
                loaded.findings.sort();
                None
            }
        };
        loaded.settle_fixes();
        Judged {
            loaded,
            texts: texts.into_inner().unwrap_or_default(),
            checked,
            plan: OnceLock::new(),
            entries: OnceLock::new(),
        }
    }

    /// Whether it may be another when the text of an open document is.
    pub fn leans_on(&self, uri: &str) -> bool {
        self.texts.contains(uri)
    }

    pub fn has_rules(&self) -> bool {
        self.checked.is_some()
    }

    /// The rules that stand for something in some stretches of the document, which are in order.
    pub fn rules(&self, stretches: &[Range<usize>]) -> impl Iterator<Item = &Rule> {
        let plan = self.checked.as_ref().map(|checked| self.plan.get_or_init(|| Plan::lower(checked)));
        let rules = plan.into_iter().flat_map(|plan| &plan.profile().blocks).flat_map(|block| &block.rules);
        rules.filter(|rule| rule.from.iter().any(|place| holds(stretches, *place)))
    }

    /// The entry of the document's `extends` that leads to a file.
    pub fn leading_to(&self, source: &Source) -> Option<Place> {
        let entries = self.entries.get_or_init(|| self.entries());
        // A file stands before all that it leads to: the last entry before it is the one.
        let before = entries.iter().filter(|(base, _)| *base <= source.base());
        before.max_by_key(|(base, _)| *base).map(|(_, place)| *place)
    }

    fn entries(&self) -> Vec<(usize, Place)> {
        let Some(own) = self.loaded.sources.iter().next() else {
            return Vec::new();
        };
        let (table, _) = toml::de::DeTable::parse_recoverable(&own.text);
        let folder = own.path.parent().unwrap_or(Path::new(""));
        let entries = policy::tree::strings(table.get_ref(), "extends").into_iter();
        let bases = entries.filter_map(|(name, span)| {
            let path = folder.join(name);
            let source = self.loaded.sources.iter().find(|source| source.path == path)?;
            Some((source.base(), Place::new(span.start, span.end)))
        });
        bases.collect()
    }
}

/// Whether a place lies in one of some stretches that are in order.
fn holds(stretches: &[Range<usize>], place: Place) -> bool {
    let after = stretches.partition_point(|stretch| stretch.start <= place.start);
    let stretch = after.checked_sub(1).and_then(|index| stretches.get(index));
    stretch.is_some_and(|stretch| place.end <= stretch.end)
}
