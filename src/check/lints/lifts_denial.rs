//! A grant that takes a denial of the baseline away.

use crate::check::Context;
use crate::check::denials::{Denied, Lifted, Lifter};
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("lifts-denial", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    for lifted in context.lifted {
        found.add(finding(lifted, context));
    }
}

fn finding(lifted: &Lifted<'_>, context: &Context<'_>) -> Finding {
    let denied = match lifted.denial.denied {
        Denied::Files(file) => format!("`{}`", file.glob.text()),
        Denied::Family(family) => format!("`{}` sockets", family.name()),
    };
    let (text, place, section, default) = match lifted.by {
        Lifter::Path(entry) => (&entry.text, entry.place, "filesystem", context.resolved.files.place),
        Lifter::Socket(entry) => {
            (&entry.text, entry.place, "network", context.resolved.network.default.place)
        }
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
