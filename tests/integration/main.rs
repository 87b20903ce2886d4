//! The program and its library from outside, in one binary: a module to each matter, and what they share in `support`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at what it did not expect"
)]

mod agreement;
mod codes;
mod compare;
mod compiled;
mod completions;
mod cursor;
mod edit;
mod files;
mod fixes;
mod imports;
mod keys;
mod keys_page;
mod lab;
mod learn;
mod logs;
mod lsp;
mod lsp_messages;
mod lsp_states;
mod manifests;
mod many;
mod mutants;
mod parser;
mod random;
mod reading;
mod readme;
mod restricted;
mod rooms;
mod schema;
mod shown;
mod streams;
mod tables;
mod tangled;
mod templates;
mod truth;

#[path = "../support"]
mod support {
    #[allow(dead_code, reason = "other servers are asked for more")]
    pub(crate) mod client;
    pub(crate) mod compiled;
    pub(crate) mod distribution;
    pub(crate) mod entries;
    pub(crate) mod hard_globs;
    pub(crate) mod law;
    pub(crate) mod layouts;
    pub(crate) mod leaves;
    pub(crate) mod manifest;
    pub(crate) mod nasty;
    pub(crate) mod parser;
    pub(crate) mod policies;
    pub(crate) mod say;
    pub(crate) mod session;
    pub(crate) mod sketch;
    pub(crate) mod toml_below;
    pub(crate) mod trial;
}
