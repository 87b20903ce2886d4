//! Rules that permit the same to patterns that must not be beside each other: one rule for them.

use super::file::FileRule;
use super::rule::{Kind, Qualifiers};
use crate::diag::Place;
use crate::kernel::{Access, Glob};
use std::collections::{BTreeMap, BTreeSet};

/// Rules, each once, with the entries that they stand for.
pub(super) type Rules = BTreeMap<(Kind, Qualifiers), Vec<Place>>;

/// The rules, those put together on which apparmor_parser 3.0 would not end. It looks at all patterns at once that
/// permit the same.
pub(super) fn untangled(mut rules: Rules) -> Rules {
    let mut alike: BTreeMap<(Qualifiers, Access), Vec<&Glob>> = BTreeMap::new();
    for (kind, qualifiers) in rules.keys() {
        if let Kind::File(FileRule::Paths { paths, access, transition: None }) = kind {
            alike.entry((*qualifiers, *access)).or_default().push(paths);
        }
    }
    let mut together = Vec::new();
    for ((qualifiers, access), paths) in alike {
        if paths.iter().filter(|glob| glob.text().contains('{')).count() < 2 {
            continue;
        }
        let rule = |glob: Glob| (Kind::File(FileRule::new(glob, access)), qualifiers);
        for (numbers, one) in Glob::tangled(&paths) {
            let parts = numbers.iter().filter_map(|number| paths.get(*number));
            let parts: Vec<_> = parts.map(|glob| rule((*glob).clone())).collect();
            together.push((parts, rule(one)));
        }
    }
    for (parts, one) in together {
        let from: BTreeSet<Place> = parts.iter().filter_map(|part| rules.remove(part)).flatten().collect();
        rules.entry(one).or_default().extend(from);
    }
    rules
}
