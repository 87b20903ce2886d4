//! aapol: from a small TOML policy to an AppArmor profile and the Kubernetes manifest that matches it.
//!
//! The way through: `policy` reads, `check` judges, `lower` and `pod` give it rules and a manifest, `render` lays out; `analysis` is
//! the front door to all of them. `cli` is the program, and `editor` answers for it while one types. Dependencies point that way
//! only; `diag` and `kernel` know none of them.

pub mod analysis;
pub mod ask;
pub mod baseline;
pub mod check;
pub mod cli;
pub mod diag;
pub mod editor;
pub mod foreign;
pub mod import;
pub mod kernel;
pub mod learn;
pub mod lower;
pub mod plan;
pub mod pod;
pub mod policy;
pub mod render;
pub mod rules;
pub mod schema;
