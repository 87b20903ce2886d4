//! Globs as states: from each a step on a byte of a set leads to others, and in some a glob ends.
//!
//! Enters: globs. Leaves: sets of states, which paths lead to.

use super::{Bytes, Glob, Part};
use std::collections::BTreeSet;
use std::ops::Range;

/// States by number, in order.
pub(super) type Set = Vec<u32>;

/// One glob or several, side by side.
#[derive(Debug)]
pub struct Automaton {
    states: Vec<State>,
    /// Where the states' steps lead to, one state's behind the other's.
    targets: Set,
    start: Set,
}

/// A state in which something happens: a byte leaves it, or its glob ends there.
#[derive(Debug)]
struct State {
    on: Bytes,
    /// The part of the targets that is its own.
    to: Range<usize>,
    ends: bool,
    /// Which of the globs it belongs to.
    glob: usize,
}

impl Automaton {
    pub fn new(glob: &Glob) -> Automaton {
        Automaton::of([glob])
    }

    pub fn of<'a>(globs: impl IntoIterator<Item = &'a Glob>) -> Automaton {
        let mut draft = Draft::default();
        let (mut glob_of, mut starts, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (number, glob) in globs.into_iter().enumerate() {
            let start = draft.add();
            starts.push(start);
            ends.push(draft.append(glob.parts(), start));
            glob_of.resize(draft.states.len(), number);
        }
        // States come in the order of the globs.
        let is_end = |number: &usize| ends.binary_search(number).is_ok();
        let happens = |(number, state): &(usize, &DraftState)| state.on.is_some() || is_end(number);
        // Only these are kept, under new numbers.
        let kept: Vec<(usize, &DraftState)> = draft.states.iter().enumerate().filter(happens).collect();
        let mut numbers: Vec<Option<u32>> = vec![None; draft.states.len()];
        for (new, (old, _)) in kept.iter().enumerate() {
            if let Some(number) = numbers.get_mut(*old) {
                *number = u32::try_from(new).ok();
            }
        }
        let number = |old: usize| numbers.get(old).copied().flatten();
        let mut closing = Closing { seen: vec![0; draft.states.len()], ..Closing::default() };
        let mut targets = Set::with_capacity(kept.len());
        let mut states = Vec::with_capacity(kept.len());
        for (old, state) in &kept {
            let first = targets.len();
            if let Some((_, to)) = state.on {
                closing.close(&draft, to, |reached| targets.extend_from_slice(number(reached).as_slice()));
            }
            states.push(State {
                on: state.on.map_or(Bytes::NONE, |(bytes, _)| bytes),
                to: first..targets.len(),
                ends: is_end(old),
                glob: glob_of.get(*old).copied().unwrap_or(0),
            });
        }
        let mut start = Set::new();
        for from in starts {
            closing.close(&draft, from, |reached| start.extend_from_slice(number(reached).as_slice()));
        }
        start.sort_unstable();
        Automaton { states, targets, start }
    }

    pub(super) fn start(&self) -> Set {
        self.start.clone()
    }

    fn states<'a>(&'a self, set: &'a [u32]) -> impl Iterator<Item = &'a State> {
        set.iter().filter_map(|number| self.states.get(*number as usize))
    }

    pub(super) fn step(&self, set: &[u32], byte: u8) -> Set {
        let mut next: Set = Set::new();
        for state in self.states(set).filter(|state| state.on.contains(byte)) {
            next.extend(self.targets.get(state.to.clone()).unwrap_or_default());
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    /// The sets of bytes that lead on.
    pub(super) fn steps<'a>(&'a self, set: &'a [u32]) -> impl Iterator<Item = Bytes> + 'a {
        self.states(set).map(|state| state.on).filter(|on| !on.is_empty())
    }

    /// Whether some glob ends here.
    pub(super) fn is_end(&self, set: &[u32]) -> bool {
        self.states(set).any(|state| state.ends)
    }

    /// The globs that end here.
    pub(super) fn ended(&self, set: &[u32]) -> BTreeSet<usize> {
        self.states(set).filter(|state| state.ends).map(|state| state.glob).collect()
    }

    /// The globs that may still end.
    pub(super) fn open<'a>(&'a self, set: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
        self.states(set).map(|state| state.glob)
    }
}

/// States with free steps, as they are made.
#[derive(Debug, Default)]
struct Draft {
    states: Vec<DraftState>,
}

#[derive(Debug, Default)]
struct DraftState {
    /// Steps without a byte.
    free: Vec<usize>,
    on: Option<(Bytes, usize)>,
}

impl Draft {
    fn add(&mut self) -> usize {
        self.states.push(DraftState::default());
        self.states.len() - 1
    }

    fn free(&mut self, from: usize, to: usize) {
        if let Some(state) = self.states.get_mut(from) {
            state.free.push(to);
        }
    }

    fn on(&mut self, from: usize, bytes: Bytes, to: usize) {
        if let Some(state) = self.states.get_mut(from) {
            state.on = Some((bytes, to));
        }
    }

    fn one(&mut self, at: usize, bytes: Bytes) -> usize {
        let next = self.add();
        self.on(at, bytes, next);
        next
    }

    /// The states of a pattern, from a state on. Leaves the state where it has matched.
    fn append(&mut self, parts: &[Part], mut at: usize) -> usize {
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
}

/// Looks for what can be reached without a byte, time after time.
#[derive(Default)]
struct Closing {
    /// For each state the time when it was seen last.
    seen: Vec<u32>,
    time: u32,
    open: Vec<usize>,
}

impl Closing {
    /// Shows all states that can be reached without a byte, each once.
    fn close(&mut self, draft: &Draft, from: usize, mut see: impl FnMut(usize)) {
        self.time += 1;
        self.open.push(from);
        while let Some(state) = self.open.pop() {
            let Some(seen) = self.seen.get_mut(state) else { continue };
            if std::mem::replace(seen, self.time) == self.time {
                continue;
            }
            see(state);
            self.open.extend(draft.states.get(state).into_iter().flat_map(|state| &state.free));
        }
    }
}
