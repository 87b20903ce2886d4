//! Rules between processes: `signal` and `ptrace`.

use super::coverage::Coverage;
use super::text::pattern;
use super::text::quoted_label;
use super::text::scan::Token::{self, Close, Equals, Open, Word};
use super::text::variables::Variables;
use crate::kernel::request::{Contact, Contacts};
use crate::kernel::{Glob, glob};
use std::collections::BTreeSet;
use std::fmt;

/// Ways to meet processes with a label; any process without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProcessRule {
    /// Of signals or of tracing, never of both.
    pub contacts: Contacts,
    /// The signals, as the profile language names them; all where none is named.
    pub signals: Option<BTreeSet<String>>,
    pub peer: Option<Glob>,
}

/// As the profile language names them (signal.cc); `exists` is the question whether a process is there.
const SIGNALS: [&str; 34] = [
    "hup", "int", "quit", "ill", "trap", "abrt", "bus", "fpe", "kill", "usr1", "segv", "usr2", "pipe",
    "alrm", "term", "stkflt", "chld", "cont", "stop", "stp", "ttin", "ttou", "urg", "xcpu", "xfsz", "vtalrm",
    "prof", "winch", "io", "pwr", "sys", "emt", "lost", "exists",
];

impl ProcessRule {
    /// With any process, by any signal.
    pub fn with_any(contacts: Contacts) -> ProcessRule {
        ProcessRule { contacts, signals: None, peer: None }
    }

    pub(super) fn read_signal(tokens: &[Token<'_>], variables: &Variables) -> Result<ProcessRule, String> {
        let (contacts, rest) = contacts(tokens, Contacts::SIGNALS, |word| match word {
            "send" | "write" | "w" => Some(&[Contact::SignalSend]),
            "receive" | "read" | "r" => Some(&[Contact::SignalReceive]),
            "rw" | "wr" => Some(&[Contact::SignalSend, Contact::SignalReceive]),
            _ => None,
        })?;
        let mut rule = ProcessRule::with_any(contacts);
        for (name, values) in conditions(rest)? {
            match (name, values.as_slice()) {
                ("set", words) => {
                    for word in words {
                        let word = pattern::decode(word)?;
                        if !is_signal(&word) {
                            return Err(format!("has `{word}`, which is no signal that is known here"));
                        }
                        rule.signals.get_or_insert_default().insert(word);
                    }
                }
                ("peer", [label]) if rule.peer.is_none() => {
                    rule.peer = Some(pattern::label(label, variables)?);
                }
                _ => return Err(format!("has the condition `{name}`, which is not read here")),
            }
        }
        Ok(rule)
    }

    pub(super) fn read_ptrace(tokens: &[Token<'_>], variables: &Variables) -> Result<ProcessRule, String> {
        let (contacts, rest) = contacts(tokens, Contacts::PTRACES, |word| match word {
            "read" | "r" => Some(&[Contact::PtraceRead]),
            "trace" | "write" | "w" => Some(&[Contact::PtraceTrace]),
            "rw" | "wr" => Some(&[Contact::PtraceRead, Contact::PtraceTrace]),
            "readby" => Some(&[Contact::PtraceReadBy]),
            "tracedby" => Some(&[Contact::PtraceTracedBy]),
            _ => None,
        })?;
        let mut rule = ProcessRule::with_any(contacts);
        for (name, values) in conditions(rest)? {
            match (name, values.as_slice()) {
                ("peer", [label]) if rule.peer.is_none() => {
                    rule.peer = Some(pattern::label(label, variables)?);
                }
                _ => return Err(format!("has the condition `{name}`, which is not read here")),
            }
        }
        Ok(rule)
    }

    pub fn is_signal(&self) -> bool {
        self.contacts.intersects(Contacts::SIGNALS)
    }

    /// What may be done, as it is written; none for all ways of tracing.
    pub fn access(&self) -> Option<String> {
        const WORDS: [(Contact, &str); 6] = [
            (Contact::SignalSend, "send"),
            (Contact::SignalReceive, "receive"),
            (Contact::PtraceRead, "read"),
            (Contact::PtraceTrace, "trace"),
            (Contact::PtraceReadBy, "readby"),
            (Contact::PtraceTracedBy, "tracedby"),
        ];
        let words = WORDS.iter().filter(|(contact, _)| self.contacts.contains(*contact));
        let words: Vec<&str> = words.map(|(_, word)| *word).collect();
        (self.contacts != Contacts::PTRACES).then(|| words.join(","))
    }

    /// A signal without a name is any.
    pub fn coverage(&self, contact: Contact, signal: Option<&str>, peer: &str) -> Coverage {
        let is_signal = match (&self.signals, signal) {
            (None, _) => true,
            (Some(all), Some(one)) => all.contains(one),
            (Some(_), None) => false,
        };
        let is_peer = || self.peer.as_ref().is_none_or(|pattern| pattern.matches(peer.as_bytes()));
        Coverage::whole_if(self.contacts.contains(contact) && is_signal && is_peer())
    }
}

/// The label of a profile's own processes, alone or in a stack, with another name in its place; none where the label is
/// another one. The name stands as it is, or with what would be a pattern in it escaped.
pub fn renamed(peer: &Glob, old: &str, new: &str) -> Option<Glob> {
    let escaped = Glob::parse(&glob::escape(old)).ok()?;
    let names = [old, escaped.text()];
    let forms = [("", ""), ("", "//&*"), ("*//&", "")];
    let all = names.iter().flat_map(|name| forms.map(|(before, after)| (before, *name, after)));
    let is_own = |(before, name, after): &(&str, &str, &str)| peer.text() == format!("{before}{name}{after}");
    let (before, _, after) = all.into_iter().find(|form| is_own(form))?;
    Glob::parse(&format!("{before}{}{after}", glob::escape(new))).ok()
}

fn is_signal(word: &str) -> bool {
    let real = word.strip_prefix("rtmin+").and_then(|number| number.parse::<u8>().ok());
    SIGNALS.contains(&word) || real.is_some_and(|number| number <= 32)
}

type Meaning = fn(&str) -> Option<&'static [Contact]>;

/// The words or the list at the head, all where there are none; and what stands behind.
fn contacts<'a, 'b>(
    tokens: &'b [Token<'a>],
    all: Contacts,
    meaning: Meaning,
) -> Result<(Contacts, &'b [Token<'a>]), String> {
    let (words, rest) = match tokens {
        [Open, rest @ ..] => {
            let end = rest.iter().position(|token| *token == Close);
            let split = end.and_then(|end| rest.split_at_checked(end));
            let (words, rest) = split.ok_or("has a list that nothing closes")?;
            (words, rest.get(1..).unwrap_or_default())
        }
        [Word(_), Equals, ..] | [] => return Ok((all, tokens)),
        [_, rest @ ..] => (tokens.get(..1).unwrap_or_default(), rest),
    };
    // The parser takes an empty list for all.
    if words.is_empty() {
        return Ok((all, rest));
    }
    let mut found = Vec::new();
    for token in words {
        let known = match token {
            Word(word) => meaning(&pattern::decode(word)?),
            Equals | Open | Close | Token::Arrow | Token::AtMost => None,
        };
        found.extend(known.ok_or("has a word that is not known here")?);
    }
    Ok((Contacts::of(&found), rest))
}

type Condition<'a> = (&'a str, Vec<&'a str>);

/// `name=value` and `name=(values)`, one after the other.
fn conditions<'a>(tokens: &[Token<'a>]) -> Result<Vec<Condition<'a>>, String> {
    let mut found = Vec::new();
    let mut tokens = tokens;
    loop {
        let (name, values, rest) = match tokens {
            [] => return Ok(found),
            [Word(name), Equals, Open, rest @ ..] if *name != "peer" => {
                let end = rest.iter().position(|token| *token == Close).unwrap_or(rest.len());
                let (values, rest) = rest.split_at_checked(end).unwrap_or_default();
                (*name, values, rest.get(1..).unwrap_or_default())
            }
            [Word(name), Equals, value @ Word(_), rest @ ..] => (*name, std::slice::from_ref(value), rest),
            _ => return Err("has something behind it that is not read here".to_owned()),
        };
        let words = values.iter().map(|token| match token {
            Word(word) => Some(*word),
            Equals | Open | Close | Token::Arrow | Token::AtMost => None,
        });
        let words: Option<Vec<&str>> = words.collect();
        found
            .push((name, words.filter(|words| !words.is_empty()).ok_or("has a list that is not read here")?));
        tokens = rest;
    }
}

impl fmt::Display for ProcessRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_signal() { "signal" } else { "ptrace" })?;
        if let Some(access) = self.access() {
            write!(f, " ({access})")?;
        }
        if let Some(signals) = &self.signals {
            let signals: Vec<&str> = signals.iter().map(String::as_str).collect();
            write!(f, " set=({})", signals.join(","))?;
        }
        if let Some(peer) = &self.peer {
            write!(f, " peer={}", quoted_label(peer.text()))?;
        }
        f.write_str(",")
    }
}
