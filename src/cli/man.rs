//! `aapol man`: the manual pages.

use super::console::Console;
use super::{Cli, Failure, Outcome, output};
use crate::diag::shown;
use clap::{Args, CommandFactory as _};
use clap_mangen::Man;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Write a page for each command into this folder, made if it is missing
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &arguments.out_dir else {
        console.out_exactly(&page(command)?);
        return Ok(Outcome::Fine);
    };
    output::make_folder(folder)?;
    let commands: Vec<clap::Command> = command.get_subcommands().cloned().collect();
    let mut files = vec![("aapol.1".to_owned(), page(command)?)];
    for sub in commands.into_iter().filter(|sub| sub.get_name() != "help") {
        let name = format!("aapol-{}", sub.get_name());
        let file = format!("{name}.1");
        files.push((file, page(sub.name(name))?));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    for (path, _) in output::write(folder, &files)? {
        console.say(&format!("wrote {}\n", shown::path(&path)));
    }
    Ok(Outcome::Fine)
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    Man::new(command)
        .render(&mut text)
        .map_err(|error| Failure::new(format!("cannot write the manual page: {error}")))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
