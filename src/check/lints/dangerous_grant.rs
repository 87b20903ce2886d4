//! A grant by which a container gets hold of its node.

use crate::check::Context;
use crate::check::path_index::Pattern;
use crate::check::raw_rule;
use crate::check::resolved::VolumeSource;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Glob;
use crate::kernel::glob::{Automaton, Budget};
use crate::kernel::risk::{self, Risk};

pub static CODE: Code = code!("dangerous-grant", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    for entry in &context.resolved.capabilities.allow {
        if let Some(can) = entry.value.risk() {
            let message = format!("with the capability `{}` the container can {can}", entry.text);
            found.add(
                Finding::new(&CODE, entry.place, message)
                    .help("take it out if the program works without it, or silence this code"),
            );
        }
    }
    for text in &context.resolved.raw_rules {
        if let Some(can) = raw_rule::risk(text) {
            let message = format!("with the raw rule `{}` the container can {can}", text.value);
            found.add(
                Finding::new(&CODE, text.place, message)
                    .help("name what the program needs in a rule of its own, or silence this code"),
            );
        }
    }
    paths(context, found);
    let volumes = context.policy.pod.iter().flat_map(|pod| &pod.volumes);
    for (name, volume) in volumes {
        let source = context.resolved.pod.volumes.get(&name.value);
        let Some(path) =
            volume.host_path.as_ref().filter(|_| matches!(source, Some(VolumeSource::HostPath(_))))
        else {
            continue;
        };
        let device = || named(&path.value, &risk::DEVICES);
        if let Some(can) = risk::host_path(&path.value).or_else(device) {
            let message = format!("with the node's path `{}` the container can {can}", path.value);
            found.add(
                Finding::new(&CODE, path.place, message)
                    .help("mount only the folder or the file that the program needs, or silence this code"),
            );
        }
    }
}

/// Grants that name such a path; a wide grant means others, and it opens nothing that is not mounted.
fn paths(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    for risk in risk::SOCKETS.iter().chain(&risk::DEVICES) {
        let Ok(glob) = Glob::parse(risk.pattern) else {
            continue;
        };
        let pattern = Pattern::new(glob);
        for (index, atom) in cover.atoms() {
            let Some(entry) = atom.entry().filter(|entry| !entry.grant.is_empty()) else {
                continue;
            };
            if cover.pattern_covers(&pattern, index) {
                let message = format!("with `{}` the container can {}", entry.text, risk.can);
                found.add(
                    Finding::new(&CODE, entry.place, message)
                        .help("take it out if the program works without it, or silence this code"),
                );
            }
        }
    }
}

/// What follows from a path that one of the patterns matches.
fn named(path: &str, risks: &[Risk]) -> Option<&'static str> {
    let budget = Budget::new(100_000);
    let is_it = |risk: &&Risk| {
        Glob::parse(risk.pattern)
            .is_ok_and(|glob| Automaton::new(&glob).matches(path.as_bytes(), &budget) == Some(true))
    };
    risks.iter().find(is_it).map(|risk| risk.can)
}
