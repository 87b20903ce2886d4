//! The head of a profile: its name, what it attaches to, and its flags.

use super::text::pattern;
use super::text::quoted_value;
use super::text::scan::Token::{self, Arrow, AtMost, Close, Equals, Open, Word};
use std::fmt;

/// What stands before the brace of a profile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head {
    keyword: Keyword,
    pub name: String,
    /// The programs that it is for, where that is not what its name says.
    attachment: Option<String>,
    /// The extended attributes that these have.
    attributes: Option<String>,
    pub flags: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Keyword {
    /// The name is a path.
    None,
    Profile,
    Hat,
}

impl Head {
    /// The programs that it is for: those of its name, where that is a path and nothing else is said.
    pub fn attachment(&self) -> Option<&str> {
        let own = (self.keyword == Keyword::None || self.name.starts_with('/')).then_some(self.name.as_str());
        self.attachment.as_deref().or(own)
    }

    pub(super) fn read(tokens: &[Token<'_>]) -> Option<Head> {
        let (keyword, name, rest) = match tokens {
            [Word("profile"), Word(name), rest @ ..] => (Keyword::Profile, name, rest),
            [Word("hat" | "^"), Word(name), rest @ ..] => (Keyword::Hat, name, rest),
            [Word(name), rest @ ..]
                if name.strip_prefix('"').unwrap_or(name).starts_with(['/', ':', '@']) =>
            {
                (Keyword::None, name, rest)
            }
            _ => return None,
        };
        let name = pattern::decode(name).ok()?;
        let (attachment, rest) = match rest {
            [Word(attachment), rest @ ..] if !matches!(*attachment, "flags" | "xattrs") => {
                (Some(pattern::decode(attachment).ok()?), rest)
            }
            _ => (None, rest),
        };
        let (attributes, rest) = match rest {
            [Word("xattrs"), Equals, Open, rest @ ..] => {
                let end = rest.iter().position(|token| *token == Close)?;
                (Some(words(rest.get(..end)?)?), rest.get(end + 1..)?)
            }
            _ => (None, rest),
        };
        let flags = match rest {
            [] => Vec::new(),
            [Word("flags"), Equals, Open, list @ .., Close] | [Open, list @ .., Close] => flags(list)?,
            _ => return None,
        };
        Some(Head { keyword, name, attachment, attributes, flags })
    }
}

/// A flag may have a value: `attach_disconnected.path=/x`.
fn flags(list: &[Token<'_>]) -> Option<Vec<String>> {
    let mut flags: Vec<String> = Vec::new();
    let mut is_value = false;
    for token in list {
        match token {
            Equals => is_value = true,
            Word(word) if std::mem::take(&mut is_value) => flags.last_mut()?.push_str(&format!("={word}")),
            Word(word) => flags.push((*word).to_owned()),
            Open | Close | Arrow | AtMost => return None,
        }
    }
    Some(flags)
}

/// `name=value` pairs and names, as text.
fn words(list: &[Token<'_>]) -> Option<String> {
    let mut text = String::new();
    for token in list {
        match token {
            Equals => text.push('='),
            Word(word) => {
                let gap = if text.is_empty() || text.ends_with('=') { "" } else { " " };
                text.push_str(gap);
                text.push_str(word);
            }
            Open | Close | Arrow | AtMost => return None,
        }
    }
    Some(text)
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.keyword {
            Keyword::None => "",
            Keyword::Profile => "profile ",
            Keyword::Hat => "^",
        })?;
        f.write_str(&quoted_value(&self.name))?;
        if let Some(attachment) = &self.attachment {
            write!(f, " {}", quoted_value(attachment))?;
        }
        if let Some(attributes) = &self.attributes {
            write!(f, " xattrs=({attributes})")?;
        }
        if !self.flags.is_empty() {
            write!(f, " flags=({})", self.flags.join(","))?;
        }
        Ok(())
    }
}
