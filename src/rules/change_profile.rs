//! `change_profile`: which profiles a process may give itself.

use super::text::pattern;
use super::text::quoted_value;
use super::text::scan::Token::{self, Arrow, Word};
use super::text::variables::Variables;
use std::fmt;

/// It is compared and not weighed: nobody can ask about it here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangeProfileRule {
    /// `safe` or `unsafe`.
    environment: Option<String>,
    /// The program that is to be started with it.
    program: Option<String>,
    /// Any profile without one.
    target: Option<String>,
}

impl ChangeProfileRule {
    /// A rule behind its first word.
    pub(super) fn read(tokens: &[Token<'_>], variables: &Variables) -> Result<ChangeProfileRule, String> {
        let value = |word: &str| pattern::value(word, variables);
        let (environment, rest) = match tokens {
            [Word(word @ ("safe" | "unsafe")), rest @ ..] => (Some((*word).to_owned()), rest),
            _ => (None, tokens),
        };
        let (program, target) = match rest {
            [] => (None, None),
            [Word(program)] => (Some(value(program)?), None),
            [Arrow, Word(target)] => (None, Some(value(target)?)),
            [Word(program), Arrow, Word(target)] => (Some(value(program)?), Some(value(target)?)),
            _ => return Err("has something behind it that is not read here".to_owned()),
        };
        Ok(ChangeProfileRule { environment, program, target })
    }
}

impl fmt::Display for ChangeProfileRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("change_profile")?;
        if let Some(word) = &self.environment {
            write!(f, " {word}")?;
        }
        if let Some(program) = &self.program {
            write!(f, " {}", quoted_value(program))?;
        }
        if let Some(target) = &self.target {
            write!(f, " -> {}", quoted_value(target))?;
        }
        f.write_str(",")
    }
}
