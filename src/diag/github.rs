//! Findings as GitHub workflow commands, which mark the lines of a pull request.

use super::report::ReportLocation;
use super::{Report, one_line};

pub fn write(reports: &[Report]) -> String {
    reports.iter().map(lines).collect()
}

/// A line for each guilty place, so that each is marked.
fn lines(report: &Report) -> String {
    let more = report.related.iter().filter(|related| related.guilty).map(|related| Some(&related.location));
    std::iter::once(report.location.as_ref()).chain(more).map(|at| line(report, at)).collect()
}

fn line(report: &Report, at: Option<&ReportLocation>) -> String {
    let command = match report.severity {
        "note" => "notice",
        other => other,
    };
    let place = at.map_or(String::new(), |at| {
        format!(
            "file={},line={},col={},endLine={},endColumn={},",
            property(&at.file.to_string_lossy()),
            at.line,
            at.column,
            at.end_line,
            at.end_column
        )
    });
    let help = report.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
    format!(
        "::{command} {place}title={}::{}\n",
        property(report.code),
        data(&format!("{}{help}", report.message))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What GitHub takes by number is the same name; what it does not is shown.
fn property(text: &str) -> String {
    one_line(data(text).replace(':', "%3A").replace(',', "%2C"))
}
