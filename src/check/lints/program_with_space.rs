//! A program's path with a space in it.

use crate::check::Subject;
use crate::check::draft::PathKey;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("program-with-space", Warning);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let entries = subject.draft.paths.iter();
    for entry in entries.filter(|entry| matches!(entry.key, PathKey::ExecAllow | PathKey::ExecDeny)) {
        if let Some((program, _)) = entry.text.split_once(' ') {
            found.add(
                Finding::new(
                    &CODE,
                    entry.place,
                    format!("`{}` is one program whose path has a space", entry.text),
                )
                .help(format!(
                    "arguments are no part of an entry: write `{program}`, whatever it is called with"
                )),
            );
        }
    }
}
