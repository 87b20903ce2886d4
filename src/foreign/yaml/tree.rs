//! The tree of a document.

use super::Scalar;

/// A value with the line it begins on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::foreign) struct Node {
    pub(in crate::foreign) line: usize,
    pub(in crate::foreign) value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::foreign) enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::foreign) struct Entry {
    pub(in crate::foreign) key: String,
    pub(in crate::foreign) line: usize,
    pub(in crate::foreign) value: Node,
}

impl Node {
    pub(in crate::foreign) fn is_null(&self) -> bool {
        self.scalar().is_some_and(Scalar::is_null)
    }

    pub(in crate::foreign) fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    pub(in crate::foreign) fn list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Scalar(_) | Value::Map(_) => None,
        }
    }

    /// The entries of a map.
    pub(in crate::foreign) fn map(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            Value::Scalar(_) | Value::List(_) => None,
        }
    }

    /// What a key of a map has, if that is not null.
    pub(in crate::foreign) fn get(&self, key: &str) -> Option<&Entry> {
        self.map()?.iter().find(|entry| entry.key == key).filter(|entry| !entry.value.is_null())
    }

    /// The text behind keys of maps in maps.
    pub(in crate::foreign) fn text_at(&self, keys: &[&str]) -> Option<&str> {
        let node = keys.iter().try_fold(self, |node, key| Some(&node.get(key)?.value))?;
        node.scalar().map(|scalar| scalar.text.as_str())
    }

    /// What a copy of it takes, with so much for each node.
    pub(in crate::foreign) fn weight(&self, each: usize) -> usize {
        let inner: usize = match &self.value {
            Value::Scalar(scalar) => scalar.weight(),
            Value::List(items) => items.iter().map(|item| item.weight(each)).sum(),
            Value::Map(entries) => entries.iter().map(|e| e.key.len() + e.value.weight(each)).sum(),
        };
        each + inner
    }
}
