//! Files of YAML, and of JSON, which is YAML too, as small trees that know their lines.
//!
//! Enters: the text of a file with one or several documents. Leaves: each document as a tree, or why it cannot be read;
//! one that is broken does not stop the others. What aliases stand for is written out, up to a bound. Absent on purpose:
//! types. A scalar is its text, and who asks for it says what it must be.

mod scalar;
mod tree;

pub(super) use scalar::Scalar;
pub(super) use tree::{Entry, Node, Value};

use super::NotTaken;
use granit_parser::{Event, Parser, Span, Tag, options};
use std::collections::{BTreeMap, BTreeSet};

/// How deep collections may lie in each other.
const DEEPEST: usize = 64;
/// What aliases may come to, in bytes of text and so much for each node.
const MOST_ALIASED: usize = 8 << 20;
const NODE: usize = 64;

/// The documents of a file in their order, but for empty ones.
pub(super) fn documents(text: &str) -> Vec<Result<Node, NotTaken>> {
    let source: Vec<&str> = text.lines().collect();
    let options = options! { flow_nesting_limit: DEEPEST, block_nesting_limit: DEEPEST };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut out = Vec::new();
    let mut builder = Builder::new(&source);
    loop {
        let fault = match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => return out,
            Some(Ok((Event::DocumentStart(..), _))) => {
                builder.start();
                continue;
            }
            Some(Ok((Event::DocumentEnd, _))) => {
                out.extend(builder.root.take().filter(|node| !node.is_null()).map(Ok));
                continue;
            }
            Some(Ok((event, span))) => match builder.take(event, span) {
                Ok(()) => continue,
                Err(fault) => fault,
            },
            Some(Err(fault)) => broken(fault.marker().line(), &fault.info(), source.len()),
        };
        out.push(Err(fault));
        builder.start();
        if !matches!(parser.proceed_next_document(), Ok(true)) {
            return out;
        }
    }
}

fn broken(line: usize, info: &str, last: usize) -> NotTaken {
    let info: String = info.chars().filter(|c| !c.is_control()).collect();
    NotTaken {
        line: Some(line.clamp(1, last.max(1))),
        wrong: format!("the YAML breaks off here: {}", info.trim_end_matches('.')),
        help: "fix the YAML; a template of Helm is rendered first, with `helm template`".to_owned(),
    }
}

/// A collection that is not closed yet.
enum Open {
    List {
        line: usize,
        anchor: usize,
        items: Vec<Node>,
    },
    Map {
        line: usize,
        anchor: usize,
        entries: Vec<Entry>,
        keys: BTreeSet<String>,
        key: Option<(String, usize)>,
    },
}

/// A document as far as it was read.
struct Builder<'s> {
    source: &'s [&'s str],
    root: Option<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    /// What aliases may still come to, over the whole file.
    left: usize,
}

impl<'s> Builder<'s> {
    fn new(source: &'s [&'s str]) -> Builder<'s> {
        Builder { source, root: None, open: Vec::new(), anchors: BTreeMap::new(), left: MOST_ALIASED }
    }

    fn start(&mut self) {
        self.root = None;
        self.open.clear();
        self.anchors.clear();
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the events that are no nodes have more variants with features"
    )]
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), NotTaken> {
        let line = span.start.line();
        let tagged = |tag: Option<&Tag>| untold(tag, line);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                tagged(tag.as_deref())?;
                let scalar = Scalar::new(&text, style, line, self.source);
                self.place(Node { line, value: Value::Scalar(scalar) }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                tagged(tag.as_deref())?;
                self.open.push(Open::List { line, anchor, items: Vec::new() });
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                tagged(tag.as_deref())?;
                let (entries, keys) = (Vec::new(), BTreeSet::new());
                self.open.push(Open::Map { line, anchor, entries, keys, key: None });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(closed) = self.open.pop() else { return Ok(()) };
                let (line, anchor, value) = match closed {
                    Open::List { line, anchor, items } => (line, anchor, Value::List(items)),
                    Open::Map { line, anchor, entries, .. } => (line, anchor, Value::Map(entries)),
                };
                self.place(Node { line, value }, anchor)
            }
            Event::Alias(id) => {
                let Some(node) = self.anchors.get(&id) else {
                    return Err(refused(line, "is an alias within what it stands for", "write it out"));
                };
                let mut node = node.clone();
                self.spend(&node, line)?;
                node.line = line;
                self.place(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn spend(&mut self, node: &Node, line: usize) -> Result<(), NotTaken> {
        self.left = self.left.saturating_sub(node.weight(NODE));
        if self.left > 0 {
            return Ok(());
        }
        Err(refused(
            line,
            "stands for so much that it is not read",
            "write out what is meant without aliases",
        ))
    }

    /// Puts a whole node where it belongs.
    fn place(&mut self, node: Node, anchor: usize) -> Result<(), NotTaken> {
        if anchor > 0 {
            self.spend(&node, node.line)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, keys, key, .. }) => match key.take() {
                Some((key, line)) => entries.push(Entry { key, line, value: node }),
                None => {
                    let line = node.line;
                    let Value::Scalar(scalar) = node.value else {
                        return Err(refused(line, "has a key that is no text", "write the key as a text"));
                    };
                    if scalar.text == "<<" {
                        return Err(refused(line, "merges another map by `<<`", "write the keys out"));
                    }
                    if !keys.insert(scalar.text.clone()) {
                        let wrong = format!(
                            "has the key {} twice in one map",
                            super::kubernetes::ticked(&scalar.text)
                        );
                        return Err(refused(line, &wrong, "keep one of the two"));
                    }
                    *key = Some((scalar.text, line));
                }
            },
        }
        Ok(())
    }
}

/// Tags that change nothing are passed over; others would change what is read.
fn untold(tag: Option<&Tag>, line: usize) -> Result<(), NotTaken> {
    let plain = ["str", "map", "seq", "bool", "int", "float", "null"];
    match tag {
        Some(tag) if !tag.core_suffix().is_some_and(|suffix| plain.contains(&suffix)) => {
            Err(refused(line, "has a tag of YAML that is not known here", "take the tag away"))
        }
        Some(_) | None => Ok(()),
    }
}

fn refused(line: usize, wrong: &str, help: &str) -> NotTaken {
    NotTaken { line: Some(line), wrong: format!("the YAML {wrong}"), help: help.to_owned() }
}

#[cfg(test)]
mod tests;
