//! A denial of execution that a copy of the program walks around.

use crate::check::Subject;
use crate::check::draft::PathKey;
use crate::diag::{Code, Finding, Findings, Place, Severity};
use crate::kernel::Access;
use crate::policy::Posture;

pub static CODE: Code = Code {
    name: "advisory-exec-denial",
    severity: Severity::Warning,
    summary: "a denied program that runs under another name",
    explanation: "`exec.deny` is about a path. Where programs may be started from a place that the container can write, or \
                  from memory, a copy of the denied program runs. It keeps accidents away, not attackers. To keep programs \
                  from running, leave `exec.default` at `\"deny\"` and list those that may, in places that cannot be \
                  written.",
    bad: "name = \"web\"\n\n[filesystem]\ndefault = \"read\"\nread-write = [\"/tmp/\"]\n\n[exec]\ndefault = \"allow\"\ndeny = [\"/usr/bin/curl\"]\n",
    good: "name = \"web\"\n\n[filesystem]\ndefault = \"read\"\nread-write = [\"/tmp/\"]\n\n[exec]\nallow = [\"/usr/sbin/nginx\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let Some(way) = way_around(subject) else {
        return;
    };
    let entries = subject.draft.paths.iter();
    for entry in entries.filter(|entry| entry.key == PathKey::ExecDeny) {
        let finding =
            Finding::new(&CODE, entry.place, format!("a copy of `{}` can still be started", entry.text));
        let finding = match way {
            Some(place) => finding.also(place, "this lets a copy be started"),
            None => finding,
        };
        found.add(
            finding
                .label("a copy can still be started")
                .gathered("copies of these programs can still be started")
                .help("list the programs that may run in `exec.allow`, and deny the rest by default"),
        );
    }
}

/// Where a copy could run, if it could: the place that lets it, where one does.
fn way_around(subject: &Subject<'_>) -> Option<Option<Place>> {
    let exec = subject.draft.exec;
    if exec.value == Posture::Allow {
        // A program can always be put into memory and started from there.
        return Some(exec.place);
    }
    let cover = subject.cover;
    let everywhere = subject.draft.default_access().contains(Access::WRITE);
    cover.atoms().find_map(|(index, atom)| {
        let entry = atom.entry().filter(|e| e.grant.contains(Access::EXEC))?;
        let writable = everywhere
            || cover.around(index).into_iter().any(|other| {
                let writes = cover.atom(other).is_some_and(|o| o.grant.contains(Access::WRITE));
                writes && cover.meets(index, other)
            });
        writable.then_some(Some(entry.place))
    })
}
