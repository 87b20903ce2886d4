//! All texts that two sets of globs tell apart, walked through at once: for each way in which they match, the shortest
//! text that is matched so, a file's before a folder's.
//!
//! Enters: globs, each with what it means to the one side and to the other. Leaves: what the sides come to, with a
//! witness. Where both sides say the same from some point on, the walk does not go there.

use crate::kernel::Glob;
use crate::kernel::automaton::Budget;
use crate::kernel::automaton::states::{State, States, spelled};
use crate::kernel::glob::Bytes;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A glob among others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) glob: &'a Glob,
    /// Whether it means the same to both sides.
    pub(super) is_common: bool,
}

/// Which texts there are at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
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
    pub(super) fn all(self) -> &'static str {
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

/// States without free steps: each with the bytes that leave it, and where to.
#[derive(Debug)]
struct Lean {
    on: Bytes,
    to: Vec<u32>,
    accepts: Option<usize>,
    is_common: bool,
}

struct Walk {
    states: Vec<Lean>,
    start: Vec<u32>,
}

/// Where the walk came by, and from where.
struct Visit {
    set: Vec<u32>,
    form: Form,
    from: Option<(usize, u8)>,
}

/// Calls `found` with the pieces that match together and a shortest text that they match so; where a file is matched
/// as a folder is, its text, since it says that what lies in the folder is matched. False where that took
/// more than the budget.
pub(super) fn walk(
    pieces: &[Piece<'_>],
    texts: Texts,
    budget: &Budget,
    mut found: impl FnMut(&[usize], &[u8]),
) -> bool {
    let walk = Walk::new(pieces);
    let mut visits = vec![Visit { set: walk.start.clone(), form: Form::Start, from: None }];
    let mut seen: BTreeSet<(Vec<u32>, Form)> = BTreeSet::from([(walk.start.clone(), Form::Start)]);
    // In the order in which they were first met.
    let mut witnesses: Vec<(Vec<usize>, usize)> = Vec::new();
    let mut told: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let mut open = VecDeque::from([0]);
    let mut is_done = true;
    'all: while let Some(at) = open.pop_front() {
        let Some(visit) = visits.get(at) else { continue };
        if texts.is_whole(visit.form) {
            let matched = walk.accepted(&visit.set);
            match told.get(&matched).and_then(|number| witnesses.get_mut(*number)) {
                Some((_, witness)) => {
                    let is_folder = |at: usize| visits.get(at).is_some_and(|visit| visit.form == Form::Slash);
                    if is_folder(*witness) && !is_folder(at) {
                        *witness = at;
                    }
                }
                None => {
                    told.insert(matched.clone(), witnesses.len());
                    witnesses.push((matched, at));
                }
            }
        }
        let mut next = Vec::new();
        for byte in walk.representatives(&visit.set, texts) {
            let Some(form) = texts.step(visit.form, byte) else { continue };
            let set = walk.step(&visit.set, byte);
            if !budget.spend(1 + set.len() + visit.set.len() / 8) {
                is_done = false;
                break 'all;
            }
            if walk.tells_apart(&set) && seen.insert((set.clone(), form)) {
                next.push(Visit { set, form, from: Some((at, byte)) });
            }
        }
        for visit in next {
            open.push_back(visits.len());
            visits.push(visit);
        }
    }
    for (matched, at) in witnesses {
        found(&matched, &spelled(at, |at| visits.get(at)?.from));
    }
    is_done
}

impl Walk {
    fn new(pieces: &[Piece<'_>]) -> Walk {
        let mut states = States::default();
        // The pieces' states stand side by side: the piece of each, and the pieces that are matched in some.
        let (mut piece_of, mut accepts) = (vec![0], BTreeMap::new());
        for (number, piece) in pieces.iter().enumerate() {
            let start = states.add();
            states.free(0, start);
            accepts.insert(states.append(piece.glob.parts(), start), number);
            piece_of.resize(states.all().len(), number);
        }
        // The states where something happens, reachable without a byte.
        let close = |from: usize| -> Vec<u32> {
            let happens = |number: &usize| {
                accepts.contains_key(number) || states.get(*number).is_some_and(|state| state.on.is_some())
            };
            let reached = states.close([from]).into_iter().filter(happens);
            reached.map(|number| u32::try_from(number).unwrap_or(u32::MAX)).collect()
        };
        let lean = |((number, state), piece): ((usize, &State), &usize)| Lean {
            on: state.on.map_or(Bytes::NONE, |(bytes, _)| bytes),
            to: state.on.map_or(Vec::new(), |(_, to)| close(to)),
            accepts: accepts.get(&number).copied(),
            is_common: pieces.get(*piece).is_none_or(|piece| piece.is_common),
        };
        Walk { states: states.all().iter().enumerate().zip(&piece_of).map(lean).collect(), start: close(0) }
    }

    fn state(&self, number: u32) -> Option<&Lean> {
        self.states.get(number as usize)
    }

    fn step(&self, set: &[u32], byte: u8) -> Vec<u32> {
        let states = set.iter().filter_map(|number| self.state(*number));
        let mut next: Vec<u32> = states
            .filter(|state| state.on.contains(byte))
            .flat_map(|state| state.to.iter().copied())
            .collect();
        next.sort_unstable();
        next.dedup();
        next
    }

    fn accepted(&self, set: &[u32]) -> Vec<usize> {
        let mut pieces: Vec<usize> = set.iter().filter_map(|number| self.state(*number)?.accepts).collect();
        pieces.sort_unstable();
        pieces.dedup();
        pieces
    }

    /// Whether a piece that the sides differ about may still match.
    fn tells_apart(&self, set: &[u32]) -> bool {
        set.iter().any(|number| self.state(*number).is_some_and(|state| !state.is_common))
    }

    /// One byte for each way in which the set's steps tell bytes apart, those that people write first.
    fn representatives(&self, set: &[u32], texts: Texts) -> Vec<u8> {
        let mut sets: BTreeMap<[u64; 4], Bytes> = set
            .iter()
            .filter_map(|number| self.state(*number))
            .filter(|state| !state.on.is_empty())
            .map(|state| (state.on.words(), state.on))
            .collect();
        let all = sets.values().fold(Bytes::NONE, |all, one| all.or(*one));
        if texts == Texts::Paths {
            for byte in [b'/', b'.'] {
                sets.insert(Bytes::one(byte).words(), Bytes::one(byte));
            }
        }
        let mut bytes: Vec<u8> =
            all.blocks(sets.into_values()).into_iter().filter_map(Bytes::plainest).collect();
        bytes.sort_by_key(|byte| (!byte.is_ascii_alphanumeric(), *byte));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(globs: &[(&str, bool)], texts: Texts) -> Vec<(Vec<usize>, String)> {
        let read: Vec<(Glob, bool)> =
            globs.iter().map(|(text, common)| (Glob::parse(text).unwrap(), *common)).collect();
        let pieces: Vec<Piece<'_>> =
            read.iter().map(|(glob, is_common)| Piece { glob, is_common: *is_common }).collect();
        let mut found = Vec::new();
        assert!(walk(&pieces, texts, &Budget::new(1_000_000), |matched, text| {
            found.push((matched.to_vec(), String::from_utf8(text.to_vec()).unwrap()));
        }));
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
