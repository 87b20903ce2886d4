//! What a value means: its word's sentence, and the rules that it renders to.
//!
//! Enters: a judged policy and an offset. Leaves: text for people, and the stretch that it is about. What the
//! form of a policy says is left to the servers that know the schema.

use super::judged::Judged;
use crate::schema;
use crate::schema::words::listed;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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
pub struct Meaning {
    pub text: String,
    pub about: Range<usize>,
}

pub fn meaning(text: &str, offset: usize, judged: &Judged) -> Option<Meaning> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut path = Vec::new();
    let found = in_table(table.get_ref(), offset, &mut path)?;
    let mut parts: Vec<String> = sentence(&path, found.value).into_iter().collect();
    let renders = path.first().is_some_and(|first| WITH_RULES.contains(&first.as_str()));
    if renders && judged.has_rules() {
        let mut stretches = Vec::new();
        leaves(found.value, &mut stretches);
        stretches.sort_by_key(|stretch| stretch.start);
        parts.push(rules(judged, &stretches).unwrap_or_else(|| "It renders no rule of its own.".to_owned()));
    } else if renders {
        parts.push("The rules are shown once the policy's errors are mended.".to_owned());
    }
    (!parts.is_empty()).then(|| Meaning { text: parts.join("\n\n"), about: found.about })
}

/// A value, and what of the text stands for it: itself, or its key.
struct Found<'a, 'i> {
    value: &'a Spanned<DeValue<'i>>,
    about: Range<usize>,
}

fn in_table<'a, 'i>(table: &'a DeTable<'i>, offset: usize, path: &mut Vec<String>) -> Option<Found<'a, 'i>> {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        if touches(&key.span(), offset) {
            return Some(Found { value, about: key.span() });
        }
        let found = in_value(value, offset, path);
        if found.is_some() {
            return found;
        }
        path.pop();
    }
    None
}

fn in_value<'a, 'i>(
    value: &'a Spanned<DeValue<'i>>,
    offset: usize,
    path: &mut Vec<String>,
) -> Option<Found<'a, 'i>> {
    match value.get_ref() {
        // A table is where its keys are, and these may be anywhere.
        DeValue::Table(table) => in_table(table, offset, path),
        DeValue::Array(items) => {
            path.push("[]".to_owned());
            let mut items = items.iter().filter(|item| touches(&item.span(), offset));
            let found = items.find_map(|item| in_value(item, offset, path));
            if found.is_none() {
                path.pop();
            }
            found
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => {
            touches(&value.span(), offset).then(|| Found { value, about: value.span() })
        }
    }
}

fn touches(span: &Range<usize>, offset: usize) -> bool {
    (span.start..=span.end).contains(&offset)
}

/// What the schema says of a word.
fn sentence(path: &[String], value: &Spanned<DeValue<'_>>) -> Option<String> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let text = value.get_ref().as_str()?;
    let words = listed(schema::node(&path)?);
    Some(words.into_iter().find(|word| word.text == text)?.about)
}

/// The scalars of a value, which are what rules come from.
fn leaves(value: &Spanned<DeValue<'_>>, into: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(table) => table.iter().for_each(|(_, value)| leaves(value, into)),
        DeValue::Array(items) => items.iter().for_each(|item| leaves(item, into)),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => into.push(value.span()),
    }
}

fn rules(judged: &Judged, stretches: &[Range<usize>]) -> Option<String> {
    let mut rules = judged.rules(stretches);
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
