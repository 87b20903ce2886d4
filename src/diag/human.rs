//! Findings as people read them, with the guilty lines shown.

use super::sources::Source;
use super::{Finding, Place, Severity, Sources, shown};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::borrow::Cow;

/// Lines further apart than this are shown as excerpts of their own.
const APART: usize = 12;

/// A longer line is named, not shown.
const LONGEST_LINE: usize = 2000;

/// One finding as text, ending in a line break.
pub fn write(finding: &Finding, sources: &Sources, colour: bool) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.name);
    let mut group = Group::with_title(title);
    let excerpts = excerpts(finding, sources);
    let hidden = excerpts.iter().any(|e| e.text.len() > LONGEST_LINE * APART);
    if !hidden {
        for excerpt in &excerpts {
            let annotations = excerpt.marks.iter().map(|mark| {
                let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                let span = excerpt.seen_until(mark.start)..excerpt.seen_until(mark.end);
                match mark.text {
                    "" => kind.span(span),
                    text => kind.span(span).label(text),
                }
            });
            group = group.element(
                Snippet::source(seen(excerpt.text))
                    .line_start(excerpt.line)
                    .path(excerpt.source.name())
                    .annotations(annotations),
            );
        }
    }
    let place = finding.place.filter(|_| hidden);
    if let Some(place) = place {
        group = group.element(Level::NOTE.message(format!("at {}", sources.line(place))));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    format!("{}\n\n", renderer.render(&[group]))
}

struct Mark<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    primary: bool,
}

struct Excerpt<'a> {
    source: &'a Source,
    text: &'a str,
    line: usize,
    first: usize,
    last: usize,
    marks: Vec<Mark<'a>>,
}

impl Excerpt<'_> {
    /// How long the text is, as it is shown, up to an offset.
    fn seen_until(&self, offset: usize) -> usize {
        self.text.get(..offset).map_or(offset, |before| seen(before).len())
    }
}

/// A text of which every character is seen. The renderer has pictures for the controls of ASCII alone.
fn seen(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| !c.is_ascii() && shown::is_hidden(c);
    if text.contains(hidden) { text.replace(hidden, "\u{fffd}").into() } else { text.into() }
}

/// The lines to show: only those, so that a finding costs what it shows and not what the file is long.
fn excerpts<'a>(finding: &'a Finding, sources: &'a Sources) -> Vec<Excerpt<'a>> {
    let primary = finding.place.map(|place| (place, finding.label.as_str(), true));
    let others = finding.others.iter().map(|label| (label.place, label.text.as_str(), label.is_guilty));
    let mut excerpts: Vec<Excerpt<'a>> = Vec::new();
    for (place, text, primary) in primary.into_iter().chain(others) {
        add(&mut excerpts, sources, place, text, primary);
    }
    excerpts
}

fn add<'a>(
    excerpts: &mut Vec<Excerpt<'a>>,
    sources: &'a Sources,
    place: Place,
    text: &'a str,
    primary: bool,
) {
    let Some((source, range)) = sources.locate(place) else {
        return;
    };
    let first = source.line_of(range.start);
    // A place that spans many lines (a table, a text) is shown by its first.
    let last = source.line_of(range.end).min(first + 3);
    let near = excerpts
        .iter_mut()
        .find(|e| e.source.path == source.path && first + APART >= e.first && first <= e.last + APART);
    let excerpt = match near {
        Some(excerpt) => {
            let shown_first = excerpt.first.min(first);
            let shown_last = excerpt.last.max(last);
            let (old_start, _) = source.lines(excerpt.first, excerpt.last);
            let (start, lines) = source.lines(shown_first, shown_last);
            for mark in &mut excerpt.marks {
                mark.start += old_start - start;
                mark.end += old_start - start;
            }
            excerpt.first = shown_first;
            excerpt.last = shown_last;
            excerpt.text = lines;
            excerpt.line = shown_first + 1;
            excerpt
        }
        None => {
            let (_, lines) = source.lines(first, last);
            excerpts.push(Excerpt { source, text: lines, line: first + 1, first, last, marks: Vec::new() });
            match excerpts.last_mut() {
                Some(excerpt) => excerpt,
                None => return,
            }
        }
    };
    let (start, lines) = source.lines(excerpt.first, excerpt.last);
    let mark_start = (range.start - start).min(lines.len());
    excerpt.marks.push(Mark {
        start: mark_start,
        end: (range.end - start).min(lines.len()).max(mark_start),
        text,
        primary,
    });
}
