//! A denied path that can be carried out from under its denial.

use crate::check::Context;
use crate::check::path_index::Pattern;
use crate::check::resolved::PathEntry;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::{Access, Glob, glob};

pub static CODE: Code = code!("rename-escape", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    let write_everywhere = context.resolved.default_access().contains(Access::WRITE);
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
                    && !is_denied(context, &pattern)
            });
        if writer.is_none() && (!write_everywhere || is_denied(context, &pattern)) {
            continue;
        }
        let finding = Finding::new(
            &CODE,
            entry.place,
            format!("the denial of `{}` can be escaped by renaming a folder above it", entry.text),
        )
        .label("a folder in this path is a pattern");
        let place = writer.map(|(_, e)| e.place).or(context.resolved.files.place);
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

fn is_denied(context: &Context<'_>, pattern: &Pattern) -> bool {
    let cover = context.cover;
    cover.atoms().any(|(index, atom)| atom.deny.contains(Access::WRITE) && cover.atom_covers(index, pattern))
}
