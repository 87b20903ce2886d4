//! Strings as YAML, so that every reader takes them for that string and nothing else.

use std::fmt::Write as _;

/// A scalar, without quotes where it needs none. A text of several lines is a block, its lines indented by
/// two; whoever lays it out deeper indents them further.
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if let Some(block) = block(text) {
        block
    } else {
        quoted(text)
    }
}

/// Whether the bare text is a string in YAML 1.1 and 1.2, whatever stands around it.
fn is_plain(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "_-./:@+=,()%~^ ".contains(c);
    let starts = |c: char| c.is_ascii_alphabetic() || c == '/' || c == '_';
    let ends = |c: char| c != ':' && c != ' ';
    // A dash before a space would begin a list.
    let option = text.strip_prefix('-').map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    (text.starts_with(starts) || option.is_some_and(|o| o.starts_with(|c: char| c.is_ascii_alphabetic())))
        && text.ends_with(ends)
        && text.chars().all(inner)
        && !text.contains(": ")
        && !is_word(text)
}

/// Words that some YAML takes for a truth value, nothing, or a number.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity", "none", "_"];
    WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Lines as a person would write them, where a block can hold them.
fn block(text: &str) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let chomp = if body.len() == text.len() { "-" } else { "" };
    let odd = |c: char| (c.is_control() && c != '\n' && c != '\t') || is_unprintable(c);
    let fits = body.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && !body.contains(odd)
        && !body.lines().any(|line| line.ends_with([' ', '\t']));
    fits.then(|| {
        let mut out = format!("|{chomp}");
        for line in body.lines() {
            out.push('\n');
            if !line.is_empty() {
                out.push_str("  ");
                out.push_str(line);
            }
        }
        out
    })
}

/// What YAML takes for a line break or does not take at all (1.1 and 1.2, chapter 5.1), and what hides text.
fn is_unprintable(c: char) -> bool {
    matches!(c, '\u{2028}'..='\u{202e}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// In double quotes, with all escaped that could end them or be taken for a line break.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // Writing to a String cannot fail.
            c if c.is_control() || is_unprintable(c) => {
                write!(out, "\\u{:04x}", u32::from(c)).unwrap_or(());
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn quotes_what_is_no_plain_string_and_nothing_else() {
        let plain =
            ["-c", "--port=1", "web", "nginx:1.27", "/var/cache/nginx", "daemon off", "a.b/c@sha256:12"];
        for text in plain {
            assert_eq!(scalar(text), text);
        }
        let quoted = [
            "",
            "yes",
            "No",
            "null",
            "~",
            "1",
            "1.5",
            "0x1f",
            "1e3",
            "12:30",
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "{a}",
            "[a]",
            "'a",
            "\"a",
            "%a",
            "@a",
            "`a",
            "a ",
            " a",
            "=",
            "<<",
            ".5",
            "-",
            "--",
            "-1",
            "-.inf",
            "2001-01-01",
            "a\tb",
            "é\u{2028}",
        ];
        for text in quoted {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
        assert_eq!(scalar("set -e\n\necho hi\n"), "|\n  set -e\n\n  echo hi");
        assert_eq!(scalar("a\nb"), "|-\n  a\n  b");
        assert_eq!(scalar(" a\nb"), "\" a\\nb\"");
    }
}
