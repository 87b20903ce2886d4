//! Files that may be both written and executed.

use crate::check::Context;
use crate::check::path_index::PathOrigin;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Access;
use crate::policy::Posture;

pub static CODE: Code = code!("write-execute", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    let (files, exec) = (context.resolved.files, context.resolved.exec);
    let everywhere = context.resolved.default_access();
    let code = Access::EXEC | Access::MAP;
    if exec.value == Posture::Allow {
        let writer = context.resolved.paths.iter().find(|e| e.grant.contains(Access::WRITE));
        let place = writer.map(|e| e.place).or(files.place);
        if let (Some(at), Some(place), true) =
            (exec.place, place, writer.is_some() || everywhere.contains(Access::WRITE))
        {
            let finding = Finding::new(&CODE, at, "programs may be started from places that can be written");
            let finding = if place == at { finding } else { finding.also(place, "this can be written") };
            found.add(finding.help("list the programs in `exec.allow`, and deny the rest by default"));
        }
        return;
    }
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|e| e.grant.intersects(code)) else {
            continue;
        };
        let writer = cover.around(index).into_iter().find(|other| {
            let writes = cover.atom(*other).is_some_and(|o| o.grant.contains(Access::WRITE));
            writes && cover.meets(index, *other) && !cover.is_denied(index, Access::WRITE)
        });
        let writer = writer.and_then(|other| cover.atom(other));
        if writer.is_none() && (!everywhere.contains(Access::WRITE) || cover.is_denied(index, Access::WRITE))
        {
            continue;
        }
        let by = match writer.and_then(|writer| writer.entry()) {
            Some(writer) if writer.text != entry.text => format!(" by {}", writer.named()),
            Some(_) | None => String::new(),
        };
        let message = format!("`{}` can be written{by} and then executed", entry.text);
        let finding = Finding::new(&CODE, entry.place, message).label("executed here");
        let finding = match (writer.map(|w| w.source), files.place) {
            (Some(PathOrigin::Entry(writer)), _) => finding.also(writer.place, "written here"),
            (Some(PathOrigin::Need(title)), _) => {
                finding.help(format!("it can be written because of: {title}"))
            }
            (Some(PathOrigin::Denial(..)) | None, Some(place)) => {
                finding.also(place, "this lets every file be written")
            }
            (Some(PathOrigin::Denial(..)) | None, None) => finding,
        };
        found.add(match finding.help {
            Some(_) => finding,
            None => finding.help("keep programs where nothing can be written, or add `deny-write` for them"),
        });
    }
}
