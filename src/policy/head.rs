//! What a policy is known by, read without all the rest.
//!
//! Of ten thousand policies that are to be compared by their names, one at a time is held in memory: each is read for
//! these words alone before it is read as a whole.

use super::WorkloadKind;
use serde::Deserialize;

/// The words that a policy's names follow from.
#[derive(Debug, Deserialize)]
pub struct PolicyHead {
    pub name: Option<String>,
    #[serde(default)]
    pub r#abstract: bool,
    #[serde(default)]
    pub extends: Vec<String>,
    #[serde(default)]
    pub pod: PodNames,
}

#[derive(Debug, Default, Deserialize)]
pub struct PodNames {
    pub kind: Option<WorkloadKind>,
    pub namespace: Option<String>,
    pub name: Option<String>,
}

impl PolicyHead {
    /// None where the text is no TOML, or one of the words is none.
    pub fn read(text: &str) -> Option<PolicyHead> {
        toml::from_str(text).ok()
    }
}

/// A file may have any name.
#[derive(Clone, Copy, Debug)]
pub struct NotKnown;

#[derive(Deserialize)]
struct NameAlone {
    name: Option<String>,
}

/// The name of a TOML file, which need not be a policy; an error where it is no TOML, or the name is none.
pub fn name(text: &str) -> Result<Option<String>, NotKnown> {
    toml::from_str(text).map(|head: NameAlone| head.name).map_err(|_| NotKnown)
}
