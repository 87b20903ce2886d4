//! The text of any AppArmor profile as its rules.
//!
//! Enters: a profile or an abstraction, by whomever it was written, and a way to the files that are included. Leaves:
//! each line with its rules, or with the reason why it could not be read; then nothing of it may be guessed. Time and
//! memory are bounded for every text. What the parser does was tried on 3.0.

mod walk;

use super::profile::{Abstraction, Files, ReadProfile};
use super::text::syntax_error::SyntaxError;
use super::text::variables::Variables;

/// The profiles of a text; at least one.
pub fn profiles(text: &str, files: &Files<'_>) -> Result<Vec<ReadProfile>, SyntaxError> {
    walk::Walk::new(files).profiles(text)
}

/// The rules of an included file, for a profile of some name that knows the variables of `tunables/global`.
pub fn abstraction(name: &str, profile: &str, files: &Files<'_>) -> Result<Abstraction, SyntaxError> {
    walk::Walk::new(files).abstraction(name, profile)
}

/// The variables of `tunables/global` and the name of a profile, for single rules of it.
pub fn variables(profile: &str, files: &Files<'_>) -> Result<Variables, SyntaxError> {
    walk::Walk::new(files).variables(profile)
}
