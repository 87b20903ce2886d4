//! A volume that no container mounts.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "unused-volume",
    severity: Severity::Warning,
    summary: "a volume that no container mounts",
    explanation: "The volume is made for the pod and nobody sees it. Mount it in a container, or take it out.",
    bad: "name = \"web\"\n\n[pod.volumes.cache]\nempty-dir = true\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\n",
    good: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let Some(pod) = subject.policy.pod.as_ref().filter(|_| subject.complete) else {
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
