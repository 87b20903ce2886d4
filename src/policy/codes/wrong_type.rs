//! A value of another type than the key takes.

use crate::diag::{Code, Finding, Place, code};
use crate::policy::codes::unknown_value;
use crate::policy::foreign::forms;
use crate::policy::{quoted, shape};
use serde_json::Value;
use toml::de::{DeInteger, DeValue};

pub static CODE: Code = code!("wrong-type", Error);

/// Where a value stands: behind a key, and in the list that stands there.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    pub key: Place,
    /// It follows its key, so that another value can stand in its place: a table may have a header instead.
    pub is_inline: bool,
    /// What the form says of the list.
    pub list: Option<&'a Value>,
}

pub fn found(place: Place, path: &[String], spot: Spot<'_>, value: &DeValue<'_>, node: &Value) -> Finding {
    let key = path.last().map_or("", String::as_str);
    let (wanted, kind) = (words(node), kind(value));
    let message = match spot.list {
        Some(_) => format!("an entry of `{key}` is {wanted}, not {kind}"),
        None => format!("`{key}` takes {wanted}, not {kind}"),
    };
    let finding = Finding::new(&CODE, place, message);
    if let Some(text) = value.as_str().filter(|text| is_bare(text, &wanted)) {
        return finding.help("leave the quotes out").fix_written(place, text);
    }
    if let Some(advice) = forms::advice(path, spot.list.is_some(), spot.is_inline, value) {
        let finding = finding.help(advice.help);
        return match advice.instead.filter(|_| spot.is_inline) {
            Some(instead) => finding.fix_written(place, instead),
            None => finding,
        };
    }
    if let (Some(list), "a string") = (spot.list, wanted.as_str()) {
        return entry(finding, place, path, value, list);
    }
    if wanted == "a table" {
        return table(finding, path, spot, value, node);
    }
    let items = node.get("items").map(words);
    let choices = shape::choices(node);
    match value {
        DeValue::String(text) if items.is_some() => list(finding, place, path, text, items.as_deref()),
        _ if !choices.is_empty() => finding.help(unknown_value::one_of(&choices)),
        DeValue::Integer(number) if items.as_deref() == Some("a whole number") => {
            let list = format!("[{}]", number.as_str());
            if number.radix() == 10 {
                finding.help(format!("put it in brackets: `{list}`")).fix_written(place, list)
            } else {
                finding.help("put it in brackets")
            }
        }
        DeValue::Integer(number) if wanted == "a string" => in_quotes(finding, place, number),
        DeValue::Float(_) if wanted == "a string" => finding.help("put the number in quotes"),
        DeValue::Table(table) if wanted == BOOLEAN && table.is_empty() => {
            let finding = finding.help(format!("write `{key} = true`"));
            if spot.is_inline { finding.fix_written(place, "true") } else { finding }
        }
        DeValue::String(text) if wanted == BOOLEAN && truth(text).is_some() => {
            let meant = truth(text).unwrap_or_default();
            finding.help(format!("write `{key} = {meant}`")).fix_written(place, meant.to_string())
        }
        // An example would say one of the two, and it may be the wrong one.
        _ if wanted == BOOLEAN => finding.help(format!("write `{key} = true` or `{key} = false`")),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => as_in_example(finding, node),
    }
}

fn as_in_example(finding: Finding, node: &Value) -> Finding {
    match example(node) {
        Some(example) => finding.help(format!("write it as in `{example}`")),
        None => finding,
    }
}

const BOOLEAN: &str = "`true` or `false`";

/// An entry of a list of strings.
fn entry(finding: Finding, place: Place, path: &[String], value: &DeValue<'_>, list: &Value) -> Finding {
    let is_open = list.get("uniqueItems").is_none();
    match (path, value) {
        ([network, _], DeValue::Integer(_)) if network == "network" => {
            finding.help("AppArmor knows no ports here: write `FAMILY/TYPE`, such as `inet/stream`")
        }
        // Other lists hold words and paths, and a number is none in quotes either.
        (_, DeValue::Integer(number)) if is_open => in_quotes(finding, place, number),
        (_, DeValue::Float(_)) if is_open => finding.help("put the number in quotes"),
        _ => as_in_example(finding, list),
    }
}

fn in_quotes(finding: Finding, place: Place, number: &DeInteger<'_>) -> Finding {
    let finding = finding.help("put the number in quotes");
    match number.radix() {
        10 => finding.fix(place, number.as_str().replace('_', "")),
        _ => finding,
    }
}

/// A string in place of a list.
fn list(finding: Finding, place: Place, path: &[String], text: &str, items: Option<&str>) -> Finding {
    let is_number = text.parse::<i64>().is_ok();
    let item = |text: &str| if items == Some("a string") { quoted(text) } else { text.to_owned() };
    if text.len() >= 80 || (items != Some("a string") && !is_number) {
        return finding;
    }
    match entries(path, text).as_slice() {
        // One entry, or several: only the author knows.
        several @ [_, _, ..] => {
            let entries: Vec<String> = several.iter().map(|part| item(part)).collect();
            finding.help(format!("put each entry in quotes of its own: `[{}]`", entries.join(", ")))
        }
        [] | [_] => {
            let list = format!("[{}]", item(text));
            finding.help(format!("put it in brackets: `{list}`")).fix_written(place, list)
        }
    }
}

/// The entries that one text most likely means. What may stand in an entry of the list does not divide it.
fn entries<'t>(path: &[String], text: &'t str) -> Vec<&'t str> {
    let parts = |apart: fn(char) -> bool| -> Vec<&'t str> {
        text.split(apart).map(str::trim).filter(|part| !part.is_empty()).collect()
    };
    let words = || parts(|c| c.is_whitespace() || c == ',');
    match path.first().map(String::as_str) {
        // A verb, and what it is about.
        Some("expect") => parts(|c| c == ','),
        Some("raw-rules") => vec![text],
        // A path may hold either: only where each part is one are there several.
        Some("filesystem" | "exec") => {
            let paths = words();
            if paths.iter().all(|path| path.starts_with('/')) { paths } else { vec![text] }
        }
        _ => words(),
    }
}

/// What other languages call true and false.
fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "1" => Some(true),
        "no" | "n" | "off" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// Something else in place of a table.
fn table(finding: Finding, path: &[String], spot: Spot<'_>, value: &DeValue<'_>, node: &Value) -> Finding {
    let keys = node.get("properties").and_then(Value::as_object);
    let grants = keys.is_some_and(|keys| keys.contains_key("allow")) && path != ["expect"];
    let items: Vec<_> = value.as_array().into_iter().flat_map(|list| list.iter()).collect();
    let entries: Vec<&str> = items.iter().filter_map(|item| item.get_ref().as_str()).collect();
    let is_list_of_strings = !items.is_empty() && items.len() == entries.len();
    if let ([section], true, true) = (path, grants, is_list_of_strings) {
        let shown: Vec<String> = entries.iter().take(3).map(|text| quoted(text)).collect();
        let more = if entries.len() > shown.len() { ", ..." } else { "" };
        return finding
            .help(format!("write `{section} = {{ allow = [{}{more}] }}`", shown.join(", ")))
            .fix_written(spot.key, format!("{section}.allow"));
    }
    match (example(node), keys) {
        (Some(example), _) => finding.help(format!("write it as in `{example}`")),
        (None, Some(keys)) => {
            let names: Vec<&str> = keys.keys().map(String::as_str).collect();
            finding.help(format!("write a table: its keys are `{}`", names.join("`, `")))
        }
        (None, None) => finding,
    }
}

/// The example in a key's explanation.
fn example(node: &Value) -> Option<String> {
    let about = node.get("description")?.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, example) = about.split_once("Example: `")?;
    Some(example.split_once('`')?.0.to_owned())
}

/// Whether a text is what is wanted, in quotes.
fn is_bare(text: &str, wanted: &str) -> bool {
    match wanted {
        "a whole number" => text.parse::<i64>().is_ok_and(|number| number.to_string() == text),
        BOOLEAN => text == "true" || text == "false",
        _ => false,
    }
}

pub fn too_large(place: Place, key: &str) -> Finding {
    Finding::new(&CODE, place, format!("`{key}` is larger than a number can be"))
}

/// What the walk over the form let pass and the types did not.
pub fn as_read(place: Place, message: &str) -> Finding {
    Finding::new(&CODE, place, format!("this value cannot be read: {}", message.replace('\n', ", ")))
}

fn words(node: &Value) -> String {
    let of = |node: &Value| node.get("type").and_then(Value::as_str).map(str::to_owned);
    match of(node).as_deref() {
        Some("array") => match node.get("items").and_then(of).as_deref() {
            Some("integer") => "a list of whole numbers",
            _ => "a list of strings",
        },
        Some("integer") => "a whole number",
        Some("boolean") => BOOLEAN,
        Some("object") => "a table",
        _ => "a string",
    }
    .to_owned()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => BOOLEAN,
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
