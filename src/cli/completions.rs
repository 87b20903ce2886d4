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
    if arguments.shell == Shell::Fish {
        console.out_exactly(&fish());
    }
    Ok(Outcome::Fine)
}

/// What the generator leaves out of fish's script: the words of arguments that are no options.
fn fish() -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let mut out = String::new();
    for command in Cli::command().get_subcommands() {
        let values = command.get_positionals().flat_map(|argument| argument.get_possible_values());
        for value in values {
            let about =
                value.get_help().map_or(String::new(), |help| format!(" -d {}", quoted(&help.to_string())));
            out.push_str(&format!(
                "complete -c aapol -n \"__fish_aapol_using_subcommand {}\" -f -a {}{about}\n",
                command.get_name(),
                quoted(value.get_name())
            ));
        }
    }
    out
}
