//! A volume that no container mounts.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("unused-volume", Warning);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let Some(pod) = subject.policy.pod.as_ref().filter(|_| subject.draft.is_complete) else {
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
}
