//! The events of the parser, read into a layout.

use super::{Group, Home, Item, Layout, Node, Section, Spot, Statement, Value};
use crate::policy::tree::ORDERED;
use std::ops::Range;
use toml_parser::Source;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};

/// As deep as `toml` goes.
const DEEPEST: u32 = 80;

/// What a text is made of, in a layout that knows nothing yet.
pub(super) fn read(layout: Layout<'_>) -> Layout<'_> {
    let source = Source::new(layout.text);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
    parse_document(&tokens, &mut RecursionGuard::new(&mut events, DEEPEST), &mut ());
    let mut reading = Reading { source, events: events.iter(), layout, literal: 0 };
    reading.document();
    let Reading { mut layout, literal, .. } = reading;
    layout.is_literal = literal > 0;
    layout
}

struct Reading<'t, 'e> {
    source: Source<'t>,
    events: std::slice::Iter<'e, Event>,
    layout: Layout<'t>,
    /// By how much literal strings are more than basic ones.
    literal: isize,
}

impl Reading<'_, '_> {
    fn next(&mut self) -> Option<(EventKind, &'_ Event, Range<usize>)> {
        let event = self.events.next()?;
        let span = event.span().start()..event.span().end();
        if event.kind() == EventKind::Comment {
            self.layout.comments.push(span.clone());
        }
        Some((event.kind(), event, span))
    }

    fn document(&mut self) {
        while let Some((kind, event, span)) = self.next() {
            if kind == EventKind::StdTableOpen || kind == EventKind::ArrayTableOpen {
                self.header(span.start, kind == EventKind::ArrayTableOpen);
            } else if kind == EventKind::SimpleKey {
                let first = *event;
                let node = self.layout.sections.last().map_or(0, |section| section.node);
                let home = Home::Statement(self.layout.statements.len());
                let at = self.layout.statements.len();
                self.layout.statements.push(Statement { span: span.clone(), is_dotted: false });
                if let Some(section) = self.layout.sections.last_mut() {
                    section.statements.push(at);
                }
                let (end, is_dotted) = self.assignment(&first, node, home, false);
                if let Some(statement) = self.layout.statements.get_mut(at) {
                    (statement.span.end, statement.is_dotted) = (end, is_dotted);
                }
            }
        }
    }

    fn header(&mut self, start: usize, is_list: bool) {
        let section = self.layout.sections.len();
        let (mut node, mut end) = (0, start);
        let mut keys = Vec::new();
        while let Some((kind, event, span)) = self.next() {
            if kind == EventKind::SimpleKey {
                keys.push(*event);
            } else if kind == EventKind::StdTableClose || kind == EventKind::ArrayTableClose {
                end = span.end;
                break;
            }
        }
        for (index, key) in keys.iter().enumerate() {
            node = self.child(node, key, is_list && index + 1 == keys.len());
        }
        if let Some(node) = self.layout.nodes.get_mut(node) {
            node.section = Some(section);
        }
        let header = Some(start..end);
        self.layout.sections.push(Section { header, node, statements: Vec::new() });
    }

    /// The node of a key in a table. Each table of a list is another one.
    fn child(&mut self, parent: usize, key: &Event, is_new: bool) -> usize {
        let mut name = String::new();
        if let Some(raw) = self.source.get(key) {
            raw.decode_key(&mut name, &mut ());
        }
        let span = key.span().start()..key.span().end();
        let next = self.layout.nodes.len();
        let known = self.layout.nodes.get(parent).and_then(|node| node.children.get(&name)).copied();
        let node = known.filter(|_| !is_new).unwrap_or(next);
        if node == next {
            self.layout.nodes.push(Node { parent, name: name.clone(), ..Node::default() });
            if let Some(parent) = self.layout.nodes.get_mut(parent) {
                parent.children.insert(name, node);
            }
        }
        self.layout.spots.insert((span.start, span.end), Spot::Key(node));
        if let Some(node) = self.layout.nodes.get_mut(node) {
            node.keys.push(span);
        }
        node
    }

    /// A key with its value: where it ends, and whether the key is a dotted one.
    fn assignment(&mut self, first: &Event, table: usize, home: Home, is_within: bool) -> (usize, bool) {
        let mut keys = vec![*first];
        while let Some((kind, event, _)) = self.next() {
            if kind == EventKind::SimpleKey {
                keys.push(*event);
            } else if kind == EventKind::KeyValSep {
                break;
            }
        }
        let mut node = table;
        for (index, key) in keys.iter().enumerate() {
            node = self.child(node, key, false);
            if index + 1 < keys.len()
                && let Some(node) = self.layout.nodes.get_mut(node)
            {
                node.dotted = Some((home, key.span().end()));
            }
        }
        let value = self.value(node, is_within).map(|(span, group)| Value { span, group, home });
        let end = value.as_ref().map_or(first.span().end(), |value| value.span.end);
        if let Some(value) = &value {
            self.layout.spots.insert((value.span.start, value.span.end), Spot::Value);
        }
        if let Some(node) = self.layout.nodes.get_mut(node) {
            node.value = value;
        }
        (end, keys.len() > 1)
    }

    fn value(&mut self, node: usize, is_within: bool) -> Option<(Range<usize>, Option<usize>)> {
        loop {
            let (kind, event, span) = self.next()?;
            if kind == EventKind::Scalar {
                let encoding = event.encoding();
                self.count(encoding);
                return Some((span, None));
            }
            if kind == EventKind::ArrayOpen || kind == EventKind::InlineTableOpen {
                let is_table = kind == EventKind::InlineTableOpen;
                return Some(self.group(node, span, is_table, is_within));
            }
        }
    }

    fn count(&mut self, encoding: Option<Encoding>) {
        match encoding {
            Some(Encoding::LiteralString) => self.literal += 1,
            Some(Encoding::BasicString) => self.literal -= 1,
            Some(Encoding::MlLiteralString | Encoding::MlBasicString) | None => {}
        }
    }

    /// What follows an opening bracket, to the closing one.
    fn group(
        &mut self,
        node: usize,
        open: Range<usize>,
        is_table: bool,
        is_within: bool,
    ) -> (Range<usize>, Option<usize>) {
        let index = self.layout.groups.len();
        let inner = open.end..open.end;
        let name = self.layout.nodes.get(node).map_or("", |node| node.name.as_str());
        let may_repeat = ORDERED.contains(&name);
        self.layout.groups.push(Group {
            inner: inner.clone(),
            is_table,
            is_within,
            may_repeat,
            items: Vec::new(),
        });
        let mut items: Vec<Item> = Vec::new();
        let (mut inner, mut end) = (inner, open.end);
        while let Some((kind, event, span)) = self.next() {
            let event = *event;
            let home = Home::Item(index, items.len());
            if kind == EventKind::ValueSep {
                if let Some(item) = items.last_mut() {
                    item.comma = Some(span.start);
                }
            } else if kind == EventKind::SimpleKey && is_table {
                let (end, _) = self.assignment(&event, node, home, true);
                items.push(Item { span: span.start..end, comma: None });
            } else if kind == EventKind::Scalar && !is_table {
                self.count(event.encoding());
                items.push(Item { span, comma: None });
            } else if (kind == EventKind::ArrayOpen || kind == EventKind::InlineTableOpen) && !is_table {
                // A table in a list has no path.
                let nameless = self.layout.nodes.len();
                self.layout.nodes.push(Node::default());
                let (span, _) = self.group(nameless, span, kind == EventKind::InlineTableOpen, true);
                items.push(Item { span, comma: None });
            } else if kind == EventKind::ArrayClose || kind == EventKind::InlineTableClose {
                (inner.end, end) = (span.start, span.end);
                break;
            }
        }
        if !is_table {
            for (at, item) in items.iter().enumerate() {
                self.layout.spots.insert((item.span.start, item.span.end), Spot::Item(index, at));
            }
        }
        if let Some(group) = self.layout.groups.get_mut(index) {
            (group.inner, group.items) = (inner, items);
        }
        (open.start..end, Some(index))
    }
}
