//! A program's path with a space in it.

use crate::check::Context;
use crate::check::resolved::PathKey;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::Request;
use crate::kernel::request::FileVerb;

pub static CODE: Code = code!("program-with-space", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let entries = context.resolved.paths.iter();
    let programs = entries.filter(|entry| matches!(entry.key, PathKey::ExecAllow | PathKey::ExecDeny));
    for entry in programs {
        if let Some((program, _)) = entry.text.split_once(' ') {
            let help =
                format!("arguments are no part of an entry: write `{program}`, whatever it is called with");
            found.add(finding(entry.place, &entry.text).help(help));
        }
    }
    for expectation in &context.resolved.expectations {
        let Request::File(FileVerb::Exec, path) = &expectation.request else { continue };
        let path = String::from_utf8_lossy(path);
        if let Some((program, _)) = path.split_once(' ') {
            let help = format!(
                "arguments are no part of an access: write `exec {program}`, whatever it is called with"
            );
            found.add(finding(expectation.place, &path).help(help));
        }
    }
}

fn finding(place: Place, path: &str) -> Finding {
    Finding::new(&CODE, place, format!("`{path}` is one program whose path has a space"))
}
