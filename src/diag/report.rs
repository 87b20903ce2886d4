//! Findings with their places looked up: what the machine-readable forms are written from.

use super::{Finding, Place, Sources};
use serde::Serialize;

/// A stretch of a file in lines and columns, counted from 1, the end exclusive.
#[derive(Clone, Debug, Serialize)]
pub struct Location {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// Another place that has a part in a finding.
#[derive(Clone, Debug, Serialize)]
pub struct Related {
    pub location: Location,
    pub message: String,
}

/// A certain mend.
#[derive(Clone, Debug, Serialize)]
pub struct Replacement {
    pub location: Location,
    pub text: String,
}

/// One finding, complete without the sources.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub code: &'static str,
    pub severity: &'static str,
    pub message: String,
    pub location: Option<Location>,
    pub label: String,
    pub related: Vec<Related>,
    pub help: Option<String>,
    pub fix: Option<Replacement>,
}

impl Report {
    pub fn new(finding: &Finding, sources: &Sources) -> Report {
        let related = finding.others.iter().filter_map(|label| {
            Some(Related { location: locate(label.place, sources)?, message: label.text.clone() })
        });
        Report {
            code: finding.code.name,
            severity: finding.severity.name(),
            message: finding.message.clone(),
            location: finding.place.and_then(|place| locate(place, sources)),
            label: finding.label.clone(),
            related: related.collect(),
            help: finding.help.clone(),
            fix: finding.fix.as_ref().and_then(|fix| {
                Some(Replacement { location: locate(fix.place, sources)?, text: fix.replacement.clone() })
            }),
        }
    }
}

fn locate(place: Place, sources: &Sources) -> Option<Location> {
    let (source, range) = sources.locate(place)?;
    let (line, column) = source.line_column(range.start);
    let (end_line, end_column) = source.line_column(range.end);
    Some(Location { file: source.name.clone(), line, column, end_line, end_column })
}
