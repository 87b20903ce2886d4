//! Text that is not TOML.

use crate::diag::sources::Source;
use crate::diag::{Code, Finding, Place, code};
use std::ops::Range;
use toml::de::DeTable;

pub static CODE: Code = code!("invalid-toml", Error);

/// After a slip the parser stumbles on: the first error of each line, and few of them, say enough.
const MOST: usize = 5;

pub fn found(source: &Source, table: &DeTable<'_>, mut errors: Vec<toml::de::Error>) -> Vec<Finding> {
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    errors.sort_by_key(start);
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
