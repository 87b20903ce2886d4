//! Whole profiles: one that is to be rendered, and those of a text.

use super::block::Block;
use super::head::Head;
use super::rule::Line;
use crate::kernel::Abi;
use crate::policy::Text;
use std::ops::Range;

/// What the head of each profile says, by which it is known again.
pub const MARK: &str = "an AppArmor profile rendered by aapol";

/// A whole profile that is to be rendered.
#[derive(Debug)]
pub struct Profile {
    pub name: String,
    /// What is to be said at its head, line by line.
    pub header: Vec<String>,
    pub abi: Abi,
    pub flags: Vec<&'static str>,
    /// Whether variables are used, by an abstraction or a raw rule.
    pub tunables: bool,
    pub abstractions: Vec<Text>,
    pub blocks: Vec<Block>,
}

/// The text of an included file by its name, such as `abstractions/base`.
pub type Files<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A profile of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadProfile {
    pub head: Head,
    pub abi: Option<String>,
    /// Its rules in their order, those of included files in the place of their include. Before them stands what
    /// could not be read ahead of the profile.
    pub lines: Vec<Line>,
    /// Includes of which there is no file, but for those `if exists`.
    pub missing: Vec<String>,
    /// The includes of its own text, in their order.
    pub includes: Vec<Include>,
}

/// An include of a profile's own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    pub name: String,
    pub number: usize,
    /// Which of the profile's lines came by it: none where its file is not there, or was included before.
    pub lines: Range<usize>,
    pub is_found: bool,
}

/// The rules of an included file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abstraction {
    pub lines: Vec<Line>,
    pub missing: Vec<String>,
}
