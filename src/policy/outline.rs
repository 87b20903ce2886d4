//! Where the keys and values of a file stand, for whoever asks what stands at a place.
//!
//! Enters: the tree of a file, while it is read. Leaves: places in the order of the text's tables, each with what is
//! below it. The values themselves are the policy's.

use crate::diag::Place;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What kind of value stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Table,
    List,
    Scalar,
}

/// A value: behind its key, or in a list.
#[derive(Debug)]
pub struct Node {
    /// None for what stands in a list.
    pub key: Option<(String, Place)>,
    pub value: Place,
    pub shape: Shape,
    /// The number of the next one that is not below this one.
    next: usize,
}

/// All values of a file, each before those below it.
#[derive(Debug, Default)]
pub struct Outline(Vec<Node>);

impl Outline {
    pub(super) fn of(table: &DeTable<'_>, base: usize) -> Outline {
        let mut outline = Outline::default();
        outline.table(table, base);
        outline
    }

    /// What stands directly in a value, by number; in the file itself where none is named.
    pub fn children(&self, of: Option<usize>) -> impl Iterator<Item = (usize, &Node)> {
        let below = match of {
            None => 0..self.0.len(),
            Some(number) => number + 1..self.0.get(number).map_or(0, |node| node.next),
        };
        let mut next = below.start;
        std::iter::from_fn(move || {
            let number = next;
            let node = self.0.get(number).filter(|_| number < below.end)?;
            next = node.next;
            Some((number, node))
        })
    }

    /// The value at the end of some keys.
    pub fn find(&self, keys: &[&str]) -> Option<usize> {
        let named = |node: &Node, wanted: &str| node.key.as_ref().is_some_and(|(key, _)| key == wanted);
        keys.iter().try_fold(None, |at, key| {
            self.children(at).find(|(_, node)| named(node, key)).map(|(number, _)| Some(number))
        })?
    }

    /// The scalars of a value.
    pub fn scalars(&self, of: usize) -> impl Iterator<Item = Place> {
        let next = self.0.get(of).map_or(0, |node| node.next);
        let all = self.0.get(of..next).unwrap_or_default().iter();
        all.filter(|node| node.shape == Shape::Scalar).map(|node| node.value)
    }

    pub fn node(&self, number: usize) -> Option<&Node> {
        self.0.get(number)
    }

    fn table(&mut self, table: &DeTable<'_>, base: usize) {
        for (key, value) in table {
            let key = (key.get_ref().to_string(), placed(key.span(), base));
            self.value(Some(key), value, base);
        }
    }

    fn value(&mut self, key: Option<(String, Place)>, value: &Spanned<DeValue<'_>>, base: usize) {
        let number = self.0.len();
        let shape = match value.get_ref() {
            DeValue::Table(_) => Shape::Table,
            DeValue::Array(_) => Shape::List,
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => Shape::Scalar,
        };
        self.0.push(Node { key, value: placed(value.span(), base), shape, next: number + 1 });
        if let Some(table) = value.get_ref().as_table() {
            self.table(table, base);
        }
        for item in value.get_ref().as_array().into_iter().flat_map(|items| items.iter()) {
            self.value(None, item, base);
        }
        let next = self.0.len();
        if let Some(node) = self.0.get_mut(number) {
            node.next = next;
        }
    }
}

/// What a text says at the place of a scalar, where that is a string.
pub fn scalar(text: &str, place: Place) -> Option<String> {
    let value = DeValue::parse(text.get(place.start..place.end)?).ok()?;
    value.get_ref().as_str().map(str::to_owned)
}

fn placed(span: Range<usize>, base: usize) -> Place {
    Place::new(base + span.start, base + span.end)
}
