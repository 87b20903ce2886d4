//! Paths that a tool writes as they are, without quotes.
//!
//! Enters: a path of the input. Leaves: whether it stays one word of one rule, or why not. Deliberately absent: what the
//! path matches, and whether all of its pattern is understood: the reader of profiles says that.

/// PATH_MAX: no longer path reaches the kernel.
const LONGEST: usize = 4096;

/// Why a path is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// As it reads behind the path.
    pub is: &'static str,
    pub help: &'static str,
}

const fn fault(is: &'static str, help: &'static str) -> Option<Fault> {
    Some(Fault { is, help })
}

/// Why a path cannot be a word of a rule.
pub(super) fn path(text: &str) -> Option<Fault> {
    first(text).or_else(|| inside(text, false))
}

/// The same for a path that may stand in quotes of its own.
pub(super) fn path_or_quoted(text: &str) -> Option<Fault> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) => first(inner).or_else(|| inside(inner, true)),
        None => path(text),
    }
}

/// What a path begins with.
fn first(text: &str) -> Option<Fault> {
    if text.is_empty() {
        return fault("is empty", "take it out");
    }
    if text.len() > LONGEST {
        return fault("is longer than any path can be", "take it out, or shorten it");
    }
    if !text.starts_with('/') && !text.starts_with("@{") {
        return fault("is no whole path", "begin it with `/`");
    }
    if text.starts_with('@') && text.contains('=') {
        return fault("reads as one that sets a variable", "write `?` in the place of `=`");
    }
    None
}

/// What could end the word, or leave the pattern open.
fn inside(text: &str, quoted: bool) -> Option<Fault> {
    let mut depth = 0usize;
    let mut class = false;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            _ if c.is_control() => {
                return fault("holds a character that cannot be seen", "write `?` in its place");
            }
            '"' => return fault("holds a quote", "write `?` in its place"),
            '\\' => match letters.next() {
                None => return fault("ends in a backslash, which takes in what follows", "take it out"),
                Some('"') if quoted => return fault("holds a quote", "write `?` in its place"),
                Some(next) if next.is_control() => {
                    return fault("holds a character that cannot be seen", "write `?` in its place");
                }
                Some(_) => {}
            },
            ' ' if !quoted => {
                return fault(
                    "holds a blank and gets no quotes, so that the parser refuses the profile",
                    "write `?` in the place of the blank",
                );
            }
            '!' if !quoted => {
                return fault(
                    "holds a `!` and gets no quotes, so that the parser refuses the profile",
                    "write `?` in the place of `!`",
                );
            }
            ',' if !quoted && (depth == 0 || letters.peek() == Some(&',')) => {
                return fault(
                    "holds a comma and gets no quotes, so that its rule could end there",
                    "write `?` in the place of the comma, or one entry for each path",
                );
            }
            ']' => class = false,
            _ if class => {}
            '[' => class = true,
            '{' => depth += 1,
            '}' if depth == 0 => return fault("has a `}` that nothing opens", "take it out"),
            '}' => depth -= 1,
            _ => {}
        }
    }
    (depth > 0 || class)
        .then_some(Fault { is: "has a bracket that nothing closes", help: "close it, or take it out" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> &'static str {
        path_or_quoted(text).map_or("", |fault| fault.is)
    }

    #[test]
    fn paths_that_stay_one_word() {
        for text in [
            "/",
            "/a/**",
            "/{a,b}/**",
            "/{,**}",
            "@{PROC}/*/x",
            "/a[^{]b",
            "/a\\ b",
            "/é",
            "/a#b",
            "\"/a b, c\"",
        ] {
            assert_eq!(is(text), "", "{text}");
        }
    }

    #[test]
    fn paths_that_could_end_their_rule() {
        for (text, why) in [
            ("", "is empty"),
            ("etc/x", "is no whole path"),
            ("owner /x", "is no whole path"),
            ("@/x", "is no whole path"),
            ("/x\n  capability,", "holds a character that cannot be seen"),
            ("/x\\\n", "holds a character that cannot be seen"),
            ("/x rw, /y", "holds a blank and gets no quotes, so that the parser refuses the profile"),
            ("/x,", "holds a comma and gets no quotes, so that its rule could end there"),
            ("/{a,,b}", "holds a comma and gets no quotes, so that its rule could end there"),
            ("/[a,]", "holds a comma and gets no quotes, so that its rule could end there"),
            ("/x\"", "holds a quote"),
            ("\"/x\" rw, \"/y\"", "holds a quote"),
            ("\"/x\\\"", "ends in a backslash, which takes in what follows"),
            ("/x\\", "ends in a backslash, which takes in what follows"),
            ("/x!", "holds a `!` and gets no quotes, so that the parser refuses the profile"),
            ("/x}", "has a `}` that nothing opens"),
            ("/{x", "has a bracket that nothing closes"),
            ("/[x", "has a bracket that nothing closes"),
            ("@{PROC}=/x", "reads as one that sets a variable"),
            ("\"", "is no whole path"),
        ] {
            assert_eq!(is(text), why, "{text}");
        }
        assert_eq!(is(&format!("/{}", "x".repeat(5000))), "is longer than any path can be");
    }
}
