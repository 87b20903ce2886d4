//! Random policies written as people write them: headers, dotted keys and inline tables, lists in one line and in many,
//! comments everywhere, quotes of both kinds, line ends of both kinds.

use crate::support::sketch::{Sketch, Value};
use aapol::policy::quoted;
use std::collections::BTreeSet;

/// Random choices, one after another; the first of each when there are no more.
#[derive(Debug)]
pub(crate) struct Tape<'a> {
    choices: &'a [u8],
    comments: usize,
}

impl<'a> Tape<'a> {
    pub(crate) fn new(choices: &'a [u8]) -> Tape<'a> {
        Tape { choices, comments: 0 }
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        let [first, second, rest @ ..] = self.choices else { return 0 };
        self.choices = rest;
        (usize::from(*first) * 256 + usize::from(*second)) % end.max(1)
    }

    pub(crate) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        let end = ["", ", \"x\"", " ]", " = [", "'", " \u{e9}"][self.below(6)];
        format!("# c{}{end}", self.comments)
    }

    /// Lines of comments and empty lines.
    fn between(&mut self, indent: &str, text: &mut String) {
        while self.one_in(4) {
            let line = if self.one_in(2) { String::new() } else { format!("{indent}{}", self.comment()) };
            text.push_str(&format!("{line}\n"));
        }
    }

    fn line_end(&mut self, text: &mut String) {
        if self.one_in(5) {
            let blanks = ["", " ", "\t "][self.below(3)];
            text.push_str(&format!("{blanks}{}", self.comment()));
        }
        text.push('\n');
    }

    fn text(&mut self, text: &str) -> String {
        let can_be_literal = text.chars().all(|c| c != '\'' && !c.is_control());
        if can_be_literal && self.one_in(3) { format!("'{text}'") } else { quoted(text) }
    }

    fn key(&mut self, name: &str) -> String {
        let is_bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if name.is_empty() || !is_bare || self.one_in(8) { self.text(name) } else { name.to_owned() }
    }

    fn list(&mut self, items: &[String], indent: &str, may_break: bool) -> String {
        let how = self.below(5);
        if how < 2 || !may_break {
            let pad = if self.one_in(3) { " " } else { "" };
            let comma = if self.one_in(4) { "," } else { "" };
            let gap = if self.one_in(6) { "," } else { ", " };
            let comma = if items.is_empty() { "" } else { comma };
            return format!("[{pad}{}{comma}{pad}]", items.join(gap));
        }
        let mut text = "[".to_owned();
        self.line_end(&mut text);
        let lead = format!("{indent}{}", ["  ", "    ", "\t", ""][self.below(4)]);
        let is_led = how == 4;
        for (index, item) in items.iter().enumerate() {
            let is_last = index + 1 == items.len();
            self.between(&lead, &mut text);
            let comma = if is_led && index > 0 { ", " } else { "" };
            text.push_str(&format!("{lead}{comma}{item}"));
            if !is_led && self.one_in(10) {
                self.line_end(&mut text);
                text.push_str(&lead);
            }
            if !is_led && (!is_last || self.one_in(2)) {
                text.push(',');
            }
            if !is_led && !is_last && self.one_in(4) {
                text.push(' ');
            } else {
                self.line_end(&mut text);
            }
        }
        self.between(&lead, &mut text);
        format!("{text}{indent}]")
    }

    fn value(&mut self, value: &Value, indent: &str, may_break: bool) -> String {
        match value {
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => self.text(text),
            Value::Texts(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| self.text(text)).collect();
                self.list(&texts, indent, may_break)
            }
            Value::Numbers(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                self.list(&numbers, indent, may_break)
            }
            Value::Map(pairs) => {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(key, value)| format!("{} = {}", self.key(key), self.text(value)))
                    .collect();
                format!("{{ {} }}", pairs.join(", "))
            }
        }
    }

    /// A key with its value, or, for a map, the keys in it.
    fn lines(&mut self, prefix: &str, key: &str, value: &Value, indent: &str, text: &mut String) {
        let key = format!("{prefix}{}", self.key(key));
        if let (Value::Map(pairs), true) = (value, self.one_in(3)) {
            for (inner, value) in pairs {
                let (inner, value) = (self.key(inner), self.text(value));
                text.push_str(&format!("{indent}{key}.{inner} = {value}"));
                self.line_end(text);
            }
        } else {
            let equals = [" = ", "=", "  =  "][self.below(3)];
            let value = self.value(value, indent, true);
            text.push_str(&format!("{indent}{key}{equals}{value}"));
            self.line_end(text);
        }
    }
}

/// How a table is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Header,
    Dotted,
    Inline,
}

pub(crate) fn laid_out(sketch: &Sketch, tape: &mut Tape<'_>) -> String {
    let first = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    let with_inner: BTreeSet<String> =
        sketch.tables().iter().filter(|(name, _)| name.contains('.')).map(|(name, _)| first(name)).collect();
    let mut forms = std::collections::BTreeMap::new();
    let form = |tape: &mut Tape<'_>, name: &str| match tape.below(4) {
        2 => Form::Dotted,
        3 if !with_inner.contains(name) => Form::Inline,
        _ => Form::Header,
    };
    for (name, _) in sketch.tables() {
        let name = first(name);
        let form = form(tape, &name);
        forms.entry(name).or_insert(form);
    }
    let (mut top, mut below) = (String::new(), String::new());
    tape.between("", &mut top);
    for (name, keys) in sketch.tables() {
        let form = forms[&first(name)];
        let path: Vec<String> = name.split('.').map(|name| tape.key(name)).collect();
        let path = path.join(".");
        if name.is_empty() || form == Form::Dotted {
            let prefix = if name.is_empty() { String::new() } else { format!("{path}.") };
            for (key, value) in keys {
                tape.between("", &mut top);
                tape.lines(&prefix, key, value, "", &mut top);
            }
        } else if form == Form::Inline {
            let pairs: Vec<String> = keys
                .iter()
                .map(|(key, value)| {
                    let may_break = tape.one_in(4);
                    format!("{} = {}", tape.key(key), tape.value(value, "", may_break))
                })
                .collect();
            tape.between("", &mut top);
            let pad = if pairs.is_empty() || tape.one_in(3) { "" } else { " " };
            top.push_str(&format!("{path} = {{{pad}{}{pad}}}", pairs.join(", ")));
            tape.line_end(&mut top);
        } else {
            let indent = if tape.one_in(5) { "  " } else { "" };
            tape.between("", &mut below);
            below.push_str(&format!("[{path}]"));
            tape.line_end(&mut below);
            for (key, value) in keys {
                tape.between(indent, &mut below);
                tape.lines("", key, value, indent, &mut below);
            }
        }
    }
    let mut text = top + &below;
    tape.between("", &mut text);
    if tape.one_in(6) {
        text.truncate(text.trim_end().len());
    }
    if tape.one_in(4) {
        text = text.replace('\n', "\r\n");
    }
    if tape.one_in(8) { format!("\u{feff}{text}") } else { text }
}
