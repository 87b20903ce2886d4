//! Texts and names of files that are hard to write: in YAML, in TOML, in the profile language.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Texts that some reader of YAML, TOML, the profile language or a template would take for something else.
const NASTY: &[&str] = &[
    "",
    " ",
    "  a",
    "a ",
    "\t",
    "\ta",
    "a\tb",
    "yes",
    "No",
    "on",
    "~",
    "null",
    "true",
    "0",
    "-1",
    "1e3",
    "0x1F",
    "1_000",
    ".5",
    ".inf",
    "12:30:45",
    "2001-01-01",
    "-",
    "- a",
    "--",
    "---",
    "...",
    "? a",
    ": a",
    "a:",
    "a: b",
    "a :b",
    "#",
    "a #b",
    "'",
    "\"",
    "'a'",
    "\"a\"",
    "\\",
    "\\n",
    "|",
    ">",
    "|-\n  a",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "%a",
    "@a",
    "`a`",
    "{",
    "}",
    "{a: b}",
    "[a]",
    ",",
    "<<",
    "=",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# a #}",
    "a\nb",
    "a\n",
    "\na",
    "a\n\nb\n",
    "a\n\n",
    "  a\nb",
    "a\n  b\n",
    "a \nb",
    "a\n\tb",
    "\ta\nb",
    "\n",
    "\n\n",
    "a\n#b\n",
    "- a\n- b\n",
    "a: b\nc: d\n",
    "set -e\nexec nginx -g 'daemon off;'\n",
    "é",
    "日本語\n🦀\n",
    "a\u{a0}b",
    "\u{fffe}",
    "a\u{ffff}",
    "a\u{e000}",
    "\u{10ffff}",
    "a\u{ad}b",
    "\u{1f600}\n",
    "x\n...\ny\n",
    "x\n---\ny\n",
    "name: web\nspec: {}\n",
    "$(id)",
    "$HOME",
    "%s",
    "a\\\nb",
    "a\n \nb",
    "a\n\n  b\n c",
];

/// A value of an argument or a variable.
pub(crate) fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        4 => select(NASTY).prop_map(str::to_owned),
        1 => vec(select(NASTY), 1..4).prop_map(|parts| parts.join("\n")),
        1 => vec(select(NASTY), 1..4).prop_map(|parts| parts.concat()),
        1 => "[ -~\u{a1}-\u{2ff}\n]{0,12}",
    ]
}

/// Characters that paths rarely hold.
const ODD: &[char] = &[
    'a', 'b', '1', ' ', ',', '"', '\'', '#', '\\', '*', '?', '[', ']', '{', '}', '^', '@', '=', '!', '(',
    ')', '$', ';', '-', '.', '~', '%', '&', '|', '<', '>', ':', '+', 'é', '語',
];

/// A name of a file, as it is on disk.
pub(crate) fn odd_name() -> impl Strategy<Value = String> + Clone {
    let name = vec(select(ODD), 1..8).prop_map(|name| name.into_iter().collect::<String>());
    name.prop_filter("is no name", |name| name != "." && name != "..")
}

/// A name as a policy writes it, so that it stands for itself.
pub(crate) fn as_path(name: &str) -> String {
    name.chars().fold(String::new(), |mut out, c| {
        if "*?[]{}^,\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}
