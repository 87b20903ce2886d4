//! `set rlimit`.

use super::text::scan::Token::{self, Word};
use crate::kernel::Limit;
use std::fmt;

/// A resource limit, which decides about no access.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LimitRule {
    pub limit: Limit,
    pub value: String,
}

impl LimitRule {
    pub(super) fn read(name: &str, value: &[Token<'_>]) -> Result<LimitRule, String> {
        let Some(limit) = Limit::from_name(name) else {
            return Err(format!("has `{name}`, which is no limit that is known here"));
        };
        let words = value.iter().map(|token| match token {
            Word(word) if !word.starts_with('"') => Ok(*word),
            Word(_) | Token::Equals | Token::Open | Token::Close | Token::Arrow | Token::AtMost => {
                Err("has a value that is not read here")
            }
        });
        let value: String = words.collect::<Result<_, _>>()?;
        limit.judge(&value).map_err(|refused| format!("has a value of which {}", refused.wrong))?;
        Ok(LimitRule { limit, value })
    }
}

impl fmt::Display for LimitRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "set rlimit {} <= {},", self.limit.name(), self.value)
    }
}
