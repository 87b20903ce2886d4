//! A denial of execution that a copy of the program walks around.

use crate::check::Context;
use crate::check::resolved::PathKey;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::Access;
use crate::policy::Posture;

pub static CODE: Code = code!("advisory-exec-denial", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let Some(way) = way_around(context) else {
        return;
    };
    let entries = context.resolved.paths.iter();
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
fn way_around(context: &Context<'_>) -> Option<Option<Place>> {
    let exec = context.resolved.exec;
    if exec.value == Posture::Allow {
        // A program can always be put into memory and started from there.
        return Some(exec.place);
    }
    let cover = context.cover;
    let everywhere = context.resolved.default_access().contains(Access::WRITE);
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
