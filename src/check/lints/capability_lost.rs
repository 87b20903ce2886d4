//! Capabilities that a non-root user loses.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "capability-lost",
    severity: Severity::Warning,
    summary: "capabilities of a user that is not root, which are lost at the first exec",
    explanation: "Kubernetes puts the added capabilities into the set that root processes get. When a process of another user \
                  starts a program, its effective set is empty: the grant has no effect. Only a file that carries the \
                  capability itself keeps it, and `allowPrivilegeEscalation: false` forbids that.",
    bad: "name = \"web\"\n\n[capabilities]\nallow = [\"net_bind_service\"]\n\n[pod]\nrun-as-user = 101\n",
    good: "name = \"web\"\n\n[pod]\nrun-as-user = 101\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let draft = subject.draft;
    let user = draft.pod.run_as_user.as_ref().filter(|user| user.value != 0);
    let help = "take the capabilities out, or run as root and drop to the user in the program";
    // containerd 2 sets net.ipv4.ip_unprivileged_port_start to 0 in each pod (enable_unprivileged_ports).
    let ports = "; under containerd 2 any user listens below 1024, elsewhere use a port from 1024";
    let binds = draft.capabilities.allow.iter().any(|entry| entry.text == "net_bind_service");
    if let (Some(user), Some(first)) = (user, draft.capabilities.allow.first()) {
        let names: Vec<&str> = draft.capabilities.allow.iter().map(|e| e.text.as_str()).collect();
        found.add(
            Finding::new(
                &CODE,
                first.place,
                format!("user {} loses `{}` when the container starts", user.value, names.join("`, `")),
            )
            .also(user.place, "this user is not root")
            .help(format!("{help}{}", if binds { ports } else { "" })),
        );
    }
}
