//! `aapol test`: every line of `[expect]`, held against what the policy's profile decides.

mod results;

use super::codes;
use super::console::Console;
use super::report::{self, Reported};
use super::target::Included;
use super::walk::Inputs;
use super::{Failure, Findings, Format, Outcome, analyse};
use crate::analysis::{Analysis, Options};
use crate::ask::expect::{self, Tested};
use crate::ask::{Ruleset, words};
use crate::diag::{self, Severity, Sources, shown};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use results::{Case, Suite};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders of them, with all below; `-` reads standard input [default: this folder]
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// Print every expectation in a form that CI reads, in place of findings
    #[arg(long, value_enum)]
    report: Option<Report>,
    /// Name the entries that no expectation touches
    #[arg(long)]
    coverage: bool,
    #[command(flatten)]
    included: Included,
    #[command(flatten)]
    findings: Findings,
}

/// A form of results that CI reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Report {
    /// Test Anything Protocol, version 14
    Tap,
    /// JUnit's XML
    Junit,
}

/// What became of one policy.
struct Done {
    outcome: Outcome,
    reported: Reported,
    suite: Suite,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    // Strictness is about expectations here: other doubts are the matter of `check`.
    let options = Options { strict: false, ..analyse::options(&arguments.findings)? };
    let inputs = Inputs::new(&arguments.policies);
    let unread = inputs.say(console);
    let format = arguments.findings.format;
    let to_stdout = arguments.report.is_none();
    let colour = report::colour(arguments.findings.colour, format, to_stdout);
    let done: Vec<Done> = inputs
        .all
        .par_iter()
        .filter_map(|input| {
            let analysis = analyse::analyse(input, &options)?;
            Some(one(analysis, &shown::path(&input.path), arguments, colour))
        })
        .collect();
    if done.is_empty() {
        return inputs.nothing_found(&arguments.policies);
    }
    let outcome = done.iter().map(|one| one.outcome).max().unwrap_or(Outcome::Fine).max(unread);
    let (reported, suites): (Vec<Reported>, Vec<Suite>) =
        done.into_iter().map(|one| (one.reported, one.suite)).unzip();
    report::show(reported, format, to_stdout, console);
    match arguments.report {
        Some(Report::Tap) => console.out(&results::tap(&suites)),
        Some(Report::Junit) => console.out(&results::junit(&suites)),
        None if format == Format::Human => console.say(&results::summary(&suites)),
        None => {}
    }
    Ok(outcome)
}

/// A policy that has errors is not asked; of others only what came out otherwise is shown.
fn one(mut analysis: Analysis, name: &str, arguments: &Arguments, colour: bool) -> Done {
    let ruleset = analysis.ruleset(&|name: &str| arguments.included.read(name));
    let mut suite = Suite { name: name.to_owned(), cases: Vec::new(), has_errors: ruleset.is_none() };
    if let Some(ruleset) = ruleset {
        let mut findings = std::mem::take(&mut analysis.findings);
        findings.retain(|finding| finding.severity == Severity::Error);
        let tested = expect::ask(analysis.expectations(), &ruleset);
        codes::of_test(&tested, &ruleset, arguments.coverage, &mut findings);
        let silence = &arguments.findings.silence;
        findings.retain(|finding| !silence.iter().any(|code| code == finding.code.name));
        if arguments.findings.strict {
            findings.make_strict();
        }
        findings.sort();
        let strict = arguments.findings.strict;
        suite.cases = tested.iter().map(|one| case(one, &ruleset, &analysis.sources, strict)).collect();
        analysis.findings = findings;
    }
    let format = arguments.findings.format;
    let reported = Reported::new(&analysis, format, colour);
    Done { outcome: Outcome::from(&analysis), reported, suite }
}

fn case(tested: &Tested<'_>, ruleset: &Ruleset, sources: &Sources, strict: bool) -> Case {
    let wanted = if tested.expectation.allowed { "allow" } else { "deny" };
    Case {
        name: diag::one_line(format!("{wanted} {}", tested.expectation.text)),
        place: sources.line(tested.expectation.place),
        reason: diag::one_line(words::reason(&tested.decision, ruleset)),
        outcome: if strict && tested.outcome == expect::Outcome::Undecided {
            expect::Outcome::Unmet
        } else {
            tested.outcome
        },
    }
}
