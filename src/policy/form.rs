//! The form of a policy as JSON Schema, made from the types that read it: keys, and what kinds of values they
//! take. What a value may say is not here.

use super::Policy;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::sync::OnceLock;

/// Draft 2020-12, with nothing referred to.
pub fn form() -> &'static Value {
    static FORM: OnceLock<Value> = OnceLock::new();
    FORM.get_or_init(|| {
        let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
        let mut schema = settings.into_generator().into_root_schema_for::<Policy>().to_value();
        plain(&mut schema);
        schema
    })
}

/// A key that may be left out is not a key that may be null: TOML has no null. Defaults that are whole
/// tables or empty lists help nobody.
fn plain(node: &mut Value) {
    match node {
        Value::Object(object) => {
            if let Some(branches) = object.get_mut("anyOf").and_then(Value::as_array_mut) {
                branches.retain(|branch| branch.get("type").is_none_or(|t| t != "null"));
            }
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|t| t != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(words)) = object.get_mut("enum") {
                words.retain(|word| !word.is_null());
            }
            if object.get("default").is_some_and(|d| !d.is_boolean()) {
                object.remove("default");
            }
            // Of numbers: how wide Rust's are.
            object.remove("format");
            let single = match object.get("anyOf").and_then(Value::as_array) {
                Some(branches) if branches.len() == 1 => branches.first().cloned(),
                _ => None,
            };
            if let Some(Value::Object(branch)) = single {
                object.remove("anyOf");
                for (key, value) in branch {
                    object.entry(key).or_insert(value);
                }
            }
            for (key, value) in object.iter_mut() {
                match (key.as_str(), value) {
                    // The names in here are keys of a policy, one of them `default`.
                    ("properties", Value::Object(properties)) => properties.values_mut().for_each(plain),
                    (_, value) => plain(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
