//! Paths by which a container gets hold of its node: sockets of container runtimes, folders of the node, raw disks.
//!
//! Each has the sentence that says what follows, as it reads behind `it can`. Those of capabilities and operations
//! stand in their own tables.

use super::glob::PatternSet;
use super::path::spellings;
use std::sync::LazyLock;

/// A pattern as the kernel's paths match it, and what whoever opens such a path can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Risk {
    pub pattern: &'static str,
    pub can: &'static str,
}

/// The sockets by which container runtimes are told what to do. Writing is what opens them.
pub const SOCKETS: [Risk; 5] = [
    Risk {
        pattern: "/{,var/}run/docker.sock",
        can: "start containers by Docker that own the node, outside of every profile",
    },
    Risk {
        pattern: "/{,var/}run/containerd/containerd.sock",
        can: "start containers by containerd that own the node, outside of every profile",
    },
    Risk {
        pattern: "/{,var/}run/k3s/containerd/containerd.sock",
        can: "start containers by containerd that own the node, outside of every profile",
    },
    Risk {
        pattern: "/{,var/}run/crio/crio.sock",
        can: "start containers by CRI-O that own the node, outside of every profile",
    },
    Risk {
        pattern: "/{,var/}run/podman/podman.sock",
        can: "start containers by Podman that own the node, outside of every profile",
    },
];

/// Raw block devices and the machine's memory.
pub const DEVICES: [Risk; 2] = [
    Risk {
        pattern: "/dev/{sd[a-z],hd[a-z],vd[a-z],xvd[a-z],nvme[0-9],mmcblk[0-9],md[0-9],dm-[0-9],mapper/}*",
        can: "read the disk below its file systems, past every path rule, and change it where it may write",
    },
    Risk { pattern: "/dev/{mem,kmem,port}", can: "read the machine's memory, the kernel's own included" },
];

/// Folders of the node that no container should be given as they are; a volume of such a path brings the risk.
const HOST_PATHS: [(&str, &str); 10] = [
    ("/", "see every file of the node, and take the node over where it may write"),
    ("/dev", "see every device of the node, its disks included"),
    ("/etc", "read the node's configuration, and change its users and services where it may write"),
    ("/etc/kubernetes", "read the keys by which the node and its control plane speak to the cluster"),
    ("/proc", "read the memory and the environment of the node's processes, and set its kernel's parameters"),
    ("/run", "reach the sockets of the node's services, its container runtime's included"),
    ("/sys", "configure the node's kernel and devices where it may write"),
    ("/var/lib/containerd", "read and change the files of every container on the node"),
    ("/var/lib/docker", "read and change the files of every container on the node"),
    ("/var/lib/kubelet", "read the secrets and tokens of every pod on the node"),
];

/// What whoever opens a path can do, where the path is one of the sockets or devices.
pub fn path(path: &[u8]) -> Option<&'static str> {
    static ALL: LazyLock<PatternSet> =
        LazyLock::new(|| PatternSet::new(SOCKETS.iter().chain(&DEVICES).map(|risk| risk.pattern)));
    let number = ALL.first(path)?;
    SOCKETS.iter().chain(&DEVICES).nth(number).map(|risk| risk.can)
}

/// What a container that is given a path of its node can do.
pub fn host_path(path: &str) -> Option<&'static str> {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let spellings = spellings(path);
    let is_named = |known: &str| spellings.iter().any(|path| path == known);
    let folder = HOST_PATHS.iter().find(|(known, _)| is_named(known)).map(|(_, can)| *can);
    folder.or_else(|| spellings.iter().find_map(|spelling| self::path(spelling.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Glob;

    #[test]
    fn patterns_are_globs() {
        for risk in SOCKETS.iter().chain(&DEVICES) {
            assert!(Glob::parse(risk.pattern).is_ok(), "{}", risk.pattern);
        }
    }

    #[test]
    fn sockets_and_devices_are_known_and_what_is_beside_them_is_not() {
        for known in ["/run/docker.sock", "/var/run/crio/crio.sock", "/dev/sda", "/dev/nvme0n1p2", "/dev/mem"]
        {
            assert!(path(known.as_bytes()).is_some(), "{known}");
        }
        for other in ["/run/app.sock", "/dev/null", "/dev/shm/x", "/srv/docker.sock"] {
            assert_eq!(path(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn paths_of_the_node_are_known_in_each_spelling() {
        for path in ["/", "/etc/", "/var/run", "/run", "/var/lib/kubelet", "/var/run/docker.sock"] {
            assert!(host_path(path).is_some(), "{path}");
        }
        for path in ["/etc/localtime", "/srv", "/run/app", "/var/lib/kubelet-plugin"] {
            assert_eq!(host_path(path), None, "{path}");
        }
    }
}
