//! The baseline's denials: what the runtimes' default profiles deny stays denied under open postures, and is open
//! where the baseline is not there.

use super::Plan;
use crate::Result;
use crate::access;
use crate::check::{Check, allowed_is, denied};
use probe::{Step, Trial};

/// An access, and whether it can be done without the baseline: the others want a text that the kernel takes.
const DENIED: &[(&str, bool)] = &[
    ("write /proc/sysrq-trigger", true),
    ("write /proc/sys/kernel/core_pattern", true),
    ("write /proc/sys/kernel/modprobe", true),
    ("write /proc/sys/vm/overcommit_memory", false),
    ("write /proc/sys/net/core/somaxconn", false),
    ("write /proc/irq/default_smp_affinity", false),
    ("write /sys/kernel/security/apparmor/.remove", false),
    ("write /sys/kernel/mm/transparent_hugepage/enabled", false),
    ("read /proc/kcore", true),
    ("read /sys/kernel/security/apparmor/profiles", true),
    ("read /run/secrets/kubernetes.io/serviceaccount/token", true),
    ("network alg/seqpacket", false),
    ("operation mount", true),
    ("operation umount", true),
];

/// What stays open beside them.
const ALLOWED: &[&str] = &[
    "read /proc/sys/kernel/core_pattern",
    "read /proc/sys/kernel/shmmax",
    "read /proc/cpuinfo",
    "read /sys/kernel/mm/transparent_hugepage/enabled",
    "write /srv/x",
    "create /run/secret",
    "rename /srv/a /srv/b",
    "network inet/stream",
];

pub(super) fn plan(plan: &mut Plan<'_>) -> Result<()> {
    let open = "default = \"allow\"\n";
    let without = "default = \"allow\"\nbaseline = \"none\"\n[operations]\ndefault = \"allow\"\n";
    for (line, can_be_done) in DENIED {
        try_one(plan, open, line, false)?;
        if *can_be_done {
            try_one(plan, without, line, true)?;
        }
    }
    for line in ALLOWED {
        try_one(plan, open, line, true)?;
    }
    // The folders above the token cannot be renamed either.
    if let Some(policy) = plan.policy(open)? {
        let token = "/run/secrets/kubernetes.io/serviceaccount/token";
        for folder in ["/run/secrets", "/run/secrets/kubernetes.io", "/run"] {
            let moved = token.replacen(folder, "/srv/carried", 1);
            let words = access::words(&["rename-and-read", folder, "/srv/carried", &moved]);
            let before = vec![access::file(token), Step::Folder("/srv".to_owned())];
            let trial = Trial { profile: policy.clone(), before, words, ..Trial::default() };
            plan.add(Check::trial(format!("{open:?}: {folder} is renamed"), &policy, trial, denied()));
        }
    }
    let read = "[filesystem]\ndefault = \"read\"\n[network]\ndefault = \"allow\"\n[capabilities]\ndefault = \"allow\"\n";
    for line in DENIED.iter().map(|(line, _)| line).filter(|line| !line.starts_with("operation")) {
        try_one(plan, read, line, false)?;
    }
    let lifted = "default = \"allow\"\n[filesystem]\nread-write = [\"/proc/sys/kernel/core_pattern\"]\n[network]\nallow = [\"alg\"]\n";
    for (line, allowed) in [
        ("write /proc/sys/kernel/core_pattern", true),
        ("write /proc/sys/vm/overcommit_memory", false),
        ("write /proc/sysrq-trigger", false),
        ("read /proc/kcore", false),
    ] {
        try_one(plan, lifted, line, allowed)?;
    }
    // Nothing else is said about mounts, which parser 3.0.8 once took for nothing at all.
    let unmounting = "default = \"allow\"\n[operations]\ndeny = [\"umount\"]\n";
    for line in ["operation mount", "operation umount"] {
        try_one(plan, unmounting, line, false)?;
    }
    Ok(())
}

fn try_one(plan: &mut Plan<'_>, sections: &str, line: &str, allowed: bool) -> Result<()> {
    let Some(policy) = plan.policy(sections)? else { return Ok(()) };
    if let Some(trial) = access::trial(&policy, line) {
        let what = format!("{sections:?}: {line}");
        plan.add(Check::trial(what, &policy, trial, allowed_is(allowed)));
    }
    Ok(())
}
