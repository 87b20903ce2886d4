//! A path that may be written inside one that is read-only, where everything else may be written.

use crate::check::Subject;
use crate::check::draft::PathKey;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::Access;

pub static CODE: Code = Code {
    name: "write-inside-read-only",
    severity: Severity::Error,
    summary: "a write grant inside a `read-only` path, under `default = \"allow\"`",
    explanation: "Where everything may be written by default, `read-only` has to be a denial of writing, and a denial wins over \
                  every grant inside it. With `default = \"read\"` or `\"deny\"` in `[filesystem]`, `read-only` grants reading \
                  and nothing else, and a write grant inside it works.",
    bad: "name = \"web\"\n\n[filesystem]\ndefault = \"allow\"\nread-only = [\"/srv/\"]\nread-write = [\"/srv/uploads/\"]\n",
    good: "name = \"web\"\n\n[filesystem]\ndefault = \"read\"\nread-only = []\nread-write = [\"/srv/uploads/\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let cover = subject.cover;
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
            if let Some(place) = subject.draft.files.place {
                finding = finding.also(place, "decided here");
            }
            found.add(finding.help("set `default = \"read\"` in `[filesystem]`"));
            break;
        }
    }
}
