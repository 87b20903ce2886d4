//! A path that may be written inside one that is read-only, where everything else may be written.

use crate::check::Context;
use crate::check::resolved::PathKey;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Access;

pub static CODE: Code = code!("write-inside-read-only", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|e| e.grant.intersects(Access::WRITE)) else {
            continue;
        };
        for other in cover.above(index) {
            let above = cover.atom(other).and_then(|above| above.entry());
            let above = above.filter(|e| e.key == PathKey::ReadOnly && !e.deny.is_empty());
            let Some(above) = above.filter(|_| cover.covers(other, index)) else {
                continue;
            };
            let mut finding = Finding::new(
                &CODE,
                entry.place,
                format!(
                    "`{}` cannot be written: it lies inside {}, which is `read-only`",
                    entry.text,
                    above.named()
                ),
            )
            .also(above.place, "under `default = \"allow\"` this denies writing");
            if let Some(place) = context.resolved.files.place {
                finding = finding.also(place, "decided here");
            }
            found.add(finding.help("set `default = \"read\"` in `[filesystem]`"));
            break;
        }
    }
}
