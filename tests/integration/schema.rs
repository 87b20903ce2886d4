//! The schema in the repository is the one that the types make.

use aapol::editor::document::Document;
use aapol::schema;
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_file_is_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/policy.schema.json");
    if std::env::var_os("BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none(), "CI does not bless: it compares");
        std::fs::write(&path, schema::text()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), schema::text());
}

/// The entry for the catalogue that editors fetch names files that `aapol lsp` takes for policies, and no others.
#[test]
fn the_catalogue_entry_goes_with_the_language_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/schemastore.json");
    let entry: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for key in ["name", "description", "url"] {
        assert!(entry[key].as_str().is_some_and(|text| text.len() > 5), "{key}");
    }
    let patterns: Vec<&str> =
        entry["fileMatch"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
    for pattern in &patterns {
        let uri = format!("file:///srv/{}", pattern.replace('*', "web"));
        let document = Document::new(uri, None, "name = \"web\"\n".to_owned());
        assert!(document.is_policy(), "{pattern}");
    }
    assert!(
        patterns.iter().all(|pattern| pattern.contains("aapol")),
        "other programs have a `policy.toml` too"
    );
}

/// Every key, by its path, with its schema.
fn keys(node: &Value, path: &str, into: &mut Vec<(String, Value)>) {
    if let Some(properties) = node.get("properties").and_then(Value::as_object) {
        for (name, value) in properties {
            let path = format!("{path}{name}");
            into.push((path.clone(), value.clone()));
            keys(value, &format!("{path}."), into);
        }
    }
    if let Some(others) = node.get("additionalProperties") {
        keys(others, &format!("{path}*."), into);
    }
}

/// A key with what the schema says of it: its table, its name, its node.
fn explained() -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    keys(schema::schema(), "", &mut all);
    assert!(all.len() > 80, "only {} keys were found", all.len());
    let split = |(path, node): (String, Value)| {
        let (table, key) = path.rsplit_once('.').unwrap_or(("", &path));
        (table.to_owned(), key.to_owned(), node)
    };
    all.into_iter().map(split).collect()
}

#[test]
fn every_key_says_what_it_does_what_it_renders_what_it_is_by_default_and_shows_an_example() {
    let validator = jsonschema::draft202012::new(schema::schema()).unwrap();
    for (table, key, node) in explained() {
        let about = node["description"].as_str().unwrap_or_default();
        let (first, rest) = about.split_once("\n\n").unwrap_or((about, ""));
        let rest = rest.replace('\n', " ");
        assert!(first.ends_with('.') && first.len() > 15, "{table}.{key}: {about}");
        assert!(rest.contains("Renders "), "{table}.{key}: {about}");
        assert!(rest.contains("Default: ") || rest.contains("Required."), "{table}.{key}: {about}");
        let (_, example) =
            rest.split_once("Example: `").unwrap_or_else(|| panic!("{table}.{key} has no example"));
        let example = example.split('`').next().unwrap();
        assert!(example.starts_with(&key), "{table}.{key}: {example}");
        let name = if key == "name" && table.is_empty() { "" } else { "name = \"web\"\n" };
        let header =
            if table.is_empty() { String::new() } else { format!("[{}]\n", table.replace('*', "x")) };
        let policy = format!("{name}{header}{example}\n");
        let read = toml::from_str::<toml::Table>(&policy).unwrap_or_else(|e| panic!("{policy}: {e}"));
        let errors: Vec<String> =
            validator.iter_errors(&serde_json::to_value(read).unwrap()).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{policy}: {errors:?}");
    }
}

/// Every node of a schema.
fn nodes<'a>(node: &'a Value, into: &mut Vec<&'a Value>) {
    into.push(node);
    match node {
        Value::Object(object) => object.iter().for_each(|(key, value)| match (key.as_str(), value) {
            // The names in here are keys of a policy, one of them `default`.
            ("properties" | "$defs", Value::Object(named)) => named.values().for_each(|n| nodes(n, into)),
            (_, value) => nodes(value, into),
        }),
        Value::Array(items) => items.iter().for_each(|value| nodes(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn its_shape_is_what_the_servers_need() {
    let schema = schema::schema();
    let mut all = Vec::new();
    nodes(schema, &mut all);
    for node in all {
        let Some(object) = node.as_object() else { continue };
        let is_table = object.get("type").is_some_and(|t| t == "object");
        assert!(!is_table || object.contains_key("additionalProperties"), "{node:#}");
        let is_map = object.get("additionalProperties").is_some_and(Value::is_object);
        assert_eq!(is_map, object.contains_key("x-tombi-additional-key-label"), "{node:#}");
        assert!(object.get("type").is_none_or(Value::is_string), "{node:#}");
        assert!(object.get("default").is_none_or(|d| !d.is_object() && !d.is_array()), "{node:#}");
        // Taplo loses its way in the first, and lists a key once for each branch of the second.
        assert!(!object.contains_key("allOf") && !object.contains_key("oneOf"), "{node:#}");
        assert!(
            !object.get("items").is_some_and(|items| items["type"] == "object"),
            "an array of tables: {node:#}"
        );
        if let Some(name) = object.get("$ref") {
            let definition = schema.pointer(name.as_str().unwrap().trim_start_matches('#')).unwrap();
            assert!(definition.get("$ref").is_none(), "{definition:#}");
            // Taplo reads nothing beside a reference.
            assert_eq!(definition.get("description"), object.get("description"), "{name}");
        }
    }
    assert!(!schema::text().contains("\"null\""));
}

#[test]
fn every_word_has_a_sentence() {
    let mut count = 0;
    let mut all = Vec::new();
    nodes(schema::raw(), &mut all);
    for node in all {
        for word in schema::words::listed(node) {
            count += 1;
            let about = &word.about;
            assert!(about.len() > 10 && about.ends_with('.'), "{}: {about}", word.text);
            assert!(
                about.starts_with(char::is_uppercase) || about.starts_with('`'),
                "{}: {about}",
                word.text
            );
        }
    }
    assert!(count > 400, "only {count} words were found");
    // What the kernel's own words permit, and who needs it.
    for path in ["capabilities.allow.[]", "network.allow.[]", "operations.allow.[]"] {
        let node = schema::node(&path.split('.').collect::<Vec<_>>()).unwrap();
        for word in schema::words::listed(node) {
            assert!(word.about.contains(" need"), "{}: {}", word.text, word.about);
        }
    }
}
