//! How a line begins: a table's header, a key, or neither.
//!
//! Enters: a line without the space before it. Leaves: what it opens. It may be typed in part.

pub(super) fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || !byte.is_ascii()
}

/// Whether a line is a table's header and no list in a list: it begins with a bare key and is closed.
pub(super) fn is_header(line: &str) -> bool {
    let inside = line.trim_start_matches('[');
    let brackets = line.len() - inside.len();
    let Some((names, after)) = inside.split_once(']') else {
        return false;
    };
    let after = after.trim_start_matches(']').trim_start();
    (1..=2).contains(&brackets)
        && names.trim_start().bytes().next().is_some_and(is_bare)
        && !names.contains([',', '='])
        && (after.is_empty() || after.starts_with('#'))
}

/// Whether a line begins with `key =`.
pub(super) fn is_key(line: &str) -> bool {
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        rest = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => match rest.get(1..).and_then(|rest| rest.split_once(quote)) {
                Some((_, after)) => after,
                None => return false,
            },
            Some(_) | None => {
                let after = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
                if after.len() == rest.len() {
                    return false;
                }
                after
            }
        };
        rest = rest.trim_start();
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None => return rest.starts_with('='),
        }
    }
}

/// The names of a table's header, as far as it is typed.
pub(super) fn header(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut quote = None;
    for c in line.trim_start_matches('[').chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => name.push(c),
            ('"' | '\'', None) => quote = Some(c),
            (']' | '#' | '\r', None) => break,
            ('.', None) => names.push(std::mem::take(&mut name)),
            (' ' | '\t', None) => {}
            (c, None) => name.push(c),
        }
    }
    names.push(name);
    names
}
