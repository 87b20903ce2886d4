//! A raw rule that is not one whole rule.

use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Glob;
use crate::policy::Text;
use crate::rules::operation::allows_every_mount;

pub static CODE: Code = code!("invalid-raw-rule", Error);

/// Whether it is one rule.
pub fn check(text: &Text, found: &mut Findings) -> bool {
    let Some((wrong, help)) = fault(text) else {
        return true;
    };
    let shown: String = text.chars().filter(|c| !c.is_control()).take(120).collect();
    found.add(Finding::new(&CODE, text.place, format!("the raw rule `{shown}` {wrong}")).help(help));
    false
}

fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    if super::control_character::first(text, "").is_some() {
        return Some((
            "holds a line break or a character that nobody sees",
            "write one rule an entry, in one line",
        ));
    }
    let body = text.trim();
    if !body.ends_with(',') {
        return Some(("does not end in a comma", "every rule of the profile language ends in a comma"));
    }
    let first = body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
    if matches!(first, Some("include" | "profile" | "hat" | "abi" | "if" | "else" | "alias")) {
        return Some((
            "is not a rule",
            "use `abstractions` for includes and `abi` for the feature set; blocks cannot be written here",
        ));
    }
    if allows_every_mount(body.trim_end_matches(',').split_whitespace()) {
        return Some((
            "makes `apparmor_parser` 3.0 allow every mount",
            "write `audit deny umount /{,**},`, which denies the same everywhere",
        ));
    }
    if patterns(body).any(|pattern| Glob::is_endless(&pattern)) {
        return Some((
            "has braces that can be empty in several ways, which `apparmor_parser` 3.0 may never finish",
            "write each alternative once, in one pair of braces: `/a/{,b,c}` for `/a/{{,b},{,c},}`",
        ));
    }
    let mut scan = Scan::default();
    let mut before = ' ';
    for (index, c) in body.char_indices() {
        let is_last = index + 1 == body.len();
        if let Some(fault) = scan.step(c, before, is_last) {
            return Some(fault);
        }
        before = c;
    }
    scan.end()
}

/// What may be patterns in a rule: its words, and what stands in quotes. A variable is nothing that is empty.
fn patterns(rule: &str) -> impl Iterator<Item = String> {
    let quoted = rule.split('"').enumerate();
    let words = quoted.flat_map(|(number, text)| {
        let is_quoted = number % 2 == 1;
        text.split(move |c: char| !is_quoted && (c.is_whitespace() || "()=".contains(c)))
    });
    let braced = words.filter(|word| word.contains('{'));
    braced.map(|word| word.trim_end_matches(',').replace("@{", "{v,"))
}

/// Where in a rule a character stands.
#[derive(Default)]
struct Scan {
    quoted: bool,
    escaped: bool,
    braces: usize,
    brackets: bool,
    parentheses: usize,
    in_word: bool,
}

impl Scan {
    fn step(&mut self, c: char, before: char, is_last: bool) -> Option<(&'static str, &'static str)> {
        if self.escaped {
            self.escaped = false;
            return None;
        }
        match c {
            '\\' => self.escaped = true,
            '"' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            '#' => return Some(("holds a comment", "put the path in quotes if the `#` belongs to it")),
            '[' => self.brackets = true,
            ']' => self.brackets = false,
            // A brace within a word belongs to a path or a variable; one on its own opens a block.
            '{' if before.is_whitespace() || !self.in_word => {
                return Some(("opens a block", "write one rule; blocks cannot be written here"));
            }
            '{' => self.braces += 1,
            '}' if self.braces == 0 => {
                return Some(("closes a block", "write one rule; blocks cannot be written here"));
            }
            '}' => self.braces -= 1,
            '(' => self.parentheses += 1,
            ')' => self.parentheses = self.parentheses.saturating_sub(1),
            ',' if !is_last && self.braces == 0 && self.parentheses == 0 && !self.brackets => {
                return Some(("is more than one rule", "write one rule an entry"));
            }
            _ => {}
        }
        if c.is_whitespace() {
            if self.braces > 0 && !self.quoted {
                return Some(("has a space inside braces", "put the path in quotes"));
            }
            self.in_word = false;
        } else {
            self.in_word = true;
        }
        None
    }

    fn end(&self) -> Option<(&'static str, &'static str)> {
        let open = self.quoted || self.escaped || self.brackets || self.braces > 0 || self.parentheses > 0;
        open.then_some((
            "does not end where its comma is",
            "close every quote, brace, bracket and parenthesis",
        ))
    }
}
