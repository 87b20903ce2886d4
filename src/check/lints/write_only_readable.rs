//! A `write-only` path where everything may be read.

use crate::check::Context;
use crate::check::resolved::PathKey;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::FileDefault;

pub static CODE: Code = code!("write-only-readable", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let files = context.resolved.files;
    if files.value == FileDefault::Deny {
        return;
    }
    let entries = context.resolved.paths.iter();
    for entry in entries.filter(|entry| entry.key == PathKey::WriteOnly) {
        let finding = Finding::new(
            &CODE,
            entry.place,
            format!("`{}` is `write-only`, and the default lets it be read", entry.text),
        );
        let finding = match files.place {
            Some(place) => finding.also(place, "this lets every file be read"),
            None => finding,
        };
        found.add(finding.help("write it under `read-write`, or set `default = \"deny\"` in `[filesystem]`"));
    }
}
