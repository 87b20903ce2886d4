//! Patterns that are hard to read, and paths that nearly match them. The same ones each time: a seed decides.

use aapol::kernel::glob::{Bytes, Part};
use aapol::policy::quoted;

/// Numbers that look random (xorshift64*): the tests want them small, fast and always alike.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap_or(0) % end.max(1)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Stand for themselves.
const LITERAL: &[&str] = &[
    "a", "a", "a", "b", "b", "ab", ".", "..", "-", "_", "0", " ", "\"", "'", "#", "@", "=", "!", "$", "(",
    ")", "|", "+", "~", ";", ":", "<", "&", "%", "é", "日", "🦀", "\t", ",", "x41", "377", "\\\\", "\\*",
    "\\?", "\\[", "\\]", "\\{", "\\}", "\\,", "\\^", "\\-", "\\\"", "\\@", "\\ ", "^", "@\\{a\\}", "\\\\\\*",
    "\\é",
];

const WILD: &[&str] = &["*", "*", "**", "**", "***", "****", "?", "??", "*?", "?*", "**?", "*\\*"];

/// In a class; a few are refused there, and then the pattern is.
const MEMBERS: &[&str] = &[
    "a", "b", "c", "a-c", "0-9", "+--", " -#", "!-~", "A-z", ".", "/", ",", "*", "?", "{", "}", "{,}", "[",
    "\\]", "\\^", "^", "\\-", "-", "\\\\", "\"", "'", "#", "@", "$", "(", ")", "|", "+", "\\!", "!", "=",
    " ", "\\\\-a", "\\[-\\]", "&", "~", ":", "\u{7f}",
];

const ENDS: &[&str] =
    &["", "", "", "", "/", "/*", "/**", "/{,**}", "{,/}", "{,**}", "/*/", "/**/", "{,/**}", "*", "**", "/?"];

/// A pattern, which may be one that nobody takes.
pub(crate) fn pattern(dice: &mut Dice) -> String {
    let mut text = "/".to_owned();
    let count = 1 + dice.below(6);
    sequence(dice, count, 0, &mut text);
    text.push_str(dice.of(ENDS));
    // The parser takes two slashes for one, which no path can have: `check` has its own word on these.
    while text.contains("//") {
        text = text.replace("//", "/");
    }
    text
}

fn sequence(dice: &mut Dice, count: usize, depth: usize, text: &mut String) {
    for _ in 0..count {
        match dice.below(12) {
            0..=3 => text.push_str(dice.of(LITERAL)),
            4 | 5 => text.push('/'),
            6 | 7 => text.push_str(dice.of(WILD)),
            8 | 9 => class(dice, text),
            _ if depth < 3 => braces(dice, depth, text),
            _ => text.push('a'),
        }
    }
}

fn class(dice: &mut Dice, text: &mut String) {
    text.push_str(if dice.one_in(3) { "[^" } else { "[" });
    for _ in 0..=dice.below(3) {
        text.push_str(dice.of(MEMBERS));
    }
    text.push(']');
}

/// Groups in groups, many of them empty, of few letters: on these as they are parser 3.0 does not come to an end.
pub(crate) fn nested(dice: &mut Dice) -> String {
    const START: &[&str] = &["/a/", "/a/", "/a/x", "/srv/", "/srv/b/", "/usr/lib/"];
    const END: &[&str] = &["", "", "", "/", "x", "/**", "*", ".d/"];
    let mut text = dice.of(START).to_owned();
    for _ in 0..=dice.below(2) {
        group(dice, 0, &mut text);
    }
    text.push_str(dice.of(END));
    text
}

/// A policy of a few such patterns to a list.
pub(crate) fn nested_policy(dice: &mut Dice, name: &str) -> String {
    let mut text = format!("name = \"{name}\"\n[filesystem]\n");
    for (number, key) in ["read-only", "read-write", "deny-write", "deny"].into_iter().enumerate() {
        let count = dice.below(6);
        let patterns: Vec<String> = (0..count)
            // Denials of what another list grants would be errors.
            .map(|_| quoted(&nested(dice).replacen('/', &format!("/{number}"), 1)))
            .collect();
        text.push_str(&format!("{key} = [{}]\n", patterns.join(", ")));
    }
    text
}

fn group(dice: &mut Dice, depth: usize, text: &mut String) {
    const LEAF: &[&str] = &["", "", "", "a", "b", "c", "x", "ab", "*", "b/c", "?", "[ab]", "é"];
    text.push('{');
    for at in 0..2 + dice.below(3) {
        if at > 0 {
            text.push(',');
        }
        for _ in 0..=dice.below(2) {
            if depth < 2 && dice.one_in(3) {
                group(dice, depth + 1, text);
            } else {
                text.push_str(dice.of(LEAF));
            }
        }
    }
    text.push('}');
}

/// With one empty alternative at most, so that the pattern is compiled as it is written.
fn braces(dice: &mut Dice, depth: usize, text: &mut String) {
    text.push('{');
    let choices = 2 + dice.below(2);
    let empty = dice.below(choices * 2);
    for at in 0..choices {
        if at > 0 {
            text.push(',');
        }
        let count = if at == empty { 0 } else { 1 + dice.below(3) };
        sequence(dice, count, depth + 1, text);
    }
    text.push('}');
}

/// A path that the parts match, or one that is a few bytes off.
pub(crate) fn path(dice: &mut Dice, parts: &[Part]) -> Vec<u8> {
    let mut path = Vec::new();
    spell(dice, parts, &mut path);
    if dice.one_in(3) {
        return path;
    }
    for _ in 0..=dice.below(3) {
        let at = dice.below(path.len() + 1);
        match dice.below(6) {
            0 => path.insert(at, byte(dice)),
            1 => path.insert(at, b'/'),
            2 if at < path.len() => path[at] = byte(dice),
            3 if at < path.len() => drop(path.remove(at)),
            4 => path.truncate(at),
            _ => path.extend_from_within(at..),
        }
    }
    path
}

fn spell(dice: &mut Dice, parts: &[Part], path: &mut Vec<u8>) {
    for part in parts {
        match part {
            Part::Byte(byte) => path.push(*byte),
            Part::OneOf(bytes) => path.extend(member(dice, *bytes)),
            Part::Many(bytes) => {
                for _ in 0..dice.below(4) {
                    path.extend(member(dice, *bytes));
                }
            }
            Part::Either(choices) => {
                let at = dice.below(choices.len());
                spell(dice, &choices[at], path);
            }
        }
    }
}

/// One of a set's bytes, if there are any: rather a usual one.
fn member(dice: &mut Dice, bytes: Bytes) -> Option<u8> {
    let tries = (0..8).map(|_| byte(dice)).find(|byte| bytes.contains(*byte));
    tries.or_else(|| (0..=u8::MAX).find(|byte| bytes.contains(*byte)))
}

/// Any but NUL, which ends a path.
fn byte(dice: &mut Dice) -> u8 {
    match dice.below(4) {
        0 => 1 + u8::try_from(dice.below(255)).unwrap_or(0),
        1 => dice.of(b"/*?[]{},^-\\\"@#! "),
        _ => dice.of(b"/aabb/.c0"),
    }
}
