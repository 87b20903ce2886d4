//! Text from outside as it is shown: names of files, words of a policy, what other programs said.
//!
//! Enters: any text. Leaves: the same, where nothing ends the line it stands in, steers a terminal, hides, or turns the
//! order of what stands beside it. What is no character that one sees is written as its number: `\u{1b}`.

use std::fmt::Write as _;
use std::path::Path;

/// A path in a line of text. Bytes that are no text are written as such: `\xff`.
pub fn path(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(&one_line(chunk.valid().to_owned()));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

/// A path as a URI reference: what is no plain character is percent-encoded.
pub fn uri(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    bytes
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                char::from(*byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A text in one line.
pub fn one_line(text: String) -> String {
    escaped(text, is_hidden)
}

/// A text of lines of our own, which end where they should.
pub fn lines(text: String) -> String {
    escaped(text, |c| is_hidden(c) && c != '\n' && c != '\t')
}

/// JSON that is the same JSON: such characters stand in its strings alone, where they may be written by number.
pub fn json(text: String) -> String {
    let hidden = |c| is_hidden(c) && c != '\n';
    if !text.contains(hidden) {
        return text;
    }
    let mut units = [0; 2];
    text.chars().fold(String::new(), |mut out, c| {
        if hidden(c) {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
        out
    })
}

fn escaped(text: String, hidden: impl Fn(char) -> bool) -> String {
    if !text.contains(&hidden) {
        return text;
    }
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            c if !hidden(c) => out.push(c),
            '\n' | '\r' | '\t' | '\0' => out.extend(c.escape_debug()),
            c => out.extend(c.escape_unicode()),
        }
        out
    })
}

/// Whether a character is not seen, or moves others: controls, separators of lines, formatting (among it what turns the
/// order of writing), blanks but the plain one, and what no character has been given to.
pub fn is_hidden(c: char) -> bool {
    // Letters to Unicode, and blank all the same.
    const BLANK_LETTERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    // Rust's own list of what cannot be printed. A mark on a letter is part of that letter, and so the letter is there.
    format!("a{c}").escape_debug().count() > 2 || BLANK_LETTERS.contains(&c)
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, json, lines, one_line, path};
    use std::path::Path;

    #[test]
    fn what_is_not_seen_is_written_by_number() {
        let hidden = [
            '\0',
            '\n',
            '\r',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{a0}',
            '\u{ad}',
            '\u{61c}',
            '\u{180e}',
            '\u{200b}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{206f}',
            '\u{3164}',
            '\u{e000}',
            '\u{feff}',
            '\u{fff9}',
            '\u{e0041}',
            '\u{10ffff}',
        ];
        for c in hidden {
            assert!(is_hidden(c), "{:x}", u32::from(c));
            assert!(one_line(format!("a{c}b")).chars().all(|c| !is_hidden(c)));
        }
        for c in " a`\\\"'\u{e9}\u{301}\u{308}\u{65e5}\u{5d0}\u{628}\u{915}\u{94d}\u{1f600}\u{fe0f}".chars() {
            assert!(!is_hidden(c), "{:x}", u32::from(c));
        }
        assert_eq!(one_line("a\u{202e}\n\u{1b}[m".to_owned()), "a\\u{202e}\\n\\u{1b}[m");
        assert_eq!(lines("a\tb\r\nc\u{9b}\n".to_owned()), "a\tb\\r\nc\\u{9b}\n");
    }

    #[test]
    fn json_stays_the_same_json() {
        let value = serde_json::json!({ "a": "x\u{202e}\u{9b}\u{7f}\u{e0041}\n\\" });
        let text = json(format!("{value:#}\n"));
        assert!(text.chars().all(|c| c == '\n' || !is_hidden(c)), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default(), value);
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt as _;
        let of = |bytes: &'static [u8]| Path::new(std::ffi::OsStr::from_bytes(bytes));
        assert_eq!(path(of(b"a\xff\n\xe2\x82/b")), "a\\xff\\n\\xe2\\x82/b");
        assert_eq!(super::uri(of(b"a\xff\n:b")), "a%FF%0A%3Ab");
    }
}
