//! The words that values are made of, each with what it means.

use crate::baseline::bundles;
use crate::check::expectation::VERBS;
use crate::check::{can_be_silenced, codes};
use crate::kernel::{Capability, Family, Operation, Socket, SocketType};
use serde_json::{Value, json};

/// A word with its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub about: String,
}

impl Word {
    fn new(text: impl Into<String>, about: impl Into<String>) -> Word {
        Word { text: text.into(), about: about.into() }
    }
}

pub(super) fn capabilities() -> Vec<Word> {
    Capability::all().map(|capability| Word::new(capability.name(), capability.about())).collect()
}

pub(super) fn operations() -> Vec<Word> {
    Operation::ALL.map(|operation| Word::new(operation.name(), operation.about())).to_vec()
}

/// Families, families with a type, types of any family.
pub(super) fn sockets() -> Vec<Word> {
    let families = Family::all().map(|family| Word::new(family.name(), family.about()));
    // `packet` alone would be taken for the family of that name.
    let kinds = SocketType::ALL.into_iter().filter(|kind| *kind != SocketType::Packet);
    let kinds = kinds.map(|kind| {
        let socket = Socket { family: None, kind: Some(kind) };
        Word::new(socket.to_string(), format!("In any family. {}", kind.about()))
    });
    families.chain(pairs()).chain(kinds).collect()
}

fn pairs() -> impl Iterator<Item = Word> {
    Family::all().flat_map(|family| {
        family.types().iter().map(move |kind| {
            let socket = Socket { family: Some(family), kind: Some(*kind) };
            Word::new(socket.to_string(), pair(family, *kind))
        })
    })
}

/// A family with a type: what it is for is said once, by the one that says more.
fn pair(family: Family, kind: SocketType) -> String {
    let is = |about: &'static str, ends: &[char]| about.split(ends).next().unwrap_or(about);
    match family.name() {
        "inet" | "inet6" => format!("{}. {}", is(family.about(), &[';']), kind.about()),
        _ => format!("{} {}.", family.about(), is(kind.about(), &[',', ';'])),
    }
}

pub(super) fn bundles() -> Vec<Word> {
    let about = |bundle: &bundles::Bundle| {
        let reasons: Vec<&str> = bundle.groups.iter().map(|group| group.why).collect();
        capitalised(&format!("{}.", reasons.join("; ")))
    };
    bundles::ALL.iter().map(|bundle| Word::new(bundle.name, about(bundle))).collect()
}

/// The findings that a policy may accept.
pub(super) fn findings() -> Vec<Word> {
    let mut codes: Vec<_> = codes().filter(|code| can_be_silenced(code)).collect();
    codes.sort_by_key(|code| code.name);
    let about = |code: &crate::diag::Code| {
        capitalised(&format!("{}: {}. {}", code.severity.name(), code.summary(), code.explanation()))
    };
    codes.into_iter().map(|code| Word::new(code.name, about(code))).collect()
}

/// Expectations: those that can be listed, and one with a path for each verb that takes one.
pub(super) fn expectations() -> Vec<Word> {
    let verbs = VERBS.iter().filter(|verb| verb.paths > 0);
    let with_paths = verbs.map(|verb| Word::new(format!("{} {}", verb.name, verb.example), verb.about));
    let behind = |verb: &str, words: Vec<Word>| -> Vec<Word> {
        words.into_iter().map(|word| Word::new(format!("{verb} {}", word.text), word.about)).collect()
    };
    with_paths
        .chain(behind("network", pairs().collect()))
        .chain(behind("capability", capabilities()))
        .chain(behind("operation", operations()))
        .collect()
}

pub(super) fn these(words: &[(&str, &str)]) -> Vec<Word> {
    words.iter().map(|(text, about)| Word::new(*text, *about)).collect()
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

/// Words and no others, in the form that the types' own words have.
pub(super) fn one_of(words: &[Word]) -> Value {
    json!({ "oneOf": explained(words) })
}

/// Words that explain themselves where a rule allows others too: whatever the value is, one of these holds.
pub(super) fn beside(words: &[Word], rule: Value) -> Value {
    let mut node = rule;
    if let Value::Object(node) = &mut node {
        node.insert("anyOf".to_owned(), anything(words));
    }
    node
}

/// Each word, and whatever is none of them.
pub(super) fn anything(words: &[Word]) -> Value {
    Value::Array(explained(words).into_iter().chain([Value::Bool(true)]).collect())
}

fn explained(words: &[Word]) -> Vec<Value> {
    words.iter().map(|word| json!({ "const": word.text, "description": word.about })).collect()
}

/// The words that a node of the schema explains: the only ones, or some.
pub fn listed(node: &Value) -> Vec<Word> {
    let branches = node.get("oneOf").or_else(|| node.get("anyOf")).and_then(Value::as_array);
    let words = branches.into_iter().flatten().filter_map(|branch| {
        let about = branch.get("description").and_then(Value::as_str).unwrap_or_default();
        Some(Word::new(branch.get("const")?.as_str()?, about))
    });
    words.collect()
}
