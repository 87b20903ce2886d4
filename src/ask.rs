//! What a profile decides, found out before it is loaded.
//!
//! Enters: rules, from a policy's own profile or from the text of one. Leaves: for each access whether it is allowed,
//! and by which rules; and in what two profiles differ. Starts nothing and reads no file.

pub mod ground;
pub mod reader;

pub use ground::{Ground, What};
