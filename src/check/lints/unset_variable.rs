//! A reference to a variable that Kubernetes does not replace.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::policy::{Container, Text};
use std::collections::BTreeMap;

pub static CODE: Code = code!("unset-variable", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    for container in context.policy.pod.iter().flat_map(|pod| pod.containers.values()) {
        let names = container.env.keys().enumerate();
        let set: BTreeMap<&str, (usize, Place)> =
            names.map(|(index, name)| (name.as_str(), (index, name.place))).collect();
        for (index, (name, value)) in container.env.iter().enumerate() {
            for reference in references(value) {
                match set.get(reference) {
                    Some((other, _)) if *other < index => {}
                    Some((other, _)) if *other == index && !container.env_from_secret.is_empty() => {}
                    Some((other, _)) if *other == index => found.add(of_itself(name, value)),
                    Some((_, place)) => found.add(too_early(name, value, reference, *place)),
                    None if !context.resolved.is_complete || may_be_set_elsewhere(container, reference) => {}
                    None => found.add(nowhere(value, reference)),
                }
            }
        }
    }
}

/// The names that a value refers to, as Kubernetes reads it: `$$` is a dollar, and a name ends at the first `)`.
fn references(value: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = value;
    while let Some((_, behind)) = rest.split_once('$') {
        let name = behind.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        rest = match (behind.strip_prefix('$'), name) {
            (Some(escaped), _) => escaped,
            (None, Some((name, after))) => {
                names.push(name);
                after
            }
            (None, None) => behind,
        };
    }
    names
}

/// Secrets set variables of any name, and services those with their addresses. What is no name at all is a shell's.
fn may_be_set_elsewhere(container: &Container, name: &str) -> bool {
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let is_of_service = ["_SERVICE_HOST", "_SERVICE_PORT", "_PORT"].iter().any(|part| name.contains(part));
    !is_name || is_of_service || !container.env_from_secret.is_empty()
}

fn too_early(name: &Text, value: &Text, reference: &str, place: Place) -> Finding {
    let message = format!("`{}` refers to `{reference}`, which is set after it", name.value);
    Finding::new(&CODE, value.place, message).also(place, "it is set here").help(format!(
        "move `{reference}` above `{}`: as it stands, `$({reference})` is not replaced",
        name.value
    ))
}

fn of_itself(name: &Text, value: &Text) -> Finding {
    let message = format!("`{}` refers to itself, and has no value yet", name.value);
    Finding::new(&CODE, value.place, message)
        .help(format!("write the value out: Kubernetes does not know the image's `{}` either", name.value))
}

fn nowhere(value: &Text, reference: &str) -> Finding {
    Finding::new(&CODE, value.place, format!("no variable `{reference}` is set for `$({reference})`"))
        .help(format!("set it above, or write `$$({reference})` for the text `$({reference})`"))
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn references_are_read_as_kubernetes_reads_them() {
        let cases: [(&str, &[&str]); 7] = [
            ("http://$(HOST):$(PORT)/", &["HOST", "PORT"]),
            ("$$(HOST) $$$(PORT)", &["PORT"]),
            ("$(HOST", &[]),
            ("$HOST ${HOST} $", &[]),
            ("$($(HOST))", &["$(HOST"]),
            ("$()", &[""]),
            ("a$b$(c)d", &["c"]),
        ];
        for (value, names) in cases {
            assert_eq!(references(value), names, "{value}");
        }
    }
}
