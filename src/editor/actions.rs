//! Fixes as edits of the document: one for each finding that has one, and all at once.
//!
//! Enters: findings with their diagnostics. Leaves: edits of the document. What stands in another file is
//! fixed there.

use super::document::Lines;
use super::findings::Marking;
use super::protocol::{CodeAction, Diagnostic, Range, TextEdit, WorkspaceEdit};
use crate::diag::{Finding, SettledFix, Splice};
use crate::policy::edit;
use std::collections::BTreeMap;

const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll.aapol";

/// The kinds that there are.
pub const KINDS: [&str; 2] = [QUICK_FIX, FIX_ALL];

pub fn actions(marking: &Marking<'_>, asked: Range, only: Option<&[String]>) -> Vec<CodeAction> {
    let lines = Lines::new(&marking.document.text, marking.encoding);
    let all = marking.all().into_iter();
    let fixes: Vec<(&SettledFix, Diagnostic)> =
        all.filter_map(|(f, d)| Some((own(marking, f)?, d))).collect();
    let edits = |splices: &[Splice]| {
        let edits = splices.iter().map(|Splice { place, text }| TextEdit {
            range: lines.range(place.start..place.end),
            new_text: text.clone(),
        });
        WorkspaceEdit { changes: BTreeMap::from([(marking.document.uri.clone(), edits.collect())]) }
    };
    let mut actions = Vec::new();
    if is_wanted(QUICK_FIX, only) {
        let touched = fixes.iter().filter(|(_, diagnostic)| touch(diagnostic.range, asked));
        actions.extend(touched.map(|(fix, diagnostic)| CodeAction {
            title: title(marking, fix),
            kind: QUICK_FIX,
            diagnostics: vec![diagnostic.clone()],
            is_preferred: true,
            edit: edits(&fix.splices),
        }));
    }
    let analysis = &marking.analysed.analysis;
    let all = || edit::all_fixes(analysis.fixes(), analysis.sources.iter().next()?);
    if let Some(all) =
        Some(()).filter(|()| is_wanted(FIX_ALL, only) && !fixes.is_empty()).and_then(|()| all())
    {
        actions.push(CodeAction {
            title: "fix all that aapol is sure about".to_owned(),
            kind: FIX_ALL,
            diagnostics: Vec::new(),
            is_preferred: false,
            edit: edits(all.splices()),
        });
    }
    actions
}

/// The fix of a finding, where it is one of the document.
fn own<'a>(marking: &Marking<'a>, finding: &Finding) -> Option<&'a SettledFix> {
    let analysis = &marking.analysed.analysis;
    let settled = analysis.fixes().get(finding)?;
    let (source, _) = analysis.sources.locate(settled.fix.place)?;
    (source.base() == 0).then_some(settled)
}

/// What a fix does, in words: the texts alone would look the same with quotes and without.
fn title(marking: &Marking<'_>, SettledFix { fix, splices }: &SettledFix) -> String {
    let before = marking.document.text.get(fix.place.start..fix.place.end).unwrap_or("");
    let after = fix.value.as_ref().and(splices.first()).map(|splice| splice.text.as_str());
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
