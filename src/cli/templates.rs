//! `aapol templates`: writes the built-in templates out; and reads the user's.

use super::console::Console;
use super::{Failure, Outcome, output, read};
use crate::diag::shown;
use crate::diag::suggest::nearest;
use crate::render::templates::{BUILT_IN, EXTENSION};
use crate::render::{TemplateError, Templates};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write into, made if it is missing
    #[arg(long, value_name = "DIR")]
    out_dir: PathBuf,
}

/// A larger file is no template.
const LARGEST: usize = 1 << 20;

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    output::make_folder(&arguments.out_dir)?;
    for (name, text) in BUILT_IN {
        let (path, _) = output::create(&arguments.out_dir, name, text)?;
        console.say(&format!("wrote {}\n", shown::path(&path)));
    }
    Ok(Outcome::Fine)
}

/// The built-in templates, with those of a folder in their places, and its further ones.
pub(super) fn load(folder: Option<&Path>) -> Result<Templates, Failure> {
    let mut own = Vec::new();
    if let Some(folder) = folder {
        let failed = |error: std::io::Error| {
            Failure::new(format!(
                "cannot read the templates in `{}`: {}",
                shown::path(folder),
                output::reason(&error)
            ))
        };
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("").to_owned();
            if path.is_dir() || name.starts_with('.') {
                continue;
            }
            let names = BUILT_IN.map(|(name, _)| name);
            if !names.contains(&name.as_str()) && !name.ends_with(EXTENSION) {
                let name = path.file_name().map_or(String::new(), |name| shown::path(Path::new(name)));
                let near = nearest(&name, names).unwrap_or("profile.apparmor");
                return Err(Failure::new(format!("there is no template `{name}` to replace")).help(format!(
                    "did you mean `{near}`? the templates are {}; a further one is called `NAME{EXTENSION}`",
                    names.join(", ")
                )));
            }
            let failed = |why: &str| {
                Failure::new(format!("cannot read the template `{}`: it {why}", shown::path(&path)))
            };
            let bytes = read::ordinary(&path, LARGEST).map_err(|unread| failed(&unread.to_string()))?;
            let text = String::from_utf8(bytes).map_err(|_| failed("is not UTF-8 text"))?;
            own.push((name, text));
        }
    }
    // In whatever order the folder gives them.
    own.sort();
    Templates::new(&own).map_err(|error| failure(folder, &error))
}

/// A template that cannot be used, by its own name, and its line where it is broken.
pub(super) fn failure(folder: Option<&Path>, error: &TemplateError) -> Failure {
    let folder = folder.map_or(String::new(), |folder| format!("{}/", shown::path(folder)));
    if let Some(help) = &error.renaming {
        let name = shown::path(Path::new(&error.template));
        return Failure::new(format!("the template `{folder}{name}` cannot be used: {}", error.message))
            .help(help);
    }
    Failure::new(format!("the template does not work: {folder}{error}"))
        .help("`aapol templates --out-dir DIR` writes the built-in ones to compare with")
}
