//! What makes a text no profile.

use std::fmt;

/// Why a text is no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The included file that is at fault; none for the text itself.
    pub file: Option<String>,
    pub number: usize,
    pub wrong: String,
}

impl SyntaxError {
    pub(in crate::rules) fn new(number: usize, wrong: &str) -> SyntaxError {
        SyntaxError { file: None, number, wrong: wrong.to_owned() }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}, line {}: {}", self.number, self.wrong),
            None => write!(f, "line {}: {}", self.number, self.wrong),
        }
    }
}

impl std::error::Error for SyntaxError {}
