//! A denied path that can be carried out from under its denial.

use crate::check::Subject;
use crate::check::cover::Pattern;
use crate::check::draft::PathEntry;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::{Access, Glob, glob};

pub static CODE: Code = code!("rename-escape", Warning);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let cover = subject.cover;
    let write_everywhere = subject.draft.default_access().contains(Access::WRITE);
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|e| e.deny.contains(Access::WRITE)) else {
            continue;
        };
        let Some(ancestor) = wild_ancestor(entry) else {
            continue;
        };
        let pattern = Pattern::new(ancestor);
        let writer = cover
            .around(index)
            .into_iter()
            .filter_map(|other| Some((other, cover.atom(other)?.entry()?)))
            .find(|(other, e)| {
                e.grant.contains(Access::WRITE)
                    && cover.atom_meets(*other, &pattern)
                    && !is_denied(subject, &pattern)
            });
        if writer.is_none() && (!write_everywhere || is_denied(subject, &pattern)) {
            continue;
        }
        let finding = Finding::new(
            &CODE,
            entry.place,
            format!("the denial of `{}` can be escaped by renaming a folder above it", entry.text),
        )
        .label("a folder in this path is a pattern");
        let place = writer.map(|(_, e)| e.place).or(subject.draft.files.place);
        let finding = match place {
            Some(place) => finding.also(place, "this lets the folder be renamed"),
            None => finding,
        };
        found.add(finding.help("spell the folders out, or take the write grant above them away"));
    }
}

/// The folders above the denied path whose names hold a pattern, as one pattern for the last of them.
fn wild_ancestor(entry: &PathEntry) -> Option<Glob> {
    let text = entry.glob.text();
    let body = text.strip_suffix("{,**}").unwrap_or(text).trim_end_matches('/');
    let (above, last) = body.rsplit_once('/')?;
    // `**` reaches into folders below: any of them may be the one that is renamed.
    let below = if last.contains("**") { "**/" } else { "" };
    let glob = Glob::parse(&format!("{above}/{below}")).ok()?;
    // What is spelled out, the profile denies renaming itself.
    (!glob::is_spelled(glob.parts())).then_some(glob)
}

fn is_denied(subject: &Subject<'_>, pattern: &Pattern) -> bool {
    let cover = subject.cover;
    cover.atoms().any(|(index, atom)| atom.deny.contains(Access::WRITE) && cover.atom_covers(index, pattern))
}
