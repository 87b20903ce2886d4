//! What a run of `render` says: what it wrote, what failed, what is stale.

use super::{Arguments, Done};
use crate::cli::console::Console;
use crate::cli::output::Written;
use crate::cli::report;
use crate::cli::{Failure, Format, Outcome};
use crate::diag::shown;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Shows and says it all.
pub(super) fn conclude(
    arguments: &Arguments,
    done: Vec<Done>,
    stale: &[PathBuf],
    console: &mut Console,
) -> Outcome {
    let mut outcome = done.iter().map(|d| d.outcome).max().unwrap_or(Outcome::Fine);
    if arguments.check && !stale.is_empty() {
        outcome = outcome.max(Outcome::Errors);
    }
    let mut before = None;
    for artefact in done.iter().flat_map(|d| &d.printed) {
        match before.replace(artefact.kind) {
            None => {}
            Some(kind) if kind == artefact.kind => console.out(kind.separator()),
            Some(_) => console.out("\n"),
        }
        // A file is itself; what differs on disk may be anything.
        console.out_exactly(&artefact.text);
    }
    for difference in done.iter().flat_map(|d| &d.differences) {
        console.out(difference);
    }
    let failed: Vec<&Failure> = done.iter().filter_map(|d| d.failure.as_ref()).collect();
    let what = saying(arguments, &done);
    // The same full disk need not be told for each file.
    const MOST: usize = 5;
    for failure in failed.iter().take(MOST) {
        console.fail(failure);
    }
    if failed.len() > MOST {
        console.fail(&Failure::new(format!(
            "{} of {} policies could not be rendered",
            failed.len(),
            done.len()
        )));
    }
    let format = arguments.findings.format;
    let reported = done.into_iter().map(|d| d.reported).collect();
    report::show(reported, format, false, console);
    if format == Format::Human {
        console.say(&what);
    }
    tell_stale(arguments, stale, console);
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
        let differing = done.iter().map(|d| d.differences.len()).sum::<usize>();
        match differing {
            0 => {}
            1 => line("1 file differs from what its policy renders to".to_owned()),
            many => line(format!("{many} files differ from what their policies render to")),
        }
    }
    said
}

/// Files of older names: they are the user's to remove.
fn tell_stale(arguments: &Arguments, stale: &[PathBuf], console: &mut Console) {
    const MOST: usize = 10;
    let mut lines: Vec<String> = stale
        .iter()
        .take(MOST)
        .map(|path| {
            format!(
                "stale: `{}` was rendered earlier, and no policy here renders it any more",
                shown::path(path)
            )
        })
        .collect();
    if stale.len() > MOST {
        lines.push(format!("stale: {} more files", stale.len() - MOST));
    }
    for line in lines {
        // It is what `--check` was asked for.
        if arguments.check { console.out_line(line) } else { console.say_line(line) }
    }
}
