//! A file that cannot be read.

use crate::diag::{Code, Finding, Place, code, shown};
use std::path::Path;

pub static CODE: Code = code!("unreadable-policy", Error);

pub fn found(asked_by: Option<Place>, path: &Path, wrong: String, help: Option<String>) -> Finding {
    let message = format!("`{}` {wrong}", shown::path(path));
    let finding = match asked_by {
        Some(place) => Finding::new(&CODE, place, message),
        None => Finding::without_place(&CODE, message),
    };
    match (help, asked_by) {
        (Some(help), _) => finding.help(help),
        (None, Some(_)) => finding.help("paths in `extends` are relative to the file they stand in"),
        (None, None) => finding,
    }
}

pub fn absolute(place: Place, path: &str) -> Finding {
    Finding::new(&CODE, place, format!("`{path}` in `extends` is absolute"))
        .help("write it relative to this file, so that the policy means the same on every machine")
}

pub fn named_otherwise(place: Place, path: &str) -> Finding {
    Finding::new(&CODE, place, format!("`{path}` in `extends` does not end in `.toml`"))
        .help("name the file of another policy, which ends in `.toml`")
}

pub fn has_policys_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

/// Why a file that was read is none to be shown lines of, in words that follow its name. Findings quote what they are
/// about, and a policy, or a link beside it, may come from somebody who is not to see the file that it leads to. Which
/// file is named on the command line is for its user to say.
pub fn is_no_policy(path: &Path, file: &Path, is_base: bool) -> Option<String> {
    const SYSTEMS: [&str; 3] = ["/proc", "/sys", "/dev"];
    // A stream that the shell names is below `/dev`.
    let systems = SYSTEMS.iter().filter(|folder| is_base || **folder != "/dev");
    if let Some(folder) = systems.into_iter().find(|folder| file.starts_with(folder)) {
        return Some(format!("lies below `{folder}`, where no policy is"));
    }
    if has_policys_name(path) && !has_policys_name(file) {
        return Some(format!("is a link to `{}`, which does not end in `.toml`", shown::path(file)));
    }
    None
}
