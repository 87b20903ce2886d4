//! `aapol import`: the policies that people have already, as policies of ours, with what became of each.

mod inputs;
mod told;

use super::console::Console;
use super::output::Written;
use super::target::IncludeFolder;
use super::verify::Verifier;
use super::{Failure, Outcome, output, progress};
use crate::diag::shown::{self, one_line};
use crate::foreign::Tool;
use crate::import::{self, Imported, Standing};
use clap::{Args, ValueEnum};
use inputs::{Found, Untaken};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    /// The text of AppArmor profiles, whoever wrote it
    Profile,
    /// A configuration of bane
    Bane,
    /// A manifest of aa-easyprof
    Easyprof,
    /// Objects of the security-profiles-operator, and ConfigMaps with profiles
    Spo,
    /// Policies of KubeArmor
    Kubearmor,
}

impl From {
    fn tool(self) -> Tool {
        match self {
            From::Profile => Tool::Profile,
            From::Bane => Tool::Bane,
            From::Easyprof => Tool::Easyprof,
            From::Spo | From::Kubearmor => Tool::Kubernetes,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Profiles, files of other tools, manifests with profiles in them, or folders of these; `-` is standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// What the inputs are [default: by what stands in them]
    #[arg(long, value_enum, value_name = "KIND")]
    from: Option<From>,
    /// Keep each rule as it is that no key means exactly
    #[arg(long)]
    exact: bool,
    /// The one profile that is meant
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The folder for the policies, one file each [default: one policy, to standard output]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Exit with 0 although a policy allows more than its original, or is not proved
    #[arg(long)]
    allow_widening: bool,
    /// Do not ask `apparmor_parser` whether it takes the originals, such as rules that are newer than it is
    #[arg(long)]
    without_parser: bool,
    #[command(flatten)]
    include: IncludeFolder,
}

/// More failures than this tell nothing new.
const MOST_FAILURES: usize = 50;

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let tool = arguments.from.map(From::tool);
    let found = inputs::read(&arguments.inputs, tool, &arguments.include, console)?;
    let found: Vec<Result<Found, Untaken>> = match &arguments.profile {
        Some(name) => inputs::named(found, name)?,
        None => found,
    };
    let verifier = if arguments.without_parser { None } else { Verifier::find().ok() };
    if verifier.is_none() && !arguments.without_parser {
        console.say_line(
            "note: `apparmor_parser` is not installed, so nobody has said that it takes the originals"
                .to_owned(),
        );
    }
    let files = |name: &str| arguments.include.read(name);
    let progress = progress::counter("{pos} of {len} profiles");
    progress.set_length(found.len() as u64);
    let made: Vec<Result<(Found, Imported), Untaken>> = found
        .into_par_iter()
        .map(|found| {
            progress.inc(1);
            let found = found?;
            if let Some(untaken) = verifier.as_ref().and_then(|verifier| inputs::refused(&found, verifier)) {
                return Err(untaken);
            }
            match import::import(&found.original, &found.described(), arguments.exact, &files) {
                Ok(imported) => Ok((found, imported)),
                Err(refused) => Err(found.untaken(refused)),
            }
        })
        .collect();
    progress.finish_and_clear();
    let mut outcome = Outcome::Fine;
    let mut policies = Vec::new();
    let mut failures = 0;
    for one in made {
        match one {
            Ok((found, imported)) => {
                told::tell(&found, &imported, console);
                let is_wider = imported.report.standing >= Standing::Wider;
                if is_wider && !arguments.allow_widening {
                    outcome = outcome.max(Outcome::Errors);
                }
                policies.push(imported);
            }
            Err(untaken) => {
                if failures < MOST_FAILURES {
                    console.fail(&untaken.failure());
                }
                failures += 1;
                outcome = Outcome::CouldNotRun;
            }
        }
    }
    if failures > MOST_FAILURES {
        console.say_line(format!("and {} more that no policy can be made of", failures - MOST_FAILURES));
    }
    outcome = outcome.max(write(&policies, arguments, console)?);
    told::sum(&policies, failures, console);
    if outcome == Outcome::Errors {
        console.say_line(
            "exit code 1: a policy allows more than its original, or is not proved; `--exact` keeps rules as they are, `--allow-widening` takes it"
                .to_owned(),
        );
    }
    Ok(outcome)
}

/// Prints one policy, or writes each into the folder; never over a file that somebody may have worked on.
fn write(policies: &[Imported], arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for policy in policies {
        *names.entry(&policy.name).or_default() += 1;
    }
    if let Some((name, number)) = names.into_iter().find(|(_, number)| *number > 1) {
        return Err(Failure::new(format!(
            "{number} of the policies would be named `{}`",
            one_line(name.to_owned())
        ))
        .help("give the profiles names of their own, or choose one with `--profile`"));
    }
    let Some(folder) = &arguments.out_dir else {
        return match policies {
            [] => Ok(Outcome::Fine),
            [only] => {
                console.out_exactly(&only.text);
                Ok(Outcome::Fine)
            }
            several => {
                let names: Vec<String> =
                    several.iter().take(6).map(|one| format!("`{}`", one.name)).collect();
                let more = if several.len() > 6 { ", …" } else { "" };
                Err(Failure::new(format!(
                    "these are {} policies, and standard output takes one",
                    several.len()
                ))
                .help(format!(
                    "name a folder with `--out-dir`, or one of them with `--profile`: {}{more}",
                    names.join(", ")
                )))
            }
        };
    };
    if policies.is_empty() {
        return Ok(Outcome::Fine);
    }
    output::make_folder(folder)?;
    let mut outcome = Outcome::Fine;
    for policy in policies {
        match output::create(folder, &format!("{}.toml", policy.name), &policy.text) {
            Ok((path, written)) => {
                let verb = if written == Written::Unchanged { "unchanged:" } else { "wrote" };
                console.say_line(format!("{verb} {}", shown::path(&path)));
            }
            Err(failure) => {
                console.fail(&failure);
                outcome = Outcome::CouldNotRun;
            }
        }
    }
    Ok(outcome)
}
