//! The part of a comparison that is about patterns: paths of files, labels of processes.

use crate::ask::difference::{Difference, Matter};
use crate::ask::permissions::Permissions;
use crate::ask::ruleset::{IndexedRule, Ruleset};
use crate::kernel::glob::product::{Piece, Texts, ways};
use crate::kernel::glob::{self, Automaton, Budget};
use crate::kernel::request::{Contact, Contacts};
use crate::kernel::{Access, Glob};
use crate::rules::{Kind, ProcessRule, Transition, process};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Bits of things that may be done: accesses, or ways to meet with or without a signal.
type Bits = u64;

/// Signals that rules name get a bit for each direction; there are not so many in one comparison.
const MOST_SIGNALS: usize = 28;

/// What rules say together, and which they are.
#[derive(Clone, Debug, Default)]
struct Sum {
    permissions: Permissions<Bits>,
    rules: Vec<Part>,
}

/// A rule's part in a sum.
#[derive(Clone, Copy, Debug)]
struct Part {
    line: usize,
    grants: bool,
    bits: Bits,
}

impl Sum {
    fn add(&mut self, held: &IndexedRule, bits: Bits) {
        self.permissions.add(&held.rule, bits);
        self.rules.push(Part { line: held.line, grants: held.rule.allows(), bits });
    }

    fn join(&mut self, other: &Sum) {
        self.permissions = self.permissions.join(other.permissions);
        self.rules.extend(&other.rules);
    }

    /// The lines that grant some of these, or that deny some.
    fn lines(&self, grants: bool, bits: Bits) -> Vec<usize> {
        let rules = self.rules.iter().filter(|part| part.grants == grants && part.bits & bits != 0);
        let lines: BTreeSet<usize> = rules.map(|part| part.line).collect();
        lines.into_iter().collect()
    }
}

/// A difference about patterns.
struct Apart {
    gained: bool,
    bits: Bits,
    owner: bool,
    granting: Vec<usize>,
    denying: Vec<usize>,
    witness: Vec<u8>,
}

impl Apart {
    fn about(self, matter: impl Fn(&Apart) -> Matter) -> Difference {
        let what = matter(&self);
        Difference { gained: self.gained, what, granting: self.granting, denying: self.denying }
    }
}

/// The ways in which started programs get their profile, each with a bit behind those of accesses: a way that one
/// profile has and the other has not is a difference, whatever the two ways are.
struct Starts<'a>(Vec<Option<&'a Transition>>);

impl<'a> Starts<'a> {
    /// Behind the bits of accesses.
    const FIRST: usize = 8;
    const MOST: usize = Bits::BITS as usize - Starts::FIRST;

    /// The first one is to keep this profile.
    fn of(sides: [&'a Ruleset; 2]) -> Starts<'a> {
        let all = sides.into_iter().flat_map(Ruleset::held);
        let named = all.filter_map(|held| {
            let Kind::File(rule) = &held.rule.kind else { return None };
            rule.transition()
        });
        let named: BTreeSet<&Transition> = named.collect();
        Starts(std::iter::once(None).chain(named.into_iter().map(Some)).collect())
    }

    /// The bit of a way in which a rule starts programs.
    fn bit(&self, transition: Option<&Transition>) -> Bits {
        let at = self.0.iter().position(|one| *one == transition).unwrap_or(0);
        1 << (Starts::FIRST + at)
    }

    fn named(&self, bits: Bits) -> Vec<String> {
        let is_meant = |(at, _): &(usize, &Option<&Transition>)| bits >> (Starts::FIRST + at) & 1 != 0;
        let all = self.0.iter().enumerate().filter(is_meant);
        all.map(|(_, one)| one.map_or_else(|| "ix".to_owned(), Transition::to_string)).collect()
    }
}

/// The differences, and whether they are all: too many ways of starting programs cannot be told apart.
pub(super) fn files(before: &Ruleset, after: &Ruleset, budget: &Budget) -> (Vec<Difference>, bool) {
    let starts = Starts::of([before, after]);
    if starts.0.len() > Starts::MOST {
        return (Vec::new(), false);
    }
    let exec = Bits::from(Access::EXEC.bits());
    let read = |_: &Ruleset, held: &IndexedRule| {
        let (paths, transition) = if let Kind::File(rule) = &held.rule.kind {
            (rule.paths().cloned(), rule.transition())
        } else if held.rule.is_about_every_path() {
            (None, None)
        } else {
            return None;
        };
        let access = held.rule.access();
        // Who may write may append.
        let access = if access.contains(Access::WRITE) { access | Access::APPEND } else { access };
        let bits = Bits::from(access.bits());
        // A denial denies every way at once.
        let is_start = held.rule.allows() && bits & exec != 0;
        Some((paths, if is_start { bits | starts.bit(transition) } else { bits }))
    };
    // How programs are started is of no matter where none may be.
    let settle = |bits: Bits| if bits & exec != 0 { bits } else { bits & ((1 << Starts::FIRST) - 1) };
    let found = apart([before, after], Texts::Paths, &read, settle, budget);
    let matter = |one: &Apart| Matter::Files {
        access: Access::of_bits(one.bits as u8),
        starts: starts.named(one.bits),
        owner: one.owner,
        witness: one.witness.clone(),
    };
    (found.into_iter().map(|one| one.about(matter)).collect(), true)
}

/// The differences, and whether they are all: too many signals cannot be told apart.
pub(super) fn processes(before: &Ruleset, after: &Ruleset, budget: &Budget) -> (Vec<Difference>, bool) {
    // A rule about some signals has bits of its own for these; one about all has all bits.
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for held in before.held().iter().chain(after.held()) {
        if let Kind::Process(ProcessRule { signals: Some(signals), .. }) = &held.rule.kind {
            names.extend(signals.iter().map(String::as_str));
        }
    }
    let is_all = names.len() <= MOST_SIGNALS;
    let numbers: BTreeMap<&str, usize> = names.into_iter().take(MOST_SIGNALS).zip(0..).collect();
    // Each side's rules of which nobody knows whether they are about the profile itself.
    let untold: RefCell<Vec<(bool, usize)>> = RefCell::default();
    let read = |ruleset: &Ruleset, held: &IndexedRule| {
        let Kind::Process(ProcessRule { contacts, signals, peer }) = &held.rule.kind else {
            return matches!(held.rule.kind, Kind::Everything).then_some((None, Bits::MAX));
        };
        let plain = Bits::from(contacts.mask());
        let signal = |number: usize| (plain & SIGNALS) << (Contact::ALL.len() + 2 * number);
        let bits = match signals {
            None => (0..MOST_SIGNALS).fold(plain, |bits, number| bits | signal(number)),
            Some(list) => {
                let known = list.iter().filter_map(|name| numbers.get(name.as_str()));
                known.fold(plain & !SIGNALS, |bits, number| bits | signal(*number))
            }
        };
        let other = if std::ptr::eq(ruleset, before) { &after.name } else { &before.name };
        let peer = match peer {
            None => None,
            Some(peer) => match own(peer, &ruleset.name, other) {
                Some(peer) => Some(peer),
                None => {
                    untold.borrow_mut().push((std::ptr::eq(ruleset, after), held.line));
                    return None;
                }
            },
        };
        Some((peer, bits))
    };
    let found = apart([before, after], Texts::Names, &read, |bits| bits, budget);
    let matter = |one: &Apart| {
        let witness = named(&one.witness, if one.gained { &after.name } else { &before.name });
        Matter::Processes { contacts: contacts(one.bits), witness }
    };
    let mut differences: Vec<Difference> = found.into_iter().map(|one| one.about(matter)).collect();
    for (is_after, line) in untold.into_inner() {
        let ruleset = if is_after { after } else { before };
        let text = ruleset.line(line).map(|line| line.text.clone()).unwrap_or_default();
        differences.extend([true, false].map(|gained| Difference {
            gained,
            what: Matter::Unread(text.clone()),
            granting: if gained == is_after { vec![line] } else { Vec::new() },
            denying: if gained == is_after { Vec::new() } else { vec![line] },
        }));
    }
    (differences, is_all)
}

const OWN: &str = "this-profile";

/// What a peer is to a profile of some name beside one of another name: the profile's own name, under one name for both, since a
/// policy that is delivered under a new name still speaks of itself. None where that cannot be told: a pattern that
/// matches its own name, and not whatever it may be called.
fn own(peer: &Glob, name: &str, other: &str) -> Option<Glob> {
    if name == other {
        return Some(peer.clone());
    }
    if let Some(renamed) = process::renamed(peer, name, OWN) {
        return Some(renamed);
    }
    let budget = Budget::new(100_000);
    let pattern = Automaton::new(peer);
    // The profile alone, and in a stack before and behind another one: each is matched whole, or not at all.
    let is_alike = |(before, after): (&str, &str)| {
        let label = |name: &str| Glob::parse(&format!("{before}{}{after}", glob::escape(name))).ok();
        let labels = [label(name)?, label(OWN)?].map(|label| Automaton::new(&label));
        let covers = labels.iter().all(|label| pattern.covers(label, &budget) == Some(true));
        let misses = labels.iter().all(|label| pattern.meets_labels(label, &budget) == Some(false));
        (covers || misses).then_some(())
    };
    [("", ""), ("", "//&**"), ("**//&", "")].into_iter().try_for_each(is_alike)?;
    Some(peer.clone())
}

/// A label with the profile's name where `own` took it away.
fn named(label: &[u8], name: &str) -> Vec<u8> {
    let at = label.windows(OWN.len()).position(|part| part == OWN.as_bytes());
    let parts = at.and_then(|at| Some((label.get(..at)?, label.get(at + OWN.len()..)?)));
    parts.map_or_else(|| label.to_vec(), |(before, after)| [before, name.as_bytes(), after].concat())
}

/// The two directions of signals, in their place among the contacts.
const SIGNALS: Bits = 0b11;

fn contacts(bits: Bits) -> Contacts {
    let of_signals = (0..MOST_SIGNALS).fold(0, |all, n| all | bits >> (Contact::ALL.len() + 2 * n) & SIGNALS);
    let all = bits | of_signals;
    let set: Vec<_> = Contact::ALL
        .into_iter()
        .filter(|contact| all & Bits::from(Contacts::of(&[*contact]).mask()) != 0)
        .collect();
    Contacts::of(&set)
}

/// What a rule is about: its pattern, or all texts; none where it is about something else.
type Reader<'a> = dyn Fn(&Ruleset, &IndexedRule) -> Option<(Option<Glob>, Bits)> + 'a;

/// Patterns by their text, with what they mean to each side.
fn pieces(sides: [&Ruleset; 2], texts: Texts, read: &Reader<'_>) -> Vec<(Glob, [Sum; 2])> {
    let mut pieces: BTreeMap<String, (Glob, [Sum; 2])> = BTreeMap::new();
    for (number, ruleset) in sides.into_iter().enumerate() {
        for held in ruleset.held() {
            let Some((glob, bits)) = read(ruleset, held) else { continue };
            let Some(glob) = glob.or_else(|| Glob::parse(texts.all()).ok()) else { continue };
            let (_, sums) = pieces.entry(glob.text().to_owned()).or_insert((glob, Default::default()));
            if let Some(sum) = sums.get_mut(number) {
                sum.add(held, bits);
            }
        }
    }
    pieces.into_values().collect()
}

/// Where two sides permit different things.
fn apart(
    sides: [&Ruleset; 2],
    texts: Texts,
    read: &Reader<'_>,
    settle: impl Fn(Bits) -> Bits,
    budget: &Budget,
) -> Vec<Apart> {
    let pieces = pieces(sides, texts, read);
    let walked: Vec<Piece<'_>> = pieces
        .iter()
        .map(|(glob, [old, new])| Piece { glob, is_common: old.permissions == new.permissions })
        .collect();
    let mut found: Vec<Apart> = Vec::new();
    if walked.iter().all(|piece| piece.is_common) {
        return found;
    }
    ways(&walked, texts, budget, |matched, witness| {
        let mut sums: [Sum; 2] = Default::default();
        for (_, parts) in matched.iter().filter_map(|number| pieces.get(*number)) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                sum.join(part);
            }
        }
        let [old, new] = &sums;
        for (gained, one, other) in [(true, new, old), (false, old, new)] {
            let more = |own: bool| {
                settle(one.permissions.permitted(own)) & !settle(other.permissions.permitted(own))
            };
            let others = more(false);
            for (bits, owner) in [(others, false), (more(true) & !others, true)] {
                if bits != 0 {
                    let (granting, denying) = (one.lines(true, bits), other.lines(false, bits));
                    found.push(Apart { gained, bits, owner, granting, denying, witness: witness.to_vec() });
                }
            }
        }
    });
    without_implied(found)
}

/// Where fewer rules show as much, more rules show nothing new.
fn without_implied(all: Vec<Apart>) -> Vec<Apart> {
    let mut by_rule: BTreeMap<(bool, usize), Vec<usize>> = BTreeMap::new();
    for (number, one) in all.iter().enumerate() {
        for line in &one.granting {
            by_rule.entry((one.gained, *line)).or_default().push(number);
        }
    }
    let implies = |few: usize, one: &Apart, number: usize| {
        all.get(few).is_some_and(|other| {
            let within = |a: &[usize], b: &[usize]| a.iter().all(|line| b.contains(line));
            let is_less = within(&other.granting, &one.granting) && within(&other.denying, &one.denying);
            let is_same = other.granting == one.granting && other.denying == one.denying;
            few != number
                && (!other.owner || one.owner)
                && other.bits & one.bits == one.bits
                && is_less
                && (!is_same || few < number || other.bits != one.bits)
        })
    };
    let is_new = |(number, one): &(usize, &Apart)| {
        let near = one.granting.iter().filter_map(|line| by_rule.get(&(one.gained, *line))).flatten();
        !near.copied().any(|few| implies(few, one, *number))
    };
    let keep: BTreeSet<usize> = all.iter().enumerate().filter(is_new).map(|(number, _)| number).collect();
    let kept = all.into_iter().enumerate().filter(|(number, _)| keep.contains(number));
    kept.map(|(_, one)| one).collect()
}
