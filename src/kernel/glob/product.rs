//! Every question about what globs match, as one walk: all texts that automata tell apart, the shortest first.
//!
//! Enters: automata, and a budget of work that the caller gives; past it the answer is `None`, and callers say that they
//! do not know. Leaves: what was asked, with a text that shows it. Where nothing asked for can come any more, the walk
//! does not go.

use super::automaton::{Automaton, Set};
use super::{Bytes, Glob};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

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

/// Which texts there are at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// As the kernel has them: from `/` on, without empty components, `.` and `..`.
    Paths,
    /// Any that is not empty.
    Names,
}

/// How far a text has come, as far as its form goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Start,
    Slash,
    Dot,
    DotDot,
    Inside,
}

impl Texts {
    /// The pattern of all of them.
    pub fn all(self) -> &'static str {
        match self {
            Texts::Paths => "/{,**}",
            Texts::Names => "**",
        }
    }

    fn step(self, form: Form, byte: u8) -> Option<Form> {
        match (self, form, byte) {
            (Texts::Names, _, _) => Some(Form::Inside),
            (Texts::Paths, Form::Start, b'/') => Some(Form::Slash),
            (Texts::Paths, Form::Start, _) => None,
            (Texts::Paths, Form::Slash | Form::Dot | Form::DotDot, b'/') => None,
            (Texts::Paths, Form::Inside, b'/') => Some(Form::Slash),
            (Texts::Paths, Form::Slash, b'.') => Some(Form::Dot),
            (Texts::Paths, Form::Dot, b'.') => Some(Form::DotDot),
            (Texts::Paths, Form::Slash | Form::Dot | Form::DotDot | Form::Inside, _) => Some(Form::Inside),
        }
    }

    fn is_whole(self, form: Form) -> bool {
        match (self, form) {
            (_, Form::Start) | (Texts::Paths, Form::Dot | Form::DotDot) => false,
            (_, Form::Slash | Form::Inside) | (Texts::Names, Form::Dot | Form::DotDot) => true,
        }
    }
}

/// Where a walk came by.
struct Visit<const N: usize> {
    sets: [Set; N],
    form: Form,
    /// The visit before, and the byte between.
    from: Option<(usize, u8)>,
}

/// What becomes of a walk at a visit.
pub(super) type Flow = ControlFlow<()>;

/// All visits of a walk, by number.
pub(super) struct Walk<const N: usize> {
    visits: Vec<Visit<N>>,
    /// False where the budget did not last.
    pub(super) is_done: bool,
}

impl<const N: usize> Walk<N> {
    /// The bytes on the way to a visit.
    pub(super) fn text(&self, mut at: usize) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some((before, byte)) = self.visits.get(at).and_then(|visit| visit.from) {
            text.push(byte);
            at = before;
        }
        text.reverse();
        text
    }

    fn is_folder(&self, at: usize) -> bool {
        self.visits.get(at).is_some_and(|visit| visit.form == Form::Slash)
    }

    /// Goes where sets of states are worth it, and shows each visit that is a whole text.
    pub(super) fn explore(
        automata: [&Automaton; N],
        texts: Texts,
        budget: &Budget,
        is_worth: impl Fn(&[Set; N]) -> bool,
        mut see: impl FnMut(&Walk<N>, usize, &[Set; N]) -> Flow,
    ) -> Walk<N> {
        let start = automata.map(Automaton::start);
        let mut seen = BTreeSet::from([(start.clone(), Form::Start)]);
        let first = Visit { sets: start, form: Form::Start, from: None };
        let mut walk = Walk { visits: vec![first], is_done: true };
        let mut at = 0;
        while let Some(Visit { sets, form, .. }) = walk.visits.get(at) {
            let (sets, form) = (sets.clone(), *form);
            if texts.is_whole(form) && see(&walk, at, &sets).is_break() {
                return walk;
            }
            for byte in representatives(automata, &sets, texts) {
                let Some(form) = texts.step(form, byte) else { continue };
                let mut next: [Set; N] = std::array::from_fn(|_| Set::new());
                let mut cost = 1;
                for ((next, automaton), set) in next.iter_mut().zip(automata).zip(&sets) {
                    *next = automaton.step(set, byte);
                    cost += next.len() + set.len() / 8;
                }
                if !budget.spend(cost) {
                    walk.is_done = false;
                    return walk;
                }
                if is_worth(&next) && seen.insert((next.clone(), form)) {
                    walk.visits.push(Visit { sets: next, form, from: Some((at, byte)) });
                }
            }
            at += 1;
        }
        walk
    }
}

/// One byte for each way in which the sets' steps tell bytes apart, those that people write first.
fn representatives<const N: usize>(automata: [&Automaton; N], sets: &[Set; N], texts: Texts) -> Vec<u8> {
    let steps = automata.into_iter().zip(sets).flat_map(|(automaton, set)| automaton.steps(set));
    let mut apart: BTreeMap<[u64; 4], Bytes> = steps.map(|on| (on.words(), on)).collect();
    let all = apart.values().fold(Bytes::NONE, |all, one| all.or(*one));
    if texts == Texts::Paths {
        for byte in [b'/', b'.'] {
            apart.insert(Bytes::one(byte).words(), Bytes::one(byte));
        }
    }
    let mut bytes: Vec<u8> =
        all.blocks(apart.into_values()).into_iter().filter_map(Bytes::plainest).collect();
    bytes.sort_by_key(|byte| (!byte.is_ascii_alphanumeric(), *byte));
    bytes
}

/// A glob among others.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    pub glob: &'a Glob,
    /// Whether it means the same to both sides of a comparison: where only such globs may still match, nobody goes.
    pub is_common: bool,
}

/// Calls `found` with the pieces that match together, for each way in which they do, and a shortest text that they match
/// so; where a file is matched as a folder is, its text, since it says that what lies in the folder is matched.
pub fn ways(
    pieces: &[Piece<'_>],
    texts: Texts,
    budget: &Budget,
    mut found: impl FnMut(&BTreeSet<usize>, &[u8]),
) {
    let automaton = Automaton::of(pieces.iter().map(|piece| piece.glob));
    let is_worth = |[set]: &[Set; 1]| {
        automaton.open(set).any(|number| pieces.get(number).is_some_and(|piece| !piece.is_common))
    };
    // In the order in which they were first met.
    let mut witnesses: Vec<(BTreeSet<usize>, usize)> = Vec::new();
    let mut told: BTreeMap<BTreeSet<usize>, usize> = BTreeMap::new();
    let walk = Walk::explore([&automaton], texts, budget, is_worth, |walk, at, [set]| {
        let matched = automaton.ended(set);
        match told.get(&matched).and_then(|number| witnesses.get_mut(*number)) {
            Some((_, witness)) => {
                if walk.is_folder(*witness) && !walk.is_folder(at) {
                    *witness = at;
                }
            }
            None => {
                told.insert(matched.clone(), witnesses.len());
                witnesses.push((matched, at));
            }
        }
        Flow::Continue(())
    });
    for (matched, at) in witnesses {
        found(&matched, &walk.text(at));
    }
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

    fn walked(globs: &[(&str, bool)], texts: Texts) -> Vec<(Vec<usize>, String)> {
        let read: Vec<(Glob, bool)> =
            globs.iter().map(|(text, common)| (Glob::parse(text).unwrap(), *common)).collect();
        let pieces: Vec<Piece<'_>> =
            read.iter().map(|(glob, is_common)| Piece { glob, is_common: *is_common }).collect();
        let mut found = Vec::new();
        ways(&pieces, texts, &Budget::new(1_000_000), |matched, text| {
            found.push((matched.iter().copied().collect(), String::from_utf8(text.to_vec()).unwrap()));
        });
        found.sort();
        found
    }

    #[test]
    fn each_way_of_matching_has_a_shortest_text() {
        let found = walked(&[("/a/*", false), ("/a/**", false)], Texts::Paths);
        let wanted =
            [(vec![], "/a"), (vec![0, 1], "/a/a"), (vec![1], "/a/a/a")].map(|(m, t)| (m, t.to_owned()));
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_file_shows_what_its_folder_would_hide() {
        let found = walked(&[("/a/{,**}", false), ("/b/", false)], Texts::Paths);
        let wanted = [(vec![], "/a".to_owned()), (vec![0], "/a/a".to_owned()), (vec![1], "/b/".to_owned())];
        assert_eq!(found, wanted);
    }

    #[test]
    fn what_is_no_path_is_no_witness() {
        let found = walked(&[("/a/[^x]b", false)], Texts::Paths);
        // `[^x]` matches a slash and a dot, but `/a//b` is no path.
        assert_eq!(found, [(vec![], "/a".to_owned()), (vec![0], "/a/ab".to_owned())]);
    }

    #[test]
    fn where_the_sides_agree_nobody_goes() {
        let found = walked(&[("/a/**", true), ("/b", false)], Texts::Paths);
        assert!(found.iter().all(|(_, text)| !text.starts_with("/a")), "{found:?}");
    }

    #[test]
    fn names_need_no_slash() {
        assert_eq!(walked(&[("web//&*", false)], Texts::Names).last().unwrap().1, "web//&");
    }
}
