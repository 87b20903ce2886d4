//! Manifests of Kubernetes that hold or stand for AppArmor profiles.
//!
//! Enters: the text of a file of YAML or JSON, with one or several objects. Leaves: the profiles that come of them, and
//! why none comes of others. Objects that only belong to a profile, such as the pods that mount it, become notes on it.
//! Absent on purpose: everything else that a manifest says of its pods.

mod beside;
mod config_map;
mod fields;
mod kind;
mod kubearmor;
mod operator;
mod verbatim;

pub use kind::ObjectKind;

use super::yaml::{self, Node, Value};
use super::{NotTaken, WrittenProfile};
use fields::Word;

/// The keys at the head of every object that say nothing of what is allowed.
const HEAD: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// What is taken, for messages.
const TAKEN: &str = "give a ConfigMap with profiles, an `AppArmorProfile` of the security-profiles-operator, or \
                     a `KubeArmorPolicy`";

/// Whether a file holds something of which there is a word to be said here; broken documents are left out.
pub fn is_meant(text: &str) -> bool {
    let is_meant = |kind: &ObjectKind| !matches!(kind, ObjectKind::Workload | ObjectKind::Other);
    text.contains("apiVersion") && kinds(text).iter().any(is_meant)
}

/// What the objects of a file are, in their order, as far as they can be read.
fn kinds(text: &str) -> Vec<ObjectKind> {
    let mut out = Vec::new();
    for document in yaml::documents(text).iter().flatten() {
        each(document, None, &mut |object, list| out.push(ObjectKind::of(object, list)));
    }
    out
}

/// The profiles of a file in their order.
pub fn read(text: &str) -> Vec<Result<WrittenProfile, NotTaken>> {
    let documents = yaml::documents(text);
    let mut objects = Vec::new();
    let mut found = Vec::new();
    for document in &documents {
        match document {
            Ok(node) => {
                each(node, None, &mut |object, list| objects.push((object, ObjectKind::of(object, list))))
            }
            Err(fault) => {
                found.push(Found { line: fault.line.unwrap_or(0), map: None, result: Err(fault.clone()) })
            }
        }
    }
    let mut others = Vec::new();
    for (object, kind) in &objects {
        let line = kind::line(object);
        let mut one = |result| found.push(Found { line, map: None, result });
        match kind {
            ObjectKind::ConfigMap => {
                let map = object.text_at(&["metadata", "name"]);
                let results = config_map::profiles(object).into_iter();
                found.extend(results.map(|result| Found { line, map, result }));
            }
            ObjectKind::AppArmorProfile => {
                one(named(object, "AppArmorProfile", |name| operator::profile(object, name)))
            }
            ObjectKind::KubeArmorPolicy => {
                let word = "KubeArmorPolicy";
                one(named(object, word, |name| kubearmor::profile(object, word, name)));
            }
            ObjectKind::KubeArmorClusterPolicy => {
                let word = "KubeArmorClusterPolicy";
                one(named(object, word, |name| kubearmor::profile(object, word, name)));
            }
            ObjectKind::KubeArmorHostPolicy | ObjectKind::Varmor => one(Err(refusal(object, *kind))),
            ObjectKind::OtherProfile
            | ObjectKind::ProfileBinding
            | ObjectKind::ProfileRecording
            | ObjectKind::Workload
            | ObjectKind::Other => others.push((*object, *kind)),
        }
    }
    found.sort_by_key(|one| one.line);
    beside::tell(&others, &mut found);
    found.sort_by_key(|one| one.line);
    let mut out: Vec<_> = found.into_iter().map(|one| one.result).collect();
    if out.is_empty() {
        let wrong = "the file holds no object of Kubernetes".to_owned();
        out.push(Err(NotTaken { line: None, wrong, help: TAKEN.to_owned() }));
    }
    out
}

/// What came of an object.
struct Found<'n> {
    /// Of the object.
    line: usize,
    /// The ConfigMap that it is out of.
    map: Option<&'n str>,
    result: Result<WrittenProfile, NotTaken>,
}

/// Calls with each object of a document: lists of them are unfolded, which say by their own kind what theirs is.
fn each<'n>(node: &'n Node, list: Option<&'n Node>, found: &mut impl FnMut(&'n Node, Option<&'n Node>)) {
    let is_list = node.text_at(&["kind"]).is_none_or(|kind| kind.ends_with("List"));
    match (&node.value, node.get("items").and_then(|items| items.value.list())) {
        (Value::List(items), _) => items.iter().for_each(|item| each(item, list, found)),
        (Value::Map(_), Some(items)) if is_list => {
            items.iter().for_each(|item| each(item, Some(node), found))
        }
        (Value::Map(_) | Value::Scalar(_), _) => found(node, list),
    }
}

/// A policy by its name.
fn named<'n>(
    object: &'n Node,
    kind: &str,
    profile: impl FnOnce(Word<'n>) -> Result<WrittenProfile, NotTaken>,
) -> Result<WrittenProfile, NotTaken> {
    let entry = object.get("metadata").and_then(|metadata| metadata.value.get("name"));
    match entry.and_then(|entry| Some(Word { text: &entry.value.scalar()?.text, line: entry.line })) {
        Some(name) if !name.text.is_empty() => profile(name),
        Some(_) | None => Err(NotTaken {
            line: Some(object.line),
            wrong: format!("the `{kind}` has no name"),
            help: "write `metadata.name`, by which the profile is called".to_owned(),
        }),
    }
}

/// Why no profile comes of an object.
fn refusal(object: &Node, kind: ObjectKind) -> NotTaken {
    let what = kind::called(object);
    let (wrong, help) = match kind {
        ObjectKind::OtherProfile => (format!("{what} has no AppArmor in it"), TAKEN.to_owned()),
        ObjectKind::ProfileBinding | ObjectKind::ProfileRecording => {
            (format!("{what} names images and pods but has no profile in it"), TAKEN.to_owned())
        }
        ObjectKind::KubeArmorHostPolicy => (
            format!("{what} is for nodes, not for containers"),
            "take its rules over by hand where they are meant for a container".to_owned(),
        ),
        ObjectKind::Varmor => (
            format!(
                "{what} names hardening rules of vArmor, which are no profile by themselves and mostly no AppArmor"
            ),
            "give the profile that vArmor has loaded on a node, or write the policy by hand".to_owned(),
        ),
        ObjectKind::Workload => (
            format!("{what} has no profile in it"),
            "give the profile that it names; the manifest is then written by `aapol render`".to_owned(),
        ),
        ObjectKind::ConfigMap
        | ObjectKind::AppArmorProfile
        | ObjectKind::KubeArmorPolicy
        | ObjectKind::KubeArmorClusterPolicy
        | ObjectKind::Other => (format!("{what} is nothing that is taken here"), TAKEN.to_owned()),
    };
    NotTaken { line: Some(kind::line(object)), wrong, help }
}

/// A word of the user's in a message: on one line, and not without end.
pub(super) fn ticked(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut out = String::from("`");
    for (number, c) in text.chars().enumerate() {
        match c {
            _ if number == LONGEST => {
                out.push('…');
                break;
            }
            '`' => out.push('\''),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out.push('`');
    out
}

#[cfg(test)]
mod tests;
