//! Keys that other tools have and policies do not, and what does their work here.
//!
//! Enters: an unknown key and its table. Leaves: the key of the same table that it is, or a sentence. Keys of the
//! language stand in the sentences as `{filesystem.read-only}`, which a test looks up.

pub mod forms;
mod words;

use words::{NO_KEY, OF_MANIFESTS, POD, WORDS};

/// What a key of another tool is here.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// A key of the same table that takes the same.
    Key(&'static str),
    /// Something else, in a sentence.
    Help(&'static str),
}

/// What a key means that a table does not have.
pub fn meaning(table: &[String], name: &str) -> Option<Meaning> {
    let found = WORDS
        .iter()
        .find(|word| is_at(word.table, table) && word.names.iter().any(|known| plain(known) == plain(name)));
    let is_manifests = || {
        table.first().is_some_and(|first| first == POD)
            && OF_MANIFESTS.iter().any(|known| plain(known) == plain(name))
    };
    found.map(|word| word.meaning).or_else(|| is_manifests().then_some(NO_KEY))
}

/// A sentence for the reader of a table: the language's keys are named, with their tables where these are others.
pub fn told(help: &str, table: &[String]) -> String {
    let mut out = String::new();
    let mut rest = help;
    while let Some((before, key, after)) = named(rest) {
        let (home, name) = key.rsplit_once('.').unwrap_or(("", key));
        out.push_str(before);
        out.push_str(&match home {
            _ if is_at(home, table) => format!("`{name}`"),
            "" => format!("`{name}` above the first table"),
            _ => format!("`{name}` of `[{}]`", home_near(home, table)),
        });
        rest = after;
    }
    out + rest
}

/// A table by its pattern, with the names of the one that the reader is in as far as they go together.
fn home_near(pattern: &str, table: &[String]) -> String {
    let mut near = table.iter();
    let mut is_near = true;
    let parts = pattern.split('.').map(|part| {
        let name = near.next().filter(|name| is_near && (part == "*" || part == *name));
        is_near = name.is_some();
        match (part, name) {
            ("*", Some(name)) => name,
            ("*", None) => "NAME",
            (part, _) => part,
        }
    });
    parts.collect::<Vec<&str>>().join(".")
}

/// The first `{key}` of a sentence, with what stands around it. Other braces have blanks in them.
fn named(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('{')?;
        let inner = text.get(start + 1..)?;
        let end = inner.find('}')?;
        let key = inner.get(..end)?;
        if !key.contains([' ', '"']) {
            return Some((text.get(..start)?, key, inner.get(end + 1..)?));
        }
        from = start + 1;
    }
}

/// Whether a table is meant by a pattern of names.
fn is_at(pattern: &str, table: &[String]) -> bool {
    let parts: Vec<&str> = pattern.split('.').filter(|part| !part.is_empty()).collect();
    parts.len() == table.len() && parts.iter().zip(table).all(|(part, name)| *part == "*" || part == name)
}

/// A name in any spelling: `readOnlyPaths`, `ReadOnlyPaths`, `read_only_paths`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::words::{CONTAINER, VOLUME};
    use super::*;
    use crate::policy::form::form;
    use Meaning::{Help, Key};

    /// Whether the language has a key, by its path.
    pub(super) fn exists(path: &str) -> bool {
        let mut node = Some(form());
        for part in path.split('.') {
            node = node.and_then(|node| match part {
                "*" => node.get("additionalProperties"),
                name => node.get("properties")?.get(name),
            });
        }
        node.is_some_and(|node| node.is_object())
    }

    /// The keys that a sentence names.
    pub(super) fn keys(help: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = help;
        while let Some((_, key, after)) = named(rest) {
            found.push(key);
            rest = after;
        }
        found
    }

    #[test]
    fn every_key_that_is_named_exists_and_no_foreign_one_does() {
        for word in WORDS {
            let here = |name: &str| [word.table, name].join(".").trim_matches('.').to_owned();
            assert!(word.table.is_empty() || exists(word.table), "{}", word.table);
            for name in word.names {
                assert!(!exists(&here(name)), "{} is a key", here(name));
            }
            match word.meaning {
                Key(key) => assert!(exists(&here(key)), "{}", here(key)),
                Help(help) => {
                    for key in keys(help) {
                        assert!(exists(key), "{key}");
                    }
                }
            }
        }
        for name in OF_MANIFESTS {
            for table in [POD, VOLUME, CONTAINER] {
                assert!(!exists(&format!("{table}.{name}")), "{table}.{name} is a key");
            }
        }
    }

    #[test]
    fn a_sentence_names_tables_where_they_are_others() {
        let table = ["filesystem".to_owned()];
        let help = "{filesystem.list}, {exec.allow}, {audit}, {pod.volumes.*.claim}, `{ A = \"b\" }`";
        let expected = "`list`, `allow` of `[exec]`, `audit` above the first table, `claim` of `[pod.volumes.NAME]`, `{ A = \"b\" }`";
        assert_eq!(told(help, &table), expected);
        let inside = ["pod", "containers", "web", "env"].map(str::to_owned);
        let help = "{pod.containers.*.sub-path}, {pod.volumes.*.claim}";
        assert_eq!(
            told(help, &inside),
            "`sub-path` of `[pod.containers.web]`, `claim` of `[pod.volumes.NAME]`"
        );
    }
}
