//! What stops the lab: something is missing or broken, and nothing was proven.

use std::fmt;
use std::process::Output;

pub(crate) type Result<T> = std::result::Result<T, Fail>;

#[derive(Debug)]
pub(crate) struct Fail(String);

impl Fail {
    pub(crate) fn new(what: &str) -> Fail {
        Fail(what.to_owned())
    }

    /// A program that failed, with its words.
    pub(crate) fn of(what: &str, output: &Output) -> Fail {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Fail(format!("{what} ({}): {}{}", output.status, out.trim(), err.trim()))
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What any library says.
impl<E: std::error::Error> From<E> for Fail {
    fn from(error: E) -> Fail {
        Fail(error.to_string())
    }
}
