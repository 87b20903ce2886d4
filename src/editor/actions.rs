//! Mends that are certain, as edits: one for each finding that has one, and all at once.
//!
//! Enters: findings with their diagnostics. Leaves: edits of the document. What stands in another file is
//! mended there.

use super::document::Lines;
use super::findings::Marking;
use super::protocol::{Action, Changes, Diagnostic, Range, TextEdit};
use crate::diag::{Edit, Finding};
use std::collections::BTreeMap;

const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll.aapol";

/// The kinds that there are.
pub const KINDS: [&str; 2] = [QUICK_FIX, FIX_ALL];

pub fn actions(marking: &Marking<'_>, asked: Range, only: Option<&[String]>) -> Vec<Action> {
    let lines = Lines::new(&marking.document.text, marking.encoding);
    let mends: Vec<Mend> =
        marking.all().into_iter().filter_map(|(f, d)| Mend::new(marking, f, d, &lines)).collect();
    let mut actions = Vec::new();
    if is_wanted(QUICK_FIX, only) {
        let touched = mends.iter().filter(|mend| touch(mend.diagnostic.range, asked));
        actions.extend(touched.map(|mend| Action {
            title: mend.title.clone(),
            kind: QUICK_FIX,
            diagnostics: vec![mend.diagnostic.clone()],
            is_preferred: true,
            edit: edit(marking, vec![mend.change.clone()]),
        }));
    }
    if is_wanted(FIX_ALL, only) && !mends.is_empty() {
        actions.push(Action {
            title: "fix all that aapol is sure about".to_owned(),
            kind: FIX_ALL,
            diagnostics: Vec::new(),
            is_preferred: false,
            edit: edit(marking, apart(mends)),
        });
    }
    actions
}

struct Mend {
    title: String,
    place: std::ops::Range<usize>,
    diagnostic: Diagnostic,
    change: TextEdit,
}

impl Mend {
    fn new(marking: &Marking<'_>, of: &Finding, diagnostic: Diagnostic, lines: &Lines<'_>) -> Option<Mend> {
        let fix = of.fix.as_ref()?;
        let edit = Edit::of(fix, &marking.analysed.analysis.sources)?;
        if edit.source.base() > 0 {
            return None;
        }
        let before = marking.document.text.get(fix.place.start..fix.place.end).unwrap_or("");
        let title = title(before, fix.replacement.as_deref());
        let change = TextEdit { range: lines.range(edit.range.clone()), new_text: edit.text };
        Some(Mend { title, place: edit.range, diagnostic, change })
    }
}

/// What a mend does, in words: the texts alone would look the same with quotes and without.
fn title(before: &str, after: Option<&str>) -> String {
    let bare = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    let Some(after) = after else {
        return format!("take `{}` out", bare(before));
    };
    let is_quoted = |text: &str| text.starts_with(['"', '\'']);
    match (is_quoted(before), is_quoted(after)) {
        _ if bare(before) != bare(after.trim_start_matches('[').trim_end_matches(']')) => {
            format!("replace with `{}`", bare(after))
        }
        (false, true) => format!("put quotes around `{}`", bare(before)),
        (true, false) if bare(before) == after => format!("leave the quotes around `{after}` out"),
        _ => format!("put brackets around `{}`", bare(before)),
    }
}

/// The first of those that overlap.
fn apart(mut mends: Vec<Mend>) -> Vec<TextEdit> {
    mends.sort_by_key(|mend| (mend.place.start, mend.place.end));
    let mut edits = Vec::new();
    let mut free = 0;
    for mend in mends {
        if mend.place.start >= free {
            free = mend.place.end.max(mend.place.start + 1);
            edits.push(mend.change);
        }
    }
    edits
}

fn edit(marking: &Marking<'_>, edits: Vec<TextEdit>) -> Changes {
    Changes { changes: BTreeMap::from([(marking.document.uri.clone(), edits)]) }
}

/// Whether a kind is asked for: a kind stands for those below it.
fn is_wanted(kind: &str, only: Option<&[String]>) -> bool {
    only.is_none_or(|only| {
        let below = |wanted: &String| kind.strip_prefix(wanted.as_str());
        only.iter().filter_map(below).any(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Whether two ranges have a place in common, their ends included.
fn touch(one: Range, other: Range) -> bool {
    one.start <= other.end && other.start <= one.end
}

#[cfg(test)]
mod tests {
    use super::is_wanted;

    #[test]
    fn a_kind_stands_for_those_below_it() {
        let only = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
        assert!(is_wanted("source.fixAll.aapol", None));
        assert!(is_wanted("source.fixAll.aapol", Some(&only(&["quickfix", "source.fixAll"]))));
        assert!(is_wanted("source.fixAll.aapol", Some(&only(&["source"]))));
        assert!(!is_wanted("source.fixAll.aapol", Some(&only(&["source.fix", "source.fixAll.x"]))));
        assert!(!is_wanted("quickfix", Some(&only(&[]))));
    }
}
