//! `aapol completions`: prints what a shell needs to complete commands.

use super::console::Console;
use super::{Cli, Failure, Outcome};
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "aapol", &mut text);
    console.out_exactly(&String::from_utf8_lossy(&text));
    Ok(Outcome::Fine)
}
