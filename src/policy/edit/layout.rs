//! How a policy's text is laid out: where its tables, keys, lists, commas and comments stand.
//!
//! Enters: a text that is TOML. Leaves: the stretches that edits are made of. The values themselves are not here:
//! they are read by `toml`, and this is made from the events of the parser beneath it.

use crate::policy::tree::ORDERED;
use std::collections::BTreeMap;
use std::ops::Range;
use toml_parser::Source;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};

/// As deep as `toml` goes.
const DEEPEST: u32 = 80;

/// A text, taken apart.
#[derive(Debug)]
pub(super) struct Layout<'t> {
    pub text: &'t str,
    /// The tables and keys, each after the one that it belongs to; the first is the policy itself.
    pub nodes: Vec<Node>,
    /// The first is what stands above all headers.
    pub sections: Vec<Section>,
    pub statements: Vec<Statement>,
    pub groups: Vec<Group>,
    pub comments: Vec<Range<usize>>,
    /// What stands at a place.
    pub spots: BTreeMap<(usize, usize), Spot>,
    /// Most of its strings are literal ones.
    pub is_literal: bool,
    /// It has dotted keys in place of headers.
    pub is_dotted: bool,
    /// By how much an entry stands further in than the list that it is in.
    pub step: &'t str,
    pub line_end: &'static str,
}

/// A table or another value, by its key.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub parent: usize,
    pub name: String,
    pub children: BTreeMap<String, usize>,
    /// Each place that names it.
    pub keys: Vec<Range<usize>>,
    /// The value, where it stands behind the key: a list, a word, an inline table.
    pub value: Option<Value>,
    /// The section with its header.
    pub section: Option<usize>,
    /// Where a dotted key last names it as a table, and the end of its name there.
    pub dotted: Option<(Home, usize)>,
}

#[derive(Clone, Debug)]
pub(super) struct Value {
    pub span: Range<usize>,
    pub group: Option<usize>,
    pub home: Home,
}

/// What a key with its value is written as.
#[derive(Clone, Copy, Debug)]
pub(super) enum Home {
    /// A line of its own.
    Statement(usize),
    /// An item of an inline table.
    Item(usize, usize),
}

#[derive(Debug)]
pub(super) struct Section {
    pub header: Option<Range<usize>>,
    pub node: usize,
    pub statements: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Statement {
    /// From the key to the end of the value.
    pub span: Range<usize>,
    pub is_dotted: bool,
}

/// A list or an inline table.
#[derive(Debug)]
pub(super) struct Group {
    /// What is between the brackets.
    pub inner: Range<usize>,
    pub is_table: bool,
    /// It stands in another one.
    pub is_within: bool,
    /// Its order counts: an entry may stand in it twice.
    pub may_repeat: bool,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub span: Range<usize>,
    /// The comma behind it.
    pub comma: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Spot {
    Key(usize),
    Value,
    Item(usize, usize),
}

impl<'t> Layout<'t> {
    pub(super) fn new(text: &'t str) -> Layout<'t> {
        let source = Source::new(text);
        let tokens = source.lex().into_vec();
        let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
        parse_document(&tokens, &mut RecursionGuard::new(&mut events, DEEPEST), &mut ());
        let mut reading = Reading { source, events: events.iter(), layout: Layout::empty(text), literal: 0 };
        reading.document();
        let Reading { mut layout, literal, .. } = reading;
        layout.is_literal = literal > 0;
        layout.is_dotted =
            layout.sections.len() == 1 && layout.statements.iter().any(|statement| statement.is_dotted);
        layout.step = layout.step();
        layout
    }

    fn empty(text: &'t str) -> Layout<'t> {
        let first_end = text.find('\n').and_then(|at| text.get(..at));
        Layout {
            text,
            nodes: vec![Node::default()],
            sections: vec![Section { header: None, node: 0, statements: Vec::new() }],
            statements: Vec::new(),
            groups: Vec::new(),
            comments: Vec::new(),
            spots: BTreeMap::new(),
            is_literal: false,
            is_dotted: false,
            step: "",
            line_end: if first_end.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" },
        }
    }

    /// A text between two offsets; empty where there is none.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or("")
    }

    /// Where the line of an offset starts: behind the mark of byte order, where there is one.
    pub(super) fn line_start(&self, at: usize) -> usize {
        let before = self.slice(0..at);
        before.rfind('\n').map_or(if before.starts_with('\u{feff}') { 3 } else { 0 }, |end| end + 1)
    }

    /// What a line that holds an offset starts with.
    pub(super) fn indent(&self, at: usize) -> &'t str {
        let start = self.line_start(at);
        self.slice(start..self.after_blanks(start).min(at))
    }

    /// Before the blanks that end at an offset.
    pub(super) fn before_blanks(&self, at: usize) -> usize {
        self.slice(0..at).trim_end_matches(is_blank).len()
    }

    /// Behind the blanks that begin at an offset.
    pub(super) fn after_blanks(&self, at: usize) -> usize {
        let rest = self.slice(at..self.text.len());
        self.text.len() - rest.trim_start_matches(is_blank).len()
    }

    /// Whether nothing stands before it in its line.
    pub(super) fn starts_line(&self, at: usize) -> bool {
        let before = self.slice(0..self.before_blanks(at));
        before.is_empty() || before.ends_with('\n') || before == "\u{feff}"
    }

    /// Behind the line end that begins at an offset; the end of the text counts as one.
    pub(super) fn after_line_end(&self, at: usize) -> Option<usize> {
        let rest = self.slice(at..self.text.len());
        let next = rest.strip_prefix('\n').or(rest.strip_prefix("\r\n")).or(rest.is_empty().then_some(""))?;
        Some(self.text.len() - next.len())
    }

    /// Behind the comment that follows in the same line, where one does.
    pub(super) fn after_comment(&self, at: usize) -> Option<usize> {
        let next = self.after_blanks(at);
        let index = self.comments.partition_point(|comment| comment.start < next);
        self.comments.get(index).filter(|comment| comment.start == next).map(|comment| comment.end)
    }

    /// The comments between two offsets, by their indices.
    pub(super) fn comments_in(&self, range: &Range<usize>) -> Range<usize> {
        let index = |at: usize| self.comments.partition_point(|comment| comment.start < at);
        index(range.start)..index(range.end)
    }

    /// The comments in lines of their own right above an offset, by their indices.
    pub(super) fn comments_above(&self, at: usize) -> Range<usize> {
        let end = self.comments.partition_point(|comment| comment.start < at);
        let (mut first, mut line) = (end, self.line_start(at));
        while let Some(comment) = first.checked_sub(1).and_then(|index| self.comments.get(index)) {
            let is_right_above = self.after_line_end(comment.end) == Some(line) && comment.end < line;
            if !is_right_above || !self.starts_line(comment.start) {
                break;
            }
            (first, line) = (first - 1, self.line_start(comment.start));
        }
        first..end
    }

    /// The table or value that a path leads to, and how much of the path there is.
    pub(super) fn find(&self, path: &[String]) -> (usize, usize) {
        let mut node = 0;
        for (depth, name) in path.iter().enumerate() {
            match self.nodes.get(node).and_then(|node| node.children.get(name)) {
                Some(child) => node = *child,
                None => return (node, depth),
            }
        }
        (node, path.len())
    }

    /// As in the first list that has lines.
    fn step(&self) -> &'t str {
        let lists = self.groups.iter().filter(|group| !group.is_table && !group.is_within);
        let entries = lists.filter_map(|list| Some((list.inner.start, list.items.first()?.span.start)));
        let steps = entries.filter(|(_, entry)| self.starts_line(*entry)).map(|(list, entry)| {
            let entry = self.slice(self.before_blanks(entry)..entry);
            entry.strip_prefix(self.indent(list)).unwrap_or(entry)
        });
        { steps }.find(|step| !step.is_empty()).unwrap_or("    ")
    }
}

pub(super) fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
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
