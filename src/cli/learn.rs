//! `aapol learn`: what logs ask for beyond a policy, into the policy.

mod document;
mod interrupt;
mod logs;
mod told;

use super::console::Console;
use super::report::{self, Reported};
use super::target::IncludeFolder;
use super::walk::Inputs;
use super::{Colour, Failure, Format, Outcome, analyse, input, output, read};
use crate::analysis::{Analysis, Options};
use crate::ask::log;
use crate::ask::log::evidence::Evidence;
use crate::diag::shown::{self, one_line};
use crate::learn::{self, LearnError, Learned, Wish, Wishes};
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;
use std::path::PathBuf;
use told::Told;

/// How what was learned is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LearnFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy, or a folder of policies, each of which takes the lines about its own profile
    policy: PathBuf,
    /// Logs of the kernel, auditd, the journal or a container runtime, as text or JSON, gzip too [default: standard input]
    #[arg(value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// Edit the policies; without it the change is shown
    #[arg(long)]
    write: bool,
    /// Write nothing, and exit with 1 where the logs ask for more than the policies grant
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Learn what would be refused, such as `capability sys_ptrace` or `/etc/app/*`
    #[arg(long, value_name = "ACCESS")]
    accept: Vec<String>,
    /// Leave out what would be learned
    #[arg(long, value_name = "ACCESS")]
    reject: Vec<String>,
    /// Take names as they are, the numbers of processes apart
    #[arg(long)]
    exact: bool,
    /// How it is shown
    #[arg(long, value_enum, default_value_t = LearnFormat::Human)]
    format: LearnFormat,
    #[command(flatten)]
    include: IncludeFolder,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let wishes = wishes(arguments)?;
    let inputs = Inputs::new(std::slice::from_ref(&arguments.policy));
    let mut outcome = inputs.say(console);
    if arguments.write && inputs.all.iter().any(input::Input::is_stream) {
        return Err(Failure::new("a policy from standard input cannot be edited")
            .help("name its file, or leave out `--write`"));
    }
    let is_standard = |path: &PathBuf| read::is_standard_input(path);
    if is_standard(&arguments.policy) && (arguments.logs.is_empty() || arguments.logs.iter().any(is_standard))
    {
        return Err(Failure::new("standard input cannot be the policy and the log")
            .help("name the file of one of them"));
    }
    let policies: Vec<Analysis> =
        inputs.all.iter().filter_map(|input| analyse::analyse(input, &Options::default())).collect();
    if policies.is_empty() {
        return inputs.nothing_found(std::slice::from_ref(&arguments.policy));
    }
    let own = names(&policies)?;
    let meant = |profile: &str| own.iter().any(|name| log::is_of(profile, name));
    let logs = logs::read(&arguments.logs, &meant, console)?;
    let mut told = Told::new(&logs, arguments.format == LearnFormat::Json);
    for analysis in &policies {
        outcome = outcome.max(one(analysis, &logs.evidence, &wishes, arguments, &mut told, console)?);
    }
    told.show(console);
    if logs.is_cut {
        outcome = outcome.max(Outcome::Errors);
    }
    for wish in arguments.accept.iter().chain(&arguments.reject).filter(|wish| !told.used(wish.trim())) {
        console.say_line(format!(
            "note: `{}` is nothing that the logs ask for beyond the policies",
            one_line(wish.clone())
        ));
    }
    Ok(outcome)
}

/// The names of the policies, each of which takes the lines about it.
fn names(policies: &[Analysis]) -> Result<Vec<String>, Failure> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for analysis in policies {
        let Some(policy) = analysis.policy().filter(|policy| !policy.name.value.is_empty()) else { continue };
        let name = policy.name.value.clone();
        let file = file(analysis);
        if let Some(other) = names.insert(name.clone(), file.clone()) {
            let wrong =
                format!("`{other}` and `{file}` are both named `{name}`: the log does not tell them apart");
            return Err(Failure::new(wrong).help("name one of the files, or give one of them another name"));
        }
    }
    Ok(names.into_keys().collect())
}

fn file(analysis: &Analysis) -> String {
    analysis.sources.iter().next().map_or(String::new(), |source| shown::path(&source.path))
}

fn wishes(arguments: &Arguments) -> Result<Wishes, Failure> {
    let read = |texts: &[String], flag: &str| {
        let wish = |text: &String| {
            Wish::read(text)
                .map_err(|error| Failure::new(format!("{flag}: {}", error.wrong)).help(error.help))
        };
        texts.iter().map(wish).collect::<Result<Vec<Wish>, Failure>>()
    };
    if let Some(both) = arguments.accept.iter().find(|wish| arguments.reject.contains(wish)) {
        return Err(Failure::new(format!("`{both}` is both accepted and rejected"))
            .help("leave one of the flags out"));
    }
    Ok(Wishes {
        accept: read(&arguments.accept, "--accept")?,
        reject: read(&arguments.reject, "--reject")?,
        exact: arguments.exact,
    })
}

/// Learns for one policy, and writes it where that is asked for.
fn one(
    analysis: &Analysis,
    evidence: &Evidence,
    wishes: &Wishes,
    arguments: &Arguments,
    told: &mut Told<'_>,
    console: &mut Console,
) -> Result<Outcome, Failure> {
    let files = |name: &str| arguments.include.read(name);
    let name = file(analysis);
    let learned = match learn::learn(analysis, evidence, wishes, &files) {
        Ok(learned) => learned,
        Err(LearnError::Errors) => {
            let colour = report::colour(Colour::Auto, Format::Human, false);
            report::show(vec![Reported::new(analysis, Format::Human, colour)], Format::Human, false, console);
            if !analysis.unreadable {
                let failure = Failure::new(format!("nothing is learned for `{name}`: it has errors"));
                console.fail(&failure.help("fix what `aapol check` reports first"));
            }
            return Ok(Outcome::CouldNotRun);
        }
        Err(LearnError::NotProven(why)) => {
            return Err(Failure::new(format!("nothing is learned for `{name}`: {why}")).help(
                "leave out what it is about with `--reject`, or take names as they are with `--exact`",
            ));
        }
    };
    let mut outcome = match (learned.refused.is_empty(), arguments.check && !learned.entries.is_empty()) {
        (true, false) => Outcome::Fine,
        (false, _) | (_, true) => Outcome::Errors,
    };
    if arguments.write {
        outcome = outcome.max(write(analysis, &learned, console)?);
    }
    told.add(analysis, &learned, arguments.write);
    Ok(outcome)
}

/// Puts the edited text in the place of the file, if that is what it was.
fn write(analysis: &Analysis, learned: &Learned, console: &mut Console) -> Result<Outcome, Failure> {
    let (Some(source), Some(edit)) = (analysis.sources.iter().next(), &learned.edit) else {
        return Ok(Outcome::Fine);
    };
    output::replace(&source.path, &source.text, &edit.apply(&source.text))?;
    console.say_line(format!("wrote {}", shown::path(&source.path)));
    Ok(Outcome::Fine)
}
