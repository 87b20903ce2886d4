//! Where text goes: standard output for what was asked for, standard error for what is said about it.

use super::{Colour, Failure};
use crate::diag::{one_line, shown};
use std::io::{IsTerminal as _, Write as _};

/// The two streams. A reader that has gone away is no fault of ours: the rest is not written.
#[derive(Debug)]
pub(super) struct Console {
    closed: bool,
}

impl Console {
    pub(super) fn new() -> Console {
        Console { closed: false }
    }

    /// What was asked for, byte by byte: a file's content, or what has shown everything as it should already.
    pub(super) fn out_exactly(&mut self, text: &str) {
        if !self.closed {
            let mut stdout = std::io::stdout().lock();
            let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
            self.closed = written.is_err();
        }
    }

    /// What is said about it, by one who has shown everything as it should already.
    pub(super) fn say_exactly(&mut self, text: &str) {
        // Nobody is left to tell when this fails.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
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
        let terminal =
            if to_stdout { std::io::stdout().is_terminal() } else { std::io::stderr().is_terminal() };
        match wanted {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        }
    }
}
