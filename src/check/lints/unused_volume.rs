//! A volume that no container mounts, or none may use.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::policy::Mode;

pub static CODE: Code = code!("unused-volume", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let Some(pod) = context.policy.pod.as_ref().filter(|_| context.resolved.is_complete) else {
        return;
    };
    for name in pod.volumes.keys() {
        let mounted = pod.containers.values().any(|c| c.mounts.values().any(|v| v == name));
        if !mounted {
            found.add(
                Finding::new(&CODE, name.place, format!("no container mounts the volume `{}`", name.value))
                    .help("add it to a container's `mounts`, or take it out"),
            );
        }
    }
    // In complain mode what is to be granted is still being found out.
    if context.resolved.mode.value == Mode::Complain {
        return;
    }
    let mounts = context.resolved.pod.containers.iter().flat_map(|container| &container.mounts);
    let unused: Vec<Place> = context.reaches.iter().flat_map(|reach| reach.unused.iter().copied()).collect();
    for mount in mounts.filter(|mount| unused.contains(&mount.place)) {
        let path = mount.path.trim_end_matches('/');
        // A part of a volume may be a file.
        let entry = if mount.sub_path.is_some() { path.to_owned() } else { format!("{path}/") };
        found.add(
            Finding::new(
                &CODE,
                mount.place,
                format!("nothing that is mounted on `{path}` may be read or written"),
            )
            .label("no entry grants anything there")
            .gathered("what is mounted here may be neither read nor written")
            .help(format!(
                "grant it, such as by `\"{entry}\"` in `read-only` of `[filesystem]`, or take the mount out"
            )),
        );
    }
}
