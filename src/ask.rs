//! What a profile decides, found out before it is loaded.
//!
//! Enters: rules, from a policy's own profile or from the text of one. Leaves: for each access whether it is allowed,
//! and by which rules; and in what two profiles differ. Starts nothing and reads no file.

pub mod advice;
pub mod compare;
pub mod decide;
pub mod difference;
pub mod expect;
pub mod log;
mod permissions;
pub mod ruleset;
pub mod words;

pub use decide::{Because, Decision, Verdict};
pub use difference::{Difference, Matter};
pub use ruleset::{RuleLine, Ruleset};
