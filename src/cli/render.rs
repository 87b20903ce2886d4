//! `aapol render`: writes the profile and the manifest.

use super::console::Console;
use super::input::{self, Input};
use super::judge::{self, Judged};
use super::names::Names;
use super::output::{self, Written};
use super::report::{self, Reported};
use super::{Failure, Findings, Format, Outcome, templates, verify};
use crate::check::Options;
use crate::diag::shown;
use crate::plan::Plan;
use crate::render::{self, Rendered, Templates};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders of them; `-` reads standard input
    #[arg(required = true, value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// The folder to write into, made if it is missing [default: beside each policy]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Print instead of writing files
    #[arg(long, conflicts_with_all = ["out_dir", "check"])]
    stdout: bool,
    /// Only one of the two files
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Write nothing; show where files on disk differ, and exit with 1 if any does
    #[arg(long)]
    check: bool,
    /// A folder with templates to use in place of the built-in ones of the same names
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Let `apparmor_parser` compile each profile before anything is written
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    findings: Findings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    Profile,
    Pod,
}

/// What became of one policy.
struct Done {
    outcome: Outcome,
    reported: Reported,
    written: Vec<(PathBuf, Written)>,
    /// For standard output: what was asked for, or where files differ.
    text: Vec<String>,
    failure: Option<Failure>,
    is_abstract: Option<String>,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let job = Job {
        arguments,
        options: judge::options(&arguments.findings)?,
        templates: templates::load(arguments.templates.as_deref())?,
        verifier: arguments.verify.then(verify::Verifier::find).transpose()?,
        colour: report::colour(arguments.findings.colour, arguments.findings.format, false),
    };
    let inputs = input::inputs(&arguments.policies)?;
    if let (Some(folder), false) = (&arguments.out_dir, arguments.check) {
        output::make_folder(folder)?;
    }
    let names = Names::new(&inputs, &|input| job.folder(input));
    let bar = progress(inputs.len());
    let done: Vec<Done> = inputs
        .par_iter()
        .filter_map(|input| {
            let done = job.render(input, &names);
            bar.inc(1);
            done
        })
        .collect();
    bar.finish_and_clear();
    if done.is_empty() {
        return Err(judge::nothing_found(&arguments.policies));
    }
    Ok(conclude(arguments, done, console))
}

struct Job<'a> {
    arguments: &'a Arguments,
    options: Options,
    templates: Templates,
    verifier: Option<verify::Verifier>,
    colour: bool,
}

impl Job<'_> {
    fn render(&self, input: &Input, names: &Names) -> Option<Done> {
        let mut judged = judge::judge(input, &self.options)?;
        names.judge(input, &|input| self.folder(input), &self.options, &mut judged);
        let mut done = Done {
            outcome: Outcome::Fine,
            reported: Reported::default(),
            written: Vec::new(),
            text: Vec::new(),
            failure: None,
            is_abstract: None,
        };
        if !judged.loaded.findings.has_errors()
            && let Err(failure) = self.write(input, &mut judged, &mut done)
        {
            done.failure = Some(failure);
        }
        done.outcome = match (&done.failure, done.outcome) {
            (Some(_), _) => Outcome::CouldNotRun,
            (None, outcome) => outcome.max(judged.outcome()),
        };
        let (findings, sources) = (&judged.loaded.findings, &judged.loaded.sources);
        done.reported = Reported::new(findings, sources, self.arguments.findings.format, self.colour);
        Some(done)
    }

    fn write(&self, input: &Input, judged: &mut Judged, done: &mut Done) -> Result<(), Failure> {
        let Some(checked) = &judged.checked else {
            return Ok(());
        };
        let name = checked.name.value.clone();
        if checked.is_abstract {
            done.is_abstract = Some(name);
            return Ok(());
        }
        let plan = Plan::lower(checked);
        let rendered = render::render(&self.templates, &plan)
            .map_err(|error| templates::failure(self.arguments.templates.as_deref(), &error))?;
        if let Some(verifier) = &self.verifier
            && let Some(finding) = verifier.judge(&rendered.profile, plan.profile(), checked.name.place)?
        {
            judged.loaded.findings.add(finding);
            return Ok(());
        }
        let files = self.files(&name, &rendered);
        if self.arguments.stdout {
            done.text = files.into_iter().map(|(_, text)| text.to_owned()).collect();
            return Ok(());
        }
        let Some(folder) = self.folder(input) else {
            return Ok(());
        };
        if self.arguments.check {
            done.text =
                files.iter().filter_map(|(name, text)| difference(&folder.join(name), text)).collect();
            if !done.text.is_empty() {
                done.outcome = Outcome::Errors;
            }
            return Ok(());
        }
        done.written = output::write(&folder, &files)?;
        Ok(())
    }

    /// Where a policy's files belong; nowhere where they are printed.
    fn folder(&self, input: &Input) -> Option<PathBuf> {
        let beside = input.path.parent().unwrap_or(Path::new(""));
        let folder = self.arguments.out_dir.as_deref().unwrap_or(beside);
        (!self.arguments.stdout).then(|| folder.to_owned())
    }

    fn files<'r>(&self, name: &str, rendered: &'r Rendered) -> Vec<(String, &'r str)> {
        let profile = (format!("{name}.apparmor"), rendered.profile.as_str());
        let pod = (format!("{name}.pod.yaml"), rendered.pod.as_str());
        match self.arguments.only {
            Some(Only::Profile) => vec![profile],
            Some(Only::Pod) => vec![pod],
            None => vec![profile, pod],
        }
    }
}

/// How the file on disk differs from what would be written.
fn difference(path: &Path, new: &str) -> Option<String> {
    let shown = shown::path(path);
    let (old, header) = match std::fs::read(path) {
        Ok(bytes) if bytes == new.as_bytes() => return None,
        Ok(bytes) => (String::from_utf8_lossy(&bytes).into_owned(), shown.clone()),
        Err(_) => (String::new(), "/dev/null".to_owned()),
    };
    let diff = similar::TextDiff::from_lines(old.as_str(), new);
    Some(diff.unified_diff().context_radius(3).header(&header, &shown).to_string())
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

fn conclude(arguments: &Arguments, done: Vec<Done>, console: &mut Console) -> Outcome {
    let outcome = done.iter().map(|d| d.outcome).max().unwrap_or(Outcome::Fine);
    for (index, text) in done.iter().flat_map(|d| &d.text).enumerate() {
        // Several manifests in one stream are documents of their own.
        if arguments.stdout && index > 0 && arguments.only == Some(Only::Pod) {
            console.out("---\n");
        } else if arguments.stdout && index > 0 {
            console.out("\n");
        }
        // A file is itself; what differs on disk may be anything.
        if arguments.stdout {
            console.out_exactly(text);
        } else {
            console.out(text);
        }
    }
    let failed: Vec<&Failure> = done.iter().filter_map(|d| d.failure.as_ref()).collect();
    let what = saying(arguments, &done);
    for (index, failure) in failed.iter().enumerate() {
        // The same full disk need not be told for each file.
        if index < 5 {
            console.fail(failure);
        }
    }
    let format = arguments.findings.format;
    let reported = done.into_iter().map(|d| d.reported).collect();
    report::show(reported, format, false, console);
    if format == Format::Human {
        console.say(&what);
    }
    outcome
}

/// What was written, in words: a line a file, or one line for many.
fn saying(arguments: &Arguments, done: &[Done]) -> String {
    const MANY: usize = 20;
    let mut said = String::new();
    let mut line = |text: String| {
        // Writing to a String cannot fail.
        writeln!(said, "{text}").unwrap_or(());
    };
    let written: Vec<&(PathBuf, Written)> = done.iter().flat_map(|d| &d.written).collect();
    let count = |which: Written| written.iter().filter(|(_, w)| *w == which).count();
    if written.len() > MANY {
        line(format!(
            "{} files: {} new, {} changed, {} unchanged",
            written.len(),
            count(Written::New),
            count(Written::Changed),
            count(Written::Unchanged)
        ));
    } else {
        for (path, which) in written {
            let verb = match which {
                Written::New => "wrote",
                Written::Changed => "rewrote",
                Written::Unchanged => "unchanged:",
            };
            line(format!("{verb} {}", shown::path(path)));
        }
    }
    for name in done.iter().filter_map(|d| d.is_abstract.as_ref()) {
        line(format!("`{name}` is abstract: nothing is rendered for it"));
    }
    let broken = done.iter().filter(|d| d.reported.has_errors()).count();
    if broken > 0 {
        let policies = if broken == 1 { "1 policy".to_owned() } else { format!("{broken} policies") };
        line(format!("nothing was written for {policies} with errors"));
    }
    if arguments.check {
        let differing = done.iter().map(|d| d.text.len()).sum::<usize>();
        match differing {
            0 => {}
            1 => line("1 file differs from what its policy renders to".to_owned()),
            many => line(format!("{many} files differ from what their policies render to")),
        }
    }
    said
}
