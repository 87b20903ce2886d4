//! The lists whose entries grant and deny, by name: for trying a policy with an entry more, or less.

use super::{Policy, Text};
use std::fmt;

/// Where a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct List {
    /// None above the first table.
    pub section: Option<&'static str>,
    pub key: &'static str,
}

impl List {
    pub const fn of(section: &'static str, key: &'static str) -> List {
        List { section: Some(section), key }
    }

    const fn top(key: &'static str) -> List {
        List { section: None, key }
    }
}

/// As it is named in a sentence.
impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            Some(section) => write!(f, "`{}` of `[{section}]`", self.key),
            None => write!(f, "`{}`", self.key),
        }
    }
}

impl Policy {
    /// Every such list.
    pub fn lists(&mut self) -> [(List, &mut Vec<Text>); 18] {
        let Policy {
            bundles,
            abstractions,
            raw_rules,
            filesystem,
            exec,
            capabilities,
            network,
            operations,
            ..
        } = self;
        [
            (List::top("bundles"), bundles),
            (List::top("abstractions"), abstractions),
            (List::top("raw-rules"), raw_rules),
            (List::of("filesystem", "read-only"), &mut filesystem.read_only),
            (List::of("filesystem", "read-write"), &mut filesystem.read_write),
            (List::of("filesystem", "write-only"), &mut filesystem.write_only),
            (List::of("filesystem", "list"), &mut filesystem.list),
            (List::of("filesystem", "deny-write"), &mut filesystem.deny_write),
            (List::of("filesystem", "deny"), &mut filesystem.deny),
            (List::of("exec", "allow"), &mut exec.allow),
            (List::of("exec", "deny"), &mut exec.deny),
            (List::of("exec", "libraries"), &mut exec.libraries),
            (List::of("capabilities", "allow"), &mut capabilities.allow),
            (List::of("capabilities", "deny"), &mut capabilities.deny),
            (List::of("network", "allow"), &mut network.allow),
            (List::of("network", "deny"), &mut network.deny),
            (List::of("operations", "allow"), &mut operations.allow),
            (List::of("operations", "deny"), &mut operations.deny),
        ]
    }
}
