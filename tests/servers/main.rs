//! Other people's programs, in one binary: the language servers that editors run, and a linter of profiles.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at what it did not expect"
)]

mod editors;
mod linter;
mod rows;

#[path = "../support"]
mod support {
    #[allow(dead_code, reason = "the project's own server is asked for more")]
    pub(crate) mod client;
    pub(crate) mod policies;
    pub(crate) mod say;
    pub(crate) mod toml_below;
}
