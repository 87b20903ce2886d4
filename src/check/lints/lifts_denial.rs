//! A grant that takes a denial of the baseline away.

use crate::check::Subject;
use crate::check::denials::{Denied, Lifted, Lifter};
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "lifts-denial",
    severity: Severity::Warning,
    summary: "a grant that takes away a denial of the baseline",
    explanation: "Where `default` opens files or sockets, the baseline denies what the container runtimes' own default profiles \
                  deny: writing to the kernel's switches below `/proc` and `/sys`, reading the kernel's memory, and a few \
                  others. A written denial beats every grant, so a grant of something in it makes aapol leave the whole \
                  denial out, and everything else that it denied is open as well. Under `default = \"deny\"` in that section \
                  nothing but the grant is open, and no such denial is needed.",
    bad: "name = \"web\"\n\n[filesystem]\ndefault = \"allow\"\nread-write = [\"/proc/sys/net/core/somaxconn\"]\n",
    good: "name = \"web\"\n\n[filesystem]\ndefault = \"deny\"\nread-write = [\"/proc/sys/net/core/somaxconn\", \"/var/lib/web/\"]\n",
};

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
