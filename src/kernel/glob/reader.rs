//! Reads a pattern byte by byte, and writes it back as the parser reads it right.

use super::{Bytes, Part, PatternError, writer};
use std::fmt::Write as _;
use std::ops::Range;

/// Deeper braces than this are nobody's pattern.
const DEEPEST: usize = 16;

/// The parts of a pattern, and the pattern as it is written into a profile.
pub(super) fn read(text: &str) -> Fallible<(Vec<Part>, String)> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        written: String::with_capacity(text.len()),
        pending: Vec::new(),
    };
    let parts = reader.sequence(0)?;
    reader.flush();
    Ok((parts, reader.written))
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    written: String,
    /// Literal bytes not written yet: a character may have several.
    pending: Vec<u8>,
}

type Fallible<T> = Result<T, (PatternError, Range<usize>)>;

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn fault<T>(&self, fault: PatternError, from: usize) -> Fallible<T> {
        let mut to = (self.at + 1).min(self.text.len()).max(from);
        // A character may have several bytes: the place ends behind it.
        while self.text.get(to).is_some_and(|byte| byte & 0xc0 == 0x80) {
            to += 1;
        }
        Err((fault, from..to))
    }

    fn flush(&mut self) {
        self.written.push_str(&String::from_utf8_lossy(&self.pending));
        self.pending.clear();
    }

    fn write(&mut self, text: &str) {
        self.flush();
        self.written.push_str(text);
    }

    /// A literal byte, written so that it stays one.
    fn literal(&mut self, byte: u8, depth: usize, parts: &mut Vec<Part>) {
        parts.push(Part::Byte(byte));
        // `@` before a brace would be a variable; alone in a class it is itself.
        if byte == b'@' && self.peek(1) == Some(b'{') {
            self.pending.extend(b"[@]");
        } else {
            writer::literal(byte, depth > 0, &mut self.pending);
        }
    }

    fn sequence(&mut self, depth: usize) -> Fallible<Vec<Part>> {
        let mut parts = Vec::new();
        while let Some(byte) = self.peek(0) {
            let from = self.at;
            match byte {
                b'\\' => {
                    let Some(escaped) = self.peek(1) else {
                        return self.fault(PatternError::EmptyEscape, from);
                    };
                    self.at += 1;
                    if escaped.is_ascii_alphanumeric() {
                        return self.fault(PatternError::LetterEscape, from);
                    }
                    self.literal(escaped, depth, &mut parts);
                    self.at += 1;
                }
                b'*' => self.star(&mut parts),
                b'?' => {
                    parts.push(Part::OneOf(Bytes::not_slash()));
                    self.write("?");
                    self.at += 1;
                }
                b'[' => {
                    let class = self.class()?;
                    parts.push(match class.only() {
                        // A slash keeps its form: `star` asks for one that is written plainly.
                        Some(byte) if byte != b'/' => Part::Byte(byte),
                        Some(_) | None => Part::OneOf(class),
                    });
                }
                b'{' => {
                    let choices = self.braces(depth)?;
                    parts.push(Part::Either(choices));
                }
                b',' | b'}' if depth > 0 => return Ok(parts),
                b'}' => return self.fault(PatternError::StrayBrace, from),
                b']' => return self.fault(PatternError::StrayBracket, from),
                b'@' if self.peek(1) == Some(b'{') => {
                    let rest = self.text.get(from..).unwrap_or_default();
                    let name = rest.iter().position(|b| *b == b'}').unwrap_or(1);
                    self.at += name;
                    return self.fault(PatternError::Variable, from);
                }
                _ => {
                    self.literal(byte, depth, &mut parts);
                    self.at += 1;
                }
            }
        }
        Ok(parts)
    }

    /// `*` and `**`. After a slash, and before a slash or the end, they match at least one byte
    /// (parser_regex.c, convert_aaregex_to_pcre).
    fn star(&mut self, parts: &mut Vec<Part>) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let stars = rest.iter().take_while(|b| **b == b'*').count();
        let after = rest.get(stars).copied();
        if parts.last() == Some(&Part::Byte(b'/')) && matches!(after, None | Some(b'/')) {
            parts.push(Part::OneOf(Bytes::not_slash()));
        }
        for _ in 0..stars / 2 {
            parts.push(Part::Many(Bytes::any()));
        }
        if stars % 2 == 1 {
            parts.push(Part::Many(Bytes::not_slash()));
        }
        self.write(&"*".repeat(stars));
        self.at += stars;
    }

    fn braces(&mut self, depth: usize) -> Fallible<Vec<Vec<Part>>> {
        let from = self.at;
        if depth >= DEEPEST {
            return self.fault(PatternError::TooDeep, from);
        }
        self.at += 1;
        self.write("{");
        let mut choices = Vec::new();
        loop {
            choices.push(self.sequence(depth + 1)?);
            match self.peek(0) {
                Some(b',') => {
                    self.write(",");
                    self.at += 1;
                }
                Some(b'}') => break,
                _ => {
                    self.at = from;
                    return self.fault(PatternError::UnclosedBrace, from);
                }
            }
        }
        if choices.len() < 2 {
            return self.fault(PatternError::OneAlternative, from);
        }
        self.write("}");
        self.at += 1;
        Ok(choices)
    }

    fn class(&mut self) -> Fallible<Bytes> {
        let from = self.at;
        self.at += 1;
        let negated = self.peek(0) == Some(b'^');
        if negated {
            self.at += 1;
        }
        match self.peek(0) {
            Some(b'!') if !negated => return self.fault(PatternError::ShellNegation, from),
            _ => {}
        }
        let mut set = Bytes::NONE;
        let mut first = true;
        loop {
            let start = self.at;
            match self.peek(0) {
                None => {
                    self.at = from;
                    return self.fault(PatternError::UnclosedClass, from);
                }
                Some(b']') if first => return self.fault(PatternError::EmptyClass, from),
                Some(b']') => break,
                Some(b'[') if self.peek(1) == Some(b':') => {
                    return self.fault(PatternError::NamedClass, from);
                }
                Some(b'-') if !first => {
                    return self.fault(PatternError::OpenRange, start);
                }
                Some(_) => {}
            }
            let low = self.class_byte()?;
            first = false;
            let is_range = self.peek(0) == Some(b'-') && low != b'-';
            if !is_range {
                set.insert(low);
                continue;
            }
            if matches!(self.peek(1), None | Some(b']')) {
                return self.fault(PatternError::OpenRange, self.at);
            }
            self.at += 1;
            let high = self.class_byte()?;
            if high < low {
                self.at -= 1;
                return self.fault(PatternError::BackwardRange, start);
            }
            for byte in low..=high {
                set.insert(byte);
            }
        }
        self.at += 1;
        self.write(&class_text(set, negated));
        Ok(if negated { set.complement() } else { set })
    }

    fn class_byte(&mut self) -> Fallible<u8> {
        let from = self.at;
        if self.peek(0) == Some(b'\\') {
            self.at += 1;
            match self.peek(0) {
                None => return self.fault(PatternError::UnclosedClass, from),
                Some(byte) if byte.is_ascii_alphanumeric() => {
                    return self.fault(PatternError::LetterEscape, from);
                }
                Some(_) => {}
            }
        }
        match self.peek(0) {
            Some(byte) if byte.is_ascii() => {
                self.at += 1;
                Ok(byte)
            }
            _ => self.fault(PatternError::WideCharacter, from),
        }
    }
}

/// A class as the parser reads it right. Escapes do not help inside one: the parser decodes them before it
/// looks for `^` and `-`, so these stand where they have no meaning.
pub(super) fn class_text(set: Bytes, negated: bool) -> String {
    if set == Bytes::one(b'^') && !negated {
        return "\\^".to_owned();
    }
    let mut inside = String::new();
    let mut byte = 1;
    while byte < 0x80 {
        let run = (byte..0x80).take_while(|b| set.contains(*b) && b.is_ascii_alphanumeric()).count();
        match (set.contains(byte), byte) {
            (false, _) | (_, b'-' | b'^') => {}
            _ if run >= 3 => {
                let last = byte + u8::try_from(run - 1).unwrap_or(0);
                inside.extend([char::from(byte), '-', char::from(last)]);
                byte = last;
            }
            (true, b'/' | b'.' | b'_' | b' ' | b',' | b'@') => inside.push(char::from(byte)),
            (true, _) if byte.is_ascii_alphanumeric() => inside.push(char::from(byte)),
            // Writing to a String cannot fail.
            (true, _) => write!(inside, "\\{byte:03o}").unwrap_or(()),
        }
        byte += 1;
    }
    let not = if negated { "^" } else { "" };
    let dash = if set.contains(b'-') { "-" } else { "" };
    let caret = if set.contains(b'^') { "^" } else { "" };
    format!("[{not}{dash}{inside}{caret}]")
}
