//! The words and patterns that AppArmor and the kernel use: capabilities, socket families, operations,
//! limits, file accesses, globs.
//!
//! Leaves: tables and sets, each fact once. Knows nothing of policies, TOML or rule text.

pub mod abi;
pub mod access;
pub mod capability;
pub mod glob;
pub mod limit;
pub mod network;
pub mod operation;
pub mod path;
pub mod request;
pub mod risk;

pub use abi::Abi;
pub use access::Access;
pub use capability::Capability;
pub use glob::Glob;
pub use limit::Limit;
pub use network::{Family, Socket, SocketType};
pub use operation::Operation;
pub use request::Request;
