//! The profile language: a file for each kind of rule, with its type, how it is written, how it is read, and what it
//! is about. A rule is one type, whoever wrote it and whichever way it goes.
//!
//! `rule` is a rule of any kind, `reader` reads whole profiles, `block` gathers what is rendered, `text` knows words and
//! patterns. Knows no policy's judgement, no TOML and no templates.

pub mod block;
pub mod capability;
pub mod change_profile;
pub mod conditions;
pub mod coverage;
pub mod file;
pub mod head;
pub mod limit;
pub mod network;
pub mod operation;
pub mod process;
pub mod profile;
pub mod reader;
pub mod rule;
pub mod text;
pub mod unix;
mod untangled;
mod watch;

pub use block::Block;
pub use capability::CapabilityRule;
pub use coverage::Coverage;
pub use file::{FileRule, LinkRule, Transition};
pub use limit::LimitRule;
pub use network::NetworkRule;
pub use operation::OperationRule;
pub use process::ProcessRule;
pub use profile::{MARK, Profile, ReadProfile};
pub use rule::{Child, Effect, Kind, Line, Qualifiers, Rule};
pub use text::variables::Variables;
pub use unix::UnixRule;
pub use watch::may_be_watched;
