//! A file that cannot be read.

use crate::diag::{Code, Finding, Place, Severity, shown};
use std::path::Path;

pub static CODE: Code = Code {
    name: "unreadable-policy",
    severity: Severity::Error,
    summary: "a policy file cannot be read",
    explanation: "The file is missing, is a folder or a device, may not be read by this user, is larger than a policy can \
                  be, or is not UTF-8 text. Paths in `extends` are relative to the file in which they stand.",
    bad: "name = \"web\"\nextends = [\"no-such-file.toml\"]\n",
    good: "name = \"web\"\n",
};

pub fn found(asked_by: Option<Place>, path: &Path, wrong: String, help: Option<String>) -> Finding {
    let message = format!("`{}` {wrong}", shown::path(&path));
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
