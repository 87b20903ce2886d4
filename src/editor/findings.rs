//! Findings as an editor marks them.
//!
//! Enters: an analysed policy. Leaves: one diagnostic for each finding, each with a place in the document: what
//! stands in a file that it extends is shown where that file is named.

use super::analysed::Analysed;
use super::document::{Document, Encoding, Lines};
use super::open_documents::OpenDocuments;
use super::protocol::{Diagnostic, DiagnosticRelatedInformation, Location};
use crate::diag::sources::Source;
use crate::diag::{Finding, Place, Severity};
use std::collections::BTreeMap;
use std::ops::Range;

/// The lines of each file, by where its positions begin.
type Files<'a> = BTreeMap<usize, Lines<'a>>;

/// What diagnostics are made with.
#[derive(Clone, Copy, Debug)]
pub struct Marking<'a> {
    pub document: &'a Document,
    pub analysed: &'a Analysed,
    pub documents: &'a OpenDocuments,
    pub encoding: Encoding,
    /// Whether the editor shows places that have a part in a finding.
    pub related: bool,
}

impl Marking<'_> {
    /// Each finding with a diagnostic for each of its guilty places, in the findings' order. Those in one file that is
    /// extended would all be marked where it is named: there the first one speaks for them.
    pub fn all(&self) -> Vec<(&Finding, Diagnostic)> {
        let sources = self.analysed.analysis.sources.iter();
        let lines = sources.map(|source| (source.base(), Lines::new(&source.text, self.encoding))).collect();
        let findings = self.analysed.analysis.findings.iter();
        let mut all = Vec::new();
        for finding in findings {
            if finding.place.is_none() {
                all.push((finding, self.diagnostic(finding, None, &lines)));
            }
            let mut told = Vec::new();
            let apart = finding.guilty().filter(|at| match self.elsewhere(*at) {
                Some((_, source)) if told.contains(&source.base()) => false,
                Some((_, source)) => {
                    told.push(source.base());
                    true
                }
                None => true,
            });
            all.extend(apart.map(|at| (finding, self.diagnostic(finding, Some(at), &lines))));
        }
        all
    }

    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.all().into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }

    fn diagnostic(&self, finding: &Finding, at: Option<Place>, lines: &Files<'_>) -> Diagnostic {
        let mut message = finding.message.clone();
        let mut places = Vec::new();
        let mut shown = at;
        if let Some((place, source)) = at.and_then(|place| self.elsewhere(place)) {
            message.push_str(&format!("\nstands in {}", self.analysed.analysis.sources.line(place)));
            places.push((place, if finding.label.is_empty() { "it stands here" } else { &finding.label }));
            shown = self.analysed.analysis.leading_to(source.base());
        }
        if let Some(help) = &finding.help {
            message.push_str(&format!("\nhelp: {help}"));
        }
        places.extend(
            finding
                .others
                .iter()
                .filter(|other| Some(other.place) != at)
                .map(|other| (other.place, other.text.as_str())),
        );
        let related = places.into_iter().filter(|_| self.related);
        Diagnostic {
            range: shown.and_then(|place| self.location(place, lines)).map(|at| at.range).unwrap_or_default(),
            severity: severity(finding.severity),
            code: finding.code.name,
            source: env!("CARGO_PKG_NAME"),
            message,
            related_information: related
                .filter_map(|(place, text)| {
                    Some(DiagnosticRelatedInformation {
                        location: self.location(place, lines)?,
                        message: text.to_owned(),
                    })
                })
                .collect(),
        }
    }

    /// The file of a place that is not in the document.
    fn elsewhere(&self, place: Place) -> Option<(Place, &Source)> {
        let (source, _) = self.analysed.analysis.sources.locate(place)?;
        (source.base() > 0).then_some((place, source))
    }

    fn location(&self, place: Place, lines: &Files<'_>) -> Option<Location> {
        let (source, range) = self.analysed.analysis.sources.locate(place)?;
        let uri = match source.base() {
            0 => self.document.uri.clone(),
            _ => self.documents.uri(&source.path),
        };
        Some(Location { uri, range: lines.get(&source.base())?.range(seen(&source.text, range)) })
    }
}

/// A stretch with something in it: editors show nothing of an empty one.
fn seen(text: &str, range: Range<usize>) -> Range<usize> {
    let (before, after) = (text.get(..range.start).unwrap_or(""), text.get(range.start..).unwrap_or(""));
    let shown = |c: &char| !matches!(c, '\n' | '\r');
    if !range.is_empty() {
        range
    } else if let Some(next) = after.chars().next().filter(shown) {
        range.start..range.start + next.len_utf8()
    } else if let Some(last) = before.chars().next_back().filter(shown) {
        range.start - last.len_utf8()..range.start
    } else {
        range
    }
}

fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Note => 3,
    }
}
