//! A value of another type than the key takes.

use crate::diag::{Code, Finding, Place, Severity};
use crate::policy::quoted;
use serde_json::Value;
use toml::de::DeValue;

pub static CODE: Code = Code {
    name: "wrong-type",
    severity: Severity::Error,
    summary: "a value of the wrong type",
    explanation: "Each key takes one type: a string, a list of strings, a whole number, `true` or `false`, or a table. A \
                  single entry of a list still stands in brackets.",
    bad: "name = \"web\"\n\n[exec]\nallow = \"/usr/sbin/nginx\"\n",
    good: "name = \"web\"\n\n[exec]\nallow = [\"/usr/sbin/nginx\"]\n",
};

pub fn found(place: Place, key: &str, value: &DeValue<'_>, node: &Value) -> Finding {
    let wanted = words(node);
    let finding = Finding::new(&CODE, place, format!("`{key}` takes {wanted}, not {}", kind(value)));
    let is_list = node.get("type").is_some_and(|t| t == "array");
    match value {
        DeValue::String(text) if is_list && text.len() < 80 => finding
            .help(format!("put it in brackets: `[\"{text}\"]`"))
            .fix(place, format!("[{}]", quoted(text))),
        DeValue::String(_) | DeValue::Array(_) if wanted == "a table" => {
            finding.help(format!("write it as a table: `{key} = {{ NAME = \"value\" }}`"))
        }
        DeValue::Integer(number) if wanted == "a string" && number.radix() == 10 => {
            finding.help("put the number in quotes").fix(place, quoted(&number.as_str().replace('_', "")))
        }
        DeValue::Integer(_) | DeValue::Float(_) if wanted == "a string" => {
            finding.help("put the number in quotes")
        }
        DeValue::String(text) if is_bare(text, &wanted) => {
            finding.help("leave the quotes out").fix(place, text.as_ref())
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => finding,
    }
}

/// Whether a text is what is wanted, in quotes.
fn is_bare(text: &str, wanted: &str) -> bool {
    match wanted {
        "a whole number" => text.parse::<i64>().is_ok_and(|number| number.to_string() == text),
        "`true` or `false`" => text == "true" || text == "false",
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
        Some("boolean") => "`true` or `false`",
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
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
