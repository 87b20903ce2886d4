//! The words that may stand where the cursor is: between quotes, or on a line of their own in a list.
//!
//! Enters: where the cursor is in a text that may be broken. Leaves: the words and what they mean. Elsewhere, words
//! without quotes are left to the servers that know the schema.

use super::cursor::Cursor;
use super::document::Lines;
use super::line::{header, is_header};
use super::protocol::{CompletionItem, MarkupContent, TextEdit};
use crate::analysis::Analysis;
use crate::diag::Place;
use crate::diag::sources::Source;
use crate::policy::outline::scalar;
use crate::policy::{Outline, quoted};
use crate::schema;
use crate::schema::words::{Word, listed};
use std::collections::BTreeMap;

/// What is offered, beside a server that offers some of the schema's words itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    All,
    /// Taplo offers a key's words where there are no others.
    #[default]
    BesideTaplo,
    BeyondSchema,
    Off,
}

impl Offer {
    /// By its word in the editor's settings.
    pub fn from_word(word: &str) -> Option<Offer> {
        match word {
            "all" => Some(Offer::All),
            "beside-taplo" => Some(Offer::BesideTaplo),
            "beyond-schema" => Some(Offer::BeyondSchema),
            "off" => Some(Offer::Off),
            _ => None,
        }
    }
}

/// How the protocol numbers kinds of words.
const VALUE: u8 = 12;
const ONE_OF_SOME: u8 = 20;

/// Whether the name of a volume is being typed.
pub fn is_volume(cursor: &Cursor) -> bool {
    let path: Vec<&str> = cursor.path.iter().map(String::as_str).collect();
    matches!(path.as_slice(), ["pod", "containers", _, "mounts", _])
}

/// The words for a place, which the policy's volumes are handed to.
pub fn items(cursor: &Cursor, offer: Offer, volumes: Vec<Word>, lines: &Lines<'_>) -> Vec<CompletionItem> {
    let path: Vec<&str> = cursor.path.iter().map(String::as_str).collect();
    let node = schema::node(&path);
    let is_taplos = |node: &&serde_json::Value| path.last() != Some(&"[]") && node.get("oneOf").is_some();
    let (volumes, node) = match offer {
        Offer::All => (volumes, node),
        Offer::BesideTaplo => (volumes, node.filter(|node| !is_taplos(node))),
        Offer::BeyondSchema => (volumes, None),
        Offer::Off => (Vec::new(), None),
    };
    let words = node.map(listed).unwrap_or_default();
    let words = words.into_iter().filter(|word| !cursor.beside.contains(&word.text));
    let volumes = volumes.into_iter().map(|word| item(word, VALUE, cursor, lines));
    volumes.chain(words.map(|word| item(word, ONE_OF_SOME, cursor, lines))).collect()
}

fn item(word: Word, kind: u8, cursor: &Cursor, lines: &Lines<'_>) -> CompletionItem {
    let new_text = if cursor.bare { quoted(&word.text) } else { word.text.clone() };
    CompletionItem {
        label: word.text.clone(),
        kind,
        documentation: MarkupContent::markdown(word.about),
        filter_text: word.text,
        text_edit: TextEdit { range: lines.range(cursor.range.clone()), new_text },
    }
}

/// The names of the policy's volumes, those of the policies that it extends included.
pub fn volumes(analysis: &Analysis) -> Vec<Word> {
    let mut words = BTreeMap::new();
    for (source, file) in analysis.sources.iter().zip(&analysis.files) {
        let volumes = file.outline.find(&["pod", "volumes"]);
        let volumes = volumes.into_iter().flat_map(|table| file.outline.children(Some(table)));
        for (number, volume) in volumes {
            if let Some((name, _)) = &volume.key {
                words.entry(name.clone()).or_insert_with(|| about(&file.outline, number, source));
            }
        }
        // Where the text is broken, as it is while one types, the tree ends early: headers are seen all the same.
        let headers = source.text.lines().map(str::trim).filter(|line| is_header(line)).map(header);
        for header in headers {
            if let [pod, volumes, name] = header.as_slice()
                && pod == "pod"
                && volumes == "volumes"
            {
                words.entry(name.clone()).or_insert_with(|| "A volume of this policy.".to_owned());
            }
        }
    }
    words.into_iter().map(|(text, about)| Word { text, about }).collect()
}

/// A volume in a sentence: what its key says.
fn about(outline: &Outline, volume: usize, source: &Source) -> String {
    let Some((_, node)) = outline.children(Some(volume)).next() else {
        return "A volume of this policy.".to_owned();
    };
    let key = node.key.as_ref().map_or("", |(key, _)| key);
    let base = source.base();
    let local = Place::new(node.value.start.saturating_sub(base), node.value.end.saturating_sub(base));
    match scalar(&source.text, local) {
        Some(value) => format!("A volume of this policy: {key} `{value}`."),
        None => format!("A volume of this policy: {key}."),
    }
}
