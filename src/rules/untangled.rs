//! Rules that permit the same to patterns that must not be beside each other: one rule for them.

use super::{Effect, FileRule, Kind};
use crate::diag::Place;
use crate::kernel::{Access, Glob};
use std::collections::{BTreeMap, BTreeSet};

/// Rules, each once, with the entries that they stand for.
pub(super) type Rules = BTreeMap<(Kind, Effect), Vec<Place>>;

/// The rules, those put together on which apparmor_parser 3.0 would not end. It looks at all patterns at once that
/// permit the same.
pub(super) fn untangled(mut rules: Rules) -> Rules {
    let mut alike: BTreeMap<(Effect, Access), Vec<(&str, Glob)>> = BTreeMap::new();
    for (kind, effect) in rules.keys() {
        if let Kind::File(FileRule::Paths { pattern, access }) = kind
            && let Ok(glob) = Glob::parse(pattern)
        {
            alike.entry((*effect, *access)).or_default().push((pattern, glob));
        }
    }
    let rule = |pattern: &str, access, effect| {
        (Kind::File(FileRule::Paths { pattern: pattern.to_owned(), access }), effect)
    };
    let mut together = Vec::new();
    for ((effect, access), patterns) in alike {
        if patterns.iter().filter(|(pattern, _)| pattern.contains('{')).count() < 2 {
            continue;
        }
        let (texts, globs): (Vec<&str>, Vec<Glob>) = patterns.into_iter().unzip();
        for (numbers, one) in Glob::tangled(&globs) {
            let texts = numbers.iter().filter_map(|number| texts.get(*number));
            let parts: Vec<_> = texts.map(|text| rule(text, access, effect)).collect();
            together.push((parts, rule(one.text(), access, effect)));
        }
    }
    for (parts, one) in together {
        let from: BTreeSet<Place> = parts.iter().filter_map(|part| rules.remove(part)).flatten().collect();
        rules.entry(one).or_default().extend(from);
    }
    rules
}
