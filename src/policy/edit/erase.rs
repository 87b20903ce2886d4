//! What goes with a stretch that is taken out of a text: the blanks beside it, its line where it had one to itself, one
//! of two empty lines that would be left.

use super::layout::Layout;
use std::ops::Range;

/// A stretch to take out, by what is left of its line.
struct Gap {
    range: Range<usize>,
    /// It is all that its lines hold; without the last one's end.
    is_lines: bool,
}

/// The stretches to take out of a text so that some parts of it go. None of them ends at a part that is kept.
pub(super) fn ranges(layout: &Layout<'_>, mut parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    parts.sort_by_key(|part| part.start);
    let mut runs: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match runs.last_mut() {
            Some(run) if layout.after_blanks(run.end) >= part.start => run.end = run.end.max(part.end),
            Some(_) | None => runs.push(part),
        }
    }
    let mut gaps: Vec<Gap> = Vec::new();
    for run in runs {
        let gap = gap(layout, run);
        let follows = |before: &Gap| layout.after_line_end(before.range.end) == Some(gap.range.start);
        match gaps.last_mut().filter(|before| before.is_lines && gap.is_lines && follows(before)) {
            Some(before) => before.range.end = gap.range.end,
            None => gaps.push(gap),
        }
    }
    gaps.into_iter().map(|gap| if gap.is_lines { lines(layout, gap.range) } else { gap.range }).collect()
}

fn gap(layout: &Layout<'_>, run: Range<usize>) -> Gap {
    let (left, right) = (layout.before_blanks(run.start), layout.after_blanks(run.end));
    let starts_line = layout.starts_line(run.start);
    let ends_line = layout.after_line_end(right).is_some();
    let next = layout.slice(right..layout.text.len());
    let is_first = layout.slice(0..left).ends_with(['[', '{']);
    let range = match () {
        () if starts_line && ends_line => left..right,
        () if starts_line => run.start..right,
        () if is_first && next.starts_with([']', '}']) => left..right,
        () if is_first => run.start..right,
        () if ends_line => left..right,
        () => left..run.end,
    };
    Gap { range, is_lines: starts_line && ends_line }
}

/// Whole lines with the end of the last one, or of the one before where the text ends.
fn lines(layout: &Layout<'_>, range: Range<usize>) -> Range<usize> {
    let is_empty = |at: usize| layout.after_line_end(at).filter(|next| *next > at);
    let before = layout.slice(0..range.start);
    let line_end =
        |text: &str| text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text).len());
    let above = line_end(before);
    let is_below_empty_line =
        above.is_some_and(|above| line_end(layout.slice(0..above)).is_some() || above == 0);
    match layout.after_line_end(range.end) {
        // The text ends in it, without a line end.
        Some(next) if next == range.end => above.unwrap_or(range.start)..next,
        Some(next) if is_below_empty_line && next == layout.text.len() => above.unwrap_or(range.start)..next,
        Some(next) if is_below_empty_line => range.start..is_empty(next).unwrap_or(next),
        Some(next) => range.start..next,
        None => range,
    }
}
