//! An entry that says what another one says: spelled otherwise, or in a policy that this one extends.

use crate::check::Context;
use crate::check::resolved::{Entry, named};
use crate::diag::{Code, Finding, Findings, Place, code};
use std::collections::BTreeMap;

pub static CODE: Code = code!("repeated-entry", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let resolved = context.resolved;
    let paths = resolved.paths.iter();
    repeated(paths.map(|e| ((e.key, e.glob.text()), e.text.as_str(), e.place)), found);
    listed(&resolved.capabilities.allow, found);
    listed(&resolved.capabilities.deny, found);
    listed(&resolved.network.allow, found);
    listed(&resolved.network.deny, found);
    listed(&resolved.operations.allow, found);
    listed(&resolved.operations.deny, found);
    let policy = context.policy;
    let texts = [
        &policy.bundles,
        &policy.abstractions,
        &policy.raw_rules,
        &policy.silence,
        &policy.extends,
        &policy.expect.allow,
        &policy.expect.deny,
    ];
    for list in texts {
        repeated(list.iter().map(|text| (text.as_str(), text.as_str(), text.place)), found);
    }
    for container in policy.pod.iter().flat_map(|pod| pod.containers.values()) {
        let secrets = container.env_from_secret.iter();
        repeated(secrets.map(|text| (text.as_str(), text.as_str(), text.place)), found);
        let ports = container.ports.iter();
        let ports: Vec<(i64, String, Place)> =
            ports.map(|port| (port.value, port.value.to_string(), port.place)).collect();
        repeated(ports.iter().map(|(port, text, place)| (*port, text.as_str(), *place)), found);
    }
}

fn listed<T: Ord + Copy>(list: &[Entry<T>], found: &mut Findings) {
    repeated(list.iter().map(|e| (e.value, e.text.as_str(), e.place)), found);
}

fn repeated<'a, K: Ord>(entries: impl Iterator<Item = (K, &'a str, Place)>, found: &mut Findings) {
    let mut seen: BTreeMap<K, (&str, Place)> = BTreeMap::new();
    for (key, text, place) in entries {
        match seen.get(&key) {
            Some((first, at)) => {
                let otherwise = if *first == text { String::new() } else { format!(" as {}", named(first)) };
                found.add(
                    Finding::new(&CODE, place, format!("`{text}` is there already{otherwise}"))
                        .label("this one changes nothing")
                        .also(*at, "it says the same")
                        .help("take one of them out")
                        .take_out(place),
                );
            }
            None => {
                seen.insert(key, (text, place));
            }
        }
    }
}
