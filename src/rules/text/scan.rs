//! The text of a profile cut into statements, as the real parser's lexer cuts it (parser_lex.l).
//!
//! Leaves: rules, heads of blocks, includes and variables, each with its words. Knows not what they mean.

use super::syntax_error::SyntaxError;

/// What a statement consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Token<'a> {
    /// As it is written, quotes included.
    Word(&'a str),
    Equals,
    Open,
    Close,
    Arrow,
    /// `<=`
    AtMost,
}

#[derive(Debug)]
pub(in crate::rules) enum Shape<'a> {
    /// Ends in its comma.
    Rule(Vec<Token<'a>>),
    /// Ends in the brace that opens its body.
    Head(Vec<Token<'a>>),
    Close,
    Include {
        name: &'a str,
        optional: bool,
    },
    /// `@{name}=values`; `more` for `+=`.
    Variable {
        name: &'a str,
        more: bool,
        values: Vec<&'a str>,
    },
    /// What is none of these, and why.
    Odd(&'static str),
}

#[derive(Debug)]
pub(in crate::rules) struct Statement<'a> {
    pub(in crate::rules) text: &'a str,
    pub(in crate::rules) number: usize,
    pub(in crate::rules) shape: Shape<'a>,
}

/// Words behind which the lexer takes nearly everything for a name.
const NAMING: [&str; 12] = [
    "network",
    "change_profile",
    "mount",
    "remount",
    "umount",
    "unmount",
    "dbus",
    "signal",
    "ptrace",
    "unix",
    "mqueue",
    "io_uring",
];

pub(in crate::rules) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The line of `counted`.
    number: usize,
    counted: usize,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl<'a> Scanner<'a> {
    pub(in crate::rules) fn new(text: &'a str) -> Scanner<'a> {
        Scanner { text, at: 0, number: 1, counted: 0 }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The line that is being read.
    pub(in crate::rules) fn line(&mut self) -> usize {
        let passed = self.slice(self.counted, self.at).bytes().filter(|byte| *byte == b'\n').count();
        self.number += passed;
        self.counted = self.at;
        self.number
    }

    fn skip_line(&mut self) {
        self.at = self.rest().find('\n').map_or(self.text.len(), |end| self.at + end);
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                _ if is_blank(byte) => self.at += 1,
                b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
                _ => return,
            }
        }
    }

    /// The next statement; none at the end.
    pub(in crate::rules) fn next(&mut self) -> Result<Option<Statement<'a>>, SyntaxError> {
        loop {
            self.skip_blanks();
            if self.peek(0) == Some(b'#') && !self.rest().starts_with("#include") {
                self.skip_line();
            } else {
                break;
            }
        }
        let (from, number) = (self.at, self.line());
        let Some(byte) = self.peek(0) else { return Ok(None) };
        let shape = if byte == b'}' {
            self.at += 1;
            Shape::Close
        } else if let Some(shape) = self.include().or_else(|| self.variable()) {
            shape
        } else {
            self.words(number)?
        };
        Ok(Some(Statement { text: self.slice(from, self.at).trim(), number, shape }))
    }

    fn include(&mut self) -> Option<Shape<'a>> {
        let rest = self.rest();
        let hashed = rest.starts_with('#');
        let behind = rest.strip_prefix('#').unwrap_or(rest).strip_prefix("include")?;
        let blank = |text: &str| text.starts_with([' ', '\t']);
        if !blank(behind) && !hashed {
            return None;
        }
        let line = behind.lines().next().unwrap_or_default();
        let start = self.at + (rest.len() - behind.len());
        self.at = start + line.len();
        if !blank(line) && !line.starts_with(['<', '"']) {
            return Some(Shape::Odd("is a comment that the parser takes for an include"));
        }
        let line = line.trim_start();
        let conditional = line.strip_prefix("if").map(str::trim_start);
        let conditional = conditional.and_then(|line| line.strip_prefix("exists")).filter(|line| blank(line));
        let optional = conditional.is_some();
        let name = conditional.unwrap_or(line).trim_start();
        let closing = match name.bytes().next() {
            Some(b'<') => Some('>'),
            Some(b'"') => Some('"'),
            _ => None,
        };
        let (name, behind) = match closing {
            Some(closing) => match name.get(1..).unwrap_or_default().split_once(closing) {
                Some(parts) => parts,
                None => return Some(Shape::Odd("includes a name that nothing closes")),
            },
            None => name.split_once([' ', '\t']).unwrap_or((name, "")),
        };
        // Which file that is depends on the machine, and on where the parser is started.
        if closing == Some('"') {
            return Some(Shape::Odd("includes a file by its path in quotes, which is not read here"));
        }
        let behind = behind.trim();
        if !behind.is_empty() && !behind.starts_with('#') {
            // What stands behind is a statement of its own.
            self.at -= line.len() - line.rfind(behind).unwrap_or(line.len());
        }
        let name = name.trim().trim_matches('"').trim();
        if name.is_empty() {
            return Some(Shape::Odd("includes nothing"));
        }
        Some(Shape::Include { name, optional })
    }

    fn variable(&mut self) -> Option<Shape<'a>> {
        let behind = self.rest().strip_prefix('@')?;
        let braced = behind.strip_prefix('{');
        let from = braced.unwrap_or(behind);
        let end = from.bytes().position(|byte| !is_word(byte)).unwrap_or(from.len());
        let (name, rest) = from.split_at_checked(end)?;
        let rest = if braced.is_some() { rest.strip_prefix('}')? } else { rest };
        let rest = rest.trim_start_matches([' ', '\t']);
        let more = rest.starts_with("+=");
        let rest = rest.strip_prefix("+=").or_else(|| rest.strip_prefix('='))?;
        self.at = self.text.len() - rest.len();
        let mut values = Vec::new();
        loop {
            let from = self.at;
            match self.peek(0) {
                None | Some(b'\n') => return Some(Shape::Variable { name, more, values }),
                Some(b'#') => {
                    self.skip_line();
                    return Some(Shape::Variable { name, more, values });
                }
                Some(b'\\') if self.peek(1) == Some(b'\n') => self.at += 2,
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'"') if self.quoted() => values.push(self.slice(from, self.at)),
                Some(b'"' | b',' | b'!') => {
                    self.skip_line();
                    return Some(Shape::Odd("sets a variable in a way that the parser refuses"));
                }
                Some(_) => {
                    self.run(b"");
                    values.push(self.slice(from, self.at));
                }
            }
        }
    }

    /// Steps over a quoted word. A backslash before a quote escapes it whatever stands before, if there is
    /// another quote to end the word: the lexer takes the longest match.
    fn quoted(&mut self) -> bool {
        let from = self.at;
        let mut escaped = None;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' if self.peek(1) == Some(b'"') => {
                    self.at += 2;
                    escaped = Some(self.at);
                }
                b'"' => {
                    self.at += 1;
                    return true;
                }
                _ => self.at += 1,
            }
        }
        self.at = escaped.unwrap_or(from);
        escaped.is_some()
    }

    /// Steps over a word. A comma belongs to it where more of the word follows.
    fn run(&mut self, stops: &[u8]) {
        let ends = |byte: u8| is_blank(byte) || byte == b'"' || byte == b'!';
        while let Some(byte) = self.peek(0) {
            match (byte, self.peek(1)) {
                (b'\\', Some(b' ' | b'\t' | b'"' | b'!' | b',')) => self.at += 2,
                (b',', Some(next)) if !ends(next) && next != b',' => self.at += 1,
                (b',', _) => return,
                _ if ends(byte) || stops.contains(&byte) => return,
                _ => self.at += 1,
            }
        }
    }

    /// A rule, or the head of a block.
    fn words(&mut self, number: usize) -> Result<Shape<'a>, SyntaxError> {
        let mut tokens = Vec::new();
        let mut naming = false;
        let mut depth = 0usize;
        loop {
            self.skip_blanks();
            let from = self.at;
            let Some(byte) = self.peek(0) else { return Ok(Shape::Odd("does not end in a comma")) };
            // Behind these a word may hold anything.
            let free = match tokens.as_slice() {
                [Token::Word("profile" | "hat" | "^")] | [.., Token::Arrow] => true,
                [.., Token::Equals] => naming && depth == 0 && byte != b'(',
                _ => false,
            };
            let token = match byte {
                b'"' => {
                    if !self.quoted() {
                        return Err(SyntaxError::new(number, "a quote that nothing closes"));
                    }
                    Token::Word(self.slice(from, self.at))
                }
                b',' if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                b',' => {
                    self.at += 1;
                    return Ok(Shape::Rule(tokens));
                }
                b'{' if !naming && !free && depth == 0 => {
                    self.at += 1;
                    return Ok(Shape::Head(tokens));
                }
                b'}' if !naming && depth == 0 => return Ok(Shape::Odd("does not end in a comma")),
                b'#' if !naming && depth == 0 => {
                    if self.rest().starts_with("#include") {
                        self.skip_line();
                        return Ok(Shape::Odd("has an include within it"));
                    }
                    self.skip_line();
                    continue;
                }
                _ if free => self.word(b""),
                b'(' => {
                    depth += 1;
                    self.single(Token::Open)
                }
                b')' => {
                    depth = depth.saturating_sub(1);
                    self.single(Token::Close)
                }
                b'=' => self.single(Token::Equals),
                _ if depth > 0 => self.listed(),
                b'/' | b'@' | b':' | b'&' => self.word(b""),
                _ if naming => {
                    let token = self.word(b"=)");
                    if token == Token::Word("->") { Token::Arrow } else { token }
                }
                b'-' if self.peek(1) == Some(b'>') => {
                    self.at += 1;
                    self.single(Token::Arrow)
                }
                b'<' if self.peek(1) == Some(b'=') => {
                    self.at += 1;
                    self.single(Token::AtMost)
                }
                b'^' => self.single(Token::Word("^")),
                _ if byte.is_ascii_alphabetic() => {
                    let end =
                        self.rest().bytes().position(|byte| !is_word(byte)).unwrap_or(self.rest().len());
                    self.at += end;
                    if self.peek(0) == Some(b'-') {
                        // Permissions end in a space or a comma.
                        self.word(b"");
                    }
                    let word = self.slice(from, self.at);
                    naming = NAMING.contains(&word);
                    Token::Word(word)
                }
                _ => self.word(b""),
            };
            tokens.push(token);
        }
    }

    fn single(&mut self, token: Token<'a>) -> Token<'a> {
        self.at += 1;
        token
    }

    /// A word up to its end; a character that can begin none stands alone.
    fn word(&mut self, stops: &[u8]) -> Token<'a> {
        let from = self.at;
        self.run(stops);
        if self.at == from {
            self.at += 1;
        }
        Token::Word(self.slice(from, self.at))
    }

    /// A word between parentheses.
    fn listed(&mut self) -> Token<'a> {
        let from = self.at;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' if self.peek(1).is_some_and(|next| next.is_ascii() && next != b'\n') => self.at += 2,
                b'"' | b'!' | b',' | b'(' | b')' | b'=' => break,
                _ if is_blank(byte) => break,
                _ => self.at += 1,
            }
        }
        if self.at == from {
            self.at += 1;
        }
        Token::Word(self.slice(from, self.at))
    }
}

/// On one line, with single spaces outside of quotes.
pub(in crate::rules) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split('\n') {
        let mut quoted = false;
        for c in part.trim().chars() {
            quoted ^= c == '"' && !out.ends_with('\\');
            let c = if c.is_control() || (c.is_whitespace() && !quoted) { ' ' } else { c };
            if c != ' ' || quoted || !out.ends_with(' ') {
                out.push(c);
            }
        }
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}
