//! Capabilities that a non-root user loses.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("capability-lost", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let resolved = context.resolved;
    let user = resolved.pod.run_as_user.as_ref().filter(|user| user.value != 0);
    let help = "take the capabilities out, or run as root and drop to the user in the program";
    // containerd 2 sets net.ipv4.ip_unprivileged_port_start to 0 in each pod (enable_unprivileged_ports).
    let ports = "; under containerd 2 any user listens below 1024, elsewhere use a port from 1024";
    let binds = resolved.capabilities.allow.iter().any(|entry| entry.text == "net_bind_service");
    if let (Some(user), Some(first)) = (user, resolved.capabilities.allow.first()) {
        let names: Vec<&str> = resolved.capabilities.allow.iter().map(|e| e.text.as_str()).collect();
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
