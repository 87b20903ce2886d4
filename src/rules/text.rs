//! Values in the profile language, so that none can end its rule.

/// A pattern, in quotes where it needs them. What could end a quoted pattern is escaped in it already.
pub fn pattern(text: &str) -> String {
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
        c.is_ascii_alphanumeric() || "/._-+*?{}[]^~%:=@\\".contains(c)
    };
    if text.chars().all(plain) { text.to_owned() } else { format!("\"{text}\"") }
}
