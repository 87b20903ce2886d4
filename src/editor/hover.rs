//! What a value means: its word's sentence, and the rules that it renders to.
//!
//! Enters: an analysed policy and an offset. Leaves: text for people, and the stretch that it is about. What the
//! form of a policy says is left to the servers that know the schema.

use super::analysed::Analysed;
use crate::diag::Place;
use crate::policy::Outline;
use crate::policy::outline::{Node, Shape, scalar};
use crate::schema;
use crate::schema::words::listed;
use std::ops::Range;

/// More rules than this are not read.
const MOST: usize = 20;

/// Where entries become rules.
const WITH_RULES: [&str; 9] = [
    "bundles",
    "capabilities",
    "default",
    "exec",
    "filesystem",
    "limits",
    "network",
    "operations",
    "raw-rules",
];

#[derive(Debug, PartialEq, Eq)]
pub struct HoverText {
    pub text: String,
    pub about: Range<usize>,
}

pub fn meaning(text: &str, offset: usize, analysed: &Analysed) -> Option<HoverText> {
    let outline = analysed.outline()?;
    let mut path = Vec::new();
    let found = in_table(outline, None, offset, &mut path)?;
    let value = outline.node(found.number)?.value;
    let mut parts: Vec<String> = sentence(&path, scalar(text, value)).into_iter().collect();
    let renders = path.first().is_some_and(|first| WITH_RULES.contains(first));
    if renders && analysed.has_rules() {
        let mut stretches: Vec<Place> = outline.scalars(found.number).collect();
        stretches.sort();
        parts
            .push(rules(analysed, &stretches).unwrap_or_else(|| "It renders no rule of its own.".to_owned()));
    } else if renders {
        parts.push("The rules are shown once the policy's errors are fixed.".to_owned());
    }
    (!parts.is_empty())
        .then(|| HoverText { text: parts.join("\n\n"), about: found.about.start..found.about.end })
}

/// A value by its number in the outline, and what of the text stands for it: itself, or its key.
struct Found {
    number: usize,
    about: Place,
}

fn in_table<'a>(
    outline: &'a Outline,
    table: Option<usize>,
    offset: usize,
    path: &mut Vec<&'a str>,
) -> Option<Found> {
    for (number, node) in outline.children(table) {
        let (key, place) = node.key.as_ref()?;
        path.push(key);
        if touches(*place, offset) {
            return Some(Found { number, about: *place });
        }
        let found = in_value(outline, number, node, offset, path);
        if found.is_some() {
            return found;
        }
        path.pop();
    }
    None
}

fn in_value<'a>(
    outline: &'a Outline,
    number: usize,
    node: &Node,
    offset: usize,
    path: &mut Vec<&'a str>,
) -> Option<Found> {
    match node.shape {
        // A table is where its keys are, and these may be anywhere.
        Shape::Table => in_table(outline, Some(number), offset, path),
        Shape::List => {
            path.push("[]");
            let mut items = outline.children(Some(number)).filter(|(_, item)| touches(item.value, offset));
            let found = items.find_map(|(number, item)| in_value(outline, number, item, offset, path));
            if found.is_none() {
                path.pop();
            }
            found
        }
        Shape::Scalar => touches(node.value, offset).then_some(Found { number, about: node.value }),
    }
}

fn touches(place: Place, offset: usize) -> bool {
    (place.start..=place.end).contains(&offset)
}

/// What the schema says of a word.
fn sentence(path: &[&str], word: Option<String>) -> Option<String> {
    let word = word?;
    let words = listed(schema::node(path)?);
    Some(words.into_iter().find(|known| known.text == word)?.about)
}

fn rules(analysed: &Analysed, stretches: &[Place]) -> Option<String> {
    let mut rules = analysed.rules(stretches);
    let shown: Vec<String> = rules.by_ref().take(MOST).map(|rule| format!("{rule}\n")).collect();
    if shown.is_empty() {
        return None;
    }
    let more = match rules.count() {
        0 => String::new(),
        more => format!("\n\nand {more} more"),
    };
    // A path may hold backticks of its own.
    let longest = shown.iter().flat_map(|rule| rule.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    Some(format!("{fence}apparmor\n{}{fence}{more}", shown.concat()))
}
