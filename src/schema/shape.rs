//! The same schema in the shape that editors' language servers show best.
//!
//! Taplo shows a value's words by a plain `enum` with their sentences in `x-taplo`, follows `$ref` and reads
//! nothing beside it; Tombi reads the words' sentences from an `anyOf` of constants. So a value with words refers
//! to a definition for the one, and has the constants beside the reference for the other. What else they need
//! follows from the form: one schema for each key, no `null`, whole keys in each table.

use super::words::{Word, anything, listed};
use serde_json::{Map, Value, json};

/// What the keys of a map are, where the policy's author chooses them: Tombi offers a key by this word.
const NAMES: [(&str, &str); 6] = [
    (".containers", "container"),
    (".env", "VARIABLE"),
    (".labels", "label"),
    (".mounts", "folder"),
    (".sub-path", "folder"),
    (".volumes", "volume"),
];

/// Shapes a schema; what it accepts stays.
pub fn shape(raw: &Value) -> Value {
    let mut definitions = Map::new();
    let mut shaped = shaped(raw, "", &mut definitions);
    if let Value::Object(root) = &mut shaped {
        root.insert("$defs".to_owned(), Value::Object(definitions));
        root.insert("x-tombi-toml-version".to_owned(), json!("v1.1.0"));
    }
    shaped
}

fn shaped(node: &Value, path: &str, definitions: &mut Map<String, Value>) -> Value {
    let Value::Object(object) = node else {
        return node.clone();
    };
    let words = listed(node);
    if !words.is_empty() {
        return with_words(object, &words, path, definitions);
    }
    let about = object.get("description");
    let mut below = |part: &str, node: &Value| shaped(node, &format!("{path}.{part}"), definitions);
    let entries = object.iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(keys)) => {
                Value::Object(keys.iter().map(|(key, node)| (key.clone(), below(key, node))).collect())
            }
            ("items", node) => below("items", &explained(node, about)),
            ("additionalProperties", node) => below("others", &explained(node, about)),
            (_, value) => value.clone(),
        };
        (key.clone(), value)
    });
    let mut shaped: Map<String, Value> = entries.collect();
    if let Some((_, name)) = NAMES.iter().find(|(end, _)| path.ends_with(end)) {
        shaped.insert("x-tombi-additional-key-label".to_owned(), json!(name));
    }
    Value::Object(shaped)
}

/// What a list or a map holds, with the list's own explanation where it has none: Taplo looks there for a key
/// whose value is a list.
fn explained(node: &Value, about: Option<&Value>) -> Value {
    let mut node = node.clone();
    if let (Value::Object(node), Some(about)) = (&mut node, about) {
        node.entry("description").or_insert_with(|| about.clone());
    }
    node
}

/// A value with words: all that may stand there, or some of it.
fn with_words(
    node: &Map<String, Value>,
    words: &[Word],
    path: &str,
    definitions: &mut Map<String, Value>,
) -> Value {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let sentences: Vec<&str> = words.iter().map(|word| word.about.as_str()).collect();
    let for_taplo = json!({ "enum": texts, "x-taplo": { "docs": { "enumValues": sentences } } });
    let mut definition = node.clone();
    let are_all = definition.remove("oneOf").is_some();
    definition.remove("anyOf");
    if let (true, Value::Object(for_taplo)) = (are_all, &for_taplo) {
        // The words say the type; said twice, it is reported twice.
        definition.remove("type");
        definition.extend(for_taplo.clone());
    } else if path.ends_with(".items") {
        // For a key of its own, Taplo would list the key once for each branch.
        definition.insert("anyOf".to_owned(), json!([for_taplo, {}]));
    }
    let name = path.trim_start_matches('.').replace('.', "-");
    let mut shown = Map::new();
    for key in ["description", "type"] {
        shown.extend(node.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    shown.insert("$ref".to_owned(), json!(format!("#/$defs/{name}")));
    shown.insert("anyOf".to_owned(), anything(words));
    definitions.insert(name, Value::Object(definition));
    Value::Object(shown)
}
