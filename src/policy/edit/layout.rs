//! How a policy's text is laid out: where its tables, keys, lists, commas and comments stand.
//!
//! Enters: a text that is TOML. Leaves: the stretches that edits are made of. The values themselves are not here:
//! they are read by `toml`, and this is made from the events of the parser beneath it.

mod read;

use std::collections::BTreeMap;
use std::ops::Range;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

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
    /// What they say, in no order of theirs: an edit must leave the same.
    pub sorted_comments: Vec<&'t str>,
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
        let mut layout = read::read(Layout::empty(text));
        layout.is_dotted =
            layout.sections.len() == 1 && layout.statements.iter().any(|statement| statement.is_dotted);
        layout.step = layout.step();
        layout.sorted_comments = comments(text);
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
            sorted_comments: Vec::new(),
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

/// The comments of a text, in an order that does not depend on where they stand.
pub(super) fn comments(text: &str) -> Vec<&str> {
    let tokens = Source::new(text).lex().filter(|token| token.kind() == TokenKind::Comment);
    let mut comments: Vec<&str> =
        tokens.filter_map(|token| text.get(token.span().start()..token.span().end())).collect();
    comments.sort_unstable();
    comments
}

pub(super) fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}
