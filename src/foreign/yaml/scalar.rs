//! A text of a document, and where its lines stand.

use granit_parser::ScalarStyle;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::foreign) struct Scalar {
    pub(in crate::foreign) text: String,
    /// Neither quoted nor a block.
    is_plain: bool,
    /// For each line of the text the line of the file, where that is certain.
    lines: Vec<Option<usize>>,
}

impl Scalar {
    /// From a text; a block stands where its first line with anything on it does.
    pub(super) fn new(text: &str, style: ScalarStyle, line: usize, source: &[&str]) -> Scalar {
        let mut lines = Vec::new();
        if matches!(style, ScalarStyle::Literal) {
            let first = line.saturating_sub(text.bytes().take_while(|byte| *byte == b'\n').count()).max(1);
            for (number, own) in text.lines().enumerate() {
                let at = first + number;
                // What stands before it there is its indentation.
                let before = source.get(at - 1).and_then(|line| line.strip_suffix(own));
                lines.push(before.filter(|before| before.bytes().all(|byte| byte == b' ')).map(|_| at));
            }
        } else if !text.contains('\n') {
            lines.push(Some(line));
        }
        Scalar { text: text.to_owned(), is_plain: matches!(style, ScalarStyle::Plain), lines }
    }

    /// What a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        self.text.len() + size_of_val(self.lines.as_slice())
    }

    pub(in crate::foreign) fn is_null(&self) -> bool {
        self.is_plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// As the YAML of Kubernetes has it.
    pub(in crate::foreign) fn truth(&self) -> Option<bool> {
        match self.text.to_ascii_lowercase().as_str() {
            _ if !self.is_plain => None,
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// Where a line of the text stands in the file, counted from nought.
    pub(in crate::foreign) fn line(&self, number: usize) -> Option<usize> {
        self.lines.get(number).copied().flatten()
    }
}
