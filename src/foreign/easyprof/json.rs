//! JSON with the lines of its values.
//!
//! Enters: a text. Leaves: its value, each with its line, or the line where it is no JSON. serde_json decides what is JSON,
//! within its bound of depth; here its places are found again. A key that is there twice is refused: Python takes the last.

use crate::diag::one_line;
use crate::foreign::NotTaken;
use crate::foreign::places::Places;
use serde_json::error::Category;
use std::collections::BTreeSet;

/// A value and its line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub line: usize,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    /// A number as it is written.
    Number(String),
    /// `true`, `false` and `null`.
    Word(String),
    List(Vec<Node>),
    Table(Vec<Keyed>),
}

/// A key with its line, and its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Keyed {
    pub key: String,
    pub line: usize,
    pub node: Node,
}

impl Node {
    pub(super) fn table(&self) -> Option<&[Keyed]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            Value::Text(_) | Value::Number(_) | Value::Word(_) | Value::List(_) => None,
        }
    }

    /// What a key of a table has.
    pub(super) fn get(&self, key: &str) -> Option<&Keyed> {
        self.table()?.iter().find(|entry| entry.key == key)
    }
}

/// Reads a whole text.
pub(super) fn read(text: &str) -> Result<Node, NotTaken> {
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        return Err(not_json(&error));
    }
    let mut walk = Walk { text, at: 0, places: Places::of(text) };
    walk.value()
}

fn not_json(error: &serde_json::Error) -> NotTaken {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let wrong = match error.classify() {
        Category::Eof => "this is not JSON: it ends before all that it opened is closed".to_owned(),
        Category::Io | Category::Syntax | Category::Data => {
            format!("this is not JSON: {}", one_line(said.to_owned()))
        }
    };
    NotTaken {
        line: (error.line() > 0).then(|| error.line()),
        wrong,
        help: "correct it: aa-easyprof would not read it either".to_owned(),
    }
}

/// Steps through a text that is JSON.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    places: Places,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.rest().bytes().next()
    }

    /// Takes a character if it is the next.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn lost(&self) -> NotTaken {
        NotTaken {
            line: Some(self.places.line(self.at)),
            wrong: "this is not JSON that is understood here".to_owned(),
            help: "write it in plain JSON".to_owned(),
        }
    }

    fn value(&mut self) -> Result<Node, NotTaken> {
        let first = self.peek().ok_or_else(|| self.lost())?;
        let line = self.places.line(self.at);
        let value = match first {
            b'"' => Value::Text(self.text()?),
            b'{' => Value::Table(self.table()?),
            b'[' => Value::List(self.list()?),
            _ => self.word()?,
        };
        Ok(Node { line, value })
    }

    fn text(&mut self) -> Result<String, NotTaken> {
        let mut read = serde_json::Deserializer::from_str(self.rest()).into_iter::<String>();
        let text = read.next().and_then(Result::ok);
        let passed = read.byte_offset();
        self.at += passed;
        text.ok_or_else(|| self.lost())
    }

    fn word(&mut self) -> Result<Value, NotTaken> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        if word.is_empty() {
            return Err(self.lost());
        }
        self.at += end;
        let is_number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        Ok(if is_number { Value::Number(word) } else { Value::Word(word) })
    }

    fn list(&mut self) -> Result<Vec<Node>, NotTaken> {
        let mut nodes = Vec::new();
        self.takes(b'[');
        if self.takes(b']') {
            return Ok(nodes);
        }
        loop {
            nodes.push(self.value()?);
            if self.takes(b']') {
                return Ok(nodes);
            }
            if !self.takes(b',') {
                return Err(self.lost());
            }
        }
    }

    fn table(&mut self) -> Result<Vec<Keyed>, NotTaken> {
        let mut entries = Vec::new();
        let mut known = BTreeSet::new();
        self.takes(b'{');
        if self.takes(b'}') {
            return Ok(entries);
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.lost());
            }
            let line = self.places.line(self.at);
            let key = self.text()?;
            if !known.insert(key.clone()) {
                return Err(NotTaken {
                    line: Some(line),
                    wrong: format!(
                        "`{}` is there twice, and aa-easyprof passes over the first",
                        one_line(key)
                    ),
                    help: "leave one of the two".to_owned(),
                });
            }
            if !self.takes(b':') {
                return Err(self.lost());
            }
            let node = self.value()?;
            entries.push(Keyed { key, line, node });
            if self.takes(b'}') {
                return Ok(entries);
            }
            if !self.takes(b',') {
                return Err(self.lost());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn node(line: usize, value: Value) -> Node {
        Node { line, value }
    }

    #[test]
    fn each_value_has_its_line() {
        let text = "{\n \"a\\n\\u00e9,\\\"\": [\"x\",\n -1.5e+3, {}, []],\n\"b\"\n:\n null }\n";
        let list = vec![
            node(2, Value::Text("x".to_owned())),
            node(3, Value::Number("-1.5e+3".to_owned())),
            node(3, Value::Table(Vec::new())),
            node(3, Value::List(Vec::new())),
        ];
        let entries = vec![
            Keyed { key: "a\né,\"".to_owned(), line: 2, node: node(2, Value::List(list)) },
            Keyed { key: "b".to_owned(), line: 4, node: node(6, Value::Word("null".to_owned())) },
        ];
        assert_eq!(read(text).unwrap(), node(1, Value::Table(entries)));
    }

    #[test]
    fn what_is_no_json_has_its_line() {
        for (text, line, wrong) in [
            ("{\n\"a\": [\n", 3, "this is not JSON: it ends before all that it opened is closed"),
            ("", 1, "this is not JSON: it ends before all that it opened is closed"),
            ("{\n\"a\": 1,\n}", 3, "this is not JSON: trailing comma"),
            ("{\n'a': 1}", 2, "this is not JSON: key must be a string"),
            ("{}\n{}", 2, "this is not JSON: trailing characters"),
            ("{\"a\": 1,\n\"a\": 2}", 2, "`a` is there twice, and aa-easyprof passes over the first"),
        ] {
            let refusal = read(text).unwrap_err();
            assert_eq!((refusal.line, refusal.wrong.as_str()), (Some(line), wrong), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(read(&deep).unwrap_err().wrong, "this is not JSON: recursion limit exceeded");
    }
}
