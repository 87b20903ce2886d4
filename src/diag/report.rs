//! Findings with their places looked up: what the machine-readable forms are written from.

use super::sources::Source;
use super::{Finding, Fixes, Place, SettledFix, Sources};
use serde::{Serialize, Serializer};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A stretch of a file in lines and columns, counted from 1, the end exclusive.
#[derive(Clone, Debug, Serialize)]
pub struct ReportLocation {
    #[serde(serialize_with = "text")]
    pub file: PathBuf,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// Another place that has a part in a finding.
#[derive(Clone, Debug, Serialize)]
pub struct RelatedLocation {
    pub location: ReportLocation,
    pub message: String,
    /// It has the same fault as the finding's own place.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub guilty: bool,
}

/// A fix.
#[derive(Clone, Debug, Serialize)]
pub struct Replacement {
    pub location: ReportLocation,
    pub text: String,
}

/// One finding, complete without the sources.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub code: &'static str,
    pub severity: &'static str,
    pub message: String,
    pub location: Option<ReportLocation>,
    pub label: String,
    pub related: Vec<RelatedLocation>,
    pub help: Option<String>,
    pub fix: Option<Replacement>,
}

impl Report {
    pub fn new(finding: &Finding, fixes: &Fixes, sources: &Sources) -> Report {
        let related = finding.others.iter().filter_map(|label| {
            Some(RelatedLocation {
                location: locate(label.place, sources)?,
                message: label.text.clone(),
                guilty: label.is_guilty,
            })
        });
        Report {
            code: finding.code.name,
            severity: finding.severity.name(),
            message: finding.message.clone(),
            location: finding.place.and_then(|place| locate(place, sources)),
            label: finding.label.clone(),
            related: related.collect(),
            help: finding.help.clone(),
            fix: fixes.get(finding).and_then(|fix| replacement(fix, sources)),
        }
    }
}

fn replacement(settled: &SettledFix, sources: &Sources) -> Option<Replacement> {
    let (source, _) = sources.locate(settled.fix.place)?;
    let one = settled.as_one(&source.text, source.base())?;
    Some(Replacement { location: locate(one.place, sources)?, text: one.text })
}

fn locate(place: Place, sources: &Sources) -> Option<ReportLocation> {
    let (source, range) = sources.locate(place)?;
    Some(location(source, range))
}

fn location(source: &Source, range: Range<usize>) -> ReportLocation {
    let (line, column) = source.line_column(range.start);
    let (end_line, end_column) = source.line_column(range.end);
    ReportLocation { file: source.path.clone(), line, column, end_line, end_column }
}

/// A path as it is, as far as JSON can hold it.
fn text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}
