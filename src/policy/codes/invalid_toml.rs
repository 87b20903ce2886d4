//! Text that is not TOML.

use crate::diag::sources::Source;
use crate::diag::{Code, Finding, Place, Severity};

pub static CODE: Code = Code {
    name: "invalid-toml",
    severity: Severity::Error,
    summary: "the file is not valid TOML",
    explanation: "The policy cannot be read at all until its TOML is right: strings are in quotes, lists in brackets with \
                  commas between, and each key and table stands once. One slip often makes the lines after it look \
                  wrong too, so mend the first finding first.",
    bad: "name = web\n",
    good: "name = \"web\"\n",
};

/// After a slip the parser stumbles on: the first error of each line, and few of them, say enough.
const MOST: usize = 5;

pub fn found(source: &Source, mut errors: Vec<toml::de::Error>) -> Vec<Finding> {
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
            let bare = what.contains("string values must be quoted");
            let what = what.trim_end_matches(", expected literal string");
            let finding = Finding::new(&CODE, place, format!("this is not TOML: {what}"));
            match source.text.get(span) {
                Some(word) if bare && is_word(word) => {
                    finding.help("put the value in quotes").fix(place, format!("\"{word}\""))
                }
                Some(_) | None if bare => finding.help("put the value in quotes"),
                Some(_) | None => finding,
            }
        })
        .collect()
}

/// A text of which it is clear where it ends.
fn is_word(text: &str) -> bool {
    let mut bytes = text.bytes();
    !text.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte))
}
