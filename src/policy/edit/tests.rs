//! What becomes of texts that are hard to edit: the exact text is the claim.

use super::{Change, Edit, Refusal, Value};
use crate::diag::{Place, Sources};

fn path(dotted: &str) -> Vec<String> {
    dotted.split('.').map(str::to_owned).collect()
}

/// Changes in words, such as `move /x a.b; drop a.c`: a text stands for the first place where it is.
fn changes(words: &str, text: &str) -> Vec<Change> {
    let place = |wanted: &str| {
        let start = text.find(wanted).unwrap();
        let quotes = usize::from(start > 0 && b"\"'".contains(&text.as_bytes()[start - 1]));
        Place::new(start - quotes, start + wanted.len() + quotes)
    };
    let value = |word: &str| match word.strip_prefix('=') {
        Some(written) => Value::Written(written.to_owned()),
        None => Value::Text(word.to_owned()),
    };
    let change = |words: &str| match words.split_whitespace().collect::<Vec<_>>()[..] {
        ["insert", list, entry] => Change::Insert { list: path(list), entry: value(entry) },
        ["set", key, to] => Change::Set { key: path(key), value: value(to) },
        ["replace", old, new] => Change::Replace { at: place(old), value: value(new) },
        ["rename", old, new] => Change::Rename { at: place(old), to: path(new) },
        ["remove", entry] => Change::Remove { at: place(entry) },
        ["drop", key] => Change::RemoveKey { key: path(key) },
        ["move", entry, list] => Change::Move { at: place(entry), list: path(list) },
        _ => panic!("{words}"),
    };
    words.split(';').map(change).collect()
}

fn edited(words: &str, text: &str) -> Result<String, Refusal> {
    let mut sources = Sources::default();
    sources.add("base.toml", "before");
    let base = sources.add("policy.toml", text);
    let source = sources.iter().nth(1).unwrap();
    let moved = |at: &mut Place| *at = Place::new(at.start + base, at.end + base);
    let mut changes = changes(words, text);
    for change in &mut changes {
        match change {
            Change::Replace { at, .. }
            | Change::Rename { at, .. }
            | Change::Remove { at }
            | Change::Move { at, .. } => moved(at),
            Change::Insert { .. } | Change::Set { .. } | Change::RemoveKey { .. } => {}
        }
    }
    let edit = Edit::new(source, &changes)?;
    let after = edit.apply(text);
    let back = edit.reverse(text);
    assert_eq!(back.apply(&after), text);
    assert_eq!(back.reverse(&after), edit);
    Ok(after)
}

fn all(cases: &[(&str, &str, &str)]) {
    let mut wrong = String::new();
    for (words, before, after) in cases {
        let found = edited(words, before);
        if found.as_deref() != Ok(*after) {
            wrong.push_str(&format!("{words}\n  of   {before:?}\n  want {after:?}\n  got  {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn entries_and_keys_stand_as_their_neighbours_do() {
    all(&[
        // One line.
        ("insert a.b /x", "[a]\nb = [\"/1\", \"/2\"]\n", "[a]\nb = [\"/1\", \"/2\", \"/x\"]\n"),
        ("insert a.b /x", "[a]\nb = [\"/1\", \"/2\",]\n", "[a]\nb = [\"/1\", \"/2\", \"/x\",]\n"),
        ("insert a.b /x", "[a]\nb = [ '/1','/2' ] # why\n", "[a]\nb = [ '/1','/2','/x' ] # why\n"),
        ("insert a.b /x", "[a]\nb = []\n", "[a]\nb = [\"/x\"]\n"),
        ("insert a.b /x", "[a]\nb = [\"/1\" # one\n]\n", "[a]\nb = [\"/1\", # one\n    \"/x\"\n]\n"),
        // Many lines.
        (
            "insert a.b /x",
            "[a]\nb = [\n    \"/1\",\n    \"/2\",\n]\n",
            "[a]\nb = [\n    \"/1\",\n    \"/2\",\n    \"/x\",\n]\n",
        ),
        (
            "insert a.b /x",
            "[a]\nb = [\n\t\"/1\",\n\t\"/2\"\n]\n",
            "[a]\nb = [\n\t\"/1\",\n\t\"/2\",\n\t\"/x\"\n]\n",
        ),
        (
            "insert a.b /x",
            "[a]\nb = [\n  \"/1\", # one\n  # more to come\n]\n",
            "[a]\nb = [\n  \"/1\", # one\n  \"/x\",\n  # more to come\n]\n",
        ),
        ("insert a.b /x", "[a]\nb = [\n  \"/1\" # one\n]\n", "[a]\nb = [\n  \"/1\", # one\n  \"/x\"\n]\n"),
        ("insert a.b /x", "[a]\nb = [\n  # none yet\n]\n", "[a]\nb = [\n  # none yet\n  \"/x\",\n]\n"),
        (
            "insert a.b /x",
            "[a]\nb = [\n    \"/1\"\n  , \"/2\"\n]\n",
            "[a]\nb = [\n    \"/1\"\n  , \"/2\"\n  , \"/x\"\n]\n",
        ),
        // Line ends, the mark of order, no last line end.
        (
            "insert a.b /x",
            "[a]\r\nb = [\r\n  \"/1\",\r\n]\r\n",
            "[a]\r\nb = [\r\n  \"/1\",\r\n  \"/x\",\r\n]\r\n",
        ),
        ("insert a.b /x", "\u{feff}[a]\nb = [\"/1\"]", "\u{feff}[a]\nb = [\"/1\", \"/x\"]"),
        // The key, or its table, is missing.
        (
            "insert a.b /x",
            "name = \"w\"\n\n[a]\nc = 1 # one\n\n[z]\nd = 2\n",
            "name = \"w\"\n\n[a]\nc = 1 # one\nb = [\"/x\"]\n\n[z]\nd = 2\n",
        ),
        ("insert a.b /x", "name = \"w\"\n[a]", "name = \"w\"\n[a]\nb = [\"/x\"]"),
        (
            "insert a.b /x",
            "name = \"w\"\na.c = 1\n\n[z]\nd = 2\n",
            "name = \"w\"\na.c = 1\na.b = [\"/x\"]\n\n[z]\nd = 2\n",
        ),
        ("insert a.b /x", "name = \"w\"\na = { c = 1 }\n", "name = \"w\"\na = { c = 1, b = [\"/x\"] }\n"),
        ("insert a.b /x", "name = \"w\"\na = {}\n", "name = \"w\"\na = { b = [\"/x\"] }\n"),
        (
            "insert a.b /x",
            "name = \"w\"\n\n[z]\nd = 2\n# end\n",
            "name = \"w\"\n\n[z]\nd = 2\n# end\n\n[a]\nb = [\"/x\"]\n",
        ),
        (
            "insert a.b /x",
            "name = \"w\"\n\n# the sub\n[a.c]\nd = 2\n",
            "name = \"w\"\n\n[a]\nb = [\"/x\"]\n\n# the sub\n[a.c]\nd = 2\n",
        ),
        (
            "insert b /x",
            "#:schema x\nname = \"w\"\n\n[a]\nc = 1\n",
            "#:schema x\nname = \"w\"\nb = [\"/x\"]\n\n[a]\nc = 1\n",
        ),
        (
            "set mode =true",
            "name = \"w\"\r\n\r\n# about a\r\n[a]\r\nc = 1\r\n",
            "name = \"w\"\r\nmode = true\r\n\r\n# about a\r\n[a]\r\nc = 1\r\n",
        ),
        ("set a.c =false", "[a]\nc   =   true # flag\n", "[a]\nc   =   false # flag\n"),
        // Taken out.
        (
            "remove /2",
            "[a]\nb = [\n  \"/1\", # one\n  # two:\n  \"/2\", # why\n  \"/3\",\n]\n",
            "[a]\nb = [\n  \"/1\", # one\n  # two:\n  # why\n  \"/3\",\n]\n",
        ),
        ("remove /2", "[a]\nb = [\"/1\", \"/2\"]\n", "[a]\nb = [\"/1\"]\n"),
        (
            "remove /2",
            "[a]\nb = [\n  \"/1\", # one\n  \"/2\" # two\n]\n",
            "[a]\nb = [\n  \"/1\" # one\n  # two\n]\n",
        ),
        ("remove /1", "[a]\nb = [\"/1\" # one\n  , \"/2\"]\n", "[a]\nb = [# one\n  \"/2\"]\n"),
    ]);
}

#[test]
fn what_is_empty_or_odd_takes_entries_too() {
    all(&[
        ("insert a.b /x", "[a]\nb = [ ]\n", "[a]\nb = [ \"/x\" ]\n"),
        ("insert a.b /x", "[a]\nb = [\n]", "[a]\nb = [\n    \"/x\",\n]"),
        ("insert a.b /x", "[a]\nb = [ # none\n]\n", "[a]\nb = [ # none\n    \"/x\",\n]\n"),
        ("insert a.b /x", "a.b = [\"/1\",\n  \"/2\"]\n", "a.b = [\"/1\",\n  \"/2\",\n  \"/x\"]\n"),
        (
            "insert a.b /x",
            "a.b = [\n  \"/1\", \"/2\",\n  \"/3\", \"/4\"\n]\n",
            "a.b = [\n  \"/1\", \"/2\",\n  \"/3\", \"/4\", \"/x\"\n]\n",
        ),
        ("insert a.b /x", "a.b = [\n  \"/1\"\n  ,\n]\n", "a.b = [\n  \"/1\"\n  ,\n  \"/x\",\n]\n"),
        (
            "insert a.b /x",
            "a.b = [\n  \"# ]\", # ], \"x\"\n]\n",
            "a.b = [\n  \"# ]\", # ], \"x\"\n  \"/x\",\n]\n",
        ),
        ("insert a.b /x", "a = { b = [\"/1\"], c = 1 }\n", "a = { b = [\"/1\", \"/x\"], c = 1 }\n"),
        ("insert a.b /x", "a = { c = { d = 1 } }", "a = { c = { d = 1 }, b = [\"/x\"] }"),
        ("insert a.c.b /x", "a = { c.d = 1 }", "a = { c.d = 1, c.b = [\"/x\"] }"),
        ("insert a.c.b /x", "a = { d = 1 }", "a = { d = 1, c.b = [\"/x\"] }"),
        ("insert a.b /x", "'a'.\"b\" = ['/1']\n", "'a'.\"b\" = ['/1', '/x']\n"),
        ("insert a.b it's", "a.b = ['/1']\n", "a.b = ['/1', \"it's\"]\n"),
        (
            "insert a.b \\d",
            "a.b = [\"/1\"]\nc = ['/2', '/3', '/4']\n",
            "a.b = [\"/1\", \"\\\\d\"]\nc = ['/2', '/3', '/4']\n",
        ),
        ("insert a.b /x", "c = ['/2', \"'\", '/4']\n\n[a]\n", "c = ['/2', \"'\", '/4']\n\n[a]\nb = ['/x']\n"),
        ("insert a.b /1", "a.b = [\"/1\"]\n", "a.b = [\"/1\"]\n"),
        ("insert a.b /x;insert a.b /x;insert a.b /y", "a.b = []\n", "a.b = [\"/x\", \"/y\"]\n"),
        ("insert c.args /1", "c.args = [\"/1\"]\n", "c.args = [\"/1\", \"/1\"]\n"),
        ("insert a.b /x", "", "[a]\nb = [\"/x\"]\n"),
        ("insert a.b /x", "\u{feff}", "\u{feff}[a]\nb = [\"/x\"]\n"),
        ("set b w", "# head\n", "# head\nb = \"w\"\n"),
        ("set b w", "#:schema x\n\n# about\n[a]\n", "#:schema x\n\nb = \"w\"\n\n# about\n[a]\n"),
        // A line that would be too long becomes lines.
        (
            "insert a.b /a/path/that/is/long/enough/for/lines",
            "a.b = [\"/another/path/that/is/long/enough\", \"/and/one/more/of/them\"]\n",
            "a.b = [\n    \"/another/path/that/is/long/enough\",\n    \"/and/one/more/of/them\",\n    \"/a/path/that/is/long/enough/for/lines\",\n]\n",
        ),
    ]);
}

#[test]
fn new_keys_stand_where_their_table_is() {
    all(&[
        (
            "set a.k =1;set a.l =2;set z.y.k =3",
            "name = \"w\"\n\n[a]\n",
            "name = \"w\"\n\n[a]\nk = 1\nl = 2\n\n[z.y]\nk = 3\n",
        ),
        ("set a.k =1", "name = \"w\"\n[b]\nc = 1\n", "name = \"w\"\n[b]\nc = 1\n[a]\nk = 1\n"),
        ("set a.k =1", "name = \"w\"\nb.c = 1\n", "name = \"w\"\nb.c = 1\na.k = 1\n"),
        ("set k =1", "name = \"w\" # who\nb.c = 1\n", "name = \"w\" # who\nk = 1\nb.c = 1\n"),
        ("set a.b.k =1", "[a]\nc = 1\n\n[z]\n", "[a]\nc = 1\n\n[a.b]\nk = 1\n\n[z]\n"),
        (
            "set a.k =1",
            "[a]\n  c = 1 # one\n  # two\n\n[z]\n",
            "[a]\n  c = 1 # one\n  k = 1\n  # two\n\n[z]\n",
        ),
        ("set a.k =1", "[ 'a' ] # why\n[z]\n", "[ 'a' ] # why\nk = 1\n[z]\n"),
        ("set a.b.k =1", "[a]\nb.c = 1\n", "[a]\nb.c = 1\nb.k = 1\n"),
        ("set a.b.k =1", "a.b = { }\n", "a.b = { k = 1 }\n"),
        ("set a.b.k =1", "[a.b.c]\nd = 1\n", "[a.b]\nk = 1\n\n[a.b.c]\nd = 1\n"),
        ("set a.b.k =1", "[a.c]\nd = 1\n[z]\n", "[a.c]\nd = 1\n[a.b]\nk = 1\n[z]\n"),
    ]);
    assert_eq!(edited("set a.b.k =1", "a.b = 1\n"), Err(Refusal::NotATable));
    assert_eq!(edited("insert a.b /x", "a.b = \"/1\"\n"), Err(Refusal::NotAList));
    assert_eq!(edited("insert a /x", "[a]\n"), Err(Refusal::NotAList));
    assert_eq!(edited("set a =1", "[a]\nb = 1\n"), Err(Refusal::NotAValue));
    assert_eq!(edited("set a =]", "b = 1\n"), Err(Refusal::NotAValue));
    assert_eq!(edited("set a =1", "b = \n"), Err(Refusal::NotToml));
}

#[test]
fn what_is_taken_out_leaves_no_trace_but_comments() {
    all(&[
        ("remove /1", "a.b = [\"/1\"]\n", "a.b = []\n"),
        ("remove /1", "a.b = [ \"/1\" ]\n", "a.b = []\n"),
        ("remove /1", "a.b = [\"/1\", \"/2\"]\n", "a.b = [\"/2\"]\n"),
        ("remove /1", "a.b = [ \"/1\" , \"/2\" ]\n", "a.b = [ \"/2\" ]\n"),
        ("remove /2", "a.b = [\"/1\", \"/2\", \"/3\"]\n", "a.b = [\"/1\", \"/3\"]\n"),
        ("remove /2", "a.b = [\"/1\", \"/2\",]\n", "a.b = [\"/1\",]\n"),
        ("remove /2;remove /3", "a.b = [\"/1\", \"/2\", \"/3\"]\n", "a.b = [\"/1\"]\n"),
        ("remove /1;remove /3", "a.b = [\"/1\", \"/2\", \"/3\"]\n", "a.b = [\"/2\"]\n"),
        ("remove /1;remove /2", "a.b = [\n  \"/1\",\n  \"/2\",\n]\n", "a.b = [\n]\n"),
        ("remove /2", "a.b = [\r\n  \"/1\",\r\n  \"/2\"\r\n]\r\n", "a.b = [\r\n  \"/1\"\r\n]\r\n"),
        (
            "remove /2",
            "a.b = [\n  \"/1\",\n\n  \"/2\",\n\n  \"/3\",\n]\n",
            "a.b = [\n  \"/1\",\n\n  \"/3\",\n]\n",
        ),
        ("remove /1", "a.b = [\n  \"/1\", \"/2\",\n]\n", "a.b = [\n  \"/2\",\n]\n"),
        ("remove /2", "a.b = [\n  \"/1\", \"/2\",\n]\n", "a.b = [\n  \"/1\",\n]\n"),
        ("remove /2", "a.b = [\n  \"/1\", \"/2\", # why\n]\n", "a.b = [\n  \"/1\", # why\n]\n"),
        ("remove /2", "a.b = [\n  \"/1\", # x,\n  \"/2\"]\n", "a.b = [\n  \"/1\" # x,\n  ]\n"),
        ("remove /1", "a.b = [\"/1\"\n  , \"/2\"]\n", "a.b = [\n  \"/2\"]\n"),
        ("remove /2", "a.b = [\n    \"/1\"\n  , \"/2\"\n]\n", "a.b = [\n    \"/1\"\n]\n"),
        ("remove /1;insert a.b /x", "a.b = [\"/1\"]\n", "a.b = [\"/x\"]\n"),
        ("remove /2;insert a.b /x", "a.b = [\"/1\", \"/2\"]\n", "a.b = [\"/1\", \"/x\"]\n"),
        ("remove /2;insert a.b /x", "a.b = [\n  \"/1\",\n  \"/2\"\n]\n", "a.b = [\n  \"/1\",\n  \"/x\"\n]\n"),
        ("remove /1;insert a.b /x", "a.b = [\n  # one\n  \"/1\",\n]\n", "a.b = [\n  # one\n  \"/x\",\n]\n"),
        ("drop a.b", "[a]\nb = 1\nc = 2\n", "[a]\nc = 2\n"),
        ("drop a.b", "[a]\nb = 1 # why\nc = 2\n", "[a]\n# why\nc = 2\n"),
        (
            "drop a.b",
            "[a]\n  b = [ # one\n  # two\n  ] # three\nc = 2\n",
            "[a]\n  # one\n  # two\n  # three\nc = 2\n",
        ),
        ("drop a.b", "[a]\nc = 2\nb = 1", "[a]\nc = 2"),
        ("drop a.b", "a.b = 1", ""),
        ("drop a.b", "a = { b = 1, c = 2 }\n", "a = { c = 2 }\n"),
        ("drop a.b", "a = { c = 2, b = 1 }\n", "a = { c = 2 }\n"),
        ("drop a.b;drop a", "n = 1\n\n[a] # why\nb = 1\n\n[c]\n", "n = 1\n\n# why\n\n[c]\n"),
        ("drop a.b;drop a", "n = 1\n\n[a]\nb = 1\n\n[c]\n", "n = 1\n\n[c]\n"),
        ("drop a.b;drop a", "n = 1\n\n[a]\nb = 1\n", "n = 1\n"),
        ("drop a.b.c", "[a.b]\nc = 1\n[d]\n", "[a.b]\n[d]\n"),
        ("drop a.b", "[a.b]\n[d]\n", "[d]\n"),
    ]);
    assert_eq!(edited("drop a.b", "a = { b = [ # why\n], c = 1 }\n"), Err(Refusal::HasComments));
    assert_eq!(edited("set a.b =1", "a.b = [ # why\n]\n"), Err(Refusal::HasComments));
    assert_eq!(edited("drop a", "[a]\nb = 1\n"), Err(Refusal::NotEmpty));
    assert_eq!(edited("drop z", "[a]\nb = 1\n"), Err(Refusal::NotThere));
    assert_eq!(edited("remove /1;remove /1", "a.b = [\"/1\"]\n").as_deref(), Ok("a.b = []\n"));
    for words in ["remove /1;move /1 a.c", "move /1 a.c;remove /1", "move /1 a.c;move /1 a.d"] {
        assert_eq!(edited(words, "a.b = [\"/1\"]\n"), Err(Refusal::Conflict));
    }
    assert_eq!(edited("remove /1;replace /1 /2", "a.b = [\"/1\", \"/3\"]\n"), Err(Refusal::Conflict));
}

#[test]
fn an_entry_takes_its_comments_along() {
    let list = "a.b = [\n  \"/0\", # zero\n  # one, and\n  # so on\n  \"/1\", # why\n  \"/2\",\n]\n";
    let rest = "a.b = [\n  \"/0\", # zero\n  \"/2\",\n]\n";
    let moved = "  # one, and\n  # so on\n  \"/1\", # why\n";
    let case = |c: &str, after: &str| (list.to_owned() + c, rest.to_owned() + after);
    let cases = [
        case("a.c = []\n", &format!("a.c = [\n{moved}]\n")),
        case("a.c = [\"/x\"]\n", &format!("a.c = [\n  \"/x\",\n{moved}]\n")),
        case("a.c = [\n  \"/x\"\n]\n", &format!("a.c = [\n  \"/x\",\n{}]\n", moved.replace("\",", "\""))),
        case("a.c = [\n  \"/x\"]\n", &format!("a.c = [\n  \"/x\",\n{}]\n", moved.replace("\",", "\""))),
        case(
            "a.c = [\n  \"/x\", \"/y\"]\n",
            &format!("a.c = [\n  \"/x\", \"/y\",\n{}]\n", moved.replace("\",", "\"")),
        ),
        case("", &format!("a.c = [\n{moved}]\n")),
    ];
    for (before, after) in cases {
        all(&[("move /1 a.c", &before, &after)]);
    }
    all(&[
        ("move /1 a.c", "[a]\nb = [\"/1\", \"/2\"]\nc = ['/3']\n", "[a]\nb = [\"/2\"]\nc = ['/3', \"/1\"]\n"),
        // It is there already: then its comment stays.
        (
            "move /1 a.c",
            "[a]\nb = [\n  \"/1\", # why\n]\nc = [\"/1\"]\n",
            "[a]\nb = [\n  # why\n]\nc = [\"/1\"]\n",
        ),
        // What is left empty goes, and what is new takes its place.
        ("move /1 a.c;drop a.b", "[a]\nb = [\"/1\"]\nc = [\"/2\"]\n", "[a]\nc = [\"/2\", \"/1\"]\n"),
        ("move /1 a.c;drop a.b", "[a]\nb = [\"/1\"] # why\n\n[z]\n", "[a]\nc = [\"/1\"] # why\n\n[z]\n"),
        ("move /1 a.c;drop a.b", "n = 1\na.b = [\"/1\"]", "n = 1\na.c = [\"/1\"]"),
        ("move /1 a.c;drop a.b", "a = { b = [\"/1\"] }\n", "a = { c = [\"/1\"] }\n"),
        (
            "move /1 a.c;move /2 a.b",
            "[a]\nb = [\n  \"/1\", # one\n]\nc = [\n  \"/2\", # two\n]\n",
            "[a]\nb = [\n  \"/2\", # two\n]\nc = [\n  \"/1\", # one\n]\n",
        ),
    ]);
}

#[test]
fn names_and_values_are_replaced_where_they_stand() {
    all(&[
        ("replace /1 /2", "a = '/1' # why\n", "a = '/2' # why\n"),
        ("replace /1 it's", "a = '/1'\n", "a = \"it's\"\n"),
        ("replace /1 =[1,2]", "a = \"/1\"\n", "a = [1,2]\n"),
        ("replace 8080 http", "p = [8080, 9090]\nq = 'x'\n", "p = ['http', 9090]\nq = 'x'\n"),
        (
            "rename fs filesystem",
            "fs.b = 1\n'fs'.c = 2\n[fs.d]\n",
            "filesystem.b = 1\n'filesystem'.c = 2\n[filesystem.d]\n",
        ),
        ("rename Web web", "[p.\"Web\"]\n[p.Web.e]\n", "[p.\"web\"]\n[p.web.e]\n"),
        ("rename exec exec.allow", "exec = [1]\n", "exec.allow = [1]\n"),
        ("rename a b", "x = { a = 1 }\n", "x = { b = 1 }\n"),
        ("rename a b;rename b a", "x = { a = 1, c = { b = 2 } }\n", "x = { b = 1, c = { a = 2 } }\n"),
    ]);
    assert_eq!(edited("rename a b", "a = 1\nb = 2\n"), Err(Refusal::KeyTaken));
    assert_eq!(edited("rename a b.c", "[a]\nd = 1\n"), Err(Refusal::NotAValue));
    assert_eq!(edited("replace /1 /2;replace /1 /3", "a = \"/1\"\n"), Err(Refusal::Conflict));
    assert_eq!(edited("rename a b;set a.k =1", "[a]\nd = 1\n"), Err(Refusal::NotMeant));
}

#[test]
fn no_value_brings_more_than_itself() {
    for written in ["1\nc = 2", "1 # why", "", "[", "{}\n[x]", "1,", "\"a", "'", "\u{0}"] {
        let mut sources = Sources::default();
        sources.add("policy.toml", "a = [1]\n");
        let source = sources.iter().next().unwrap();
        let value = || Value::Written(written.to_owned());
        for change in [
            Change::Set { key: path("a"), value: value() },
            Change::Set { key: path("b"), value: value() },
            Change::Insert { list: path("a"), entry: value() },
            Change::Insert { list: path("b"), entry: value() },
        ] {
            assert!(Edit::new(source, &[change]).is_err(), "{written}");
        }
    }
}
