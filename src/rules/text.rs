//! The text of profiles: statements and words of it, and values that cannot end their rule.

pub mod pattern;
pub mod scan;
pub mod syntax_error;
pub mod variables;

/// A pattern, in quotes where it needs them. What could end a quoted pattern is escaped in it already.
pub fn quoted(text: &str) -> String {
    quoted_but(text, "/._-+*?{}[]^~%:=@\\")
}

/// The label of a process; `&` is part of labels.
pub(super) fn quoted_label(text: &str) -> String {
    quoted_but(text, "/._-+*?{}[]^~%:=@\\&")
}

/// A value of a condition, which nothing was escaped in.
pub(super) fn quoted_value(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+*?[]:@".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('"', "\\\""))
    }
}

fn quoted_but(text: &str, also_plain: &str) -> String {
    let mut depth = 0usize;
    let mut escaped = false;
    let mut before = ' ';
    let plain = |c: char| {
        let before = std::mem::replace(&mut before, c);
        if std::mem::take(&mut escaped) {
            return c.is_ascii();
        }
        match c {
            // Two together end a word even there.
            ',' if before == ',' => return false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            // Outside of braces it would end the rule.
            ',' => return depth > 0,
            _ => {}
        }
        c.is_ascii_alphanumeric() || also_plain.contains(c)
    };
    if text.chars().all(plain) { text.to_owned() } else { format!("\"{text}\"") }
}
