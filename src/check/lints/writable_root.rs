//! A container whose root cannot be read-only.

use crate::check::Context;
use crate::check::resolved::ContainerProfile;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Mode;

pub static CODE: Code = code!("writable-root", Note);

/// More paths than this tell nothing new.
const SHOWN: usize = 5;

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let resolved = context.resolved;
    if resolved.mode.value == Mode::Complain || resolved.is_abstract || !context.resolved.is_complete {
        return;
    }
    let containers = resolved.pod.containers.iter().zip(context.reaches);
    for (container, reach) in containers {
        let Some((first, rest)) = reach.outside.split_first() else {
            continue;
        };
        if container.profile != ContainerProfile::This {
            continue;
        }
        // Where a posture lets every file be written, no volume would help.
        let Some(entry) = resolved.paths.iter().find(|entry| entry.place == *first) else {
            continue;
        };
        let paths = match rest {
            [] => entry.named(),
            _ => format!("{} and {} more", entry.named(), rest.len()),
        };
        let mut finding = Finding::new(
            &CODE,
            *first,
            format!(
                "the root of container `{}` stays writable: {paths} may be written outside of its volumes",
                container.name
            ),
        )
        .help("mount a volume there for `readOnlyRootFilesystem: true`");
        for place in rest.iter().take(SHOWN - 1) {
            finding = finding.also(*place, "this may be written too");
        }
        found.add(finding);
    }
}
