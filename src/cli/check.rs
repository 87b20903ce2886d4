//! `aapol check`: all findings, with positions; writes nothing.

use super::console::Console;
use super::report::{self, Reported};
use super::{Failure, Findings, Outcome, input};
use crate::check::{self, Checked, Options};
use crate::policy::{self, Loaded};
use clap::Args;
use rayon::prelude::*;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders of them; `-` reads standard input
    #[arg(required = true, value_name = "POLICY")]
    policies: Vec<PathBuf>,
    #[command(flatten)]
    findings: Findings,
}

/// A policy that was read and judged.
pub(super) struct Judged {
    pub loaded: Loaded,
    pub checked: Option<Checked>,
}

impl Judged {
    pub(super) fn outcome(&self) -> Outcome {
        match (self.loaded.unreadable, self.loaded.findings.has_errors()) {
            (true, _) => Outcome::CouldNotRun,
            (false, true) => Outcome::Errors,
            (false, false) => Outcome::Fine,
        }
    }
}

pub(super) fn options(findings: &Findings) -> Result<Options, Failure> {
    for code in &findings.silence {
        let known = super::codes::all().find(|known| known.name == code);
        match known {
            None => {
                return Err(
                    Failure::new(format!("there is no finding `{code}`")).help("`aapol codes` lists them")
                );
            }
            Some(known) if !check::can_be_silenced(known) => {
                return Err(Failure::new(format!("`{code}` is an error, and errors cannot be silenced"))
                    .help("mend what it reports"));
            }
            Some(_) => {}
        }
    }
    Ok(Options { strict: findings.strict, silence: findings.silence.clone() })
}

/// Reads and judges one policy; none where a file in a folder is no policy.
pub(super) fn judge(input: &input::Input, options: &Options) -> Option<Judged> {
    let mut loaded = policy::load(&input.path, &input::read);
    if input.found && !loaded.looks_like_policy {
        return None;
    }
    let checked = match loaded.policy.take() {
        Some(policy) => check::check(&policy, options, &mut loaded.findings),
        None => {
            loaded.findings.sort();
            None
        }
    };
    Some(Judged { loaded, checked })
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let options = options(&arguments.findings)?;
    let inputs = input::inputs(&arguments.policies)?;
    let format = arguments.findings.format;
    let colour = report::colour(arguments.findings.colour, format, true);
    let names = super::render::Names::new(&inputs);
    let judged: Vec<(Outcome, Reported)> = inputs
        .par_iter()
        .filter_map(|input| {
            let mut judged = judge(input, &options)?;
            names.judge(input, &mut judged);
            let findings = &judged.loaded.findings;
            let reported = Reported::new(findings, &judged.loaded.sources, format, colour);
            Some((judged.outcome(), reported))
        })
        .collect();
    if judged.is_empty() {
        return Err(super::render::nothing_found(&arguments.policies));
    }
    let outcome = judged.iter().map(|(o, _)| *o).max().unwrap_or(Outcome::Fine);
    let count = judged.len();
    let reported = judged.into_iter().map(|(_, reported)| reported).collect();
    report::show(reported, format, true, console);
    if outcome == Outcome::Fine && format == super::Format::Human {
        let policies = if count == 1 { "1 policy".to_owned() } else { format!("{count} policies") };
        console.say(&format!("no errors in {policies}\n"));
    }
    Ok(outcome)
}
