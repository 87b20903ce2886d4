//! A program's path with a space in it.

use crate::check::Subject;
use crate::check::draft::PathKey;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "program-with-space",
    severity: Severity::Warning,
    summary: "a program with a space in its path",
    explanation: "An entry of `exec` is the path of a file, without arguments: AppArmor decides about the program that is \
                  started, and knows nothing of what is handed to it. `/usr/bin/curl -s` means a file of that name, space \
                  included, which hardly exists. Where one does, accept this finding by `silence`.",
    bad: "name = \"web\"\n\n[exec]\nallow = [\"/usr/bin/curl -s\"]\n",
    good: "name = \"web\"\n\n[exec]\nallow = [\"/usr/bin/curl\"]\n",
};

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
