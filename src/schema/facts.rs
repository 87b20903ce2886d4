//! What each value may say, by its path: words, patterns and bounds beside what the types say.

use super::patterns as p;
use super::words as w;
use crate::check::expectation::VERBS;
use crate::check::lints::invalid_name::{LONGEST, RESERVED};
use crate::check::lints::invalid_quantity::UNITS;
use crate::check::lints::invalid_schedule::WHOLE;
use crate::kernel::limit::Limit;
use serde_json::{Value, json};

/// A value by its path in the form: keys, `*` for what is behind any name of a map, `@` for the name itself,
/// `[]` for an item.
type Fact = (String, Value);

pub(super) fn all() -> Vec<Fact> {
    let limits = Limit::ALL.map(|limit| (format!("limits.{}", limit.name()), p::limit(limit)));
    let others = top().into_iter().chain(lists()).chain(pod());
    others.map(|(path, fact)| (path.to_owned(), fact)).chain(limits).collect()
}

/// Puts a fact into a node beside what is there.
pub(super) fn add(node: &mut Value, fact: Value) {
    if let (Value::Object(node), Value::Object(fact)) = (node, fact) {
        node.extend(fact);
    }
}

fn top() -> [(&'static str, Value); 7] {
    [
        ("name", p::name(LONGEST, &RESERVED)),
        ("description", p::lines()),
        ("bundles.[]", w::one_of(&w::bundles())),
        ("extends.[]", p::policy_file()),
        ("abstractions.[]", p::abstraction()),
        ("silence.[]", w::one_of(&w::findings())),
        ("raw-rules.[]", p::raw_rule()),
    ]
}

fn lists() -> Vec<(&'static str, Value)> {
    let paths = [
        "filesystem.read-only.[]",
        "filesystem.read-write.[]",
        "filesystem.write-only.[]",
        "filesystem.list.[]",
        "filesystem.deny-write.[]",
        "filesystem.deny.[]",
        "exec.allow.[]",
        "exec.deny.[]",
        "exec.libraries.[]",
    ];
    let words = [
        ("capabilities.allow.[]", w::one_of(&w::capabilities())),
        ("capabilities.deny.[]", w::one_of(&w::capabilities())),
        ("network.allow.[]", w::one_of(&w::sockets())),
        ("network.deny.[]", w::one_of(&w::sockets())),
        ("operations.allow.[]", w::one_of(&w::operations())),
        ("operations.deny.[]", w::one_of(&w::operations())),
        ("expect.allow.[]", expectation()),
        ("expect.deny.[]", expectation()),
    ];
    paths.into_iter().map(|key| (key, p::path())).chain(words).collect()
}

/// One of those that can be listed, or one about paths.
fn expectation() -> Value {
    let verbs =
        |paths| VERBS.iter().filter(|verb| verb.paths == paths).map(|verb| verb.name).collect::<Vec<_>>();
    let words = w::expectations();
    let listed: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let rule = json!({ "if": { "enum": listed }, "else": p::expectation(&verbs(1), &verbs(2)) });
    w::beside(&words, rule)
}

/// Some words, and a rule that takes them and others.
fn beside(words: &[(&str, &str)], rule: fn(&[&str]) -> Value) -> Value {
    let texts: Vec<&str> = words.iter().map(|(text, _)| *text).collect();
    w::beside(&w::these(words), rule(&texts))
}

fn between(least: u32, most: u32) -> Value {
    json!({ "minimum": least, "maximum": most })
}

fn pod() -> Vec<(&'static str, Value)> {
    let id = || between(0, i32::MAX.unsigned_abs());
    vec![
        ("pod.name", p::subdomain()),
        ("pod.namespace", p::label()),
        ("pod.labels.@", p::label_key()),
        ("pod.labels.*", p::label_value()),
        ("pod.kubernetes", p::kubernetes()),
        ("pod.replicas", id()),
        ("pod.schedule", p::schedule(&WHOLE)),
        ("pod.run-as-user", id()),
        ("pod.run-as-group", id()),
        ("pod.fs-group", id()),
        ("pod.seccomp", beside(&SECCOMP, p::seccomp)),
        ("pod.volumes.@", p::label()),
        ("pod.volumes.*.config-map", p::subdomain()),
        ("pod.volumes.*.secret", p::subdomain()),
        ("pod.volumes.*.claim", p::subdomain()),
        ("pod.volumes.*.claim-template", p::quantity(&UNITS)),
        ("pod.volumes.*.host-path", p::path()),
        ("pod.containers.@", p::label()),
        ("pod.containers.*.image", p::image()),
        ("pod.containers.*.command.[]", p::argument()),
        ("pod.containers.*.args.[]", p::argument()),
        ("pod.containers.*.env.@", p::variable()),
        ("pod.containers.*.env.*", p::argument()),
        ("pod.containers.*.env-from-secret.[]", p::subdomain()),
        ("pod.containers.*.ports.[]", between(1, u32::from(u16::MAX))),
        ("pod.containers.*.mounts.@", p::mount_point()),
        ("pod.containers.*.mounts.*", p::label()),
        ("pod.containers.*.sub-path.@", p::mount_point()),
        ("pod.containers.*.sub-path.*", p::relative_path()),
        ("pod.containers.*.profile", beside(&PROFILES, p::other_profile)),
    ]
}

const SECCOMP: [(&str, &str); 2] = [
    ("runtime-default", "The container runtime's own filter, which blocks what containers hardly ever need."),
    ("unconfined", "No filter: Pod Security `baseline` and `restricted` refuse it."),
];

const PROFILES: [(&str, &str); 2] = [
    ("runtime-default", "The container runtime's own AppArmor profile."),
    ("unconfined", "No AppArmor profile: Pod Security `baseline` and `restricted` refuse it."),
];
