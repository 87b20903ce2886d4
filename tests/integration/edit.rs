//! Edits of random policies in random layouts: what they say afterwards, that comments stay, that they can be taken back.

use crate::support::layouts::{Tape, laid_out};
use crate::support::nasty::text;
use crate::support::sketch::{Sketch, sketch};
use aapol::cli::codes;
use aapol::diag::{Finding, Findings, Place, Sources};
use aapol::policy::edit::{self, Change, Edit, Refusal, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use toml::de::{DeTable, DeValue};
use toml_parser::lexer::TokenKind;

/// A change by what it is about: places are another matter in each text.
#[derive(Clone, Debug)]
enum Wish {
    Insert(Vec<String>, String),
    Set(Vec<String>, Value),
    Replace(Vec<String>, Entry, String),
    Rename(Vec<String>, String),
    Remove(Vec<String>, Entry),
    RemoveKey(Vec<String>),
    Move(Vec<String>, Entry, Vec<String>),
}

type Entry = toml::Value;

/// Every key that holds a value, from the top, with the value.
fn leaves(table: &toml::Table, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, Entry)>) {
    for (key, value) in table {
        path.push(key.clone());
        match value.as_table() {
            Some(inner) => leaves(inner, path, found),
            None => found.push((path.clone(), value.clone())),
        }
        path.pop();
    }
}

fn read(text: &str) -> toml::Table {
    toml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

impl Wish {
    fn random(document: &toml::Table, put: &str, tape: &mut Tape<'_>) -> Option<Wish> {
        const NEW: [&str; 9] = [
            "bundles",
            "abstractions",
            "filesystem.read-write",
            "filesystem.write-only",
            "exec.libraries",
            "network.deny",
            "operations.allow",
            "expect.deny",
            "pod.containers.web.command",
        ];
        const SCALARS: [&str; 4] =
            ["abstract", "pod.run-as-user", "limits.data", "pod.containers.first.init"];
        let mut found = Vec::new();
        leaves(document, &mut Vec::new(), &mut found);
        let dotted = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        let mut lists: Vec<(Vec<String>, Vec<Entry>)> = Vec::new();
        for (path, value) in &found {
            if let toml::Value::Array(entries) = value {
                lists.push((path.clone(), entries.clone()));
            }
        }
        let list = |tape: &mut Tape<'_>| match tape.below(lists.len() + 3) {
            index if index < lists.len() => lists[index].0.clone(),
            _ => dotted(NEW[tape.below(NEW.len())]),
        };
        let entry = |tape: &mut Tape<'_>| {
            let full: Vec<_> = lists.iter().filter(|(_, entries)| !entries.is_empty()).collect();
            let (path, entries) = full.get(tape.below(full.len()))?;
            Some((path.clone(), entries[tape.below(entries.len())].clone()))
        };
        let scalar = |tape: &mut Tape<'_>| {
            let scalars: Vec<_> = found.iter().filter(|(_, value)| !value.is_array()).collect();
            scalars.get(tape.below(scalars.len())).map(|(path, _)| path.clone())
        };
        let any = |tape: &mut Tape<'_>| found.get(tape.below(found.len())).map(|(path, _)| path.clone());
        Some(match tape.below(9) {
            0 | 1 => Wish::Insert(list(tape), put.to_owned()),
            2 => Wish::Set(scalar(tape)?, Value::Text(put.to_owned())),
            3 => {
                let written = ["true", "5", "[1, 2]", "{ a = 1 }"][tape.below(4)];
                Wish::Set(dotted(SCALARS[tape.below(SCALARS.len())]), Value::Written(written.to_owned()))
            }
            4 => {
                let (path, entry) = entry(tape)?;
                Wish::Replace(path, entry, put.to_owned())
            }
            5 => {
                let mut path = any(tape)?;
                path.truncate(tape.below(path.len()) + 1);
                Wish::Rename(path, put.to_owned())
            }
            6 => {
                let (path, entry) = entry(tape)?;
                Wish::Remove(path, entry)
            }
            7 => Wish::RemoveKey(any(tape)?),
            _ => {
                let (path, entry) = entry(tape)?;
                Wish::Move(path, entry, list(tape))
            }
        })
    }

    /// The same in a document; none where it has not what it is about, or no room for it.
    fn in_values(&self, document: &toml::Table) -> Option<toml::Table> {
        let mut after = document.clone();
        match self {
            Wish::Insert(path, text) => insert(&mut after, path, toml::Value::String(text.clone()))?,
            Wish::Set(path, value) => {
                let value = match value {
                    Value::Text(text) => toml::Value::String(text.clone()),
                    Value::Written(written) => read(&format!("v = {written}"))["v"].clone(),
                };
                let (key, table) = path.split_last()?;
                let table = inner(&mut after, table)?;
                if table.get(key).is_some_and(toml::Value::is_table) {
                    return None;
                }
                table.insert(key.clone(), value);
            }
            Wish::Replace(path, entry, text) => {
                let list = list(&mut after, path)?;
                let at = list.iter().position(|other| other == entry)?;
                list[at] = toml::Value::String(text.clone());
            }
            Wish::Rename(path, name) => {
                let (key, table) = path.split_last()?;
                let table = inner(&mut after, table)?;
                let value = table.remove(key)?;
                if table.insert(name.clone(), value).is_some() {
                    return None;
                }
            }
            Wish::Remove(path, entry) => {
                let list = list(&mut after, path)?;
                let at = list.iter().position(|other| other == entry)?;
                list.remove(at);
            }
            Wish::RemoveKey(path) => {
                let (key, table) = path.split_last()?;
                inner(&mut after, table)?.remove(key)?;
            }
            Wish::Move(from, entry, to) => {
                if from == to {
                    return None;
                }
                let list = list(&mut after, from)?;
                let at = list.iter().position(|other| other == entry)?;
                list.remove(at);
                insert(&mut after, to, entry.clone())?;
            }
        }
        Some(after)
    }

    /// The same in a text.
    fn in_text(&self, text: &str) -> Change {
        let document = DeTable::parse(text).unwrap();
        let entry = |path: &[String], entry: &Entry| {
            let (key, table) = path.split_last().unwrap();
            let list = deep(document.get_ref(), table)[key.as_str()].get_ref().as_array().unwrap();
            let is_it = |item: &toml::Spanned<DeValue<'_>>| {
                &read(&format!("v = {}", &text[item.span()]))["v"] == entry
            };
            let span = list.iter().find(|item| is_it(item)).unwrap().span();
            Place::new(span.start, span.end)
        };
        match self.clone() {
            Wish::Insert(list, text) => Change::Insert { list, entry: Value::Text(text) },
            Wish::Set(key, value) => Change::Set { key, value },
            Wish::Replace(path, old, text) => {
                Change::Replace { at: entry(&path, &old), value: Value::Text(text) }
            }
            Wish::Rename(path, name) => {
                let (key, table) = path.split_last().unwrap();
                let (key, _) = deep(document.get_ref(), table).get_key_value(key.as_str()).unwrap();
                Change::Rename { at: Place::new(key.span().start, key.span().end), to: vec![name] }
            }
            Wish::Remove(path, old) => Change::Remove { at: entry(&path, &old) },
            Wish::RemoveKey(key) => Change::RemoveKey { key },
            Wish::Move(path, old, list) => Change::Move { at: entry(&path, &old), list },
        }
    }
}

fn inner<'a>(table: &'a mut toml::Table, path: &[String]) -> Option<&'a mut toml::Table> {
    path.iter().try_fold(table, |table, key| {
        table.entry(key.clone()).or_insert(toml::Value::Table(toml::Table::new())).as_table_mut()
    })
}

fn list<'a>(table: &'a mut toml::Table, path: &[String]) -> Option<&'a mut Vec<Entry>> {
    let (key, table_path) = path.split_last()?;
    inner(table, table_path)?.get_mut(key)?.as_array_mut()
}

fn insert(table: &mut toml::Table, path: &[String], entry: Entry) -> Option<()> {
    let (key, table_path) = path.split_last()?;
    let table = inner(table, table_path)?;
    let list = table.entry(key.clone()).or_insert(toml::Value::Array(Vec::new())).as_array_mut()?;
    let may_repeat = ["command", "args"].contains(&key.as_str());
    if may_repeat || !list.contains(&entry) {
        list.push(entry);
    }
    Some(())
}

fn deep<'a, 't>(table: &'a DeTable<'t>, path: &[String]) -> &'a DeTable<'t> {
    path.iter().fold(table, |table, key| table[key.as_str()].get_ref().as_table().unwrap())
}

/// Tables that hold nothing are as good as none.
fn without_empty(table: &toml::Table) -> toml::Table {
    let mut kept = toml::Table::new();
    for (key, value) in table {
        let value = match value.as_table() {
            Some(inner) => toml::Value::Table(without_empty(inner)),
            None => value.clone(),
        };
        if value.as_table().is_none_or(|table| !table.is_empty()) {
            kept.insert(key.clone(), value);
        }
    }
    kept
}

/// With lists in order, for where the order of two insertions is another.
fn unordered(table: &toml::Table) -> toml::Table {
    let mut sorted = without_empty(table);
    fn sort(value: &mut toml::Value) {
        if let Some(table) = value.as_table_mut() {
            table.iter_mut().for_each(|(_, value)| sort(value));
        } else if let Some(list) = value.as_array_mut() {
            list.sort_by_key(|entry| format!("{entry:?}"));
        }
    }
    sorted.iter_mut().for_each(|(_, value)| sort(value));
    sorted
}

fn comments(text: &str) -> Vec<String> {
    let source = toml_parser::Source::new(text);
    let tokens = source.lex().filter(|token| token.kind() == TokenKind::Comment);
    tokens.map(|token| text[token.span().start()..token.span().end()].to_owned()).collect()
}

/// Whether one row is the other with one block of it moved.
fn is_moved(before: &[String], after: &[String]) -> bool {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[same..], &after[same.min(after.len())..]);
    let same = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[..before.len() - same], &after[..after.len().saturating_sub(same)]);
    before.len() == after.len()
        && (before.is_empty() || (0..before.len()).any(|at| [&before[at..], &before[..at]].concat() == after))
}

fn edit(text: &str, changes: &[Change]) -> Result<Edit, Refusal> {
    let mut sources = Sources::default();
    sources.add("policy.toml", text);
    Edit::new(sources.iter().next().unwrap(), changes)
}

fn document(sketch: &Sketch, choices: &[u8]) -> String {
    let text = laid_out(sketch, &mut Tape::new(choices));
    assert_eq!(without_empty(&read(&text)), without_empty(&read(&sketch.toml())), "{text}");
    text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_global_rejects: 1 << 20, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_says_what_was_meant_and_can_be_taken_back(
        sketch in sketch(),
        layout in vec(any::<u8>(), 0..1200),
        choices in vec(any::<u8>(), 24),
        put in text(),
    ) {
        let before = document(&sketch, &layout);
        let values = read(&before);
        let wish = Wish::random(&values, &put, &mut Tape::new(&choices));
        prop_assume!(wish.is_some());
        let wish = wish.expect("it was asked for");
        let Some(meant) = wish.in_values(&values) else {
            if let Wish::Rename(..) | Wish::Insert(..) | Wish::Set(..) = wish {
                prop_assert!(edit(&before, &[wish.in_text(&before)]).is_err(), "{wish:?}\n{before}");
            }
            return Ok(());
        };
        let edit = edit(&before, &[wish.in_text(&before)]);
        // A comment in an inline table, or in a list that becomes another value, has no line to stay in.
        prop_assume!(edit != Err(Refusal::HasComments));
        prop_assert!(edit.is_ok(), "{wish:?}: {edit:?}\n{before}");
        let edit = edit.expect("it is one");
        let after = edit.apply(&before);
        prop_assert_eq!(without_empty(&read(&after)), without_empty(&meant), "{:?}\n{}\n{}", wish, before, after);
        prop_assert_eq!(edit.reverse(&before).apply(&after), before.as_str());
        let (old, new) = (comments(&before), comments(&after));
        let are_there = if let Wish::Move(..) = wish { is_moved(&old, &new) } else { old == new };
        prop_assert!(are_there, "{:?}\n{}\n{}", wish, before, after);
        prop_assert_eq!(after.starts_with('\u{feff}'), before.starts_with('\u{feff}'));
        if before.contains("\r\n") {
            prop_assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{}", after);
        } else {
            prop_assert!(!after.contains('\r'));
        }
        let ended = before.is_empty() || before.ends_with('\n');
        prop_assert!(after.is_empty() || after.ends_with('\n') == ended, "{:?}\n{}\n{}", wish, before, after);
        let blanks = |text: &str| text.lines().filter(|line| line.ends_with([' ', '\t'])).count();
        prop_assert!(blanks(&after) <= blanks(&before), "{:?}\n{}\n{}", wish, before, after);
    }

    #[test]
    fn two_edits_mean_the_same_in_either_order_and_together(
        sketch in sketch(),
        layout in vec(any::<u8>(), 0..1200),
        choices in vec(any::<u8>(), 48),
        put in (text(), text()),
    ) {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        static REFUSED: AtomicUsize = AtomicUsize::new(0);
        let text = document(&sketch, &layout);
        let values = read(&text);
        let mut tape = Tape::new(&choices);
        let wishes = (Wish::random(&values, &put.0, &mut tape), Wish::random(&values, &put.1, &mut tape));
        let (Some(one), Some(other)) = wishes else { return Ok(()) };
        let both = |a: &Wish, b: &Wish| b.in_values(&a.in_values(&values)?);
        // Where the values already differ by the order, so may the texts.
        let (Some(meant), Some(also)) = (both(&one, &other), both(&other, &one)) else { return Ok(()) };
        prop_assume!(unordered(&meant) == unordered(&also));
        for (a, b) in [(&one, &other), (&other, &one)] {
            let first = edit(&text, &[a.in_text(&text)]);
            prop_assume!(first != Err(Refusal::HasComments));
            prop_assert!(first.is_ok(), "{a:?}: {first:?}\n{text}");
            let between = first.expect("it is one").apply(&text);
            let second = edit(&between, &[b.in_text(&between)]);
            prop_assume!(second != Err(Refusal::HasComments));
            prop_assert!(second.is_ok(), "{b:?}: {second:?}\n{between}");
            let after = second.expect("it is one").apply(&between);
            prop_assert_eq!(unordered(&read(&after)), unordered(&meant), "{:?} {:?}\n{}\n{}", a, b, text, after);
        }
        let asked = ASKED.fetch_add(1, Ordering::Relaxed) + 1;
        match edit(&text, &[one.in_text(&text), other.in_text(&text)]) {
            Ok(edit) => {
                let after = edit.apply(&text);
                prop_assert_eq!(unordered(&read(&after)), unordered(&meant), "{:?} {:?}\n{}", one, other, after);
                prop_assert_eq!(edit.reverse(&text).apply(&after), text);
            }
            Err(_) => {
                let refused = REFUSED.fetch_add(1, Ordering::Relaxed) + 1;
                prop_assert!(refused * 10 <= asked + 40, "{one:?} {other:?}: {refused} of {asked}");
            }
        }
    }

    #[test]
    fn no_text_makes_an_edit_panic(noise in ".{0,60}", layout in vec(any::<u8>(), 0..400), sketch in sketch(), at in any::<u16>()) {
        let mut text = laid_out(&sketch, &mut Tape::new(&layout));
        let mut cut = usize::from(at) % (text.len() + 1);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        text.insert_str(cut, &noise);
        let path = vec!["filesystem".to_owned(), "read-only".to_owned()];
        let change = Change::Insert { list: path, entry: Value::Text("/x".to_owned()) };
        if let Ok(edit) = edit(&text, &[change]) {
            prop_assert_eq!(edit.reverse(&text).apply(&edit.apply(&text)), text);
        }
    }
}

/// An answer or a refusal, and soon.
#[test]
fn no_text_takes_long() {
    const ENTRIES: usize = 10_000;
    let entries = |text: &str| format!("name = \"web\"\nfilesystem.read-only = [{}]\n", text.repeat(ENTRIES));
    let texts = [
        entries("\"/a/b\","),
        entries("\n  \"/a\", # why"),
        entries("# why\n"),
        entries("[],"),
        entries("{a=1},"),
        format!("name = \"web\"\n{}", (0..20_000).map(|n| format!("k{n} = 1\n")).collect::<String>()),
        (0..20_000).map(|n| format!("[t{n}.a]\n")).collect(),
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a = ".repeat(100_000)),
        format!("a = [{}", "\"/a\", ".repeat(100_000)),
        format!("{} = 1", vec!["a"; 20_000].join(".")),
        format!("a = \"\"\"{}", "\n".repeat(100_000)),
        " ".repeat(1 << 20),
        "#\n".repeat(1 << 17),
    ];
    let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    for text in texts {
        let start = Instant::now();
        let mut places = Vec::new();
        if let Ok(document) = DeTable::parse(&text)
            && let Some(filesystem) = document.get_ref().get("filesystem")
        {
            let list = filesystem.get_ref().as_table().unwrap()["read-only"].get_ref().as_array().unwrap();
            places = list.iter().map(|item| Place::new(item.span().start, item.span().end)).collect();
        }
        let insert = |at: &str| Change::Insert { list: path(at), entry: Value::Text("/x".to_owned()) };
        let set = |at: &str| Change::Set { key: path(at), value: Value::Text("/x".to_owned()) };
        let half = places.iter().step_by(2).map(|at| Change::Remove { at: *at });
        let moved =
            places.iter().skip(1).step_by(2).map(|at| Change::Move { at: *at, list: path("exec.allow") });
        let all: Vec<Change> = half.chain(moved).chain([insert("filesystem.read-only")]).collect();
        let many: Vec<Change> = (0..5_000).map(|n| set(&format!("pod.labels.l{n}"))).collect();
        let some = |changes: &[Change]| {
            if let Ok(edit) = edit(&text, changes) {
                assert_eq!(edit.reverse(&text).apply(&edit.apply(&text)), text);
            }
        };
        some(&[insert("filesystem.read-only"), insert("exec.allow"), set("mode"), set("t7.a.b")]);
        some(&all);
        some(&many);
        let shown: String = text.chars().take(40).collect();
        assert!(start.elapsed() < Duration::from_secs(20), "{shown}: {:?}", start.elapsed());
        println!("{shown:?}: {:?}", start.elapsed());
    }
}

/// Many fixes beside each other: each is made for itself, and all are made at once.
#[test]
fn many_fixes_do_not_take_long() {
    const ENTRIES: usize = 20_000;
    let start = Instant::now();
    for between in [", ", ",\n  ", ", # why\n"] {
        let text = format!("a = [{}]\n", vec!["\"x\""; ENTRIES].join(between));
        let mut sources = Sources::default();
        sources.add("policy.toml", text.as_str());
        let document = DeTable::parse(&text).unwrap();
        let list = document.get_ref()["a"].get_ref().as_array().unwrap();
        let mut found = Findings::default();
        for item in list.iter() {
            let place = Place::new(item.span().start, item.span().end);
            found.add(Finding::new(codes::all().next().unwrap(), place, "it goes").take_out(place));
        }
        let fixes = edit::settle(&found, &sources);
        assert_eq!(fixes.iter().count(), ENTRIES);
        let source = sources.iter().next().unwrap();
        let fixed = edit::all_fixes(&fixes, source).unwrap().apply(&text);
        assert_eq!(comments(&fixed), comments(&text));
        assert_eq!(read(&fixed), read("a = []"));
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
