//! Patterns as states: from each one step on a byte of a set, and any number without a byte.

use crate::kernel::glob::{Bytes, Part};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default)]
pub struct State {
    free: Vec<usize>,
    pub on: Option<(Bytes, usize)>,
}

/// States by number. The first is there from the beginning.
#[derive(Clone, Debug)]
pub struct States(Vec<State>);

impl Default for States {
    fn default() -> States {
        States(vec![State::default()])
    }
}

impl States {
    pub fn all(&self) -> &[State] {
        &self.0
    }

    pub fn get(&self, number: usize) -> Option<&State> {
        self.0.get(number)
    }

    pub fn add(&mut self) -> usize {
        self.0.push(State::default());
        self.0.len() - 1
    }

    /// A step without a byte.
    pub fn free(&mut self, from: usize, to: usize) {
        if let Some(state) = self.0.get_mut(from) {
            state.free.push(to);
        }
    }

    fn on(&mut self, from: usize, bytes: Bytes, to: usize) {
        if let Some(state) = self.0.get_mut(from) {
            state.on = Some((bytes, to));
        }
    }

    fn one(&mut self, at: usize, bytes: Bytes) -> usize {
        let next = self.add();
        self.on(at, bytes, next);
        next
    }

    /// The states of a pattern, from a state on. Leaves the state where it has matched.
    pub fn append(&mut self, parts: &[Part], mut at: usize) -> usize {
        for part in parts {
            at = match part {
                Part::Byte(byte) => self.one(at, Bytes::one(*byte)),
                Part::OneOf(bytes) => self.one(at, *bytes),
                Part::Many(bytes) => {
                    let (around, next) = (self.add(), self.add());
                    self.free(at, around);
                    self.on(around, *bytes, around);
                    self.free(around, next);
                    next
                }
                Part::Either(choices) => {
                    let next = self.add();
                    for choice in choices {
                        let start = self.add();
                        self.free(at, start);
                        let end = self.append(choice, start);
                        self.free(end, next);
                    }
                    next
                }
            };
        }
        at
    }

    /// All states reachable without a byte, sorted.
    pub fn close(&self, from: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = from.into_iter().collect();
        while let Some(state) = open.pop() {
            if seen.insert(state) {
                open.extend(self.get(state).into_iter().flat_map(|state| &state.free));
            }
        }
        seen.into_iter().collect()
    }
}

/// The bytes on the way to a visit, where each visit knows the one before it and the byte between.
pub fn spelled(mut at: usize, from: impl Fn(usize) -> Option<(usize, u8)>) -> Vec<u8> {
    let mut path = Vec::new();
    while let Some((before, byte)) = from(at) {
        path.push(byte);
        at = before;
    }
    path.reverse();
    path
}
