//! The schema in the language servers that editors run: each construct asked of each, and the outcome written
//! down. The servers come from `tests/editors/install`.

use crate::rows::{ROWS, Row, Want};
use crate::support::client::{Client, uri};
use crate::support::policies::policies_below;
use crate::support::say::say;
use aapol::schema::{self, words};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::time::Duration;

/// How long nothing comes before what has come is all. A busy machine may be silent for longer than it should, so
/// what fails is tried again with more patience.
const QUIET: [Duration; 3] = [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(4)];

/// What a server may hold. A schema of the wrong form has made one take all memory there was; the one in wasm holds
/// one gigabyte for a moment under older versions of its host.
const MEGABYTES: u64 = 2048;

const HEAD: &str = "#:schema ./policy.schema.json\nname = \"web\"\n";

/// A server by the name that its reasons have in the rows, and by the one that people know.
const SERVERS: [(&str, &str); 3] = [
    ("taplo", "Taplo 0.10.0"),
    ("wasm", "Even Better TOML (Taplo's wasm build, 0.8.0)"),
    ("tombi", "Tombi 1.9.6"),
];

/// The project's own, which stands beside one of the others.
const OWN: &str = "aapol";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the servers are; none where they have not been installed.
fn installed() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let place = target.join("editors");
    let parts = ["taplo/bin/taplo", "wasm/node_modules/lock.json", "tombi/bin/tombi"];
    let found = parts.iter().all(|part| place.join(part).exists());
    let required = std::env::var("AAPOL_PROOF").is_ok_and(|proof| proof == "require");
    assert!(found || !required, "the language servers are not in {}", place.display());
    static SAID: Once = Once::new();
    if !found {
        SAID.call_once(|| {
            say("skipped: the editors' language servers are not installed (tests/editors/install)")
        });
    }
    found.then_some(place)
}

fn command(server: &str, place: &Path) -> Command {
    let (program, arguments): (PathBuf, Vec<PathBuf>) = match server {
        "taplo" => (place.join("taplo/bin/taplo"), vec!["lsp".into(), "stdio".into()]),
        "wasm" => ("node".into(), vec![root().join("tests/editors/wasm.mjs"), place.join("wasm")]),
        "tombi" => (place.join("tombi/bin/tombi"), vec!["lsp".into(), "--offline".into()]),
        OWN => (env!("CARGO_BIN_EXE_aapol").into(), vec!["lsp".into()]),
        other => panic!("there is no server {other}"),
    };
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// A server, and a folder with the schema in which policies are opened.
struct Editor {
    client: Client,
    folder: tempfile::TempDir,
    opened: usize,
    quiet: Duration,
    is_own: bool,
}

impl Editor {
    fn start(server: &str, place: &Path) -> Editor {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("policy.schema.json"), schema::text()).unwrap();
        Editor::start_in(server, place, folder, Value::Null)
    }

    fn start_in(server: &str, place: &Path, folder: tempfile::TempDir, settings: Value) -> Editor {
        let mut command = command(server, place);
        command.current_dir(folder.path()).env("HOME", folder.path());
        let options = match settings.as_object().and_then(|settings| settings.keys().next()) {
            Some(section) => json!({ "configurationSection": section }),
            None => Value::Null,
        };
        let mut client = Client::configured(command, MEGABYTES, settings);
        let markdown = json!(["markdown", "plaintext"]);
        let capabilities = json!({ "textDocument": {
            "completion": { "completionItem": { "documentationFormat": markdown } },
            "hover": { "contentFormat": markdown },
        }, "workspace": { "configuration": true } });
        client.initialize(folder.path(), capabilities, options);
        client.notify("workspace/didChangeConfiguration", json!({ "settings": {} }));
        Editor { client, folder, opened: 0, quiet: QUIET[0], is_own: server == OWN }
    }

    /// Opens a policy, and waits until the server has read it.
    fn open(&mut self, text: &str) -> (String, Vec<Value>) {
        self.opened += 1;
        self.open_at(&self.folder.path().join(format!("policy-{}.toml", self.opened)), text)
    }

    fn open_at(&mut self, path: &Path, text: &str) -> (String, Vec<Value>) {
        let uri = uri(path);
        self.client.open(&uri, text);
        let found = self.client.settled(&uri, self.quiet);
        (uri, found)
    }

    fn offered(&mut self, policy: &str) -> Vec<Value> {
        let (text, line, character) = at_cursor(policy);
        let (uri, _) = self.open(&text);
        self.client.complete(&uri, line, character)
    }

    /// What there is instead of what is wanted.
    fn lacks(&mut self, row: &Row) -> Result<(), String> {
        match row.want {
            Want::Keys(path) => {
                let keys = keys(path);
                let wanted = keys.iter().map(|(key, about)| (key.clone(), about.clone()));
                offers(&self.offered(row.policy), wanted.collect())
            }
            Want::Dotted(path) => {
                let items = self.offered(row.policy);
                let whole = |item: &Value| item["label"].as_str().is_some_and(|l| l.starts_with(path));
                let before = if items.iter().any(whole) { format!("{path}.") } else { String::new() };
                let wanted = keys(path).into_iter().map(|(key, about)| (format!("{before}{key}"), about));
                offers(&items, wanted.collect())
            }
            Want::SomeKeys(names) => {
                let keys = keys("").into_iter().filter(|(key, _)| names.contains(&key.as_str()));
                offers(&self.offered(row.policy), keys.collect())
            }
            Want::Words(path) => {
                let node = schema::node(&path.split('.').collect::<Vec<_>>()).unwrap();
                let there: BTreeSet<&str> = row.policy.split('"').skip(1).step_by(2).collect();
                let words = words::listed(node).into_iter();
                let wanted: Vec<_> = words.map(|w| (format!("\"{}\"", w.text), w.about)).collect();
                assert!(!wanted.is_empty(), "{path} has no words");
                // One that is in the list already need not be offered again.
                let wanted = wanted.into_iter().filter(|(w, _)| !there.contains(w.trim_matches('"')));
                offers(&self.offered(row.policy), wanted.collect())
            }
            Want::Values(values) => {
                let wanted = values.iter().map(|value| ((*value).to_owned(), String::new()));
                offers(&self.offered(row.policy), wanted.collect())
            }
            Want::Hover(text) => {
                let (policy, line, character) = at_cursor(row.policy);
                let (uri, _) = self.open(&policy);
                let shown = self.client.hover(&uri, line, character).to_string();
                if shown.contains(text) { Ok(()) } else { Err(format!("it shows {shown}")) }
            }
            Want::Error => {
                let (text, from, to) = marked(row.policy);
                let (_, found) = self.open(&text);
                one_inside(&errors(found), from, to)
            }
            Want::Fix => self.fixed(row.policy),
            Want::Clean => self.clean(),
        }
    }

    fn fixed(&mut self, policy: &str) -> Result<(), String> {
        let (text, line, character) = at_cursor(policy);
        let (uri, found) = self.open(&text);
        if errors(found).len() != 1 {
            return Err("there is not one error".to_owned());
        }
        let place = json!({ "line": line, "character": character });
        let context = json!({ "diagnostics": [], "only": ["quickfix"] });
        let asked = json!({
            "textDocument": { "uri": uri },
            "range": { "start": place, "end": place },
            "context": context,
        });
        let id = self.client.request("textDocument/codeAction", asked);
        let Ok(Value::Array(actions)) = self.client.answer(id) else {
            return Err("no fix is offered".to_owned());
        };
        let [action] = actions.as_slice() else {
            return Err(format!("{} fixes are offered", actions.len()));
        };
        let mut fixed = text;
        for edit in action["edit"]["changes"][&uri].as_array().unwrap() {
            fixed = edited(&fixed, edit);
        }
        let (_, left) = self.open(&fixed);
        if errors(left.clone()).is_empty() { Ok(()) } else { Err(format!("{left:?} is left in {fixed}")) }
    }

    fn clean(&mut self) -> Result<(), String> {
        // A server that has not read the schema flags nothing at all.
        let (_, control) = self.open(&format!("{HEAD}[filesystem]\nnone = 1\n"));
        assert!(!control.is_empty(), "the server flags nothing");
        let mut policies = policies_below("examples");
        // Those that others extend are read before them.
        policies.sort_by_key(|path| path.ends_with("policy.toml"));
        assert!(policies.len() > 10, "only {} examples were found", policies.len());
        for path in policies {
            let text = std::fs::read_to_string(&path).unwrap();
            let (there, here) = ("../../schema/policy.schema.json", "../policy.schema.json");
            assert!(text.contains(there), "{} names no schema", path.display());
            let place = self.folder.path().join(path.parent().unwrap().file_name().unwrap());
            std::fs::create_dir_all(&place).unwrap();
            let file = place.join(path.file_name().unwrap());
            std::fs::write(&file, text.replace(there, here)).unwrap();
            let (_, found) = self.open_at(&file, &text.replace(there, here));
            // Warnings and notes are what `check` says of an example beside.
            let found = if self.is_own { errors(found) } else { found };
            if !found.is_empty() {
                return Err(format!("{}: {found:?}", path.display()));
            }
        }
        Ok(())
    }
}

/// The text behind the policy's head without its cursor, and where that was.
fn at_cursor(policy: &str) -> (String, u32, u32) {
    let (before, after) = policy.split_once('|').unwrap();
    let before = format!("{HEAD}{before}");
    let (line, character) = position(&before);
    (format!("{before}{after}"), line, character)
}

/// The text behind the policy's head without its marks, and where they were.
fn marked(policy: &str) -> (String, (u32, u32), (u32, u32)) {
    let (before, rest) = policy.split_once('«').unwrap();
    let (inside, after) = rest.split_once('»').unwrap();
    let before = format!("{HEAD}{before}");
    let (from, to) = (position(&before), position(&format!("{before}{inside}")));
    (format!("{before}{inside}{after}"), from, to)
}

/// The line and character at the end of a text without letters beyond ASCII.
fn position(text: &str) -> (u32, u32) {
    let line = text.matches('\n').count();
    let last = text.rsplit('\n').next().unwrap().len();
    (u32::try_from(line).unwrap(), u32::try_from(last).unwrap())
}

/// The keys of a table that the head does not have, with the beginnings of their explanations.
fn keys(path: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
    let node = schema::node(&parts).unwrap();
    let all = node["properties"].as_object().unwrap().iter();
    let all = all.filter(|(key, _)| !(path.is_empty() && *key == "name"));
    let first = |about: &str| about.split('\n').next().unwrap_or_default().to_owned();
    all.map(|(key, node)| (key.clone(), first(node["description"].as_str().unwrap()))).collect()
}

/// Whether each of some things is offered, once, with its explanation.
fn offers(items: &[Value], wanted: Vec<(String, String)>) -> Result<(), String> {
    assert!(!wanted.is_empty(), "nothing is wanted");
    for (label, about) in wanted {
        // A key that has one word alone may be offered with it.
        let with_word = format!("{label} = ");
        let named = |item: &&Value| {
            let offered = item["label"].as_str().unwrap_or_default();
            offered == label || offered == label.trim_matches('"') || offered.starts_with(&with_word)
        };
        let found: Vec<&Value> = items.iter().filter(named).collect();
        let [item] = found.as_slice() else {
            return Err(format!("{label} is offered {} times among {}", found.len(), items.len()));
        };
        let documentation = &item["documentation"];
        let text = documentation["value"].as_str().or(documentation.as_str()).unwrap_or_default();
        if !text.contains(&about) {
            return Err(format!("{label} is explained by {text:?}"));
        }
    }
    Ok(())
}

fn errors(found: Vec<Value>) -> Vec<Value> {
    found.into_iter().filter(|diagnostic| diagnostic["severity"] == 1).collect()
}

/// A text after one edit.
fn edited(text: &str, edit: &Value) -> String {
    let offset = |place: &Value| {
        let number = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
        let before: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        before + number("character")
    };
    let (start, end) = (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]));
    format!("{}{}{}", &text[..start], edit["newText"].as_str().unwrap(), &text[end..])
}

/// Whether there is one error, and it is inside a stretch.
fn one_inside(found: &[Value], from: (u32, u32), to: (u32, u32)) -> Result<(), String> {
    let [error] = found else {
        return Err(format!("there are {} errors: {}", found.len(), json!(found)));
    };
    let place = |end: &str| {
        let end = &error["range"][end];
        let number = |key: &str| u32::try_from(end[key].as_u64().unwrap()).unwrap();
        (number("line"), number("character"))
    };
    let (start, end) = (place("start"), place("end"));
    if from <= start && start < end && end <= to {
        Ok(())
    } else {
        Err(format!("it underlines {start:?} to {end:?}, not {from:?} to {to:?}: {}", error["message"]))
    }
}

/// Asks one server every row.
fn ask_all(server: &str, place: &Path) {
    let mut editor = Editor::start(server, place);
    let mut wrong = Vec::new();
    for row in ROWS {
        let known = row.cannot.iter().find(|(name, _)| *name == server).map(|(_, reason)| *reason);
        let known = if server == OWN { (!row.aapol).then_some("left to the others") } else { known };
        let tries = if known.is_some() { 1 } else { QUIET.len() };
        let mut outcome = Ok(());
        for quiet in QUIET.iter().take(tries) {
            editor.quiet = *quiet;
            outcome = editor.lacks(row);
            if outcome.is_ok() {
                break;
            }
        }
        match (outcome, known) {
            (Err(lack), None) => wrong.push(format!("{}: {lack}", row.what)),
            (Ok(()), Some(_)) => wrong.push(format!("{}: it works now", row.what)),
            (Ok(()), None) | (Err(_), Some(_)) => {}
        }
    }
    assert!(wrong.is_empty(), "{server}:\n{}", wrong.join("\n"));
}

#[test]
fn taplo_does_what_the_table_says() {
    let Some(place) = installed() else { return };
    ask_all("taplo", &place);
}

#[test]
fn even_better_toml_does_what_the_table_says() {
    let Some(place) = installed() else { return };
    ask_all("wasm", &place);
}

#[test]
fn tombi_does_what_the_table_says() {
    let Some(place) = installed() else { return };
    ask_all("tombi", &place);
}

#[test]
fn aapol_does_what_the_table_says() {
    ask_all(OWN, Path::new(""));
}

/// The block of the README that begins so.
fn shown(language: &str, begin: &str) -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    let blocks = readme.split(&fence).skip(1).map(|block| block.split("```").next().unwrap());
    let blocks: Vec<&str> = blocks.filter(|block| block.starts_with(begin)).collect();
    let [block] = blocks.as_slice() else { panic!("README shows `{begin}` {} times", blocks.len()) };
    (*block).to_owned()
}

/// A repository with the schema beside its policies, which do not name it.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("policies")).unwrap();
    std::fs::write(folder.path().join("policies/policy.schema.json"), schema::text()).unwrap();
    folder
}

/// Whether the schema is that of the policies, and of nothing else.
fn is_associated(mut editor: Editor) {
    for (path, flagged) in [("policies/web.toml", true), ("other.toml", false)] {
        let uri = uri(&editor.folder.path().join(path));
        let text = "name = \"web\"\nmode = \"klil\"\n";
        editor.client.open(&uri, text);
        let mut found = editor.client.settled(&uri, QUIET[0]);
        // Settings may arrive after the document: then the next key that is pressed shows it.
        for (version, quiet) in (2..).zip(QUIET) {
            if found.is_empty() && flagged {
                editor.client.change(&uri, version, &format!("{text}# {version}\n"));
                found = editor.client.settled(&uri, quiet);
            }
        }
        assert_eq!(!found.is_empty(), flagged, "{path}: {found:?}");
    }
}

#[test]
fn a_repositorys_own_settings_name_the_schema() {
    let Some(place) = installed() else { return };
    for (server, file) in [("taplo", ".taplo.toml"), ("tombi", "tombi.toml")] {
        let folder = repository();
        std::fs::write(folder.path().join(file), shown("toml", &format!("# {file}\n"))).unwrap();
        is_associated(Editor::start_in(server, &place, folder, Value::Null));
    }
}

#[test]
fn even_better_tomls_own_settings_name_the_schema() {
    let Some(place) = installed() else { return };
    let folder = repository();
    let settings: Value = serde_json::from_str(&shown("json", "{\n  \"evenBetterToml")).unwrap();
    let associations = settings["evenBetterToml.schema.associations"].as_object().unwrap();
    let here = uri(&folder.path().join("policies/policy.schema.json"));
    // The README has somebody's clone.
    let associations: serde_json::Map<String, Value> =
        associations.keys().map(|pattern| (pattern.clone(), here.clone().into())).collect();
    let schema = json!({ "enabled": true, "associations": associations });
    let section = json!({ "evenBetterToml": { "schema": schema } });
    is_associated(Editor::start_in("wasm", &place, folder, section));
}

const DOCS: &str = "docs/editors.md";
const BEGIN: &str = "<!-- written by tests/servers/editors.rs -->\n";
const END: &str = "<!-- end -->\n";

/// The rows as a table, with the reasons below it.
fn table() -> String {
    let mut reasons: Vec<&str> = Vec::new();
    let mut text = String::from("| construct |");
    SERVERS.iter().for_each(|(_, name)| text.push_str(&format!(" {name} |")));
    text.push_str(" `aapol lsp` |\n|---|---|");
    SERVERS.iter().for_each(|_| text.push_str("---|"));
    text.push('\n');
    for row in ROWS {
        text.push_str(&format!("| {} |", row.what));
        for (server, _) in SERVERS {
            match row.cannot.iter().find(|(name, _)| *name == server) {
                None => text.push_str(" yes |"),
                Some((_, reason)) => {
                    let number = reasons.iter().position(|known| known == reason).unwrap_or_else(|| {
                        reasons.push(reason);
                        reasons.len() - 1
                    });
                    text.push_str(&format!(" no ({}) |", number + 1));
                }
            }
        }
        text.push_str(if row.aapol { " yes |\n" } else { " – |\n" });
    }
    text.push('\n');
    for (number, reason) in reasons.iter().enumerate() {
        text.push_str(&format!("{}. {reason}.\n", number + 1));
    }
    text
}

#[test]
fn the_docs_hold_the_table() {
    assert!(ROWS.len() >= 20, "there are {} rows", ROWS.len());
    let path = root().join(DOCS);
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let wanted = format!("{before}{BEGIN}\n{}\n{END}{after}", table());
    if std::env::var_os("BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none(), "CI does not bless: it compares");
        std::fs::write(&path, &wanted).unwrap();
        return;
    }
    assert_eq!(text, wanted);
}
