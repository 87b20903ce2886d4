//! Text that is not TOML.

mod unclosed;

use crate::diag::sources::Source;
use crate::diag::{Code, Finding, Place, code};
use std::ops::Range;
use toml::de::DeTable;

pub static CODE: Code = code!("invalid-toml", Error);

/// After a slip the parser stumbles on: the first error of each line, and few of them, say enough.
const MOST: usize = 5;

pub fn found(source: &Source, table: &DeTable<'_>, mut errors: Vec<toml::de::Error>) -> Vec<Finding> {
    if let (Some((at, kind)), false) = (other_format(&source.text), errors.is_empty()) {
        let place = Place::new(source.base() + at.start, source.base() + at.end);
        return vec![Finding::new(&CODE, place, format!("this is {kind}, not a policy")).help(
            "name the policy that it is rendered from; `aapol explain` and `aapol diff` take profiles, too",
        )];
    }
    if errors.is_empty() {
        return Vec::new();
    }
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    errors.sort_by_key(start);
    let lists = unclosed::Lists::new(&source.text);
    let around = |error: &toml::de::Error| lists.around(start(error));
    if let Some((list, next)) = errors.iter().find_map(around) {
        // What follows is read as a part of the list.
        errors.retain(|error| start(error) < list);
        let mut findings = found(source, table, errors);
        findings.push(no_end(source.base(), list, next));
        return findings;
    }
    errors.dedup_by_key(|error| source.line_of(start(error)));
    errors.truncate(MOST);
    errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            let place = Place::new(source.base() + span.start, source.base() + span.end);
            let what = error.message().trim().replace('\n', ", ");
            if what == "duplicate key" {
                return duplicate(source, table, span, place);
            }
            let bare = what.contains("string values must be quoted");
            let what = what.trim_end_matches(", expected literal string");
            let finding = Finding::new(&CODE, place, format!("this is not TOML: {what}"));
            if what.contains("escape") || what.contains("unicode") {
                return finding.help(
                    "a backslash between `\"` begins an escape: write `\\\\` for one, or put the text between `'`",
                );
            }
            if what.starts_with("missing comma between array elements") {
                let finding = finding.help("put a comma between the two entries, or `]` where the list ends");
                return match lists.open(span.start) {
                    Some(list) => finding.also(
                        Place::new(source.base() + list, source.base() + list + 1),
                        "the list begins here",
                    ),
                    None => finding,
                };
            }
            match source.text.get(span) {
                Some(word) if bare && is_word(word) => {
                    finding.help("put the value in quotes").fix(place, word)
                }
                Some(_) | None if bare => finding.help("put the value in quotes"),
                Some(_) | None => finding,
            }
        })
        .collect()
}

/// A list without an end, and what stands where it should have ended.
fn no_end(base: usize, list: usize, next: Range<usize>) -> Finding {
    Finding::new(
        &CODE,
        Place::new(base + list, base + list + 1),
        "this is not TOML: the list has no `]` at its end",
    )
    .label("it begins here")
    .also(Place::new(base + next.start, base + next.end), "this is read as a part of it")
    .help("put `]` behind its last entry")
}

/// What a text is that is no TOML by its first line, where that is one of the files beside a policy.
fn other_format(text: &str) -> Option<(Range<usize>, &'static str)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let at = start..start + line.trim_end().len();
        start += line.len();
        if bare.is_empty() || (bare.starts_with('#') && !bare.starts_with("#include")) {
            continue;
        }
        let begins = |words: &[&str]| words.iter().any(|word| bare.starts_with(word));
        return if begins(&["abi <", "include <", "#include <", "profile "]) {
            Some((at, "an AppArmor profile"))
        } else if begins(&["apiVersion:", "kind:", "---"]) {
            Some((at, "a Kubernetes manifest"))
        } else {
            None
        };
    }
    None
}

/// A key that stands twice, with the first where it can be found.
fn duplicate(source: &Source, table: &DeTable<'_>, span: Range<usize>, place: Place) -> Finding {
    let key: String =
        source.text.get(span.clone()).unwrap_or("").trim_matches(['"', '\'']).chars().take(60).collect();
    let finding = Finding::new(&CODE, place, format!("this is not TOML: duplicate key `{key}`"))
        .label("the second")
        .help(format!("unite what stands behind the two, or take one of them out: `{key}` may stand once"));
    match first(&source.text, table, &span) {
        Some(first) => {
            finding.also(Place::new(source.base() + first.start, source.base() + first.end), "the first")
        }
        None => finding,
    }
}

/// Where a key that stands twice stands first. Its table is the one that the last header before it opened.
fn first(text: &str, table: &DeTable<'_>, second: &Range<usize>) -> Option<Range<usize>> {
    let above = text.get(..second.start)?;
    let line = above.rfind('\n').map_or(0, |end| end + 1);
    let begun = text.get(line..second.end)?.trim_start();
    if begun.starts_with('[') {
        let path = chain(&format!("{begun}]"));
        return headers(text.get(..line)?).find(|(header, _)| *header == path).map(|(_, at)| at);
    }
    let (mut path, _) = headers(text.get(..line)?).last().unwrap_or_default();
    path.extend(chain(&format!("{begun} = 1")));
    let (last, tables) = path.split_last()?;
    let table = tables.iter().try_fold(table, |table, key| table.get(key.as_str())?.get_ref().as_table())?;
    let (key, _) = table.iter().find(|(key, _)| key.get_ref() == last.as_str())?;
    (key.span().end <= second.start).then(|| key.span())
}

/// The headers of tables, each with where it stands.
fn headers(text: &str) -> impl Iterator<Item = (Vec<String>, Range<usize>)> {
    let mut end = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let start = end;
        end += line.len();
        (start, line)
    });
    lines.filter_map(|(start, line)| {
        let blank = line.len() - line.trim_start().len();
        let length = line.trim_start().find(']')? + 1;
        let path = if line.trim_start().starts_with('[') { chain(line) } else { Vec::new() };
        (!path.is_empty()).then_some((path, start + blank..start + blank + length))
    })
}

/// The keys of a line that holds one header or one key, from the top; none where it is neither.
fn chain(line: &str) -> Vec<String> {
    let mut keys = Vec::new();
    if let Ok(table) = DeTable::parse(line) {
        let mut level = Some(table.get_ref());
        while let Some((key, value)) = level.and_then(|level| level.iter().next()) {
            keys.push(key.get_ref().to_string());
            level = value.get_ref().as_table();
        }
    }
    keys
}

/// A text of which it is clear where it ends.
fn is_word(text: &str) -> bool {
    let mut bytes = text.bytes();
    !text.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte))
}
