//! Words of a rule as patterns: quotes, escapes, variables and slashes as the parser takes them.

use super::variables::Variables;
use crate::kernel::Glob;

/// A path.
pub(in crate::rules) fn path(word: &str, variables: &Variables) -> Result<Glob, String> {
    let text = decode(word)?;
    if !text.starts_with(['/', '@']) {
        return Err(format!("has `{text}`, which is no path"));
    }
    glob(&rooted(single_slashes(&variables.expand(&text)?))?)
}

/// What a word of another kind stands for.
pub(in crate::rules) fn value(word: &str, variables: &Variables) -> Result<String, String> {
    variables.expand(&decode(word)?)
}

/// A path that begins with the values of a variable begins with the slash that they all begin with: a rule can be
/// written with it then.
fn rooted(text: String) -> Result<String, String> {
    let Some(rest) = text.strip_prefix('{') else { return Ok(text) };
    let (mut depth, mut escaped, mut starts) = (0usize, false, true);
    let mut out = "/{".to_owned();
    for c in rest.chars() {
        if std::mem::take(&mut starts) && depth == 0 {
            if c != '/' {
                return Err("has a variable with a value that is no path".to_owned());
            }
            continue;
        }
        out.push(c);
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' => escaped = true,
            '{' => depth += 1,
            // Behind the end of the values nothing is an alternative any more.
            '}' => depth = depth.checked_sub(1).unwrap_or(usize::MAX / 2),
            ',' => starts = depth == 0,
            _ => {}
        }
    }
    Ok(out)
}

/// The label of another process. Slashes in it are as they are: `//` is part of labels.
pub(in crate::rules) fn label(word: &str, variables: &Variables) -> Result<Glob, String> {
    let text = decode(word)?;
    if text.starts_with(':') {
        return Err("names a namespace of profiles".to_owned());
    }
    glob(&variables.expand(&text)?)
}

fn glob(text: &str) -> Result<Glob, String> {
    Glob::parse(text).map_err(|(fault, _)| {
        let (wrong, _) = fault.words();
        format!("has a pattern that {wrong}")
    })
}

/// A word without its quotes. Numbers become what they stand for, and stay escaped where that means something
/// in a pattern (parser_misc.c, processunquoted).
pub(in crate::rules) fn decode(word: &str) -> Result<String, String> {
    let inner = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word);
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let number = |digits: Option<&str>, radix| digits.and_then(|d| u8::from_str_radix(d, radix).ok());
        let behind = inner.get(inner.len() - bytes.len()..).unwrap_or_default();
        let (decoded, length) = match behind.bytes().next() {
            Some(b'0'..=b'3') => (number(behind.get(..3), 8), 3),
            Some(b'x') => (number(behind.get(1..3), 16), 3),
            Some(b'"') => (Some(b'"'), 1),
            Some(letter) if letter.is_ascii_alphanumeric() => (None, 1),
            _ => {
                out.push(b'\\');
                // What it escapes is no escape itself.
                out.extend(bytes.next());
                continue;
            }
        };
        let Some(decoded) = decoded.filter(|byte| *byte != 0) else {
            return Err("has an escape that is not read here".to_owned());
        };
        // A class may begin with a `!` that is written so, which is no negation to the parser.
        if b"*?[]{}^,\\!".contains(&decoded) {
            out.push(b'\\');
        }
        out.push(decoded);
        for _ in 0..length {
            bytes.next();
        }
    }
    String::from_utf8(out).map_err(|_| "has bytes that are not UTF-8".to_owned())
}

/// Slashes in a row as one, but for two at the start (parser_regex.c, filter_slashes).
fn single_slashes(path: &str) -> String {
    let start = if path.starts_with("//") && !path.starts_with("///") { "//" } else { "" };
    let mut out = start.to_owned();
    for c in path.strip_prefix(start).unwrap_or(path).chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}
