//! Which of many globs match a path: all of them asked at once, in time linear in the path.
//!
//! Enters: globs. Leaves: the numbers of those that match. The automaton is built as far as paths ask for it, in
//! memory that is bounded, so no pattern can make it explode.

use super::{Bytes, Glob, Part};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, Repetition};
use std::fmt;

/// What the automaton's states may take; beyond it they are forgotten and built again.
const MEMORY: usize = 16 << 20;

/// Globs as one automaton.
pub struct Matcher(DFA);

/// What a matcher has built so far. Each thread has its own.
#[derive(Debug)]
pub struct Scratch(Option<Cache>);

impl Scratch {
    /// For one matcher, or for none.
    pub fn new(matcher: Option<&Matcher>) -> Scratch {
        Scratch(matcher.map(|matcher| matcher.0.create_cache()))
    }
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matcher({} globs)", self.0.pattern_len())
    }
}

impl Matcher {
    /// None where the globs are too many or too large for an automaton.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a Glob>) -> Option<Matcher> {
        let patterns: Vec<Hir> = globs.into_iter().map(|glob| sequence(glob.parts())).collect();
        let config = thompson::Config::new().utf8(false).which_captures(WhichCaptures::None);
        let nfa = thompson::Compiler::new().configure(config).build_many_from_hir(&patterns).ok()?;
        let config =
            DFA::config().match_kind(MatchKind::All).cache_capacity(MEMORY).skip_cache_capacity_check(true);
        DFA::builder().configure(config).build_from_nfa(nfa).ok().map(Matcher)
    }

    /// Calls with the number of each glob that matches the whole path. False where that could not be found out.
    pub fn each(&self, path: &[u8], scratch: &mut Scratch, mut found: impl FnMut(usize)) -> bool {
        let (dfa, Some(cache)) = (&self.0, &mut scratch.0) else { return false };
        let start = start::Config::new().anchored(Anchored::Yes);
        let Ok(mut state) = dfa.start_state(cache, &start) else { return false };
        for byte in path {
            let Ok(next) = dfa.next_state(cache, state, *byte) else { return false };
            if next.is_dead() {
                return true;
            }
            state = next;
        }
        let Ok(state) = dfa.next_eoi_state(cache, state) else { return false };
        if state.is_match() {
            for number in 0..dfa.match_len(cache, state) {
                found(dfa.match_pattern(cache, state, number).as_usize());
            }
        }
        true
    }
}

fn sequence(parts: &[Part]) -> Hir {
    Hir::concat(parts.iter().map(part).collect())
}

fn part(part: &Part) -> Hir {
    match part {
        Part::Byte(byte) => Hir::literal([*byte]),
        Part::OneOf(bytes) => class(*bytes),
        Part::Many(bytes) => {
            let many = Repetition { min: 0, max: None, greedy: true, sub: Box::new(class(*bytes)) };
            Hir::repetition(many)
        }
        Part::Either(choices) => Hir::alternation(choices.iter().map(|choice| sequence(choice)).collect()),
    }
}

fn class(bytes: Bytes) -> Hir {
    let ranges = (0..=u8::MAX).filter(|byte| bytes.contains(*byte)).map(|b| ClassBytesRange::new(b, b));
    Hir::class(Class::Bytes(ClassBytes::new(ranges)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(globs: &[&str], path: &[u8]) -> Vec<usize> {
        let globs: Vec<Glob> = globs.iter().map(|text| Glob::parse(text).unwrap()).collect();
        let matcher = Matcher::new(&globs).unwrap();
        let mut found = Vec::new();
        assert!(matcher.each(path, &mut Scratch::new(Some(&matcher)), |number| found.push(number)));
        found.sort_unstable();
        found
    }

    #[test]
    fn all_that_match_are_found_and_no_others() {
        let globs = ["/a/**", "/a/*", "/a/{b,c}", "/a/b", "/a/?/[^x]", "/{a,}{/,}b"];
        assert_eq!(matched(&globs, b"/a/b"), [0, 1, 2, 3, 5]);
        assert_eq!(matched(&globs, b"/a/b/"), [0]);
        assert_eq!(matched(&globs, b"/a/b/c"), [0, 4]);
        assert_eq!(matched(&globs, b"/b"), [5]);
        assert_eq!(matched(&globs, b"/a/"), [0usize; 0]);
        assert_eq!(matched(&globs, b"/a/\xff\xfe"), [0, 1]);
        assert_eq!(matched(&[], b"/"), [0usize; 0]);
    }

    #[test]
    fn a_pattern_that_would_explode_takes_linear_time() {
        let glob = format!("/**a{}", "?".repeat(300));
        let path = format!("/{}", "ab".repeat(2000));
        assert_eq!(matched(&[&glob], path.as_bytes()), [0usize; 0]);
    }
}
