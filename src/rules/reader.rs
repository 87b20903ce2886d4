//! The text of any AppArmor profile as what its rules decide.
//!
//! Enters: a profile, an abstraction or one rule, by whomever it was written, and a way to the files that are
//! included. Leaves: each rule with its grounds, or with the reason why it could not be read; then nothing of it
//! may be guessed. Time and memory are bounded for every text. What the parser does was tried on 3.0.

mod file;
mod network;
mod operation;
pub(super) mod pattern;
mod process;
mod rule;
mod scan;
mod variables;
mod walk;

pub use variables::Variables;

use super::Ground;
use scan::{Scanner, Shape};
use std::fmt;

/// The text of an included file by its name, such as `abstractions/base`.
pub type Files<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A rule as it stands in a text, and what of it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// On one line, with single spaces.
    pub text: String,
    /// The included file that it is in; none for the text itself.
    pub file: Option<String>,
    pub number: usize,
    pub grounds: Vec<Ground>,
    /// Why it could not be read. It has no grounds then, and whatever it decides is not known.
    pub unread: Option<String>,
}

/// A profile of a text. Profiles and hats within it are lines of their own, without what is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub flags: Vec<String>,
    pub abi: Option<String>,
    /// Its rules in their order, those of included files in the place of their include. Before them stands what
    /// could not be read ahead of the profile.
    pub lines: Vec<Line>,
    /// Includes of which there is no file, but for those `if exists`.
    pub missing: Vec<String>,
}

/// The rules of an included file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abstraction {
    pub lines: Vec<Line>,
    pub missing: Vec<String>,
}

/// Why a text is no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The included file that is at fault; none for the text itself.
    pub file: Option<String>,
    pub number: usize,
    pub wrong: String,
}

impl Fault {
    fn new(number: usize, wrong: &str) -> Fault {
        Fault { file: None, number, wrong: wrong.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}, line {}: {}", self.number, self.wrong),
            None => write!(f, "line {}: {}", self.number, self.wrong),
        }
    }
}

impl std::error::Error for Fault {}

/// The profiles of a text; at least one.
pub fn profiles(text: &str, files: &Files<'_>) -> Result<Vec<Profile>, Fault> {
    walk::Walk::new(files).profiles(text)
}

/// One rule that ends in its comma.
pub fn rule(text: &str, variables: &Variables) -> Line {
    let mut scanner = Scanner::new(text);
    let read = match (scanner.next(), scanner.next()) {
        (Ok(Some(statement)), Ok(None)) => match statement.shape {
            Shape::Rule(tokens) => rule::grounds(&tokens, &tidy(text), rule::Prefix::default(), variables),
            Shape::Odd(why) => Err(why.to_owned()),
            Shape::Head(_) | Shape::Close | Shape::Include { .. } | Shape::Variable { .. } => {
                Err("is no rule".to_owned())
            }
        },
        (Err(fault), _) | (_, Err(fault)) => Err(format!("has {}", fault.wrong)),
        (Ok(_), Ok(_)) => Err("is not one rule".to_owned()),
    };
    line(text, None, 1, read)
}

/// The rules of an included file, for a profile of some name that knows the variables of `tunables/global`.
pub fn abstraction(name: &str, profile: &str, files: &Files<'_>) -> Result<Abstraction, Fault> {
    walk::Walk::new(files).abstraction(name, profile)
}

/// The variables of `tunables/global` and the name of a profile, for single rules of it.
pub fn variables(profile: &str, files: &Files<'_>) -> Result<Variables, Fault> {
    walk::Walk::new(files).variables(profile)
}

fn line(text: &str, file: Option<&str>, number: usize, read: Result<Vec<Ground>, String>) -> Line {
    let (grounds, unread) = match read {
        Ok(grounds) => (grounds, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    Line { text: tidy(text), file: file.map(str::to_owned), number, grounds, unread }
}

/// On one line, with single spaces outside of quotes.
fn tidy(text: &str) -> String {
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
