//! An open document on its way through the library, as it stands now.
//!
//! Enters: a document among the open ones. Leaves: its analysis, and which open texts that was made from.

use super::document::Document;
use super::open_documents::OpenDocuments;
use crate::analysis::{Analysis, Options};
use crate::diag::Place;
use crate::policy::{Outline, Reader};
use crate::rules::Rule;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

#[derive(Debug)]
pub struct Analysed {
    pub analysis: Analysis,
    /// The open documents whose texts were read, by URI.
    texts: BTreeSet<String>,
}

impl Analysed {
    pub fn new(document: &Document, documents: &OpenDocuments, disk: &Reader<'_>) -> Analysed {
        let texts = Mutex::new(BTreeSet::new());
        let read = |path: &Path| {
            let (open, file) = documents.read(document, path, disk);
            if let (Some(open), Ok(mut texts)) = (open, texts.lock()) {
                texts.insert(open.uri.clone());
            }
            file
        };
        let analysis = Analysis::new(&document.path, &read, &Options::default());
        Analysed { analysis, texts: texts.into_inner().unwrap_or_default() }
    }

    /// Whether it may be another when the text of an open document is.
    pub fn leans_on(&self, uri: &str) -> bool {
        self.texts.contains(uri)
    }

    pub fn has_rules(&self) -> bool {
        self.analysis.checked().is_some()
    }

    /// Where the keys and values of the document stand.
    pub fn outline(&self) -> Option<&Outline> {
        self.analysis.files.first().map(|file| &file.outline)
    }

    /// The rules that stand for something in some stretches of the document, which are in order.
    pub fn rules(&self, stretches: &[Place]) -> impl Iterator<Item = &Rule> {
        let plan = self.analysis.plan();
        let rules = plan.into_iter().flat_map(|plan| &plan.profile().blocks).flat_map(|block| &block.rules);
        rules.filter(|rule| rule.from.iter().any(|place| holds(stretches, *place)))
    }
}

/// Whether a place lies in one of some stretches that are in order.
fn holds(stretches: &[Place], place: Place) -> bool {
    let after = stretches.partition_point(|stretch| stretch.start <= place.start);
    let stretch = after.checked_sub(1).and_then(|index| stretches.get(index));
    stretch.is_some_and(|stretch| place.end <= stretch.end)
}
