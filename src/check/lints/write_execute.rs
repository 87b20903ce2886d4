//! Files that may be both written and executed.

use crate::check::Subject;
use crate::check::cover::Source;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Access;
use crate::policy::Posture;

pub static CODE: Code = code!("write-execute", Warning);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let cover = subject.cover;
    let (files, exec) = (subject.draft.files, subject.draft.exec);
    let everywhere = subject.draft.default_access();
    let code = Access::EXEC | Access::MAP;
    if exec.value == Posture::Allow {
        let writer = subject.draft.paths.iter().find(|e| e.grant.contains(Access::WRITE));
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
            (Some(Source::Entry(writer)), _) => finding.also(writer.place, "written here"),
            (Some(Source::Need(title)), _) => finding.help(format!("it can be written because of: {title}")),
            (Some(Source::Denial(..)) | None, Some(place)) => {
                finding.also(place, "this lets every file be written")
            }
            (Some(Source::Denial(..)) | None, None) => finding,
        };
        found.add(match finding.help {
            Some(_) => finding,
            None => finding.help("keep programs where nothing can be written, or add `deny-write` for them"),
        });
    }
}
