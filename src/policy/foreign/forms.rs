//! Values in the form that other tools give them, above all Kubernetes: a table where a string stands here, a list of
//! tables where a table stands.

use super::{is_at, plain, told};
use crate::policy::quoted;
use toml::de::{DeTable, DeValue};

/// A key whose value others write otherwise.
struct Form {
    /// The key by its path; `[]` for the entries of its list.
    at: &'static str,
    /// Keys of a table that hold the value itself, the outer ones first: `secretRef.name`.
    value: &'static [&'static str],
    /// In a list of tables: the key that holds the name, and the one that holds the value.
    pair: Option<(&'static str, &'static str)>,
    help: &'static str,
}

const ENV: &str = "a variable has its value here: `env = { NAME = \"value\" }`; the keys of a Secret become variables by {pod.containers.*.env-from-secret}";
const MOUNTS: &str = "a mount has the volume's name here: `mounts = { \"/data\" = \"data\" }`; a part of the volume stands in {pod.containers.*.sub-path}, and what no write grant reaches is mounted read-only";
const SECRETS: &str =
    "only names of Secrets stand here; what a ConfigMap would set is written in {pod.containers.*.env}";

const FORMS: &[Form] = &[
    Form { at: "pod.containers.*.env.*", value: &["value"], pair: None, help: ENV },
    Form { at: "pod.containers.*.env", value: &[], pair: Some(("name", "value")), help: ENV },
    Form { at: "pod.containers.*.mounts.*", value: &["volume", "name"], pair: None, help: MOUNTS },
    Form { at: "pod.containers.*.mounts", value: &[], pair: Some(("mount-path", "name")), help: MOUNTS },
    Form {
        at: "pod.containers.*.env-from-secret.[]",
        value: &["name", "secret-ref.name"],
        pair: None,
        help: SECRETS,
    },
    Form {
        at: "pod.containers.*.ports.[]",
        value: &["container-port", "port"],
        pair: None,
        help: "a port is its number alone, the one that the container listens on: `8080`",
    },
    Form {
        at: "pod.containers",
        value: &[],
        pair: None,
        help: "each container has a table of its own, by its name: `[pod.containers.web]`",
    },
    Form {
        at: "pod.volumes",
        value: &[],
        pair: None,
        help: "each volume has a table of its own, by its name: `[pod.volumes.data]`",
    },
    Form {
        at: "pod.volumes.*.empty-dir",
        value: &[],
        pair: None,
        help: "write `empty-dir = true`: no key sets its medium or its size; add these to the manifest by kustomize, or by a template of your own (README, Templates)",
    },
    Form {
        at: "pod.volumes.*.config-map",
        value: &["name"],
        pair: None,
        help: "the name of the ConfigMap stands here alone",
    },
    Form {
        at: "pod.volumes.*.secret",
        value: &["secret-name", "name"],
        pair: None,
        help: "the name of the Secret stands here alone",
    },
    Form {
        at: "pod.volumes.*.claim",
        value: &["claim-name", "name"],
        pair: None,
        help: "the name of the claim stands here alone",
    },
    Form {
        at: "pod.volumes.*.host-path",
        value: &["path"],
        pair: None,
        help: "the path on the node stands here alone",
    },
];

/// What to write in place of a value.
#[derive(Debug)]
pub struct FormHelp {
    pub help: String,
    /// The value in its right form, where nothing is lost.
    pub instead: Option<String>,
}

/// FormHelp about a table, a list of tables or a word that stands where the key takes something else.
pub fn advice(path: &[String], is_entry: bool, is_inline: bool, value: &DeValue<'_>) -> Option<FormHelp> {
    let form = FORMS.iter().find(|form| match form.at.strip_suffix(".[]") {
        Some(list) => is_entry && is_at(list, path),
        None => !is_entry && is_at(form.at, path),
    })?;
    let (key, table) = path.split_last().map_or(("", &[][..]), |(key, table)| (key.as_str(), table));
    let key = if is_bare(key) { key.to_owned() } else { quoted(key) };
    let instead = match value {
        // There is nothing in it that others write otherwise.
        DeValue::Table(table) if table.is_empty() => return None,
        DeValue::Table(table) => form.value.iter().find_map(|inner| alone(table, inner)),
        DeValue::Array(items) if !items.is_empty() => {
            let pairs: Option<Vec<String>> =
                items.iter().map(|item| pair(item.get_ref().as_table()?, form.pair?)).collect();
            pairs.map(|pairs| format!("{{ {} }}", pairs.join(", ")))
        }
        DeValue::Array(_) | DeValue::String(_) => None,
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => return None,
    };
    let help = match &instead {
        Some(text) if text.len() <= 80 && is_entry => format!("write `{text}` alone"),
        Some(text) if text.len() <= 80 && is_inline => format!("write `{key} = {text}`"),
        Some(text) if text.len() <= 80 => {
            format!("write `{key} = {text}` in `[{}]`, in place of this table", table.join("."))
        }
        Some(_) | None => told(form.help, table),
    };
    Some(FormHelp { help, instead })
}

/// The value of the only key of a table, by the names of keys that may hold it.
fn alone(table: &DeTable<'_>, path: &str) -> Option<String> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let mut keys = table.iter();
    let (_, value) = keys.next().filter(|(key, _)| plain(key.get_ref()) == plain(name))?;
    match (keys.next(), rest, value.get_ref()) {
        (None, "", value) => scalar(value),
        (None, rest, DeValue::Table(inner)) => alone(inner, rest),
        _ => None,
    }
}

/// `name = value` of a table with these two keys and no other.
fn pair(table: &DeTable<'_>, (name, value): (&str, &str)) -> Option<String> {
    let get = |wanted: &str| {
        let mut keys = table.iter();
        keys.find(|(key, _)| plain(key.get_ref()) == plain(wanted)).map(|(_, value)| value.get_ref())
    };
    let name = get(name)?.as_str()?;
    let value = scalar(get(value)?)?;
    let name = if is_bare(name) { name.to_owned() } else { quoted(name) };
    (table.len() == 2).then(|| format!("{name} = {value}"))
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(quoted(text)),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().replace('_', "")),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}

/// Whether a key needs no quotes.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::foreign::tests::{exists, keys};

    #[test]
    fn every_key_that_is_named_exists() {
        for form in FORMS {
            assert!(exists(form.at.trim_end_matches(".[]")), "{}", form.at);
            for key in keys(form.help) {
                assert!(exists(key), "{key}");
            }
        }
    }
}
