//! One form for patterns in which a group can be empty in several ways.
//!
//! Enters: the parts of patterns. Leaves: parts that match the same paths, in which no alternative is there twice and
//! no two of a group begin alike, and which of the patterns could be empty at the same place. apparmor_parser 3.0
//! moves what is empty to the end of its alternatives, again and again where four of them meet (expr-tree.cc,
//! normalize_tree; mended in 4.0): it never ends. They meet in one group, in groups inside of groups, behind equal
//! beginnings (`{x{,a},x{,b}}`), and between the rules of a profile that permit the same.

use super::Part;
use std::collections::{BTreeSet, VecDeque};

/// This often the empty alternative may be at one place: the parser ends with three.
const MOST: usize = 2;

/// No pattern of people takes so much; those that are made to, double with each group.
const WORK: usize = 1 << 18;

/// Patterns of which each may be known by a number, side by side in one form.
#[derive(Debug)]
pub(super) struct Normal {
    pub(super) parts: Vec<Part>,
    /// Those that must not stand beside each other as they are: the numbers of patterns that can be empty at one
    /// place; one number alone is a pattern that is so by itself.
    pub(super) tangled: Vec<BTreeSet<usize>>,
}

/// The normal form of patterns side by side; none where it would be larger than anyone wants.
pub(super) fn normal<'a>(patterns: impl IntoIterator<Item = &'a [Part]>) -> Option<Normal> {
    let mut form = Form { work: WORK, tangled: Vec::new() };
    let choices = patterns.into_iter().enumerate();
    let choices = choices.map(|(of, parts)| Choice { of: BTreeSet::from([of]), parts: parts.to_vec() });
    let all = form.alternatives(choices.collect())?;
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
    choices(parts) > MOST
}

struct Choice {
    /// The patterns it is from.
    of: BTreeSet<usize>,
    parts: Vec<Part>,
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
                    let choices = choices.iter().map(|parts| Choice { of: of.clone(), parts: parts.clone() });
                    let inside = group(self.alternatives(choices.collect())?);
                    if inside.is_empty() {
                        self.tangled.push(of.clone());
                    }
                    inside.into_iter().for_each(|part| push(&mut out, part));
                }
            }
        }
        Some(out)
    }

    fn alternatives(&mut self, mut choices: Vec<Choice>) -> Option<Vec<Vec<Part>>> {
        if let [Choice { of, parts }] = choices.as_slice() {
            return Some(vec![self.sequence(of, parts)?]);
        }
        let common = common_length(&choices);
        if common > 0 {
            let (of, head) = (all_of(&choices), choices.first()?.parts.get(..common)?.to_vec());
            let mut parts = self.sequence(&of, &head)?;
            choices.iter_mut().for_each(|choice| drop(choice.parts.drain(..common)));
            group(self.alternatives(choices)?).into_iter().for_each(|part| push(&mut parts, part));
            return Some(vec![parts]);
        }
        let choices = self.opened(choices)?;
        let empty: Vec<&Choice> = choices.iter().filter(|choice| choice.parts.is_empty()).collect();
        if empty.len() > MOST {
            self.tangled.push(empty.iter().flat_map(|choice| &choice.of).copied().collect());
        }
        let mut groups: Vec<Vec<Choice>> = Vec::new();
        for choice in choices {
            self.spend(groups.len())?;
            let alike = |group: &&mut Vec<Choice>| {
                group.first().is_some_and(|first| head(&first.parts) == head(&choice.parts))
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.push(choice),
                None => groups.push(vec![choice]),
            }
        }
        let mut out = Vec::new();
        for group in groups {
            match group.first() {
                Some(first) if first.parts.is_empty() => out.push(Vec::new()),
                _ => out.extend(self.alternatives(group)?),
            }
        }
        Some(out)
    }

    /// Without groups at the beginning: each of their alternatives stands beside the others, with what follows.
    fn opened(&mut self, choices: Vec<Choice>) -> Option<Vec<Choice>> {
        let mut waiting: VecDeque<Choice> = choices.into();
        let mut open = Vec::new();
        while let Some(choice) = waiting.pop_front() {
            self.spend(choice.parts.len())?;
            match choice.parts.split_first() {
                Some((Part::Either(inner), rest)) => {
                    for start in inner.iter().rev() {
                        self.spend(start.len() + rest.len())?;
                        let parts = [start, rest].concat();
                        waiting.push_front(Choice { of: choice.of.clone(), parts });
                    }
                }
                Some((Part::Byte(_) | Part::OneOf(_) | Part::Many(_), _)) | None => open.push(choice),
            }
        }
        Some(open)
    }
}

fn all_of(choices: &[Choice]) -> BTreeSet<usize> {
    choices.iter().flat_map(|choice| &choice.of).copied().collect()
}

/// Alternatives as parts: one alone needs no braces.
fn group(mut all: Vec<Vec<Part>>) -> Vec<Part> {
    match all.len() {
        0 => Vec::new(),
        1 => all.pop().unwrap_or_default(),
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

/// How the parts begin: with a whole character, whose bytes are not taken apart.
fn head(parts: &[Part]) -> &[Part] {
    let is_inside = |part: &&Part| matches!(part, Part::Byte(byte) if byte & 0xc0 == 0x80);
    let more = parts.iter().skip(1).take_while(is_inside).count();
    parts.get(..=more).unwrap_or(parts)
}

/// How many parts all begin with alike.
fn common_length(choices: &[Choice]) -> usize {
    let Some((first, others)) = choices.split_first() else { return 0 };
    let mut length = 0;
    loop {
        let start = head(first.parts.get(length..).unwrap_or(&[]));
        let same = |choice: &Choice| head(choice.parts.get(length..).unwrap_or(&[])) == start;
        if start.is_empty() || !others.iter().all(same) {
            return length;
        }
        length += start.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Glob, reader};
    use crate::kernel::automaton::{Automaton, Budget};
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
            "/b/{,,c}",
            "/a/{b,,c}",
            "/a/{,b}{,c}{,d}{,e}{,f}",
            "/a/{,{,b}}",
            "/a/{x,xa,xb,xc,xd}",
            "/a/{b,b}",
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
            ("/a/{{,a}x,{,b}x,{,c}x}", "/a/{x,ax,bx,cx}"),
            ("/a/{p/{x,xa},p/{x,xb},p/{x,xc}}", "/a/p/x{,a,b,c}"),
            ("/{,,,é,è}", "/{,é,è}"),
            ("/a/{{,,}*,{,,}*}", "/a/{*,*}"),
            ("/a/{/,/,/}b", "/a/[/]b"),
            ("/a/x*{,*,,}{**,**,**}", "/a/x*{,*}**"),
        ] {
            assert_eq!(normal(text), right, "{text}");
        }
    }

    #[test]
    fn what_doubles_with_each_group_is_refused() {
        let text = format!("/{{{},x}}", "{,a,b,{c,}}".repeat(300));
        assert!(Glob::parse(&text).is_err());
    }

    /// Groups in groups, many of them empty, of few letters: so that alternatives are alike.
    fn nested() -> impl Strategy<Value = String> {
        const LEAVES: &[&str] =
            &["", "", "", "a", "b", "ab", "/", "/a", "*", "**", "?", "[ab]", "[^a]", "é", "è", "\\,", "@", "a/"];
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
