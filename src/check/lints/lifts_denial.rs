//! A grant that takes a denial of the baseline away.

use crate::check::Subject;
use crate::check::denials::{Denied, Lifted, Lifter};
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("lifts-denial", Warning);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    for lifted in subject.lifted {
        found.add(finding(lifted, subject));
    }
}

fn finding(lifted: &Lifted<'_>, subject: &Subject<'_>) -> Finding {
    let denied = match lifted.denial.denied {
        Denied::Files(file) => format!("`{}`", file.glob.text()),
        Denied::Family(family) => format!("`{}` sockets", family.name()),
    };
    let (text, place, section, default) = match lifted.by {
        Lifter::Path(entry) => (&entry.text, entry.place, "filesystem", subject.draft.files.place),
        Lifter::Socket(entry) => (&entry.text, entry.place, "network", subject.draft.network.default.place),
    };
    let title = lifted.denial.group.title;
    let message = format!("the grant of `{text}` takes away a denial of the baseline: {title}");
    let finding = Finding::new(&CODE, place, message)
        .label("asks for something that is denied there")
        .help(format!(
            "nothing denies {denied} any more; under `default = \"deny\"` in `[{section}]` only the grant is open"
        ));
    match default {
        Some(default) => finding.also(default, "this opens all that the denial covered"),
        None => finding,
    }
}
