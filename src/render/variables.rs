//! The variables of templates, as the types of the views say: each by its path, with its sentence.

use super::view::View;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// A variable: `profile.groups[].comment`, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub path: String,
    pub about: String,
}

/// All variables, in the order of their types.
pub fn all() -> Vec<Variable> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.contract = schemars::generate::Contract::Serialize;
    });
    let schema = settings.into_generator().into_root_schema_for::<View>();
    let mut found = Vec::new();
    walk(schema.as_value(), "", &mut found);
    found
}

fn walk(node: &Value, path: &str, found: &mut Vec<Variable>) {
    let items = node.get("items").map(|items| (items, format!("{path}[]")));
    let either = node.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    for (below, path) in either.map(|branch| (branch, path.to_owned())).chain(items) {
        walk(below, &path, found);
    }
    for (key, below) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let about = below.get("description").and_then(Value::as_str).unwrap_or_default();
        found.push(Variable { path: path.clone(), about: about.replace('\n', " ") });
        walk(below, &path, found);
    }
}
