//! The program: a file a verb. The only room that prints, reads files and starts processes.
//!
//! Exit codes: 0 fine, 1 findings that are errors, 2 could not run.

mod analyse;
pub mod bounded;
mod check;
pub mod codes;
mod completions;
mod console;
mod diff;
mod explain;
mod import;
pub mod init;
mod input;
mod learn;
mod lsp;
mod man;
mod names;
mod offered;
mod output;
mod progress;
mod read;
mod render;
mod report;
mod schema;
mod staging;
mod stale;
mod target;
mod templates;
mod test;
mod verify;
mod walk;

use crate::diag::{one_line, shown};
use clap::{Args, Parser, Subcommand, ValueEnum};
use console::Console;
use offered::Offered;
use std::path::Path;
use std::process::ExitCode;

/// From a small TOML policy to an AppArmor profile and the Kubernetes manifest that matches it.
#[derive(Debug, Parser)]
#[command(name = "aapol", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the profile and the manifest of policies
    Render(render::Arguments),
    /// Report everything that is wrong or doubtful about policies; writes nothing
    Check(check::Arguments),
    /// Hold policies against their own expectations, without a kernel
    Test(test::Arguments),
    /// Say whether accesses are allowed, by which line, and what would change it
    Explain(explain::Arguments),
    /// Show what a changed policy or profile allows that it did not, and the reverse
    Diff(diff::Arguments),
    /// Add to policies what logs show that their programs need, and nothing more
    Learn(learn::Arguments),
    /// Make policies of AppArmor profiles and of other tools' files, and prove what each allows beside its original
    Import(import::Arguments),
    /// Write a commented policy to start from, with its schema beside it
    Init(init::Arguments),
    /// Explain the findings: all in a line each, or one with an example
    Codes(codes::Arguments),
    /// Print the JSON Schema of policies, for editors
    Schema,
    /// Serve an editor over standard input and output: findings, quick fixes, rules and words while one types
    Lsp(lsp::Arguments),
    /// Write the built-in templates into a folder, to change them
    Templates(templates::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Print the manual page, or write one for each command
    Man(man::Arguments),
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the lines they are about
    Human,
    /// One JSON array
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub workflows
    Github,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// What `render` and `check` have in common.
#[derive(Debug, Args)]
struct Findings {
    /// How findings are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// Be quiet about a finding, by its code; errors cannot be silenced
    #[arg(long, value_name = "CODE", value_parser = Offered::Silenced, hide_possible_values = true)]
    silence: Vec<String>,
    /// When to use colours
    #[arg(long = "color", value_enum, default_value_t = Colour::Auto)]
    colour: Colour,
}

/// How a run ended. Ordered: the gravest decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Fine,
    Errors,
    CouldNotRun,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Fine => ExitCode::SUCCESS,
            Outcome::Errors => ExitCode::from(1),
            Outcome::CouldNotRun => ExitCode::from(2),
        }
    }
}

/// What keeps a command from running at all, in one line, and what to do.
#[derive(Debug)]
struct Failure {
    wrong: String,
    help: Option<String>,
}

impl Failure {
    fn new(wrong: impl Into<String>) -> Failure {
        Failure { wrong: one_line(wrong.into()), help: None }
    }

    fn help(mut self, text: impl Into<String>) -> Failure {
        self.help = Some(one_line(text.into()));
        self
    }
}

/// The process's own arguments. Clap quotes one that it refuses, so it refuses it as it is to be shown.
fn arguments() -> Result<Cli, clap::Error> {
    Cli::try_parse().map_err(|error| {
        let shown = std::env::args_os().map(|argument| shown::path(Path::new(&argument)));
        let refused = Cli::try_parse_from(shown).err().filter(|_| error.use_stderr());
        refused.unwrap_or(error)
    })
}

/// Runs the program with the process's own arguments.
pub fn main() -> ExitCode {
    let mut console = Console::new();
    let cli = match arguments() {
        Ok(cli) => cli,
        Err(refused) => {
            let outcome = console.explained(&refused);
            return console.finish(outcome).into();
        }
    };
    let outcome = match cli.command {
        Command::Render(arguments) => render::run(&arguments, &mut console),
        Command::Check(arguments) => check::run(&arguments, &mut console),
        Command::Test(arguments) => test::run(&arguments, &mut console),
        Command::Explain(arguments) => explain::run(&arguments, &mut console),
        Command::Diff(arguments) => diff::run(&arguments, &mut console),
        Command::Learn(arguments) => learn::run(&arguments, &mut console),
        Command::Import(arguments) => import::run(&arguments, &mut console),
        Command::Init(arguments) => init::run(&arguments, &mut console),
        Command::Codes(arguments) => codes::run(&arguments, &mut console),
        Command::Schema => schema::run(&mut console),
        Command::Lsp(arguments) => lsp::run(&arguments, &mut console),
        Command::Templates(arguments) => templates::run(&arguments, &mut console),
        Command::Completions(arguments) => completions::run(&arguments, &mut console),
        Command::Man(arguments) => man::run(&arguments, &mut console),
    };
    let outcome = outcome.unwrap_or_else(|failure| {
        console.fail(&failure);
        Outcome::CouldNotRun
    });
    console.finish(outcome).into()
}
