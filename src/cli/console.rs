//! Where text goes: standard output for what was asked for, standard error for what is said about it.
//!
//! Output that is lost is told once, when the run ends, and the run has failed then. A reader that has gone away is no
//! fault of ours: the rest is not written, and nothing is said.

use super::output::reason;
use super::{Colour, Failure, Outcome};
use crate::diag::{one_line, shown};
use std::io::{self, IsTerminal as _, Write as _};

/// The two streams.
#[derive(Debug)]
pub(super) struct Console {
    output: Output,
}

#[derive(Debug)]
enum Output {
    Open,
    /// Its reader has what it wanted.
    Closed,
    /// What was written did not arrive.
    Lost(io::Error),
}

impl Console {
    pub(super) fn new() -> Console {
        Console { output: Output::Open }
    }

    /// What was asked for, byte by byte: a file's content, or what has shown everything as it should already.
    pub(super) fn out_exactly(&mut self, text: &str) {
        if matches!(self.output, Output::Open) {
            let mut stdout = io::stdout().lock();
            let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
            drop(stdout);
            self.wrote(written);
        }
    }

    /// Takes note of what became of something that another one wrote to standard output.
    pub(super) fn wrote(&mut self, written: io::Result<()>) {
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.output = Output::Closed,
            Err(error) => self.output = Output::Lost(error),
        }
    }

    /// What the command line itself is answered with: help and the version are what was asked for.
    pub(super) fn explained(&mut self, answer: &clap::Error) -> Outcome {
        let written = answer.print();
        if answer.use_stderr() {
            return Outcome::CouldNotRun;
        }
        self.wrote(written.and_then(|()| io::stdout().flush()));
        Outcome::Fine
    }

    /// The end of a run: how it ended, when all that it wrote has arrived.
    pub(super) fn finish(mut self, outcome: Outcome) -> Outcome {
        let Output::Lost(error) = std::mem::replace(&mut self.output, Output::Closed) else {
            return outcome;
        };
        self.fail(&Failure::new(format!("cannot write to standard output: {}", reason(&error))));
        Outcome::CouldNotRun
    }

    /// What is said about it, by one who has shown everything as it should already.
    pub(super) fn say_exactly(&mut self, text: &str) {
        // Nobody is left to tell when this fails.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Lines of what was asked for: what they quote cannot steer a terminal.
    pub(super) fn out(&mut self, text: &str) {
        self.out_exactly(&shown::lines(text.to_owned()));
    }

    /// Lines of what is said about it.
    pub(super) fn say(&mut self, text: &str) {
        self.say_exactly(&shown::lines(text.to_owned()));
    }

    /// A line of what was asked for: what it quotes cannot break it either.
    pub(super) fn out_line(&mut self, text: String) {
        self.out(&(one_line(text) + "\n"));
    }

    /// A line of what is said about it.
    pub(super) fn say_line(&mut self, text: String) {
        self.say(&(one_line(text) + "\n"));
    }

    pub(super) fn fail(&mut self, failure: &Failure) {
        self.say(&format!("error: {}\n", failure.wrong));
        if let Some(help) = &failure.help {
            self.say(&format!("  = help: {help}\n"));
        }
    }

    /// Whether to colour what goes to one of the streams.
    pub(super) fn has_colour(wanted: Colour, to_stdout: bool) -> bool {
        let terminal = if to_stdout { io::stdout().is_terminal() } else { io::stderr().is_terminal() };
        match wanted {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        }
    }
}
