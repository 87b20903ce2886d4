//! `aapol check`: all findings, with positions; writes nothing.

use super::console::Console;
use super::names::Names;
use super::report::{self, Reported};
use super::walk::Inputs;
use super::{Failure, Findings, Outcome, analyse, input};
use clap::Args;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders of them, with all below; `-` reads standard input [default: this folder]
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    #[command(flatten)]
    findings: Findings,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let options = analyse::options(&arguments.findings)?;
    let inputs = Inputs::new(&arguments.policies);
    let unread = inputs.say(console);
    let format = arguments.findings.format;
    let colour = report::colour(arguments.findings.colour, format, true);
    // Where `render` would write.
    let beside = |input: &input::Input| input.path.parent().map(Path::to_owned);
    let names = Names::new(&inputs.all, &beside);
    let done: Vec<(Outcome, Reported)> = inputs
        .all
        .par_iter()
        .filter_map(|input| {
            let mut analysis = analyse::analyse(input, &options)?;
            names.judge(input, &beside, &options, &mut analysis);
            let reported = Reported::new(&analysis, format, colour);
            Some((Outcome::from(&analysis), reported))
        })
        .collect();
    if done.is_empty() {
        return inputs.nothing_found(&arguments.policies);
    }
    let outcome = done.iter().map(|(o, _)| *o).max().unwrap_or(Outcome::Fine).max(unread);
    let count = done.len();
    let reported = done.into_iter().map(|(_, reported)| reported).collect();
    report::show(reported, format, true, console);
    if outcome == Outcome::Fine && format == super::Format::Human {
        let policies = if count == 1 { "1 policy".to_owned() } else { format!("{count} policies") };
        console.say(&format!("no errors in {policies}\n"));
    }
    Ok(outcome)
}
