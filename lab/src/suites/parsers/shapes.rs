//! The shapes that other generators give a profile: bane's for some of our examples, and docker-default.
//!
//! Written for their cost alone. Both allow every file but the listed ones, so neither protects what ours does.

use std::fmt::Write as _;

/// What bane's author would write for one of our examples.
pub(super) struct Bane {
    pub(super) policy: &'static str,
    writable: &'static [&'static str],
    exec: &'static [&'static str],
    never: &'static [&'static str],
    /// Whether raw sockets are used: asking the kernel for the machine's addresses is one.
    raw: bool,
}

pub(super) const BANE: [Bane; 4] = [
    Bane {
        policy: "nginx",
        writable: &["/tmp/**"],
        exec: &["/usr/sbin/nginx"],
        never: &["/bin/dash", "/bin/sh"],
        raw: false,
    },
    Bane {
        policy: "postgres",
        writable: &["/var/lib/postgresql/data/**", "/run/postgresql/**", "/dev/shm/PostgreSQL.*"],
        exec: &[
            "/bin/bash",
            "/bin/dash",
            "/bin/{cat,chmod,chown,ls,mkdir}",
            "/usr/bin/{getent,id,locale}",
            "/usr/lib/postgresql/16/bin/{initdb,pg_ctl,postgres,psql}",
        ],
        never: &["/usr/bin/perl", "/usr/bin/curl"],
        raw: true,
    },
    Bane {
        policy: "redis",
        writable: &["/data/**"],
        exec: &["/usr/local/bin/redis-server"],
        never: &["/bin/dash", "/bin/sh"],
        raw: false,
    },
    Bane {
        policy: "shell-job",
        writable: &["/scratch/**", "/out/**"],
        exec: &[
            "/bin/dash",
            "/bin/cp",
            "/bin/sleep",
            "/usr/bin/curl",
            "/usr/bin/sort",
            "/usr/bin/timeout",
            "/usr/bin/wc",
        ],
        never: &["/usr/bin/wget", "/bin/bash"],
        raw: true,
    },
];

/// The folders that bane's sample denies writing to.
const ROOTS: [&str; 17] = [
    "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "sbin",
    "srv", "tmp", "sys", "usr",
];

/// Socket families that docker-default denies since 2026.
const FAMILIES: [&str; 13] = [
    "ax25",
    "ipx",
    "appletalk",
    "netrom",
    "rose",
    "econet",
    "atmsvc",
    "irda",
    "wanpipe",
    "isdn",
    "caif",
    "alg",
    "vsock",
];

/// All of /sys but /sys/fs/cgroup, in the only way that patterns without negation can say it.
const SYS: [(&str, &str); 5] = [
    ("/sys/[^f]*/**", "wklx"),
    ("/sys/f[^s]*/**", "wklx"),
    ("/sys/fs/[^c]*/**", "wklx"),
    ("/sys/fs/c[^g]*/**", "wklx"),
    ("/sys/fs/cg[^r]*/**", "wklx"),
];

const BANE_DENIES: [(&str, &str); 7] = [
    ("@{PROC}/{*,**^[0-9*],sys/kernel/shm*}", "wkx"),
    ("@{PROC}/sysrq-trigger", "rwklx"),
    ("@{PROC}/mem", "rwklx"),
    ("@{PROC}/kmem", "rwklx"),
    ("@{PROC}/kcore", "rwklx"),
    ("/sys/firmware/efi/efivars/**", "rwklx"),
    ("/sys/kernel/security/**", "rwklx"),
];

const DOCKER_DENIES: [(&str, &str); 9] = [
    ("@{PROC}/*", "w"),
    ("@{PROC}/{[^1-9/],[^1-9/][^0-9/],[^1-9s/][^0-9y/][^0-9s/],[^1-9/][^0-9/][^0-9/][^0-9/]*}/**", "w"),
    ("@{PROC}/sys/[^k]**", "w"),
    ("@{PROC}/sys/kernel/{?,??,[^s][^h][^m]**}", "w"),
    ("@{PROC}/sysrq-trigger", "rwklx"),
    ("@{PROC}/kcore", "rwklx"),
    ("/sys/firmware/**", "rwklx"),
    ("/sys/devices/virtual/powercap/**", "rwklx"),
    ("/sys/kernel/security/**", "rwklx"),
];

/// As genuinetools/bane lays a profile out.
pub(super) fn bane(policy: &Bane) -> String {
    let mut rules = vec!["network,".to_owned()];
    if !policy.raw {
        rules.push("deny network raw,".to_owned());
    }
    rules.extend(["deny network packet,", "file,", "umount,"].map(str::to_owned));
    // A denial beats every grant, so a root is left out where something below it is written.
    let below = |root: &str| policy.writable.iter().any(|path| path.starts_with(&format!("/{root}/")));
    rules.extend(ROOTS.iter().filter(|root| !below(root)).map(|root| format!("deny /{root}/** wl,")));
    rules.push("audit /** w,".to_owned());
    rules.extend(policy.writable.iter().map(|path| format!("{path} w,")));
    rules.extend(policy.exec.iter().map(|path| format!("{path} ix,")));
    rules.extend(policy.never.iter().map(|path| format!("deny {path} mrwklx,")));
    rules.push("deny mount,".to_owned());
    rules.extend(BANE_DENIES.iter().chain(&SYS).map(denial));
    profile(policy.policy, &rules)
}

/// As moby lays out the profile of every container that names none.
pub(super) fn docker() -> String {
    let name = "docker-default";
    let mut rules = vec!["network,".to_owned()];
    rules.extend(FAMILIES.iter().map(|family| format!("deny network {family},")));
    rules.extend(["capability,", "file,", "umount,"].map(str::to_owned));
    rules.extend(["unconfined", "runc", "crun"].map(|peer| format!("signal (receive) peer={peer},")));
    rules.push(format!("signal (send,receive) peer={name},"));
    rules.push("deny mount,".to_owned());
    rules.extend(DOCKER_DENIES.iter().chain(&SYS).map(denial));
    rules.push(format!("ptrace (trace,tracedby,read,readby) peer={name},"));
    profile(name, &rules)
}

fn denial((path, modes): &(&str, &str)) -> String {
    format!("deny {path} {modes},")
}

/// Both include these two files where the node has them, as every Debian has.
fn profile(name: &str, rules: &[String]) -> String {
    let mut text = format!(
        "include <tunables/global>\nprofile {name} flags=(attach_disconnected,mediate_deleted) {{\n  \
         include <abstractions/base>\n"
    );
    for rule in rules {
        let _ = writeln!(text, "  {rule}");
    }
    text.push_str("}\n");
    text
}
