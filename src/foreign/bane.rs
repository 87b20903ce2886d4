//! bane: a TOML file, which becomes one profile for Docker.
//!
//! Enters: the file's text. Leaves: the profile that bane would load, line by line as its template has it (bane 0.4.4,
//! apparmor/template.go), for a machine that has AppArmor's own includes; without its empty lines and comments. What bane
//! writes without quotes is refused where it would not stay one word. What the lists do not do is said in remarks.
//! Deliberately absent: what the profile allows.

mod form;
mod remarks;
mod template;
#[cfg(test)]
mod tests;

use super::{NotTaken, WrittenProfile};

/// Whether a text is a file of bane. A policy of ours is none.
pub fn is_bane(text: &str) -> bool {
    form::is_one(text)
}

/// The profile that bane would write; always one, or the reason why there is none.
pub fn read(text: &str) -> Vec<Result<WrittenProfile, NotTaken>> {
    vec![form::read(text).and_then(|form| template::write(&form))]
}
