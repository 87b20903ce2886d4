//! What can be wrong with a policy's form: a file each, with the explanation and the words of the finding.

pub mod duplicate_entry;
pub mod extends_cycle;
pub mod invalid_toml;
pub mod missing_key;
pub mod unknown_key;
pub mod unknown_value;
pub mod unreadable_policy;
pub mod wrong_type;

use crate::diag::Code;

/// All of them.
pub const ALL: [&Code; 8] = [
    &duplicate_entry::CODE,
    &extends_cycle::CODE,
    &invalid_toml::CODE,
    &missing_key::CODE,
    &unknown_key::CODE,
    &unknown_value::CODE,
    &unreadable_policy::CODE,
    &wrong_type::CODE,
];
