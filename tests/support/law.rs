//! The first law: a key that changes nothing is never silent.

use crate::support::entries::{Entry, entries};
use crate::support::parser::Parser;
use crate::support::trial::Trial;

/// What a policy comes to: the compiled profile and the manifest, without comments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    profile: Result<Vec<u8>, String>,
    manifest: String,
    is_abstract: bool,
}

/// None where the policy has errors: then nothing is written.
pub(crate) fn effect(trial: &Trial) -> Option<Effect> {
    let files = trial.rendered.as_ref()?;
    let parser = Parser::find().filter(|parser| parser.knows(trial.abi()));
    Some(Effect {
        profile: match parser {
            Some(parser) => parser.compile(&files.profile, trial.abi()),
            None => Ok(without_comments(&files.profile).into_bytes()),
        },
        // Comments stand at its head alone; further down a value may begin with `#`.
        manifest: files.pod.lines().skip_while(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n"),
        is_abstract: trial.is_abstract(),
    })
}

/// Comments do nothing, and the parser does not see them.
fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#')).map(|line| format!("{line}\n")).collect()
}

/// A policy with all its entries.
#[derive(Debug)]
pub(crate) struct Whole {
    trial: Trial,
    effect: Option<Effect>,
}

impl Whole {
    /// What a policy comes to; and, as `loud`, the same with nothing silenced: what the author knows and does
    /// not want to hear was said.
    pub(crate) fn new(trial: &Trial, loud: Trial) -> Whole {
        Whole { trial: loud, effect: effect(trial) }
    }

    /// Whether taking out the entry changes either file, or `check` has a word at its line.
    pub(crate) fn misses(&self, without: &Trial, entry: &Entry) -> bool {
        !self.trial.codes_at(&entry.range).is_empty() || self.effect != effect(without)
    }
}

/// The policy with nothing silenced, every position where it was.
pub(crate) fn loud(text: &str) -> String {
    let silence = entries(text).into_iter().find(|entry| entry.path == ["silence"]);
    let range = silence.map_or(0..0, |entry| entry.range);
    let blank = |c: char| if c == '\n' { '\n'.to_string() } else { " ".repeat(c.len_utf8()) };
    let each = text.char_indices();
    each.map(|(at, c)| if range.contains(&at) { blank(c) } else { c.to_string() }).collect()
}

/// Words about the policy, which do nothing themselves.
pub(crate) const EXEMPT: [&str; 3] = ["description", "expect.allow", "expect.deny"];

/// Keys of which the default is written at times, to be plain to a reader.
const DEFAULTS: [(&str, &str); 15] = [
    ("mode", "enforce"),
    ("audit", "denials"),
    ("abi", "3.0"),
    ("baseline", "container"),
    ("default", "deny"),
    ("filesystem.default", "deny"),
    ("exec.default", "deny"),
    ("capabilities.default", "deny"),
    ("network.default", "deny"),
    ("operations.default", "deny"),
    ("abstract", "false"),
    ("pod.kind", "Pod"),
    ("pod.kubernetes", "1.30"),
    ("pod.seccomp", "runtime-default"),
    ("pod.service-account-token", "false"),
];

/// Whether an entry may change nothing: words about the policy, and defaults.
pub(crate) fn is_exempt(entry: &Entry, all: &[Entry]) -> bool {
    let key = entry.path.join(".");
    let value = value(entry);
    // The object is called like the policy by default, and its label like the object.
    let names = all.iter().filter(|entry| ["name", "pod.name"].contains(&entry.path.join(".").as_str()));
    let mut names = names.map(|entry| self::value(entry).to_ascii_lowercase().replace('_', "-"));
    let is_named = ["pod.name", "pod.labels.app"].contains(&key.as_str()) && names.any(|name| name == value);
    // A section's default is the policy's.
    let posture = all.iter().find(|entry| entry.path == ["default"]);
    let is_posture =
        key.ends_with(".default") && posture.is_some_and(|posture| self::value(posture) == value);
    let is_default = DEFAULTS.iter().any(|(default, word)| *default == key && *word == value);
    EXEMPT.contains(&key.as_str())
        || key == "silence"
        || value == "[]"
        || is_named
        || is_posture
        || is_default
}

/// What the key is set to, without quotes.
fn value(entry: &Entry) -> &str {
    let (_, value) = entry.text.split_once('=').unwrap_or(("", &entry.text));
    value.trim().trim_matches(['"', '\''])
}
