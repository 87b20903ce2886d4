//! Rules between processes: `signal` and `ptrace`.

use super::pattern;
use super::scan::Token::{self, Close, Equals, Open, Word};
use super::variables::Variables;
use crate::kernel::request::Contact;
use crate::rules::What;
use crate::rules::ground::Contacts;

/// As the profile language names them (signal.cc); `exists` is the question whether a process is there.
const SIGNALS: [&str; 34] = [
    "hup", "int", "quit", "ill", "trap", "abrt", "bus", "fpe", "kill", "usr1", "segv", "usr2", "pipe",
    "alrm", "term", "stkflt", "chld", "cont", "stop", "stp", "ttin", "ttou", "urg", "xcpu", "xfsz", "vtalrm",
    "prof", "winch", "io", "pwr", "sys", "emt", "lost", "exists",
];

pub(super) fn signal(tokens: &[Token<'_>], variables: &Variables) -> Result<What, String> {
    let all = [Contact::SignalSend, Contact::SignalReceive];
    let (contacts, rest) = contacts(tokens, &all, |word| match word {
        "send" | "write" | "w" => Some(&[Contact::SignalSend]),
        "receive" | "read" | "r" => Some(&[Contact::SignalReceive]),
        "rw" | "wr" => Some(&[Contact::SignalSend, Contact::SignalReceive]),
        _ => None,
    })?;
    let mut signals: Option<Vec<String>> = None;
    let mut peer = None;
    for (name, values) in conditions(rest)? {
        match (name, values.as_slice()) {
            ("set", words) => {
                for word in words {
                    let word = pattern::decode(word)?;
                    if !is_signal(&word) {
                        return Err(format!("has `{word}`, which is no signal that is known here"));
                    }
                    signals.get_or_insert_default().push(word);
                }
            }
            ("peer", [label]) if peer.is_none() => peer = Some(pattern::label(label, variables)?),
            _ => return Err(format!("has the condition `{name}`, which is not read here")),
        }
    }
    Ok(What::Process { contacts, signals, peer })
}

fn is_signal(word: &str) -> bool {
    let real = word.strip_prefix("rtmin+").and_then(|number| number.parse::<u8>().ok());
    SIGNALS.contains(&word) || real.is_some_and(|number| number <= 32)
}

pub(super) fn ptrace(tokens: &[Token<'_>], variables: &Variables) -> Result<What, String> {
    let all = [Contact::PtraceRead, Contact::PtraceTrace, Contact::PtraceReadBy, Contact::PtraceTracedBy];
    let (contacts, rest) = contacts(tokens, &all, |word| match word {
        "read" | "r" => Some(&[Contact::PtraceRead]),
        "trace" | "write" | "w" => Some(&[Contact::PtraceTrace]),
        "rw" | "wr" => Some(&[Contact::PtraceRead, Contact::PtraceTrace]),
        "readby" => Some(&[Contact::PtraceReadBy]),
        "tracedby" => Some(&[Contact::PtraceTracedBy]),
        _ => None,
    })?;
    let mut peer = None;
    for (name, values) in conditions(rest)? {
        match (name, values.as_slice()) {
            ("peer", [label]) if peer.is_none() => peer = Some(pattern::label(label, variables)?),
            _ => return Err(format!("has the condition `{name}`, which is not read here")),
        }
    }
    Ok(What::Process { contacts, signals: None, peer })
}

type Meaning = fn(&str) -> Option<&'static [Contact]>;

/// The words or the list at the head, all where there are none; and what stands behind.
fn contacts<'a, 'b>(
    tokens: &'b [Token<'a>],
    all: &[Contact],
    meaning: Meaning,
) -> Result<(Contacts, &'b [Token<'a>]), String> {
    let (words, rest) = match tokens {
        [Open, rest @ ..] => {
            let end = rest.iter().position(|token| *token == Close);
            let split = end.and_then(|end| rest.split_at_checked(end));
            let (words, rest) = split.ok_or("has a list that nothing closes")?;
            (words, rest.get(1..).unwrap_or_default())
        }
        [Word(_), Equals, ..] | [] => return Ok((Contacts::of(all), tokens)),
        [_, rest @ ..] => (tokens.get(..1).unwrap_or_default(), rest),
    };
    // The parser takes an empty list for all.
    if words.is_empty() {
        return Ok((Contacts::of(all), rest));
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
