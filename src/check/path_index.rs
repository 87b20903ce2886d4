//! Which entries cover, and which meet, which: by meaning, not by text.
//!
//! Overlapping globs are not equal keys, so nothing here compares strings where patterns differ. Entries are
//! looked up by the literal text their patterns start with; pairs that cannot meet are never compared.

use super::denials;
use super::resolved::{PathEntry, Resolved};
use crate::baseline::{self, Denials, FileNeed, container};
use crate::kernel::glob::{self, Bytes, Part};
use crate::kernel::glob::{Automaton, Budget};
use crate::kernel::{Access, Glob};
use crate::policy::Baseline;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

/// What all comparisons of one policy may cost: about a second's work, in states and pairs looked at.
const WORK: usize = 3_000_000;

/// A pattern, and what is quickly known of it.
#[derive(Debug)]
pub struct Pattern {
    glob: Glob,
    /// Each path that matches starts with one of these.
    prefixes: Vec<Vec<u8>>,
    /// Each path that matches ends with this, read backwards.
    suffix: Vec<u8>,
    shape: Shape,
    automaton: OnceLock<Automaton>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// The prefixes are all that it matches.
    Paths,
    /// It matches all that starts with one of the prefixes.
    Folders,
    Other,
}

impl Pattern {
    pub fn new(glob: Glob) -> Pattern {
        let prefixes = glob.prefixes();
        let shape = match glob.parts().split_last() {
            _ if glob::is_spelled(glob.parts()) => Shape::Paths,
            Some((last, rest)) if is_all_beneath(last) && glob::is_spelled(rest) => Shape::Folders,
            _ => Shape::Other,
        };
        let literal = glob.parts().iter().rev().map_while(|part| match part {
            Part::Byte(byte) => Some(*byte),
            Part::OneOf(_) | Part::Many(_) | Part::Either(_) => None,
        });
        let suffix = literal.collect();
        Pattern { shape, glob, prefixes, suffix, automaton: OnceLock::new() }
    }

    /// Every path that matches starts with one of these.
    pub fn prefixes(&self) -> &[Vec<u8>] {
        &self.prefixes
    }

    /// Whether their ends or their starts rule out that both match one path.
    fn is_apart_from(&self, other: &Pattern) -> bool {
        let differ = |a: &[u8], b: &[u8]| a.iter().zip(b).any(|(a, b)| a != b);
        let starts_differ = || self.prefixes.iter().all(|p| other.prefixes.iter().all(|q| differ(p, q)));
        differ(&self.suffix, &other.suffix) || starts_differ()
    }

    fn automaton(&self) -> &Automaton {
        self.automaton.get_or_init(|| Automaton::new(&self.glob))
    }
}

/// `{,**}` as the last part.
fn is_all_beneath(part: &Part) -> bool {
    match part {
        Part::Either(choices) => match choices.as_slice() {
            [nothing, all] => {
                nothing.is_empty() && matches!(all.as_slice(), [Part::Many(bytes)] if *bytes == Bytes::any())
            }
            _ => false,
        },
        Part::Byte(_) | Part::OneOf(_) | Part::Many(_) => false,
    }
}

/// Who grants or denies.
#[derive(Clone, Copy, Debug)]
pub enum PathOrigin<'a> {
    Entry(&'a PathEntry),
    /// The baseline, a bundle or the token's rule, by its title.
    Need(&'static str),
    /// A denial of the baseline.
    Denial(&'static Denials, FileNeed),
}

/// One pattern of the policy or the baseline.
#[derive(Debug)]
pub struct IndexedPath<'a> {
    pub source: PathOrigin<'a>,
    pub grant: Access,
    pub deny: Access,
    pub pattern: Arc<Pattern>,
}

impl<'a> IndexedPath<'a> {
    pub fn entry(&self) -> Option<&'a PathEntry> {
        match self.source {
            PathOrigin::Entry(entry) => Some(entry),
            PathOrigin::Need(_) | PathOrigin::Denial(..) => None,
        }
    }
}

/// The patterns of the baseline and the bundles, worked out once for all policies.
static NEEDED: LazyLock<BTreeMap<&'static str, Arc<Pattern>>> = LazyLock::new(|| {
    let patterns = baseline::globs().map(|glob| (glob.text(), Arc::new(Pattern::new(glob.clone()))));
    patterns.collect()
});

/// All patterns of a policy, and who may meet whom.
#[derive(Debug)]
pub struct PathIndex<'a> {
    atoms: Vec<IndexedPath<'a>>,
    /// Sorted by prefix.
    sorted: Vec<(Vec<u8>, usize)>,
    /// For each place in `sorted`, the nearest earlier one whose prefix this one starts with.
    parents: Vec<Option<usize>>,
    /// For each atom, its places in `sorted`.
    positions: Vec<Vec<usize>>,
    budget: Budget,
}

/// The file needs that a policy's baseline, bundles and token bring.
pub fn needs(resolved: &Resolved) -> Vec<FileNeed> {
    let baseline = match resolved.baseline.value {
        Baseline::Container => container::GROUPS,
        Baseline::None => &[],
    };
    let bundles = resolved.bundles.iter().flat_map(|bundle| bundle.value.groups);
    let token = resolved.pod.token.then_some(&container::TOKEN);
    baseline.iter().chain(bundles).chain(token).flat_map(|group| group.files()).collect()
}

impl<'a> PathIndex<'a> {
    pub fn new(resolved: &'a Resolved) -> PathIndex<'a> {
        let entries = resolved.paths.iter().map(|entry| IndexedPath {
            source: PathOrigin::Entry(entry),
            grant: entry.grant,
            deny: entry.deny,
            pattern: Arc::new(Pattern::new(entry.glob.clone())),
        });
        let needs = needs(resolved).into_iter().filter_map(|need| {
            let pattern = NEEDED.get(need.glob.text())?.clone();
            Some(IndexedPath {
                source: PathOrigin::Need(need.title),
                grant: need.access,
                deny: Access::NONE,
                pattern,
            })
        });
        let denials = denials::files(resolved).filter_map(|(group, file)| {
            let pattern = NEEDED.get(file.glob.text())?.clone();
            let source = PathOrigin::Denial(group, file);
            Some(IndexedPath { source, grant: Access::NONE, deny: file.access, pattern })
        });
        let atoms: Vec<IndexedPath<'a>> = entries.chain(needs).chain(denials).collect();
        let mut sorted: Vec<(Vec<u8>, usize)> = atoms
            .iter()
            .enumerate()
            .flat_map(|(i, atom)| atom.pattern.prefixes.iter().map(move |p| (p.clone(), i)))
            .collect();
        sorted.sort();
        let mut parents = Vec::with_capacity(sorted.len());
        let mut positions = vec![Vec::new(); atoms.len()];
        let mut open: Vec<usize> = Vec::new();
        for (place, (prefix, atom)) in sorted.iter().enumerate() {
            let is_above = |p: &usize| sorted.get(*p).is_some_and(|(q, _)| prefix.starts_with(q));
            while open.last().is_some_and(|last| !is_above(last)) {
                open.pop();
            }
            parents.push(open.last().copied());
            open.push(place);
            if let Some(positions) = positions.get_mut(*atom) {
                positions.push(place);
            }
        }
        PathIndex { atoms, sorted, parents, positions, budget: Budget::new(WORK) }
    }

    pub fn atoms(&self) -> impl Iterator<Item = (usize, &IndexedPath<'a>)> {
        self.atoms.iter().enumerate()
    }

    /// Takes back what these atoms deny.
    pub(super) fn deny_nothing(&mut self, atoms: &[usize]) {
        for index in atoms {
            if let Some(atom) = self.atoms.get_mut(*index) {
                atom.deny = Access::NONE;
            }
        }
    }

    pub fn atom(&self, index: usize) -> Option<&IndexedPath<'a>> {
        self.atoms.get(index)
    }

    /// Comparing everything would have taken too long, so some was not compared.
    pub fn is_exhausted(&self) -> bool {
        self.budget.is_spent()
    }

    fn spend(&self, cost: usize) -> bool {
        self.budget.spend(cost)
    }

    /// Others that may cover the atom: their literal start is a start of its own.
    pub fn above(&self, atom: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for place in self.positions.get(atom).into_iter().flatten() {
            let mut at = self.parents.get(*place).copied().flatten();
            while let Some(parent) = at {
                if !self.spend(1) {
                    break;
                }
                found.extend(self.sorted.get(parent).map(|(_, i)| *i));
                at = self.parents.get(parent).copied().flatten();
            }
            let equal = self.after(*place).take_while(|(prefix, _)| {
                self.sorted.get(*place).is_some_and(|(own, _)| prefix == own) && self.spend(1)
            });
            found.extend(equal.map(|(_, i)| *i));
        }
        self.tidy(found, atom)
    }

    /// Others that may meet the atom: those above, and those whose literal start begins with its own.
    pub fn around(&self, atom: usize) -> Vec<usize> {
        let mut found = self.above(atom);
        for place in self.positions.get(atom).into_iter().flatten() {
            let below = self.after(*place).take_while(|(prefix, _)| {
                let own = self.sorted.get(*place);
                own.is_some_and(|(own, _)| prefix.starts_with(own)) && self.spend(1)
            });
            found.extend(below.map(|(_, i)| *i));
        }
        self.tidy(found, atom)
    }

    fn after(&self, place: usize) -> impl Iterator<Item = &(Vec<u8>, usize)> {
        self.sorted.iter().skip(place + 1)
    }

    fn tidy(&self, mut found: Vec<usize>, own: usize) -> Vec<usize> {
        found.retain(|i| *i != own);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether every path of the second is one of the first. Not knowing counts as no.
    pub fn covers(&self, first: usize, second: usize) -> bool {
        match (self.atoms.get(first), self.atoms.get(second)) {
            (Some(a), Some(b)) => self.covers_pattern(&a.pattern, &b.pattern),
            _ => false,
        }
    }

    /// Whether one denial takes the access away on every path of the atom.
    pub fn is_denied(&self, atom: usize, access: Access) -> bool {
        self.above(atom).into_iter().any(|other| {
            let denies = self.atom(other).is_some_and(|above| above.deny.contains(access));
            denies && self.covers(other, atom)
        })
    }

    /// Whether the atom matches one path. Not knowing counts as no.
    pub fn matches(&self, atom: &IndexedPath<'_>, path: &[u8]) -> bool {
        let pattern = &atom.pattern;
        match pattern.shape {
            Shape::Paths => pattern.prefixes.iter().any(|p| p == path),
            Shape::Folders => pattern.prefixes.iter().any(|p| path.starts_with(p)),
            Shape::Other => pattern.automaton().matches(path, &self.budget) == Some(true),
        }
    }

    /// Whether some path is in both. Not knowing counts as no.
    pub fn meets(&self, first: usize, second: usize) -> bool {
        match (self.atoms.get(first), self.atoms.get(second)) {
            (Some(a), Some(b)) => self.meets_pattern(&a.pattern, &b.pattern),
            _ => false,
        }
    }

    /// A path that is in both, where it can be found.
    pub fn meeting(&self, first: usize, second: usize) -> Option<Vec<u8>> {
        let (a, b) = (self.atoms.get(first)?, self.atoms.get(second)?);
        a.pattern.automaton().meeting(b.pattern.automaton(), &self.budget).flatten()
    }

    /// Whether the atom meets a pattern from elsewhere.
    pub fn atom_meets(&self, atom: usize, pattern: &Pattern) -> bool {
        self.atoms.get(atom).is_some_and(|atom| self.meets_pattern(&atom.pattern, pattern))
    }

    /// Whether a pattern from elsewhere covers the atom.
    pub fn pattern_covers(&self, pattern: &Pattern, atom: usize) -> bool {
        self.atoms.get(atom).is_some_and(|atom| self.covers_pattern(pattern, &atom.pattern))
    }

    /// Whether the atom covers a pattern from elsewhere.
    pub fn atom_covers(&self, atom: usize, pattern: &Pattern) -> bool {
        self.atoms.get(atom).is_some_and(|atom| self.covers_pattern(&atom.pattern, pattern))
    }

    pub fn covers_pattern(&self, a: &Pattern, b: &Pattern) -> bool {
        if !self.spend(1) || a.is_apart_from(b) {
            return false;
        }
        let within = |p: &Vec<u8>| a.prefixes.iter().any(|q| p.starts_with(q));
        match (a.shape, b.shape) {
            (Shape::Paths, Shape::Paths) => b.prefixes.iter().all(|p| a.prefixes.contains(p)),
            (Shape::Folders, _) if b.prefixes.iter().all(within) => true,
            (Shape::Folders, Shape::Paths | Shape::Folders) => false,
            (Shape::Paths, Shape::Folders) => false,
            // These prefixes are paths themselves.
            (Shape::Other, Shape::Paths | Shape::Folders) if !b.prefixes.iter().all(within) => false,
            (Shape::Other, Shape::Paths) => {
                b.prefixes.iter().all(|p| a.automaton().matches(p, &self.budget) == Some(true))
            }
            (Shape::Other, _) | (_, Shape::Other) => {
                a.automaton().covers(b.automaton(), &self.budget) == Some(true)
            }
        }
    }

    fn meets_pattern(&self, a: &Pattern, b: &Pattern) -> bool {
        if !self.spend(1) || a.is_apart_from(b) {
            return false;
        }
        let any = |a: &Pattern, b: &Pattern, f: &dyn Fn(&[u8], &[u8]) -> bool| {
            a.prefixes.iter().any(|p| b.prefixes.iter().any(|q| f(p, q)))
        };
        match (a.shape, b.shape) {
            (Shape::Paths, Shape::Paths) => any(a, b, &|p, q| p == q),
            (Shape::Folders, Shape::Paths) => any(a, b, &|p, q| q.starts_with(p)),
            (Shape::Paths, Shape::Folders) => any(a, b, &|p, q| p.starts_with(q)),
            (Shape::Folders, Shape::Folders) => any(a, b, &|p, q| p.starts_with(q) || q.starts_with(p)),
            (Shape::Folders, Shape::Other) if any(a, b, &|p, q| q.starts_with(p)) => true,
            (Shape::Other, Shape::Folders) if any(a, b, &|p, q| p.starts_with(q)) => true,
            (Shape::Other, Shape::Paths) => {
                b.prefixes.iter().any(|p| a.automaton().matches(p, &self.budget) == Some(true))
            }
            (Shape::Paths, Shape::Other) => {
                a.prefixes.iter().any(|p| b.automaton().matches(p, &self.budget) == Some(true))
            }
            (Shape::Other, _) | (_, Shape::Other) => {
                a.automaton().meets(b.automaton(), &self.budget) == Some(true)
            }
        }
    }
}
