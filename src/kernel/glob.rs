//! AppArmor's globs: read, checked, and written back so that the parser reads what was meant.
//!
//! Enters: a pattern as a person wrote it. Leaves: its parts, or what is wrong and where. The shapes that
//! the parser refuses or misreads were tried on apparmor_parser 3.0, 4.1 and 5.0.

use std::fmt::Write as _;
use std::ops::Range;

/// PATH_MAX: no longer path reaches the kernel.
const LONGEST: usize = 4096;

/// Deeper braces than this are nobody's pattern.
const DEEPEST: usize = 16;

/// A set of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes([u64; 4]);

impl Bytes {
    pub const NONE: Bytes = Bytes([0; 4]);

    pub fn one(byte: u8) -> Bytes {
        let mut set = Bytes::NONE;
        set.insert(byte);
        set
    }

    /// Every byte that a path can hold.
    pub fn any() -> Bytes {
        Bytes::NONE.complement()
    }

    pub fn not_slash() -> Bytes {
        Bytes::one(b'/').complement()
    }

    pub fn insert(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    /// All others, but for NUL, which no path holds.
    pub fn complement(self) -> Bytes {
        let [a, b, c, d] = self.0;
        Bytes([!a & !1, !b, !c, !d])
    }

    pub fn contains(self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|word| word & (1 << (byte & 63)) != 0)
    }

    pub fn and(self, other: Bytes) -> Bytes {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Bytes([a & e, b & f, c & g, d & h])
    }

    pub fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }

    /// The set as numbers, for ordering.
    pub fn words(self) -> [u64; 4] {
        self.0
    }

    /// Its lowest byte.
    pub fn first(self) -> Option<u8> {
        (0..=u8::MAX).find(|byte| self.contains(*byte))
    }
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Byte(u8),
    /// `?`, `[…]`: one byte of a set.
    OneOf(Bytes),
    /// `*`, `**`: any number of bytes of a set.
    Many(Bytes),
    /// `{a,b}`
    Either(Vec<Vec<Part>>),
}

/// A pattern that the parser accepts and reads as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
    text: String,
}

/// Why a pattern was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    TooLong,
    TooDeep,
    UnclosedBrace,
    UnclosedClass,
    StrayBrace,
    StrayBracket,
    OneAlternative,
    EmptyClass,
    NamedClass,
    ShellNegation,
    BackwardRange,
    OpenRange,
    WideCharacter,
    EmptyEscape,
    LetterEscape,
    Variable,
}

impl Fault {
    /// What is wrong, and what to do.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Fault::TooLong => ("is longer than any path", "a path has at most 4096 bytes"),
            Fault::TooDeep => ("has braces nested too deeply", "write several entries"),
            Fault::UnclosedBrace => {
                ("has a `{` that nothing closes", "close it with `}`, or write `\\{` for the character")
            }
            Fault::UnclosedClass => {
                ("has a `[` that nothing closes", "close it with `]`, or write `\\[` for the character")
            }
            Fault::StrayBrace => ("has a `}` that closes nothing", "write `\\}` for the character"),
            Fault::StrayBracket => ("has a `]` that closes nothing", "write `\\]` for the character"),
            Fault::OneAlternative => (
                "has braces with fewer than two alternatives",
                "leave the braces out, or write `{a,b}`; `{,a}` means `a` or nothing",
            ),
            Fault::EmptyClass => ("has an empty character class", "put characters between `[` and `]`"),
            Fault::NamedClass => {
                ("has a named character class", "AppArmor has none: write a range, such as `[a-z]`")
            }
            Fault::ShellNegation => (
                "has a class that starts with `!`",
                "AppArmor negates with `^`: write `[^a]`, or `[\\!]` for the character",
            ),
            Fault::BackwardRange => {
                ("has a range that runs backwards", "write the lower character first, as in `[a-z]`")
            }
            Fault::OpenRange => {
                ("has a range without an end", "write `-` first, or `\\-`, for the character")
            }
            Fault::WideCharacter => (
                "has a character in a class that is more than one byte",
                "AppArmor matches bytes: write `{é,è}` instead of `[éè]`",
            ),
            Fault::EmptyEscape => ("ends in a `\\` that escapes nothing", "write `\\\\` for a backslash"),
            Fault::LetterEscape => (
                "has a `\\` before a letter or digit",
                "write `\\\\` for a backslash; only special characters are escaped",
            ),
            Fault::Variable => (
                "holds a variable",
                "variables differ from node to node: write the path itself, or use `raw-rules`",
            ),
        }
    }
}

impl Glob {
    /// Reads a pattern. On a fault, says which bytes of the text it is in.
    pub fn parse(text: &str) -> Result<Glob, (Fault, Range<usize>)> {
        if text.len() > LONGEST {
            return Err((Fault::TooLong, 0..text.len()));
        }
        let mut reader = Reader {
            text: text.as_bytes(),
            at: 0,
            written: String::with_capacity(text.len()),
            pending: Vec::new(),
        };
        let parts = reader.sequence(0)?;
        reader.flush();
        Ok(Glob { parts, text: reader.written })
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The pattern in the profile language, without quotes around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it stands for one path only; then that path.
    pub fn literal(&self) -> Option<Vec<u8>> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Byte(byte) => Some(*byte),
                Part::OneOf(_) | Part::Many(_) | Part::Either(_) => None,
            })
            .collect()
    }

    /// Braces that lead to more spellings than this are not spelled out.
    pub const MOST_PREFIXES: usize = 16;

    /// Every path it matches starts with one of these; few, and as long as can be said cheaply.
    pub fn prefixes(&self) -> Vec<Vec<u8>> {
        let mut found = vec![(Vec::new(), true)];
        extend_prefixes(&self.parts, &mut found);
        let mut prefixes: Vec<Vec<u8>> = found.into_iter().map(|(prefix, _)| prefix).collect();
        prefixes.sort();
        prefixes.dedup();
        prefixes
    }
}

/// Whether `Glob::prefixes` spells the parts out: no wildcard, and not too many braces.
pub fn is_spelled(parts: &[Part]) -> bool {
    spellings(parts).is_some_and(|count| count <= Glob::MOST_PREFIXES)
}

fn spellings(parts: &[Part]) -> Option<usize> {
    parts.iter().try_fold(1usize, |count, part| match part {
        Part::Byte(_) => Some(count),
        Part::OneOf(_) | Part::Many(_) => None,
        Part::Either(choices) => choices.iter().try_fold(0usize, |sum, choice| {
            Some(sum.saturating_add(count.saturating_mul(spellings(choice)?)))
        }),
    })
}

/// Grows each prefix that is still open by the parts, and closes those that end at a wildcard.
fn extend_prefixes(parts: &[Part], found: &mut Vec<(Vec<u8>, bool)>) {
    for part in parts {
        match part {
            Part::Byte(byte) => {
                for (prefix, open) in found.iter_mut() {
                    if *open {
                        prefix.push(*byte);
                    }
                }
            }
            Part::Either(choices) if found.len() * choices.len() <= Glob::MOST_PREFIXES => {
                let (open, mut closed): (Vec<_>, Vec<_>) =
                    std::mem::take(found).into_iter().partition(|(_, open)| *open);
                for choice in choices {
                    let mut grown = open.clone();
                    extend_prefixes(choice, &mut grown);
                    closed.append(&mut grown);
                }
                *found = closed;
            }
            Part::Either(_) | Part::OneOf(_) | Part::Many(_) => {
                for (_, open) in found.iter_mut() {
                    *open = false;
                }
            }
        }
        if found.iter().all(|(_, open)| !open) {
            return;
        }
    }
}

/// A path as a pattern that matches it alone.
pub fn escape(path: &str) -> String {
    path.chars().fold(String::new(), |mut out, c| {
        if "*?[]{}^,\\\"@".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    written: String,
    /// Literal bytes not written yet: a character may have several.
    pending: Vec<u8>,
}

type Fallible<T> = Result<T, (Fault, Range<usize>)>;

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn fault<T>(&self, fault: Fault, from: usize) -> Fallible<T> {
        let to = (self.at + 1).min(self.text.len()).max(from);
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
        match byte {
            b'"' | b'\\' => {
                let octal = format!("\\{byte:03o}");
                self.write(&octal);
            }
            b'*' | b'?' | b'[' | b']' | b'{' | b'}' | b'^' => {
                self.pending.push(b'\\');
                self.pending.push(byte);
            }
            b',' if depth > 0 => self.pending.extend(b"\\,"),
            // `@` before a brace would be a variable; alone in a class it is itself.
            b'@' if self.peek(1) == Some(b'{') => self.pending.extend(b"[@]"),
            _ => self.pending.push(byte),
        }
    }

    fn sequence(&mut self, depth: usize) -> Fallible<Vec<Part>> {
        let mut parts = Vec::new();
        while let Some(byte) = self.peek(0) {
            let from = self.at;
            match byte {
                b'\\' => {
                    let Some(escaped) = self.peek(1) else {
                        return self.fault(Fault::EmptyEscape, from);
                    };
                    self.at += 1;
                    if escaped.is_ascii_alphanumeric() {
                        return self.fault(Fault::LetterEscape, from);
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
                    parts.push(Part::OneOf(class));
                }
                b'{' => {
                    let choices = self.braces(depth)?;
                    parts.push(Part::Either(choices));
                }
                b',' | b'}' if depth > 0 => return Ok(parts),
                b'}' => return self.fault(Fault::StrayBrace, from),
                b']' => return self.fault(Fault::StrayBracket, from),
                b'@' if self.peek(1) == Some(b'{') => {
                    let rest = self.text.get(from..).unwrap_or_default();
                    let name = rest.iter().position(|b| *b == b'}').unwrap_or(1);
                    self.at += name;
                    return self.fault(Fault::Variable, from);
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
            return self.fault(Fault::TooDeep, from);
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
                    return self.fault(Fault::UnclosedBrace, from);
                }
            }
        }
        if choices.len() < 2 {
            return self.fault(Fault::OneAlternative, from);
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
            Some(b'!') if !negated => return self.fault(Fault::ShellNegation, from),
            Some(b':') if from > 0 && self.text.get(from - 1) == Some(&b'[') => {
                return self.fault(Fault::NamedClass, from - 1);
            }
            _ => {}
        }
        let mut set = Bytes::NONE;
        let mut first = true;
        loop {
            let start = self.at;
            match self.peek(0) {
                None => {
                    self.at = from;
                    return self.fault(Fault::UnclosedClass, from);
                }
                Some(b']') if first => return self.fault(Fault::EmptyClass, from),
                Some(b']') => break,
                Some(b'[') if self.peek(1) == Some(b':') => {
                    return self.fault(Fault::NamedClass, from);
                }
                Some(b'-') if !first => {
                    return self.fault(Fault::OpenRange, start);
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
                return self.fault(Fault::OpenRange, self.at);
            }
            self.at += 1;
            let high = self.class_byte()?;
            if high < low {
                self.at -= 1;
                return self.fault(Fault::BackwardRange, start);
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
                None => return self.fault(Fault::UnclosedClass, from),
                Some(byte) if byte.is_ascii_alphanumeric() => {
                    return self.fault(Fault::LetterEscape, from);
                }
                Some(_) => {}
            }
        }
        match self.peek(0) {
            Some(byte) if byte.is_ascii() => {
                self.at += 1;
                Ok(byte)
            }
            _ => self.fault(Fault::WideCharacter, from),
        }
    }
}

/// A class as the parser reads it right. Escapes do not help inside one: the parser decodes them before it
/// looks for `^` and `-`, so these stand where they have no meaning.
fn class_text(set: Bytes, negated: bool) -> String {
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
