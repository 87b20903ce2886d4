//! One form for patterns in which a group can be empty in several ways.
//!
//! Enters: the parts of patterns. Leaves: parts that match the same paths, in which no alternative is there twice and
//! what alternatives have in common at their beginnings and ends is there once, and which of the patterns could be empty
//! at the same place. apparmor_parser 3.0 moves what is empty to the end of its alternatives, again and again where four
//! of them meet (expr-tree.cc, normalize_tree; fixed in 4.0): it never ends. They meet in one group, in groups that are
//! alternatives of groups, behind and before what is equal (`{x{,a},x{,b}}`, `{x,x,xa}`), and between the rules of a profile that
//! permit the same. The form takes the same steps as the parser and no other: to write groups out, so that no two
//! alternatives begin alike, made patterns on which 3.0, 4.1 and 5.0 alike did not end.

use super::Part;
use std::collections::BTreeSet;

/// So many alternatives of one place may be there again. The parser ends with two of them, but not where they meet those
/// of other places, so none may. What is not empty counts as well, since of `{c,c,ca}` it makes `c{,,a}`.
const MOST: usize = 0;

/// No pattern of people takes so much.
const WORK: usize = 1 << 20;

/// Patterns of which each may be known by a number, side by side in one form.
#[derive(Debug)]
pub(super) struct Normal {
    pub(super) parts: Vec<Part>,
    /// Those that must not stand beside each other as they are: the numbers of patterns that can be empty at one
    /// place; one number alone is a pattern that is so by itself.
    pub(super) tangled: Vec<BTreeSet<usize>>,
}

/// The normal form of patterns side by side; none where it would take too long.
pub(super) fn normal<'a>(patterns: impl IntoIterator<Item = &'a [Part]>) -> Option<Normal> {
    let mut form = Form { work: WORK, tangled: Vec::new() };
    let mut choices = Vec::new();
    for (number, parts) in patterns.into_iter().enumerate() {
        let of = BTreeSet::from([number]);
        choices.push(Choice { parts: form.sequence(&of, parts)?, of });
    }
    let all = form.alternatives(choices)?;
    Some(Normal { parts: group(all), tangled: form.tangled })
}

/// Whether there is something that `normal` could find. Cheap: most patterns have no braces.
pub(super) fn may_be_tangled(parts: &[Part]) -> bool {
    fn choices(parts: &[Part]) -> usize {
        let inside = parts.iter().map(|part| match part {
            Part::Byte(_) | Part::OneOf(_) | Part::Many(_) => 0,
            Part::Either(all) => all.len() + all.iter().map(|choice| choices(choice)).sum::<usize>(),
        });
        inside.sum()
    }
    choices(parts) > MOST + 1
}

#[derive(Clone)]
struct Choice {
    /// The patterns it is from.
    of: BTreeSet<usize>,
    parts: Vec<Part>,
}

/// Where alternatives may have something in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Front,
    Back,
}

struct Form {
    work: usize,
    tangled: Vec<BTreeSet<usize>>,
}

impl Form {
    fn spend(&mut self, work: usize) -> Option<()> {
        self.work = self.work.checked_sub(work + 1)?;
        Some(())
    }

    /// Parts behind each other. What is empty between them is moved about as well, so nothing empty is left.
    fn sequence(&mut self, of: &BTreeSet<usize>, parts: &[Part]) -> Option<Vec<Part>> {
        let mut out = Vec::with_capacity(parts.len());
        for part in parts {
            self.spend(0)?;
            match part {
                Part::Byte(_) | Part::OneOf(_) | Part::Many(_) => push(&mut out, part.clone()),
                Part::Either(choices) => {
                    let mut inside = Vec::with_capacity(choices.len());
                    for parts in opened(choices) {
                        inside.push(Choice { parts: self.sequence(of, parts)?, of: of.clone() });
                    }
                    let inside = group(self.alternatives(inside)?);
                    if inside.is_empty() {
                        self.tangled.push(of.clone());
                    }
                    inside.into_iter().for_each(|part| push(&mut out, part));
                }
            }
        }
        Some(out)
    }

    /// Alternatives of which each is in its form.
    fn alternatives(&mut self, choices: Vec<Choice>) -> Option<Vec<Vec<Part>>> {
        let mut choices = self.flat(choices)?;
        loop {
            let before = choices.len();
            for end in [End::Front, End::Back] {
                choices = self.factored(choices, end)?;
            }
            if choices.len() == before {
                return Some(choices.into_iter().map(|choice| choice.parts).collect());
            }
            choices = self.flat(choices)?;
        }
    }

    /// Without groups that are alternatives of the group, and without repetitions.
    fn flat(&mut self, choices: Vec<Choice>) -> Option<Vec<Choice>> {
        let mut open = Vec::new();
        for Choice { of, parts } in choices {
            match parts.as_slice() {
                [Part::Either(inner)] => {
                    open.extend(inner.iter().map(|parts| Choice { of: of.clone(), parts: parts.clone() }));
                }
                _ => open.push(Choice { of, parts }),
            }
        }
        let mut once: Vec<Choice> = Vec::new();
        let (mut repetitions, mut repeated) = (0, BTreeSet::new());
        for choice in open {
            self.spend(once.len())?;
            match once.iter_mut().find(|other| other.parts == choice.parts) {
                Some(other) => {
                    other.of.extend(choice.of);
                    repeated.extend(&other.of);
                    repetitions += 1;
                }
                None => once.push(choice),
            }
        }
        if repetitions > MOST {
            self.tangled.push(repeated);
        }
        Some(once)
    }

    /// Those that begin or end alike as one, in the place of the first.
    fn factored(&mut self, choices: Vec<Choice>, end: End) -> Option<Vec<Choice>> {
        let mut groups: Vec<Vec<Choice>> = Vec::new();
        for choice in choices {
            self.spend(groups.len())?;
            let own = unit(&choice.parts, end);
            let alike = |group: &&mut Vec<Choice>| {
                !own.is_empty() && group.first().is_some_and(|first| unit(&first.parts, end) == own)
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.push(choice),
                None => groups.push(vec![choice]),
            }
        }
        let mut out = Vec::new();
        for mut group in groups {
            if group.len() == 1 {
                out.append(&mut group);
                continue;
            }
            out.push(self.common(group, end)?);
        }
        Some(out)
    }

    /// What choices have in common, and the rest of each as a group.
    fn common(&mut self, mut choices: Vec<Choice>, end: End) -> Option<Choice> {
        let length = common_length(&choices, end);
        self.spend(length * choices.len())?;
        let mut common = Vec::new();
        for choice in &mut choices {
            let at = match end {
                End::Front => length,
                End::Back => choice.parts.len().checked_sub(length)?,
            };
            let back = choice.parts.split_off(at);
            match end {
                End::Front => common = std::mem::replace(&mut choice.parts, back),
                End::Back => common = back,
            }
        }
        let of = choices.iter().flat_map(|choice| &choice.of).copied().collect();
        let rest = group(self.alternatives(choices)?);
        let (front, back) = match end {
            End::Front => (common, rest),
            End::Back => (rest, common),
        };
        let mut parts = front;
        back.into_iter().for_each(|part| push(&mut parts, part));
        Some(Choice { of, parts })
    }
}

/// Alternatives with those of groups that are alternatives: so that all that is empty is counted.
fn opened(choices: &[Vec<Part>]) -> Vec<&[Part]> {
    let open = choices.iter().flat_map(|parts| match parts.as_slice() {
        [Part::Either(inner)] => opened(inner),
        parts => vec![parts],
    });
    open.collect()
}

/// Alternatives as parts: one alone needs no braces.
fn group(mut all: Vec<Vec<Part>>) -> Vec<Part> {
    match all.len() {
        0 | 1 => all.pop().unwrap_or_default(),
        _ => vec![Part::Either(all)],
    }
}

/// Two stars together are one: the wider, since the narrower adds nothing to it.
fn push(out: &mut Vec<Part>, part: Part) {
    if let (Some(Part::Many(last)), Part::Many(next)) = (out.last_mut(), &part)
        && (last.or(*next) == *last || last.or(*next) == *next)
    {
        *last = last.or(*next);
        return;
    }
    out.push(part);
}

/// How parts begin or end: with a whole character, whose bytes are not taken apart.
fn unit(parts: &[Part], end: End) -> &[Part] {
    let is_inside = |part: &&Part| matches!(part, Part::Byte(byte) if byte & 0xc0 == 0x80);
    match end {
        End::Front => {
            let more = parts.iter().skip(1).take_while(is_inside).count();
            parts.get(..=more).unwrap_or(parts)
        }
        End::Back => {
            let more = parts.iter().rev().take_while(is_inside).count();
            parts.get(parts.len().saturating_sub(more + 1)..).unwrap_or(parts)
        }
    }
}

/// How many parts all have alike at this end.
fn common_length(choices: &[Choice], end: End) -> usize {
    fn next(choice: &Choice, length: usize, end: End) -> &[Part] {
        let parts = choice.parts.as_slice();
        let rest = match end {
            End::Front => parts.get(length..),
            End::Back => parts.get(..parts.len().saturating_sub(length)),
        };
        unit(rest.unwrap_or(&[]), end)
    }
    let Some((first, others)) = choices.split_first() else { return 0 };
    let mut length = 0;
    loop {
        let own = next(first, length, end);
        if own.is_empty() || others.iter().any(|other| next(other, length, end) != own) {
            return length;
        }
        length += own.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Glob, reader};
    use crate::kernel::glob::{Automaton, Budget};
    use proptest::prelude::*;
    use proptest::sample::select;

    /// As it is written, before it gets its form.
    fn written(text: &str) -> Glob {
        let (parts, text) = reader::read(text).unwrap();
        Glob { parts, text }
    }

    fn normal(text: &str) -> String {
        Glob::parse(text).unwrap().text
    }

    #[test]
    fn leaves_alone_what_the_parser_takes() {
        for text in [
            "/{,usr/}{,local/}lib{,32,64}/{,*-linux-*/}*.so{,.*}",
            "/a/{b,,c}",
            "/a/{,b}{,c}{,d}{,e}{,f}",
            "/a/{x,xa,xb,xc,xd}",
            "/a/{*,**,*a,?}",
        ] {
            assert_eq!(normal(text), text);
        }
    }

    #[test]
    fn is_empty_in_one_way() {
        for (text, right) in [
            ("/a/{,,,}", "/a/"),
            ("/a/{,}{,}{,}{,}b", "/a/b"),
            ("/a/{{,a},{,b},{,c},{,d}}", "/a/{,a,b,c,d}"),
            ("/a/{,b,{,c},{,d,{,e}}}", "/a/{,b,c,d,e}"),
            ("/a/{,{,{,{,b}}}}", "/a/{,b}"),
            ("/a/{x{,a},x{,b},x{,c}}", "/a/x{,a,b,c}"),
            ("/a/{{,a}x,{,b}x,{,c}x}", "/a/{,a,b,c}x"),
            ("/a/{p/{x,xa},p/{x,xb},p/{x,xc}}", "/a/p/x{,a,b,c}"),
            ("/{,,,é,è}", "/{,é,è}"),
            ("/a/{{,,,}*,{,,}*}", "/a/{*,*}"),
            ("/a/{/,{/,},/,,}b", "/a/{/,}b"),
            ("/a/{{/,,},/,x}/", "/a/{/,,x}/"),
            ("/a/{/,/,/}b", "/a/[/]b"),
            ("/a/{c,c,c,c,ca}", "/a/c{,a}"),
            ("/a/x*{,*,,}{**,**,**}", "/a/x*{,*}**"),
        ] {
            assert_eq!(normal(text), right, "{text}");
        }
    }

    /// Groups in groups, many of them empty, of few letters: so that alternatives are alike.
    fn nested() -> impl Strategy<Value = String> {
        const LEAVES: &[&str] = &[
            "", "", "", "a", "b", "ab", "/", "/a", "*", "**", "?", "[ab]", "[^a]", "é", "è", "\\,", "@", "a/",
        ];
        let leaf = select(LEAVES).prop_map(str::to_owned);
        let group = leaf.prop_recursive(3, 24, 4, |inner| {
            let sequence = prop::collection::vec(inner, 1..3).prop_map(|parts| parts.concat());
            prop::collection::vec(sequence, 2..5).prop_map(|all| format!("{{{}}}", all.join(",")))
        });
        prop::collection::vec(group, 1..4).prop_map(|parts| format!("/{}", parts.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

        #[test]
        fn matches_the_same_paths_and_is_a_form_of_itself(text in nested()) {
            let Ok((parts, _)) = reader::read(&text) else { return Ok(()) };
            let normal = super::normal([parts.as_slice()]).map(|normal| Glob::written(&normal.parts).unwrap());
            let Some(normal) = normal else { return Ok(()) };
            let (one, other) = (Automaton::new(&written(&text)), Automaton::new(&normal));
            let budget = || Budget::new(5_000);
            prop_assert_ne!(one.covers(&other, &budget()), Some(false), "{} is more than {}", normal.text, text);
            prop_assert_ne!(other.covers(&one, &budget()), Some(false), "{} is less than {}", normal.text, text);
            let parsed = Glob::parse(&normal.text).unwrap();
            prop_assert_eq!(&parsed, &normal);
            prop_assert_eq!(Glob::parse(&parsed.text).unwrap(), parsed);
        }
    }
}
