//! `aapol codes`: the findings that exist; one explained, with an example.

pub mod case_collision;
pub mod duplicate_name;
pub mod duplicate_pod;
pub mod parser_refused;
pub mod undecided_expectation;
pub mod unmet_expectation;
pub mod untouched_entry;

use super::console::Console;
use super::offered::Offered;
use super::{Failure, Outcome};
use crate::ask::expect::{self, Tested};
use crate::ask::{Because, Ruleset};
use crate::check;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Findings, Place, Severity};
use crate::learn;
use clap::Args;
use std::collections::BTreeSet;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The code to explain, as it stands in brackets behind a finding
    #[arg(value_parser = Offered::Codes, hide_possible_values = true)]
    code: Option<String>,
}

/// Those that no policy has by itself: other programs and other policies have a part in them, or questions.
const OWN: [&Code; 7] = [
    &case_collision::CODE,
    &duplicate_name::CODE,
    &duplicate_pod::CODE,
    &parser_refused::CODE,
    &undecided_expectation::CODE,
    &unmet_expectation::CODE,
    &untouched_entry::CODE,
];

/// Every kind of finding, by name.
pub fn all() -> impl Iterator<Item = &'static Code> {
    let mut codes: Vec<&'static Code> = check::codes().chain(OWN).chain(learn::CODES).collect();
    codes.sort_by_key(|code| code.name);
    codes.into_iter()
}

/// What expectations come to: those that are not met, those that nobody can decide about, and, where coverage is asked
/// for, the entries that none of them touches.
pub fn of_test(tested: &[Tested<'_>], ruleset: &Ruleset, coverage: bool, found: &mut Findings) {
    for one in tested {
        match one.outcome {
            expect::Outcome::Met => {}
            expect::Outcome::Unmet => found.add(unmet_expectation::found(one, ruleset)),
            expect::Outcome::Undecided => found.add(undecided_expectation::found(one, ruleset)),
        }
    }
    if coverage {
        for place in expect::untouched(ruleset, tested) {
            found.add(untouched_entry::found(place));
        }
    }
}

/// Shows the entries that decided beside an expectation.
fn deciding(finding: Finding, tested: &Tested<'_>, ruleset: &Ruleset) -> Finding {
    let word = match tested.decision.because {
        Because::Granted => "it is granted here",
        Because::Refused => "it is denied here",
        Because::Owner | Because::Conditional | Because::Unread => "this decides about it",
        Because::Exceeds(_) => "the link is granted here",
        Because::Ungranted(_) | Because::NotDecided | Because::WithoutAbi => "",
    };
    let lines = tested.decision.lines.iter().filter_map(|line| ruleset.line(*line));
    let places: BTreeSet<Place> = lines.flat_map(|line| line.from.iter().copied()).collect();
    places.into_iter().fold(finding, |finding, place| finding.also(place, word))
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let Some(wanted) = &arguments.code else {
        let width = all().map(|code| code.name.len()).max().unwrap_or(0);
        for code in all() {
            let severity = code.severity.name();
            console.out(&format!("{:width$}  {severity:7}  {}\n", code.name, code.summary()));
        }
        return Ok(Outcome::Fine);
    };
    match all().find(|code| code.name == wanted) {
        Some(code) => {
            console.out(&explain(code));
            Ok(Outcome::Fine)
        }
        None => Err(unknown(wanted)),
    }
}

/// A word that names no finding.
pub(super) fn unknown(wanted: &str) -> Failure {
    let failure = Failure::new(format!("there is no finding `{wanted}`"));
    match nearest(wanted, all().map(|code| code.name)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("`aapol codes` lists them"),
    }
}

fn explain(code: &Code) -> String {
    let mut out = format!("{} ({}): {}\n", code.name, code.severity.name(), code.summary());
    for paragraph in code.explanation().split("\n\n") {
        out.push_str(&format!("\n{}\n", wrap(paragraph)));
    }
    for (title, example) in [("Has it", code.bad()), ("Has it not", code.good())] {
        if !example.is_empty() {
            let lines: String =
                example.lines().map(|line| format!("    {line}\n").replace("    \n", "\n")).collect();
            out.push_str(&format!("\n{title}:\n\n{lines}"));
        }
    }
    if OWN.contains(&code) && code.severity != Severity::Error {
        out.push_str(&format!("\nTo accept it: `--silence {}`.\n", code.name));
    } else if code.severity != Severity::Error {
        out.push_str(&format!(
            "\nTo accept it: `silence = [\"{}\"]` in the policy, or `--silence {}`.\n",
            code.name, code.name
        ));
    }
    out
}

fn wrap(text: &str) -> String {
    const WIDTH: usize = 88;
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}
