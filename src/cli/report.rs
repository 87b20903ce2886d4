//! Findings on their way out.

use super::console::Console;
use super::{Colour, Format};
use crate::analysis::Analysis;
use crate::diag::{Fixes, Report, Severity, github, human, json, sarif};

/// More findings than this about one policy tell nothing new.
const MOST: usize = 200;

/// The findings of one policy, ready to be shown.
#[derive(Debug, Default)]
pub(super) struct Reported {
    reports: Vec<Report>,
    human: String,
    left_out: usize,
    /// Errors, warnings and notes, those left out included.
    counts: [usize; 3],
}

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

impl Reported {
    pub(super) fn new(analysis: &Analysis, format: Format, colour: bool) -> Reported {
        let Analysis { findings, sources, .. } = analysis;
        let count = findings.iter().count();
        // Of too many the gravest are kept; the machine's forms have them by position.
        let read = || findings.gravest_first().into_iter().take(MOST);
        let least = read().next_back().map(|finding| finding.severity);
        let mut room = least.map_or(0, |least| read().filter(|f| f.severity == least).count());
        let shown = findings.iter().filter(|finding| match least {
            Some(least) if finding.severity == least => {
                let fits = room > 0;
                room = room.saturating_sub(1);
                fits
            }
            Some(least) => finding.severity < least,
            None => false,
        });
        let human = match format {
            Format::Human => read().map(|f| human::write(f, sources, colour)).collect(),
            Format::Json | Format::Sarif | Format::Github => String::new(),
        };
        let none = Fixes::default();
        let fixes = match format {
            Format::Json | Format::Sarif => analysis.fixes(),
            Format::Human | Format::Github => &none,
        };
        Reported {
            reports: shown.map(|f| Report::new(f, fixes, sources)).collect(),
            human,
            left_out: count.saturating_sub(MOST),
            counts: SEVERITIES.map(|severity| findings.iter().filter(|f| f.severity == severity).count()),
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        let [errors, ..] = self.counts;
        errors > 0
    }
}

/// Shows the findings of all policies.
pub(super) fn show(all: Vec<Reported>, format: Format, to_stdout: bool, console: &mut Console) {
    let mut write = |text: &str| {
        if to_stdout {
            console.out_exactly(text);
        } else {
            console.say_exactly(text);
        }
    };
    if format == Format::Human {
        for reported in &all {
            write(&reported.human);
            if reported.left_out > 0 {
                write(&format!("and {} more findings\n\n", reported.left_out));
            }
        }
        let summary = summary(&all);
        if !summary.is_empty() {
            write(&summary);
        }
        return;
    }
    let reports: Vec<Report> = all.into_iter().flat_map(|r| r.reports).collect();
    match format {
        Format::Human => {}
        Format::Json => write(&json::write(&reports)),
        Format::Sarif => {
            let codes: Vec<_> = super::codes::all().collect();
            write(&sarif::write(&reports, &codes));
        }
        Format::Github => write(&github::write(&reports)),
    }
}

fn summary(all: &[Reported]) -> String {
    let mut totals = [0usize; 3];
    for reported in all {
        for (total, count) in totals.iter_mut().zip(reported.counts) {
            *total += count;
        }
    }
    let counted = SEVERITIES.iter().zip(totals).map(|(severity, count)| match count {
        0 => String::new(),
        1 => format!("1 {}", severity.name()),
        count => format!("{count} {}s", severity.name()),
    });
    let counted: Vec<String> = counted.filter(|c| !c.is_empty()).collect();
    if counted.is_empty() {
        return String::new();
    }
    format!("{}; `aapol codes CODE` explains one\n", counted.join(", "))
}

/// Whether what is shown is coloured.
pub(super) fn colour(wanted: Colour, format: Format, to_stdout: bool) -> bool {
    format == Format::Human && Console::has_colour(wanted, to_stdout)
}
