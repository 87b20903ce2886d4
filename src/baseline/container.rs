//! The baseline: what every container needs under runc or crun, with Docker, containerd or CRI-O.

use super::{Group, Need};
use crate::kernel::Access;
use Need::{File, OwnPtrace, OwnSignals, SignalFrom};

const R: Access = Access::READ;
/// What `read-only` grants, so that an entry for the same says nothing new.
const RK: Access = Access::READ.with(Access::LOCK);
const RW: Access = Access::READ.with(Access::WRITE);
const MR: Access = Access::READ.with(Access::MAP);

/// In the order in which a profile lists them.
pub const GROUPS: &[Group] = &[
    Group {
        title: "stopping the container",
        why: "the runtime's signals; without these it hangs in Terminating",
        needs: &[
            SignalFrom("unconfined"),
            SignalFrom("{runc,crun}"),
            SignalFrom("/usr/{bin,sbin}/{runc,crun}"),
        ],
    },
    Group {
        title: "its own processes",
        why: "signals among them, and reading their /proc files",
        needs: &[OwnSignals, OwnPtrace],
    },
    Group {
        title: "shared libraries",
        why: "every dynamically linked program maps these; plug-in folders are not among them",
        needs: &[
            File("/etc/ld.so.cache", R),
            File("/{,usr/}{,local/}lib{,32,64}/{,*-linux-*/}*.so{,.*}", MR),
        ],
    },
    Group {
        title: "names and places",
        why: "the C library looks up users, hosts, time zones and languages here",
        needs: &[
            File("/etc/{passwd,group,hosts,hostname}", R),
            File("/etc/{host.conf,gai.conf,resolv.conf,nsswitch.conf}", R),
            File("/etc/{localtime,locale.alias}", R),
            File("/{,usr/}lib{,32,64}/{,*-linux-*/}gconv/{,*}", MR),
            File("/{,usr/}{lib,share}/locale/{,**}", R),
            File("/usr/share/zoneinfo/{,**}", R),
        ],
    },
    Group {
        title: "devices",
        why: "harmless ones that every program may use, and the terminal it is given",
        needs: &[
            File("/dev/{null,zero,full,random,urandom,tty}", RW),
            File("/dev/pts/[0-9]*", RW),
            File("/dev/termination-log", RW),
        ],
    },
    Group {
        title: "what the machine is",
        why: "language runtimes size themselves by these; nothing here can be changed",
        needs: &[
            File("/", R),
            File("/proc/{cgroups,cpuinfo,filesystems,meminfo,stat}", R),
            File("/proc/[0-9]*/", R),
            File("/proc/[0-9]*/{cgroup,cpuset,maps,mountinfo,mounts,stat,status}", R),
            File("/proc/[0-9]*/task/[0-9]*/{maps,stat,status}", R),
            File("/proc/sys/kernel/{cap_last_cap,ngroups_max}", R),
            File("/proc/sys/net/core/somaxconn", R),
            File("/proc/sys/vm/overcommit_memory", R),
            File("/sys/devices/system/cpu/{online,possible}", R),
            File("/sys/fs/cgroup/{,**}", R),
            File("/sys/kernel/mm/transparent_hugepage/{enabled,hpage_pmd_size}", R),
        ],
    },
];

/// Goes with `service-account-token = true`.
pub const TOKEN: Group = Group {
    title: "the service account's token",
    why: "the pod mounts it; `/var/run` is a link on most images",
    needs: &[File("/{,var/}run/secrets/kubernetes.io/serviceaccount/{,**}", RK)],
};
