//! The keys that are words and not lists of paths: postures, the baseline, bundles, raw rules.

use super::Plan;
use crate::Result;
use crate::access;
use crate::check::{Check, allowed_is};
use probe::Trial;

/// A policy, an access in its words, and whether it must be allowed.
const ROWS: [(&str, &str, bool); 48] = [
    // The posture of all sections, and a section's own.
    ("default = \"allow\"", "write /data/x", true),
    ("default = \"allow\"", "exec /data/tool", true),
    ("default = \"allow\"", "network inet/dgram", true),
    ("default = \"allow\"", "capability chown", true),
    // What opens files and sockets opens no operations.
    ("default = \"allow\"", "operation mount", false),
    ("default = \"allow\"\n[operations]\ndefault = \"allow\"", "operation mount", true),
    ("default = \"allow\"\n[filesystem]\ndefault = \"deny\"", "write /data/x", false),
    ("default = \"allow\"\n[exec]\ndefault = \"deny\"", "exec /data/tool", false),
    ("default = \"allow\"\n[exec]\ndefault = \"deny\"", "map /data/x", false),
    ("default = \"allow\"\n[network]\ndefault = \"deny\"", "network inet/dgram", false),
    ("default = \"allow\"\n[capabilities]\ndefault = \"deny\"", "capability chown", false),
    ("default = \"allow\"\n[operations]\ndefault = \"deny\"", "operation mount", false),
    ("default = \"deny\"", "read /data/x", false),
    ("default = \"deny\"\n[filesystem]\ndefault = \"read\"", "read /data/x", true),
    ("default = \"deny\"\n[filesystem]\ndefault = \"read\"", "write /data/x", false),
    ("[exec]\ndefault = \"allow\"", "exec /data/tool", true),
    ("[exec]\ndefault = \"allow\"", "read /data/x", false),
    ("[filesystem]\ndefault = \"allow\"", "exec /data/tool", false),
    ("[filesystem]\ndefault = \"allow\"", "map /data/x", false),
    // The baseline, and none.
    ("", "read /etc/passwd", true),
    ("", "write /etc/passwd", false),
    ("", "read /etc/shadow", false),
    ("", "write /dev/null", true),
    ("", "read /dev/urandom", true),
    ("", "read /proc/meminfo", true),
    ("", "read /proc/kcore", false),
    ("", "map /usr/lib/x86_64-linux-gnu/libx.so.1", true),
    ("", "write /usr/lib/x86_64-linux-gnu/libx.so.1", false),
    ("", "map /usr/lib/x86_64-linux-gnu/plugins/x.so", false),
    ("", "map /data/libx.so.1", false),
    ("", "write /proc/sys/kernel/core_pattern", false),
    ("", "write /sys/kernel/mm/transparent_hugepage/enabled", false),
    ("", "read /sys/fs/cgroup/cgroup.controllers", true),
    ("", "write /sys/fs/cgroup/cgroup.procs", false),
    ("baseline = \"none\"", "read /etc/passwd", false),
    ("baseline = \"none\"", "write /dev/null", false),
    ("baseline = \"none\"", "read /proc/meminfo", false),
    // Bundles: with, and without.
    ("bundles = [\"tls\"]", "read /etc/ssl/certs/ca-certificates.crt", true),
    ("bundles = [\"tls\"]", "read /etc/ssl/private/key.pem", false),
    ("bundles = [\"dns\"]", "read /etc/ssl/certs/ca-certificates.crt", false),
    ("bundles = [\"dns\"]", "network inet/dgram", true),
    ("bundles = [\"dns\"]", "network inet/stream", false),
    ("", "network inet/dgram", false),
    // Rules of the profile language itself.
    ("raw-rules = [\"/data/raw r,\"]", "read /data/raw", true),
    ("raw-rules = [\"/data/raw r,\"]", "write /data/raw", false),
    ("", "read /data/raw", false),
    (
        "raw-rules = [\"audit deny /data/d/** w,\"]\n[filesystem]\nread-write = [\"/data/\"]",
        "write /data/d/x",
        false,
    ),
    (
        "raw-rules = [\"audit deny /data/d/** w,\"]\n[filesystem]\nread-write = [\"/data/\"]",
        "write /data/e",
        true,
    ),
];

/// What happens to the container's own processes under the baseline, and without.
const PROCESSES: [(&str, &str, bool); 15] = [
    // Kernels that know no message queues take them for files.
    ("", "mqueue /lab", false),
    ("[filesystem]\nread-write = [\"/lab\"]", "mqueue /lab", true),
    ("default = \"allow\"", "mqueue /lab", true),
    ("", "from unconfined signal first SIGCONT", true),
    ("baseline = \"none\"", "from unconfined signal first SIGCONT", false),
    ("", "signal first SIGCONT", true),
    ("baseline = \"none\"", "signal first SIGCONT", false),
    ("", "signal child SIGTERM", true),
    ("", "signal self SIGCONT", true),
    ("", "signal outside SIGCONT", false),
    ("", "proc-exe first", true),
    ("baseline = \"none\"", "proc-exe first", false),
    ("", "proc-exe outside", false),
    ("", "ptrace outside", false),
    // Nobody leaves a profile by asking for it.
    ("default = \"allow\"", "change-profile unconfined", false),
];

pub(super) fn plan(plan: &mut Plan<'_>) -> Result<()> {
    for (text, line, allowed) in ROWS {
        let Some(policy) = plan.policy(text)? else { continue };
        if let Some(trial) = access::trial(&policy, line) {
            plan.add(Check::trial(format!("{text:?}: {line}"), &policy, trial, allowed_is(allowed)));
        }
    }
    for (text, line, allowed) in PROCESSES {
        let Some(policy) = plan.policy(text)? else { continue };
        let words = line.split(' ').map(str::to_owned).collect();
        let trial = Trial { profile: policy.clone(), words, ..Trial::default() };
        plan.add(Check::trial(format!("{text:?}: {line}"), &policy, trial, allowed_is(allowed)));
    }
    Ok(())
}
