//! What is left out of a policy because its form is wrong.
//!
//! It travels with the policy, so that whoever misses something knows whether it was there.

/// Where values stood that could not be taken, each by the keys that lead to it.
#[derive(Clone, Debug, Default)]
pub struct LeftOut(Vec<Vec<String>>);

impl LeftOut {
    pub(super) fn add(&mut self, path: Vec<String>) {
        self.0.push(path);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something of a table was left out: one of its keys, or what stands below them.
    pub fn is_of(&self, table: &[&str]) -> bool {
        self.0.iter().any(|path| path.len() > table.len() && path.iter().zip(table).all(|(a, b)| a == b))
    }

    /// Whether the value of a key itself was left out.
    pub fn has(&self, key: &[&str]) -> bool {
        self.0.iter().any(|path| path == key)
    }
}
