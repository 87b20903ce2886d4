//! Questions about what globs match: one path, all of another glob's paths, some of them.
//!
//! Each question draws on a budget of work that its caller gives; past it the answer is `None`, and callers
//! say that they do not know.

pub mod states;

use super::glob::{Bytes, Glob};
use states::{States, spelled};
use std::cell::Cell;
use std::collections::BTreeSet;

/// What is left of the work that may be done, in states looked at.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Budget {
    pub fn new(work: usize) -> Budget {
        Budget(Cell::new(work))
    }

    /// Whether that much could still be spent.
    pub fn spend(&self, work: usize) -> bool {
        let left = self.0.get().saturating_sub(work);
        self.0.set(left);
        left > 0
    }

    pub fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

/// A glob as states, and the one that accepts.
#[derive(Debug)]
pub struct Automaton {
    states: States,
    accept: usize,
}

type Set = Vec<usize>;

impl Automaton {
    pub fn new(glob: &Glob) -> Automaton {
        let mut states = States::default();
        let accept = states.append(glob.parts(), 0);
        Automaton { states, accept }
    }

    fn close(&self, from: impl IntoIterator<Item = usize>) -> Set {
        self.states.close(from)
    }

    fn steps<'a>(&'a self, set: &'a [usize]) -> impl Iterator<Item = (Bytes, usize)> + 'a {
        set.iter().filter_map(|s| self.states.get(*s)?.on)
    }

    fn step(&self, set: &[usize], byte: u8) -> Set {
        let targets: Vec<usize> =
            self.steps(set).filter(|(bytes, _)| bytes.contains(byte)).map(|(_, to)| to).collect();
        self.close(targets)
    }

    /// Whether it matches one path.
    pub fn matches(&self, path: &[u8], budget: &Budget) -> Option<bool> {
        let mut set = self.close([0]);
        for byte in path {
            if set.is_empty() {
                return Some(false);
            }
            if !budget.spend(set.len()) {
                return None;
            }
            set = self.step(&set, *byte);
        }
        Some(set.contains(&self.accept))
    }

    /// Whether it matches every path that the other matches.
    pub fn covers(&self, other: &Automaton, budget: &Budget) -> Option<bool> {
        let start = (other.close([0]), self.close([0]));
        let mut seen = BTreeSet::from([start.clone()]);
        let mut open = vec![start];
        while let Some((theirs, ours)) = open.pop() {
            // Each state leads to the end: where ours has none left, some path of theirs goes on without it.
            if ours.is_empty() || theirs.contains(&other.accept) && !ours.contains(&self.accept) {
                return Some(false);
            }
            for byte in representatives(other.steps(&theirs), self.steps(&ours)) {
                let next_theirs = other.step(&theirs, byte);
                if next_theirs.is_empty() {
                    continue;
                }
                let next = (next_theirs, self.step(&ours, byte));
                if !budget.spend(cost(&next)) {
                    return None;
                }
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        Some(true)
    }

    /// Whether some path is matched by both.
    pub fn meets(&self, other: &Automaton, budget: &Budget) -> Option<bool> {
        self.meeting(other, budget).map(|path| path.is_some())
    }

    /// A shortest path that both match; none where there is none. The kernel's paths have no two slashes together.
    pub fn meeting(&self, other: &Automaton, budget: &Budget) -> Option<Option<Vec<u8>>> {
        let mut seen = BTreeSet::from([((self.close([0]), other.close([0])), false)]);
        let mut visits: Vec<(Met, Option<(usize, u8)>)> =
            seen.iter().map(|start| (start.clone(), None)).collect();
        let mut at = 0;
        while let Some((((ours, theirs), after_slash), _)) = visits.get(at).cloned() {
            if ours.contains(&self.accept) && theirs.contains(&other.accept) {
                return Some(Some(spelled(at, |at| visits.get(at)?.1)));
            }
            for byte in representatives(self.steps(&ours), other.steps(&theirs)) {
                let next = (self.step(&ours, byte), other.step(&theirs, byte));
                if !budget.spend(cost(&next)) {
                    return None;
                }
                let is_path = !(after_slash && byte == b'/');
                let next = (next, byte == b'/');
                if is_path && !next.0.0.is_empty() && !next.0.1.is_empty() && seen.insert(next.clone()) {
                    visits.push((next, Some((at, byte))));
                }
            }
            at += 1;
        }
        Some(None)
    }
}

/// States of both sides, and whether a slash led there.
type Met = ((Set, Set), bool);

/// What looking at a pair of sets costs.
fn cost((first, second): &(Set, Set)) -> usize {
    1 + first.len() + second.len()
}

/// One byte for each way in which the sets of the first tell bytes apart together with those of the second.
fn representatives(
    first: impl Iterator<Item = (Bytes, usize)>,
    second: impl Iterator<Item = (Bytes, usize)>,
) -> Vec<u8> {
    let mut sets: Vec<Bytes> = first.chain(second).map(|(bytes, _)| bytes).collect();
    sets.sort_by_key(|bytes| bytes.words());
    sets.dedup();
    // A slash is told apart from all others: two of them together are in no path.
    sets.push(Bytes::one(b'/'));
    Bytes::any().blocks(sets).into_iter().filter_map(Bytes::plainest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn automaton(text: &str) -> Automaton {
        Automaton::new(&Glob::parse(text).unwrap())
    }

    #[test]
    fn matches_as_the_parser_compiles() {
        let cases = [
            ("/a/*", "/a/b", true),
            ("/a/*", "/a/", false),
            ("/a/*", "/a/b/c", false),
            ("/a/**", "/a/b/c", true),
            ("/a/**", "/a/", false),
            ("/a/{,**}", "/a/", true),
            ("/a/{,**}", "/a", false),
            ("/a/*b", "/a/b", true),
            ("/a/[^x]b", "/a//b", true),
            ("/a/?", "/a//", false),
            ("/a/**.so", "/a/x/y.so", true),
            ("/{,usr/}bin/x", "/usr/bin/x", true),
            ("/a/[-^]", "/a/^", true),
        ];
        for (glob, path, expected) in cases {
            let found = automaton(glob).matches(path.as_bytes(), &Budget::new(1000));
            assert_eq!(found, Some(expected), "{glob} {path}");
        }
    }

    #[test]
    fn covers_and_meets_by_meaning() {
        let cases = [
            ("/a/{,**}", "/a/**", Some(true), Some(true)),
            ("/a/**", "/a/{,**}", Some(false), Some(true)),
            ("/a/*", "/a/{b,c}", Some(true), Some(true)),
            ("/a/{b,c}", "/a/*", Some(false), Some(true)),
            ("/a/[a-z]", "/a/b", Some(true), Some(true)),
            ("/a/[^/]*", "/a/*", Some(true), Some(true)),
            ("/a/*.so", "/a/*.conf", Some(false), Some(false)),
            ("/{,usr/}bin/x", "/usr/bin/x", Some(true), Some(true)),
        ];
        for (a, b, covers, meets) in cases {
            let (a_, b_) = (automaton(a), automaton(b));
            assert_eq!(a_.covers(&b_, &Budget::new(10_000)), covers, "{a} covers {b}");
            assert_eq!(a_.meets(&b_, &Budget::new(10_000)), meets, "{a} meets {b}");
        }
    }

    #[test]
    fn stops_where_the_budget_ends() {
        let (a, b) = (automaton("/*a*b*c*d*e*f*g"), automaton("/*b*a*d*c*f*e*g"));
        assert_eq!(a.covers(&b, &Budget::new(50)), None);
        assert_eq!(a.meets(&b, &Budget::new(5)), None);
    }
}
