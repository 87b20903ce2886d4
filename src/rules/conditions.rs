//! What a rule asks for beyond its kind: a socket's address, a mount's source. Conditions are compared, never weighed:
//! of a rule that has some, nobody here knows whether it is about an access.

use super::text::pattern;
use super::text::quoted_value;
use super::text::scan::Token::{self, Arrow, AtMost, Close, Equals, Open, Word};
use super::text::variables::Variables;
use std::collections::BTreeSet;
use std::fmt;

/// The conditions of a rule. Lists are sets, and the order of names is of no matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conditions {
    /// What may be done, of rules that say so: `(send, receive)`.
    access: BTreeSet<String>,
    named: BTreeSet<Condition>,
    /// Words without a name, in their order: a mount's source.
    words: Vec<String>,
    /// What stands behind an arrow.
    target: Option<String>,
}

/// `name=value`, `name=(values)` or `name in (values)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Condition {
    name: String,
    /// Any of the values will do, in place of all.
    is_in: bool,
    values: BTreeSet<Value>,
}

/// A value; that of a peer has a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Value {
    name: Option<String>,
    text: String,
}

impl Conditions {
    /// Where something stands without a name.
    pub fn of_words(words: &[&str]) -> Conditions {
        Conditions { words: words.iter().map(|word| (*word).to_owned()).collect(), ..Conditions::default() }
    }

    /// `name=(values)`
    pub fn of_list(name: &str, values: &[&str]) -> Conditions {
        let values = values.iter().map(|text| Value { name: None, text: (*text).to_owned() }).collect();
        let condition = Condition { name: name.to_owned(), is_in: false, values };
        Conditions { named: BTreeSet::from([condition]), ..Conditions::default() }
    }

    pub fn is_empty(&self) -> bool {
        *self == Conditions::default()
    }

    /// Whether they are these words and nothing else.
    pub fn are_words(&self, words: &[&str]) -> bool {
        *self == Conditions::of_words(words)
    }

    /// Conditions of a rule whose first words may say what may be done.
    pub(super) fn read(tokens: &[Token<'_>], variables: &Variables) -> Result<Conditions, String> {
        let (access, mut rest) = access(tokens, variables)?;
        let mut access = access;
        // Without a list these are plain words, which no path begins like.
        while let [Word(word), behind @ ..] = rest
            && word.starts_with(|c: char| c.is_ascii_lowercase())
            && !matches!(behind, [Equals, ..] | [Word("in"), Open, ..])
        {
            access.insert((*word).to_owned());
            rest = behind;
        }
        Ok(Conditions { access, ..Conditions::read_rest(rest, variables)? })
    }

    /// The list of what may be done, at the head of some tokens, and what stands behind it.
    pub(super) fn read_access<'a, 'b>(
        tokens: &'b [Token<'a>],
        variables: &Variables,
    ) -> Result<(Conditions, &'b [Token<'a>]), String> {
        let (access, rest) = access(tokens, variables)?;
        Ok((Conditions { access, ..Conditions::default() }, rest))
    }

    /// These, and what is behind.
    pub(super) fn with(self, behind: Conditions) -> Conditions {
        Conditions { access: self.access, ..behind }
    }

    /// Conditions that say nothing of what may be done.
    pub(super) fn read_rest(mut tokens: &[Token<'_>], variables: &Variables) -> Result<Conditions, String> {
        let mut found = Conditions::default();
        loop {
            tokens = match tokens {
                [] => return Ok(found),
                [Word(name), Equals, Open, rest @ ..] => {
                    let (values, rest) = list(rest, variables)?;
                    found.named.insert(Condition { name: (*name).to_owned(), is_in: false, values });
                    rest
                }
                [Word(name), Word("in"), Open, rest @ ..] => {
                    let (values, rest) = list(rest, variables)?;
                    found.named.insert(Condition { name: (*name).to_owned(), is_in: true, values });
                    rest
                }
                [Word(name), Equals, Word(value), rest @ ..] => {
                    let value = Value { name: None, text: pattern::value(value, variables)? };
                    let values = BTreeSet::from([value]);
                    found.named.insert(Condition { name: (*name).to_owned(), is_in: false, values });
                    rest
                }
                [Arrow, Word(target), rest @ ..] if found.target.is_none() => {
                    found.target = Some(pattern::value(target, variables)?);
                    rest
                }
                [Word(word), rest @ ..] => {
                    found.words.push(pattern::value(word, variables)?);
                    rest
                }
                [Open | Close | Equals | Arrow | AtMost, ..] => return Err(WRONG.to_owned()),
            };
        }
    }

    /// What may be done, behind the word of the rule.
    pub(super) fn write_access(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.access.is_empty() {
            return Ok(());
        }
        let words: Vec<&str> = self.access.iter().map(String::as_str).collect();
        write!(f, " ({})", words.join(","))
    }

    /// All the others.
    pub(super) fn write_rest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The parser wants the peer behind all that is the process's own.
        for peers in [false, true] {
            for condition in self.named.iter().filter(|one| (one.name == "peer") == peers) {
                write!(f, " {condition}")?;
            }
        }
        for word in &self.words {
            write!(f, " {}", quoted_value(word))?;
        }
        self.target.as_ref().map_or(Ok(()), |target| write!(f, " -> {}", quoted_value(target)))
    }
}

impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_access(f)?;
        self.write_rest(f)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<String> = self.values.iter().map(Value::to_string).collect();
        let values = values.join(",");
        let is_list = self.values.len() != 1
            || self.name == "options"
            || self.values.iter().any(|value| value.name.is_some());
        match (self.is_in, is_list) {
            (true, _) => write!(f, "{} in ({values})", self.name),
            (false, true) => write!(f, "{}=({values})", self.name),
            (false, false) => write!(f, "{}={values}", self.name),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}=")?;
        }
        f.write_str(&quoted_value(&self.text))
    }
}

const WRONG: &str = "has a list that is not read here";

/// A list at the head, where there is one.
fn access<'a, 'b>(
    tokens: &'b [Token<'a>],
    variables: &Variables,
) -> Result<(BTreeSet<String>, &'b [Token<'a>]), String> {
    let [Open, rest @ ..] = tokens else { return Ok((BTreeSet::new(), tokens)) };
    let (values, rest) = list(rest, variables)?;
    if values.iter().any(|value| value.name.is_some()) {
        return Err(WRONG.to_owned());
    }
    Ok((values.into_iter().map(|value| value.text).collect(), rest))
}

/// What stands between parentheses, and what stands behind them.
fn list<'a, 'b>(
    mut tokens: &'b [Token<'a>],
    variables: &Variables,
) -> Result<(BTreeSet<Value>, &'b [Token<'a>]), String> {
    let mut values = BTreeSet::new();
    loop {
        tokens = match tokens {
            [Close, rest @ ..] if !values.is_empty() => return Ok((values, rest)),
            [Word(name), Equals, Word(value), rest @ ..] => {
                let text = pattern::value(value, variables)?;
                values.insert(Value { name: Some((*name).to_owned()), text });
                rest
            }
            [Word(value), rest @ ..] => {
                values.insert(Value { name: None, text: pattern::value(value, variables)? });
                rest
            }
            [] | [Open | Close | Equals | Arrow | AtMost, ..] => return Err(WRONG.to_owned()),
        };
    }
}
