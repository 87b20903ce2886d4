//! What an editor shows of a policy while it is being written: findings, fixes, rules and words.
//!
//! Enters: the texts of open documents, and questions about positions in them. Leaves: answers as plain data,
//! in the forms of `protocol`. Reads files through a `policy::Reader` alone, and knows neither threads nor
//! streams.

pub mod actions;
pub mod analysed;
pub mod completion;
pub mod cursor;
pub mod document;
pub mod findings;
pub mod hover;
mod line;
pub mod open_documents;
pub mod protocol;
pub mod session;
pub mod uri;
