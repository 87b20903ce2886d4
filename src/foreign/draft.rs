//! A profile while it is written line by line.
//!
//! Enters: lines that are known to be safe, each with the line of the input that it comes from. Leaves: a `WrittenProfile`.

use super::{Remark, Weight, WrittenProfile};

#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    lines: Vec<Option<usize>>,
    pub(super) remarks: Vec<Remark>,
}

impl Draft {
    /// A line that the tool writes always.
    pub(super) fn always(&mut self, line: &str) {
        self.put(line, None);
    }

    /// A line that comes from the input.
    pub(super) fn put(&mut self, line: &str, from: Option<usize>) {
        // Callers refuse control characters; the lines would no longer fit those of the text.
        debug_assert!(!line.contains(['\n', '\r']), "{line:?}");
        self.text.push_str(line);
        self.text.push('\n');
        self.lines.push(from);
    }

    pub(super) fn say(&mut self, weight: Weight, line: Option<usize>, text: impl Into<String>) {
        self.remarks.push(Remark { weight, line, text: text.into() });
    }

    pub(super) fn done(self, name: impl Into<String>) -> WrittenProfile {
        WrittenProfile { name: name.into(), text: self.text, lines: self.lines, remarks: self.remarks }
    }
}
