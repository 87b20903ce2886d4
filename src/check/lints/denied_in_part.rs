//! A grant that a denial takes away in part, where neither lies inside the other.

use crate::check::Context;
use crate::check::resolved::{PathEntry, PathKey};
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::request::Shown;

pub static CODE: Code = code!("denied-in-part", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|entry| !entry.key.point().is_empty()) else { continue };
        for other in cover.around(index) {
            let denial = cover.atom(other).and_then(|other| other.entry());
            let Some(denial) = denial.filter(|denial| denies(denial, entry)) else { continue };
            if cover.covers(other, index) || cover.covers(index, other) || !cover.meets(index, other) {
                continue;
            }
            let witness = cover.meeting(index, other);
            found.add(finding(entry, denial, witness.as_deref()));
        }
    }
}

/// Under `allow`, `read-only` denies writing by itself: another finding explains that.
fn denies(denial: &PathEntry, entry: &PathEntry) -> bool {
    denial.key != PathKey::ReadOnly && denial.deny.intersects(entry.key.point())
}

fn finding(entry: &PathEntry, denial: &PathEntry, witness: Option<&[u8]>) -> Finding {
    let message = format!("a part of the grant of {} is denied{}", entry.named(), such_as(witness));
    Finding::new(&CODE, entry.place, message)
        .also(denial.place, "this denial matches some of the same paths")
        .help("nothing, if that is meant; make one of the patterns narrower if it is not")
}

/// A path that shows it.
pub fn such_as(witness: Option<&[u8]>) -> String {
    witness.map_or(String::new(), |path| format!(", such as `{}`", Shown(path)))
}
