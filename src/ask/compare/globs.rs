//! The part of a comparison that is about patterns: paths of files, labels of processes.

use super::{Difference, Matter, rules};
use crate::ask::ground::{Contacts, What};
use crate::ask::ruleset::{Held, Ruleset};
use crate::ask::walk::{Piece, Texts, walk};
use crate::kernel::automaton::Budget;
use crate::kernel::request::Contact;
use crate::kernel::{Access, Glob};
use std::collections::{BTreeMap, BTreeSet};

/// Bits of things that may be done: accesses, or ways to meet with or without a signal.
type Bits = u64;

/// Signals that rules name get a bit for each direction; there are not so many in one comparison.
const MOST_SIGNALS: usize = 28;

/// What rules say together, and which they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sum {
    grants: Bits,
    owner_grants: Bits,
    denies: Bits,
    owner_denies: Bits,
    rules: Vec<Part>,
}

/// A rule's part in a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    line: usize,
    grants: bool,
    bits: Bits,
}

impl Sum {
    fn add(&mut self, line: usize, grants: bool, owner: bool, bits: Bits) {
        let set = match (grants, owner) {
            (true, false) => &mut self.grants,
            (true, true) => &mut self.owner_grants,
            (false, false) => &mut self.denies,
            (false, true) => &mut self.owner_denies,
        };
        *set |= bits;
        self.rules.push(Part { line, grants, bits });
    }

    fn join(&mut self, other: &Sum) {
        self.grants |= other.grants;
        self.owner_grants |= other.owner_grants;
        self.denies |= other.denies;
        self.owner_denies |= other.owner_denies;
        self.rules.extend(&other.rules);
    }

    fn means(&self) -> [Bits; 4] {
        [self.grants, self.owner_grants, self.denies, self.owner_denies]
    }

    /// What is permitted with others' files, and with one's own.
    fn permitted(&self, settle: fn(Bits) -> Bits) -> (Bits, Bits) {
        let others = self.grants & !self.denies;
        let own = (self.grants | self.owner_grants) & !(self.denies | self.owner_denies);
        (settle(others), settle(own))
    }

    fn side(&self, bits: Bits) -> Side {
        let of = |grants: bool| {
            let rules = self.rules.iter().filter(move |part| part.grants == grants && part.bits & bits != 0);
            rules.map(|part| part.line).collect()
        };
        Side { granting: of(true), denying: of(false) }
    }
}

/// The rules of one profile that have a part in a difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Side {
    pub(super) granting: BTreeSet<usize>,
    pub(super) denying: BTreeSet<usize>,
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

pub(super) fn files(before: &Ruleset, after: &Ruleset, budget: &Budget) -> Vec<Difference> {
    let read = |held: &Held| match &held.ground.what {
        What::Files { paths, owner, .. } => Some((paths.clone(), *owner)),
        What::Everything => Some((None, false)),
        What::Link { .. }
        | What::Capability(_)
        | What::Network(_)
        | What::Operation { .. }
        | What::Process { .. }
        | What::Limit { .. }
        | What::Other(_) => None,
    };
    let entries = |ruleset: &Ruleset| {
        let all = ruleset.held().iter().filter_map(|held| {
            let (paths, owner) = read(held)?;
            let bits = Bits::from(held.ground.what.access().bits());
            Some(Entry { glob: paths, owner, bits, grants: held.ground.grants, line: held.line })
        });
        all.collect()
    };
    // Another profile is of no matter where nothing may be started.
    let settle = |bits: Bits| {
        let starts = bits & Bits::from(Access::EXEC.bits()) != 0;
        if starts { bits } else { bits & !Bits::from(Access::LEAVE.bits()) }
    };
    let found = apart([entries(before), entries(after)], Texts::Paths, "/{,**}", settle, budget);
    let differences = found.into_iter().map(|one| Difference {
        gained: one.gained,
        what: Matter::Files {
            access: Access::of_bits(one.bits as u8),
            owner: one.owner,
            witness: one.witness,
        },
        granting: one.granting,
        denying: one.denying,
    });
    differences.collect()
}

pub(super) fn processes(before: &Ruleset, after: &Ruleset, budget: &Budget) -> Vec<Difference> {
    // A rule about some signals has bits of its own for these; one about all has all bits.
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for held in before.held().iter().chain(after.held()) {
        if let What::Process { signals: Some(signals), .. } = &held.ground.what {
            names.extend(signals.iter().map(String::as_str));
        }
    }
    let numbers: BTreeMap<&str, usize> = names.into_iter().take(MOST_SIGNALS).zip(0..).collect();
    let bits_of = |what: &What| -> Option<Bits> {
        let What::Process { contacts, signals, .. } = what else {
            return matches!(what, What::Everything).then_some(Bits::MAX);
        };
        let plain = Bits::from(contacts.mask());
        let signal = |number: usize| {
            let ways = plain & SIGNALS;
            ways << (Contact::ALL.len() + 2 * number)
        };
        Some(match signals {
            None => (0..MOST_SIGNALS).fold(plain, |bits, number| bits | signal(number)),
            Some(list) => {
                let known = list.iter().filter_map(|name| numbers.get(name.as_str()));
                known.fold(plain & !SIGNALS, |bits, number| bits | signal(*number))
            }
        })
    };
    let entries = |ruleset: &Ruleset| {
        let all = ruleset.held().iter().filter_map(|held| {
            let bits = bits_of(&held.ground.what)?;
            let glob = match &held.ground.what {
                What::Process { peer, .. } => peer.as_ref().map(|peer| own(peer, &ruleset.name)),
                What::Files { .. }
                | What::Link { .. }
                | What::Capability(_)
                | What::Network(_)
                | What::Operation { .. }
                | What::Limit { .. }
                | What::Everything
                | What::Other(_) => None,
            };
            Some(Entry { glob, owner: false, bits, grants: held.ground.grants, line: held.line })
        });
        all.collect()
    };
    let found = apart([entries(before), entries(after)], Texts::Names, "**", |bits| bits, budget);
    let differences = found.into_iter().map(|one| Difference {
        gained: one.gained,
        what: Matter::Processes { contacts: contacts(one.bits), witness: one.witness },
        granting: one.granting,
        denying: one.denying,
    });
    differences.collect()
}

/// The profile's own name in a peer, under one name for both profiles: a policy that is delivered under a new name
/// still speaks of itself.
fn own(peer: &Glob, name: &str) -> Glob {
    const OWN: &str = "this-profile";
    let text = peer.text();
    let rest = [("", ""), ("", "//&*"), ("*//&", "")];
    let found = rest.into_iter().find(|(before, after)| text == format!("{before}{name}{after}"));
    let renamed = found.and_then(|(before, after)| Glob::parse(&format!("{before}{OWN}{after}")).ok());
    renamed.unwrap_or_else(|| peer.clone())
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

/// A rule about a pattern; about all texts where it has none.
struct Entry {
    glob: Option<Glob>,
    owner: bool,
    bits: Bits,
    grants: bool,
    line: usize,
}

/// Patterns by their text, with what they mean to each side.
fn pieces(sides: [Vec<Entry>; 2], all: &str) -> BTreeMap<String, (Glob, [Sum; 2])> {
    let mut pieces: BTreeMap<String, (Glob, [Sum; 2])> = BTreeMap::new();
    for (number, entries) in sides.into_iter().enumerate() {
        for Entry { glob, owner, bits, grants, line } in entries {
            let Some(glob) = glob.or_else(|| Glob::parse(all).ok()) else { continue };
            let (_, sums) = pieces.entry(glob.text().to_owned()).or_insert((glob, Default::default()));
            if let Some(sum) = sums.get_mut(number) {
                sum.add(line, grants, owner, bits);
            }
        }
    }
    pieces
}

/// Where two sides permit different things.
fn apart(
    sides: [Vec<Entry>; 2],
    texts: Texts,
    all: &str,
    settle: fn(Bits) -> Bits,
    budget: &Budget,
) -> Vec<Apart> {
    let pieces: Vec<(Glob, [Sum; 2])> = pieces(sides, all).into_values().collect();
    let walked: Vec<Piece<'_>> = pieces
        .iter()
        .map(|(glob, [old, new])| Piece { glob, is_common: old.means() == new.means() })
        .collect();
    let mut found: Vec<Apart> = Vec::new();
    if walked.iter().all(|piece| piece.is_common) {
        return found;
    }
    walk(&walked, texts, budget, |matched, witness| {
        let mut sums: [Sum; 2] = Default::default();
        for (_, parts) in matched.iter().filter_map(|number| pieces.get(*number)) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                sum.join(part);
            }
        }
        let [old, new] = &sums;
        let ((old_others, old_own), (new_others, new_own)) = (old.permitted(settle), new.permitted(settle));
        for (gained, others, own) in [
            (true, new_others & !old_others, new_own & !old_own),
            (false, old_others & !new_others, old_own & !new_own),
        ] {
            for (bits, owner) in [(others, false), (own & !others, true)] {
                if bits != 0 {
                    let (granting, denying) = rules(gained, old.side(bits), new.side(bits));
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
