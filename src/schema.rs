//! The JSON Schema of a policy, for editors: what the types say about its form, with what values may say.
//!
//! Enters: the form, and the kernel's, the bundles' and the findings' own words. Leaves: one schema that means
//! the same to every validator, in the shape in which the editors' language servers show it best. Decides
//! nothing: whatever it refuses, `check` refuses.

pub mod facts;
pub mod patterns;
pub mod shape;
pub mod words;

use crate::policy::form::form;
use serde_json::Value;
use std::sync::OnceLock;

/// The schema before it is shaped: plain JSON Schema, and nothing else.
pub fn raw() -> &'static Value {
    static RAW: OnceLock<Value> = OnceLock::new();
    RAW.get_or_init(|| {
        let mut schema = form().clone();
        for (path, fact) in facts::all() {
            if let Some(node) = node_mut(&mut schema, &path) {
                facts::add(node, fact);
            }
        }
        schema
    })
}

/// The schema as editors get it.
pub fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| shape::shape(raw()))
}

/// The schema as the text of a file.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// What the raw schema says of a value, by its path: keys, `*` for any name in a map, `[]` for an item.
pub fn node(path: &[&str]) -> Option<&'static Value> {
    let step = |node: &'static Value, part: &&str| match *part {
        "[]" => node.get("items"),
        name => {
            let properties = node.get("properties").and_then(|keys| keys.get(name));
            properties.or_else(|| node.get("additionalProperties").filter(|others| others.is_object()))
        }
    };
    path.iter().try_fold(raw(), step)
}

fn node_mut<'a>(schema: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    path.split('.').try_fold(schema, |node, part| match part {
        "[]" => node.get_mut("items"),
        "*" => node.get_mut("additionalProperties"),
        // The names of a map, of which the form says nothing.
        "@" => Some(node.as_object_mut()?.entry("propertyNames").or_insert_with(|| serde_json::json!({}))),
        name => node.get_mut("properties")?.get_mut(name),
    })
}
