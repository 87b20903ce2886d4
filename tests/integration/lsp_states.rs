//! What an editor is told of a policy, in whatever state it is, is what `aapol check` says of that text.
//!
//! Documents are made from the examples by random edits, sent as whole texts and as parts of them; after each edit the
//! server's findings are held against the program's own.

use aapol::editor::session::Session;
use aapol::policy::{ReadError, load::File};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `check` shows so many findings of a policy, and says how many more there are.
const SHOWN: usize = 200;

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// An offset in a text.
    fn at(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap()
    }
}

/// What breaks a text, or hides in it.
const PIECES: [&str; 22] = [
    "\"", "'", "[", "]", "{", "}", "=", ",", "#", "\n", "\r\n", "\r", "\t", "\\", "é", "😀", "\u{202e}",
    "\u{feff}", "\u{7f}", "\"\"\"", "\u{2028}", " ",
];

/// What stands in a line, or in quotes, and leaves TOML what it is.
const LINES: [&str; 19] = [
    "# ä 😀\n",
    "\r\n",
    "[pod.containers.more]\n",
    "[pod.volumes.more]\n",
    "read-onyl = []\n",
    "silence = [\"x\"]\n",
    "read-write = [\"/usr/**\", \"/{b}\"]\n",
    "mode = \"klil\"\n",
    "mode = \"complain\"\n",
    "extends = [\"none.toml\"]\n",
    "extends = [\"base.toml\"]\n",
    "default = \"allow\"\n",
    "deny = [\"/etc/\", \"/etc/😀\", \"x\"]\n",
    "allow = [\"chwon\", 'é', 7]\n",
    "image = \"a\"\n",
    "nofile = \"1Mi\"\n",
    "raw-rules = [\"mount,\", \"x\"]\n",
    "bundles = [\"dns\", \"dsn\"]\n",
    "deny-write = [\"/usr/**\", \"/tmp/a\"]\n",
];
const LETTERS: [&str; 14] = ["x", "/", "*", "{", "}", ",", "a,b", "..", "é", "😀", "7", "-", "@", " "];

/// A part of a text, and what it becomes.
fn edit(text: &str, random: &mut Random) -> (std::ops::Range<usize>, String) {
    let at = random.at(text);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let line = random.below(lines.len());
    let start: usize = lines.iter().take(line).map(|line| line.len()).sum();
    let of_line = lines.get(line).copied().unwrap_or("");
    match random.below(11) {
        // The line that names the schema.
        10 => {
            let line = lines.first().map_or(0, |line| line.len());
            let start = random.below(line);
            (start..(start + 1 + random.below(9)).min(line.max(start)), String::new())
        }
        // What is typed where it does not fit, and what is deleted.
        0 => (at..at, random.of(&PIECES).to_owned()),
        1 => {
            let end = (at + random.below(30)).min(text.len());
            (at..(at..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap(), String::new())
        }
        // A line more, twice, or gone.
        2..5 => (start..start, random.of(&LINES).to_owned()),
        5 => (start..start, of_line.to_owned()),
        6 => (start..start + of_line.len(), String::new()),
        // A letter in a word in quotes.
        _ => {
            let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at + 1).collect();
            let at = quotes.get(random.below(quotes.len())).copied().unwrap_or(0);
            (at..at, random.of(&LETTERS).to_owned())
        }
    }
}

/// A place as the protocol counts it. A carriage return alone ends a line there.
fn place(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let mut line = 0;
    let mut start = 0;
    for (at, c) in before.char_indices() {
        let ends = c == '\n' || c == '\r' && !text[at + 1..].starts_with('\n');
        if ends {
            line += 1;
            start = at + 1;
        }
    }
    json!({ "line": line, "character": before[start..].encode_utf16().count() })
}

/// The offset of a line and column of `check`, which count from 1, lines by their feeds and columns by characters.
fn offset(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap() - 1;
    let start: usize = text.split_inclusive('\n').take(number(line)).map(str::len).sum();
    text[start..].char_indices().nth(number(column)).map_or(text.len(), |(at, _)| start + at)
}

/// A stretch in which there is nothing is shown by the character behind it, or before it.
fn seen(text: &str, start: usize, end: usize) -> (usize, usize) {
    let shown = |c: &char| !matches!(c, '\n' | '\r');
    if start != end {
        return (start, end);
    }
    if let Some(next) = text[start..].chars().next().filter(shown) {
        return (start, start + next.len_utf8());
    }
    let last = text[..start].chars().next_back().filter(shown);
    (start - last.map_or(0, char::len_utf8), end)
}

/// A finding in either's words: code, weight, message with help, and where it is.
type Finding = (String, u64, String, Value);

/// What `check` says, and how many findings it leaves out.
fn checked(folder: &Path, text: &str) -> (Vec<Finding>, bool) {
    let output = Command::new(env!("CARGO_BIN_EXE_aapol"))
        .args(["check", "--format=json", "policy.toml"])
        .current_dir(folder)
        .output()
        .unwrap();
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let weight =
        |severity: &str| ["error", "warning", "note"].iter().position(|s| *s == severity).unwrap() + 1;
    let of = |finding: &Value, at: &Value| {
        let mut message = finding["message"].as_str().unwrap().to_owned();
        let mut range = json!({ "start": place(text, 0), "end": place(text, 0) });
        if at["file"] == "policy.toml" {
            let start = offset(text, &at["line"], &at["column"]);
            let end = offset(text, &at["end_line"], &at["end_column"]);
            let (start, end) = seen(text, start, end.max(start));
            range = json!({ "start": place(text, start), "end": place(text, end) });
        } else if !at.is_null() {
            // In a base: shown where the base is named.
            message.push_str(&format!("\nstands in {}:{}", at["file"].as_str().unwrap(), at["line"]));
            range = Value::Null;
        }
        if let Some(help) = finding["help"].as_str() {
            message.push_str(&format!("\nhelp: {help}"));
        }
        let weight = u64::try_from(weight(finding["severity"].as_str().unwrap())).unwrap();
        (finding["code"].as_str().unwrap().to_owned(), weight, message, range)
    };
    // An editor marks each guilty place; the base's, all at once where it is named.
    let each = |finding: &Value| {
        let related = finding["related"].as_array().unwrap().iter();
        let guilty = related.filter(|one| one["guilty"] == true).map(|one| one["location"].clone());
        let mut all: Vec<Value> = [finding["location"].clone()].into_iter().chain(guilty).collect();
        let mut is_told = false;
        all.retain(|at| {
            at.is_null() || at["file"] == "policy.toml" || !std::mem::replace(&mut is_told, true)
        });
        all.iter().map(|at| of(finding, at)).collect::<Vec<_>>()
    };
    (found.iter().flat_map(each).collect(), found.len() == SHOWN)
}

fn told(diagnostics: &Value, folder: &Path) -> Vec<Finding> {
    // `check` names files as it was given them.
    let here = format!("{}/", folder.to_str().unwrap());
    let of = |one: &Value| {
        let message = one["message"].as_str().unwrap().replace(&here, "");
        let range = if message.contains("\nstands in ") { Value::Null } else { one["range"].clone() };
        (one["code"].as_str().unwrap().to_owned(), one["severity"].as_u64().unwrap(), message, range)
    };
    diagnostics.as_array().unwrap().iter().map(of).collect()
}

fn read(path: &Path) -> Result<File, ReadError> {
    let wrong = |wrong: &str| ReadError { wrong: wrong.to_owned(), help: None };
    match fs::metadata(path) {
        Err(_) => Err(wrong("does not exist")),
        Ok(it) if it.is_dir() => Err(wrong("is a folder, not a policy")),
        Ok(_) => Ok(File { id: fs::canonicalize(path).unwrap(), text: fs::read_to_string(path).unwrap() }),
    }
}

/// Why the server may say something else than `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exception {
    /// The `#:schema` line names another schema, so that the document is none of the server's.
    AnotherSchema,
    /// `check` shows the first two hundred findings; the server shows all.
    Many,
}

fn names_another_schema(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let line = lines.find(|line| line.starts_with("#:schema") || !(line.is_empty() || line.starts_with('#')));
    line.is_some_and(|line| line.starts_with("#:schema") && line.ends_with(".json"))
}

#[test]
fn an_editor_is_told_what_check_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    examples.sort();
    let place_of_all = tempfile::tempdir().unwrap();
    let folder = fs::canonicalize(place_of_all.path()).unwrap();
    let policy = folder.join("policy.toml");
    let uri = format!("file://{}", policy.to_str().unwrap());
    let mut random = Random(1);
    let mut excepted: BTreeMap<Exception, usize> = BTreeMap::new();
    let (mut states, mut findings, mut broken) = (0, 0, 0);
    let mut texts: Vec<(String, String)> = examples
        .iter()
        .map(|example| {
            let base = fs::read_to_string(example.join("base.toml"));
            let base =
                base.unwrap_or_else(|_| "name = \"base\"\ncapabilities.allow = [\"chwon\"]\n".to_owned());
            (base, fs::read_to_string(example.join("policy.toml")).unwrap())
        })
        .collect();
    let many: String = (0..SHOWN + 50).map(|number| format!("\"x{number}\", ")).collect();
    texts.push((String::new(), format!("name = \"many\"\n[capabilities]\nallow = [{many}]\n")));
    for (base, mut text) in texts {
        fs::write(folder.join("base.toml"), base).unwrap();
        fs::write(&policy, &text).unwrap();
        let disk = read;
        let mut session = Session::new(&disk);
        session.request("initialize", json!({ "capabilities": {} })).unwrap();
        let open = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": text });
        session.notify("textDocument/didOpen", json!({ "textDocument": open })).unwrap();
        let mut shown = json!([]);
        let whole = text.clone();
        for version in 2..24 {
            // Some edits come together.
            let mut changes = Vec::new();
            // After a few edits little of it is TOML.
            if version % 3 != 0 {
                text.clone_from(&whole);
                changes.push(json!({ "text": text }));
            }
            for _ in 0..=random.below(2) {
                let (range, new) = edit(&text, &mut random);
                let at = json!({ "start": place(&text, range.start), "end": place(&text, range.end) });
                text.replace_range(range, &new);
                changes.push(match random.below(3) {
                    0 => json!({ "text": text }),
                    _ => json!({ "range": at, "text": new }),
                });
            }
            let document = json!({ "uri": uri, "version": version });
            session
                .notify(
                    "textDocument/didChange",
                    json!({ "textDocument": document, "contentChanges": changes }),
                )
                .unwrap();
            for news in session.settle() {
                shown = serde_json::to_value(news).unwrap()["diagnostics"].clone();
            }
            fs::write(&policy, &text).unwrap();
            let ((want, is_cut), mut came) = (checked(&folder, &text), told(&shown, &folder));
            states += 1;
            findings += want.len();
            broken += usize::from(want.iter().any(|(code, ..)| code == "invalid-toml"));
            if names_another_schema(&text) && came.is_empty() && !want.is_empty() {
                *excepted.entry(Exception::AnotherSchema).or_default() += 1;
            } else if is_cut {
                *excepted.entry(Exception::Many).or_default() += 1;
                // What it leaves out are the lightest.
                came.sort_by_key(|(_, weight, ..)| *weight);
                assert_eq!(came[..SHOWN], want, "{text}");
            } else {
                assert_eq!(came, want, "{text}");
            }
        }
    }
    let counts = format!("{states} states, {findings} findings, {broken} not TOML, {excepted:?}");
    assert!(states >= 285 && findings > 400 && broken * 3 < states * 2, "{counts}");
    // Each of the reasons comes up, and they are few.
    assert_eq!(excepted.len(), 2, "{counts}");
    assert!(excepted.values().sum::<usize>() * 10 < states, "{counts}");
}
