//! `aapol render`: writes the profile, the manifest, and what further templates lay out.

mod saying;

use super::analyse;
use super::console::Console;
use super::input::{Input, Origin};
use super::names::Names;
use super::output::{self, Output, Written};
use super::read::{self, ReadFailure};
use super::report::{self, Reported};
use super::stale::{self, Known};
use super::walk::Inputs;
use super::{Failure, Findings, Outcome, templates, verify};
use crate::analysis::{Analysis, Options};
use crate::diag::shown;
use crate::render::{Artefact, ArtefactKind, Templates};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders of them, with all below; `-` reads standard input [default: this folder]
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// The folder to write into, made if it is missing, with the folders below a named one kept apart [default: beside
    /// each policy; what comes by standard input or a pipe is printed]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Print instead of writing files
    #[arg(long, conflicts_with_all = ["out_dir", "check"])]
    stdout: bool,
    /// Only the files of one kind
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    only: Option<ArtefactKind>,
    /// Write nothing; show where files on disk differ, or are rendered and no policy's any more, and exit with 1 if any is
    #[arg(long)]
    check: bool,
    /// A folder with templates to use in place of the built-in ones of the same names; from `NAME.tera` in it, `POLICY.NAME`
    /// is rendered as well
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Let `apparmor_parser` compile each profile before anything is written
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    findings: Findings,
}

/// The words of `--only`.
fn kinds() -> impl TypedValueParser<Value = ArtefactKind> {
    let words = ArtefactKind::ALL.map(|kind| PossibleValue::new(kind.word()).help(kind.meaning()));
    let kind = |word: String| ArtefactKind::ALL.into_iter().find(|kind| kind.word() == word);
    PossibleValuesParser::new(words).try_map(move |word| kind(word).ok_or("it is no kind"))
}

/// What became of one policy.
struct Done {
    outcome: Outcome,
    reported: Reported,
    written: Vec<(PathBuf, Written)>,
    /// For standard output.
    printed: Vec<Artefact>,
    /// Where files on disk differ.
    differences: Vec<String>,
    failure: Option<Failure>,
    is_abstract: Option<String>,
    /// None where nothing is written.
    known: Option<Known>,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let options = analyse::options(&arguments.findings)?;
    let templates = templates::load(arguments.templates.as_deref())?;
    let verifier = arguments.verify.then(verify::Verifier::find).transpose()?;
    let inputs = Inputs::new(&arguments.policies);
    let unread = inputs.say(console);
    let places = Places { out_dir: arguments.out_dir.as_deref(), stdout: arguments.stdout };
    let folders = inputs.all.iter().filter_map(|input| places.folder(input)).collect();
    let output = match arguments.out_dir.as_deref() {
        _ if arguments.check || arguments.stdout => Output::Beside,
        Some(folder) => Output::into(folder, &folders)?,
        None => Output::beside(&folders),
    };
    let job = Job {
        arguments,
        options,
        templates,
        verifier,
        output,
        places,
        colour: report::colour(arguments.findings.colour, arguments.findings.format, false),
    };
    let names = Names::new(&inputs.all, &|input| job.places.folder(input));
    let bar = progress(inputs.all.len());
    let mut done: Vec<Done> = inputs
        .all
        .par_iter()
        .filter_map(|input| {
            let done = if job.templates.are_stopped() { None } else { job.render(input, &names) };
            bar.inc(1);
            done
        })
        .collect();
    bar.finish_and_clear();
    if done.is_empty() {
        return inputs.nothing_found(&arguments.policies);
    }
    let is_stopped = job.templates.are_stopped();
    let mut failure = (is_stopped && done.len() < inputs.all.len())
        .then(|| Failure::new("nothing more was rendered after the template was stopped"));
    // A new folder appears whole, or not at all.
    if job.output.is_whole() && done.iter().any(|done| done.failure.is_some()) {
        if done.iter().any(|done| !done.written.is_empty()) {
            failure =
                Some(Failure::new("the folder was not made, since not all of its files could be written"));
        }
        done.iter_mut().for_each(|done| done.written.clear());
    } else if let Err(finished) = job.output.finish() {
        failure = Some(finished);
        done.iter_mut().for_each(|done| done.written.clear());
    }
    let is_complete = unread == Outcome::Fine && !is_stopped;
    let stale = if is_complete { stale(arguments, &job.templates, &inputs, &done) } else { Vec::new() };
    let outcome = saying::conclude(arguments, done, &stale, console);
    Ok(match failure {
        None => outcome.max(unread),
        Some(failure) => {
            console.fail(&failure);
            Outcome::CouldNotRun
        }
    })
}

/// Rendered files that no policy of the run renders, where the run shows that.
fn stale(arguments: &Arguments, templates: &Templates, inputs: &Inputs, done: &[Done]) -> Vec<PathBuf> {
    let suffixes = templates.suffixes();
    let known: Vec<Known> = done.iter().filter_map(|done| done.known.clone()).collect();
    match &arguments.out_dir {
        _ if arguments.stdout => Vec::new(),
        None => stale::beside(&known, &suffixes),
        // Others may have been rendered here from elsewhere.
        Some(_) if !inputs.all.iter().all(Input::is_found) => Vec::new(),
        Some(folder) => stale::into(folder, &known, &suffixes),
    }
}

/// Where files belong.
struct Places<'a> {
    out_dir: Option<&'a Path>,
    stdout: bool,
}

impl Places<'_> {
    /// Where a policy's files belong; nowhere where they are printed.
    fn folder(&self, input: &Input) -> Option<PathBuf> {
        if self.stdout {
            return None;
        }
        match (self.out_dir, &input.origin) {
            (Some(folder), Origin::Found { below }) if !below.as_os_str().is_empty() => {
                Some(folder.join(below))
            }
            (Some(folder), _) => Some(folder.to_owned()),
            (None, Origin::Stream) => None,
            (None, Origin::Named | Origin::Found { .. }) => {
                Some(input.path.parent().unwrap_or(Path::new("")).to_owned())
            }
        }
    }
}

struct Job<'a> {
    arguments: &'a Arguments,
    options: Options,
    templates: Templates,
    verifier: Option<verify::Verifier>,
    output: Output,
    places: Places<'a>,
    colour: bool,
}

impl Job<'_> {
    fn render(&self, input: &Input, names: &Names) -> Option<Done> {
        let mut analysis = analyse::analyse(input, &self.options)?;
        names.judge(input, &|input| self.places.folder(input), &self.options, &mut analysis);
        let mut done = Done {
            outcome: Outcome::Fine,
            reported: Reported::default(),
            written: Vec::new(),
            printed: Vec::new(),
            differences: Vec::new(),
            failure: None,
            is_abstract: None,
            known: self.places.folder(input).map(|folder| Known {
                path: input.path.clone(),
                name: analysis.policy().map(|policy| policy.name.value.clone()),
                folder,
            }),
        };
        if !analysis.findings.has_errors()
            && let Err(failure) = self.write(input, &mut analysis, &mut done)
        {
            done.failure = Some(failure);
        }
        done.outcome = match (&done.failure, done.outcome) {
            (Some(_), _) => Outcome::CouldNotRun,
            (None, outcome) => outcome.max(Outcome::from(&analysis)),
        };
        let format = self.arguments.findings.format;
        done.reported = Reported::new(&analysis, format, self.colour);
        Some(done)
    }

    fn write(&self, input: &Input, analysis: &mut Analysis, done: &mut Done) -> Result<(), Failure> {
        let (Some(policy), Some(plan)) = (analysis.policy(), analysis.plan()) else {
            return Ok(());
        };
        let name = policy.name.clone();
        if analysis.is_abstract() {
            done.is_abstract = Some(name.value);
            return Ok(());
        }
        let Some(artefacts) = analysis.artefacts(&self.templates) else {
            return Ok(());
        };
        let mut artefacts =
            artefacts.map_err(|error| templates::failure(self.arguments.templates.as_deref(), &error))?;
        for artefact in artefacts.iter().filter(|artefact| artefact.kind == ArtefactKind::Profile) {
            if let Some(verifier) = &self.verifier
                && let Some(finding) = verifier.judge(&artefact.text, plan.profile(), name.place)?
            {
                analysis.findings.add(finding);
                return Ok(());
            }
        }
        artefacts.retain(|artefact| self.arguments.only.is_none_or(|only| artefact.kind == only));
        let Some(folder) = self.places.folder(input) else {
            if self.arguments.check {
                return Err(Failure::new(
                    "`--check` compares with files, and what comes by a pipe is printed",
                )
                .help("say with `--out-dir` in which folder its files lie"));
            }
            done.printed = artefacts;
            return Ok(());
        };
        if self.arguments.check {
            for artefact in &artefacts {
                done.differences.extend(difference(&folder.join(&artefact.name), &artefact.text)?);
            }
            if !done.differences.is_empty() {
                done.outcome = Outcome::Errors;
            }
            return Ok(());
        }
        let files: Vec<(&str, &str)> =
            artefacts.iter().map(|artefact| (artefact.name.as_str(), artefact.text.as_str())).collect();
        done.written = self.output.write(&folder, &files)?;
        Ok(())
    }
}

/// How the file on disk differs from what would be written.
fn difference(path: &Path, new: &str) -> Result<Option<String>, Failure> {
    let shown = shown::path(path);
    let (old, header) = match read::ordinary(path, output::LARGEST) {
        Ok(bytes) if bytes == new.as_bytes() => return Ok(None),
        Ok(bytes) => (String::from_utf8_lossy(&bytes).into_owned(), shown.clone()),
        Err(ReadFailure::Missing) => (String::new(), "/dev/null".to_owned()),
        Err(unread) => return Err(Failure::new(format!("cannot compare with `{shown}`: it {unread}"))),
    };
    let diff = similar::TextDiff::from_lines(old.as_str(), new);
    Ok(Some(diff.unified_diff().context_radius(3).header(&header, &shown).to_string()))
}

/// A bar for long runs on a terminal; nothing elsewhere.
fn progress(count: usize) -> ProgressBar {
    const MANY: usize = 100;
    if count < MANY {
        return ProgressBar::hidden();
    }
    // It draws on standard error, and only where that is a terminal.
    let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::stderr_with_hz(10));
    match ProgressStyle::with_template("{bar:40} {pos}/{len} policies") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
