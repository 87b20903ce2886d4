//! What the container runtimes' own default profiles deny. A policy's profile takes the place of that default, so
//! the baseline denies it too wherever the policy's postures would allow it.

use super::Denials;
use super::DeniedFile as File;
use crate::kernel::Access;

const CHANGE: Access = Access::WRITE.with(Access::LINK);
const ALL_BUT_READ: Access = CHANGE.with(Access::LOCK).with(Access::MAP).with(Access::EXEC);

/// In the order in which a profile lists them.
pub const GROUPS: &[Denials] = &[
    Denials {
        title: "the kernel's switches",
        why: "what is written to them changes the whole node; a container's own processes are not among them",
        within: &["/proc/"],
        files: &[
            File("/proc/*", CHANGE),
            // Every folder but those of processes, which are numbers, and `sys`.
            File("/proc/{[^1-9s]*,s,s[^y]*,sy,sy[^s]*,sys?*}/**", CHANGE),
            // Below `sys` all but `kernel/shm*`, which belongs to the container's own IPC namespace.
            File("/proc/sys/{[^k],k[^e],ke[^r],ker[^n],kern[^e],kerne[^l],kernel[^/]}**", CHANGE),
            File("/proc/sys/kernel/{?,??,[^s]**,s[^h]**,sh[^m]**}", CHANGE),
        ],
        families: &[],
    },
    Denials {
        title: "the kernel's memory and emergency keys",
        why: "reading the one shows what every process holds, writing the other can stop the node",
        within: &["/proc/"],
        files: &[File("/proc/{kcore,sysrq-trigger}", Access::ALL)],
        families: &[],
    },
    Denials {
        title: "devices and the kernel's objects",
        why: "nothing of the node's may be changed here but the container's control group",
        within: &["/sys/"],
        files: &[
            File("/sys/{[^f],f[^s],fs[^/]}**", ALL_BUT_READ),
            File("/sys/fs/{[^c],c[^g],cg[^r],cgr[^o],cgro[^u],cgrou[^p]}**", ALL_BUT_READ),
        ],
        families: &[],
    },
    Denials {
        title: "firmware, power meters and security modules",
        why: "these tell of other containers' work, and decide what AppArmor itself holds",
        within: &["/sys/"],
        files: &[File("/sys/{firmware,devices/virtual/powercap,kernel/security}/{,**}", Access::ALL)],
        families: &[],
    },
    Denials {
        title: "the kernel's cryptography",
        why: "its sockets let every program reach code of the kernel that programs do without",
        within: &[],
        files: &[],
        families: &["alg"],
    },
];

/// Goes with `service-account-token = false`: should something mount the token all the same, it cannot be read, nor
/// carried away by renaming a folder above it.
pub const TOKEN: Denials = Denials {
    title: "the service account's token",
    why: "the policy does not ask for it",
    within: &["/run/secrets/", "/var/run/secrets/"],
    files: &[
        File("/{,var/}run/secrets/kubernetes.io/serviceaccount/{,**}", Access::ALL),
        File("/{run,var,var/run}/{,secrets/,secrets/kubernetes.io/}", Access::WRITE),
    ],
    families: &[],
};
