//! The kernel's capabilities (include/uapi/linux/capability.h).

use super::Abi;

/// A capability, by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Capability(usize);

impl Capability {
    pub fn all() -> impl Iterator<Item = Capability> {
        (0..TABLE.len()).map(Capability)
    }

    pub fn from_name(name: &str) -> Option<Capability> {
        TABLE.iter().position(|(n, _)| *n == name).map(Capability)
    }

    /// A name as others write it, such as `CAP_CHOWN`, as the profile language would.
    pub fn bare(word: &str) -> String {
        let lower = word.to_ascii_lowercase();
        lower.strip_prefix("cap_").or(lower.strip_prefix("cap-")).unwrap_or(&lower).to_owned()
    }

    /// In the profile language's spelling.
    pub fn name(self) -> &'static str {
        TABLE.get(self.0).map_or("", |(name, _)| name)
    }

    /// In Kubernetes' spelling.
    pub fn kubernetes(self) -> String {
        self.name().to_ascii_uppercase()
    }

    /// The first ABI that knows it. For an older one the parser puts `sys_admin` in its place.
    pub fn since(self) -> Abi {
        if self.name() == "checkpoint_restore" { Abi::V4_0 } else { Abi::V3_0 }
    }

    /// What it permits, and when a container needs it.
    pub fn about(self) -> &'static str {
        TABLE.get(self.0).map_or("", |(_, about)| about)
    }

    /// What a container that has it can do beyond its own walls, as it reads behind `it can`; none for those whose
    /// harm stays inside.
    pub fn risk(self) -> Option<&'static str> {
        RISKS.iter().find(|(name, _)| *name == self.name()).map(|(_, can)| *can)
    }
}

const RISKS: [(&str, &str); 9] = [
    ("sys_module", "load code of its own into the node's kernel, which gives it the whole node"),
    ("sys_admin", "mount file systems and change so much of the kernel that it is close to root on the node"),
    ("sys_rawio", "reach the machine's memory and devices past the kernel, which gives it the whole node"),
    (
        "sys_ptrace",
        "read and change the memory of every process that it can see, keys and passwords included",
    ),
    (
        "dac_read_search",
        "read every file it reaches whatever the modes, and the node's own files by their handles",
    ),
    ("bpf", "load programs into the node's kernel, which can watch what other containers do"),
    ("perfmon", "watch what other containers and the node's kernel do, and so read their secrets"),
    ("sys_boot", "start another kernel on the node"),
    ("mac_admin", "replace the AppArmor profiles of the node, its own included"),
];

const TABLE: [(&str, &str); 41] = [
    (
        "chown",
        "Change the owner and group of any file; entrypoints that start as root and prepare data folders need it.",
    ),
    (
        "dac_override",
        "Ignore file modes when reading, writing and executing; a program that needs it has wrong owners in its image.",
    ),
    (
        "dac_read_search",
        "Ignore file modes when reading files and searching folders; backup programs need it.",
    ),
    (
        "fowner",
        "Change modes and times of files that belong to others; entrypoints that run chmod on mounted folders need it.",
    ),
    ("fsetid", "Keep the set-user-ID bits when a file is changed; package installers need it."),
    ("kill", "Send signals to processes of other users; supervisors that drop privileges need it."),
    ("setgid", "Change group IDs; servers that start as root and drop privileges need it."),
    ("setuid", "Change user IDs; servers that start as root and drop privileges need it."),
    (
        "setpcap",
        "Change the capabilities that processes can have; container runtimes inside containers need it, ordinary programs do not.",
    ),
    ("linux_immutable", "Set the immutable and append-only flags of files; hardly any container needs it."),
    (
        "net_bind_service",
        "Listen on ports below 1024; servers on such ports need it, but under containerd 2 and later.",
    ),
    (
        "net_broadcast",
        "Send broadcasts and listen to multicasts; no container needs it: no kernel code asks for it.",
    ),
    ("net_admin", "Configure interfaces, routes and firewalls; network plug-ins and VPNs need it."),
    ("net_raw", "Use raw and packet sockets; ping of older images and packet captures need it."),
    (
        "ipc_lock",
        "Lock memory beyond the limit, and use huge pages by shared memory; keepers of secrets and some databases need it.",
    ),
    ("ipc_owner", "Use System V IPC objects of other users; hardly any container needs it."),
    (
        "sys_module",
        "Load kernel modules: control of the whole node; only agents that bring drivers to nodes need it.",
    ),
    ("sys_rawio", "Access I/O ports and raw memory: control of the whole node; only hardware tools need it."),
    ("sys_chroot", "Change the root folder; sshd and vsftpd need it."),
    ("sys_ptrace", "Trace and read any process; debuggers need it."),
    ("sys_pacct", "Switch process accounting on and off; no container needs it."),
    (
        "sys_admin",
        "Mount, name the host, and much more: close to control of the whole node; only storage drivers and builders of images need it.",
    ),
    ("sys_boot", "Reboot the node, and load another kernel; only agents that maintain nodes need it."),
    ("sys_nice", "Raise priorities and choose processors; real-time programs need it."),
    (
        "sys_resource",
        "Go beyond resource limits and disk quotas; servers that raise their own limits need it.",
    ),
    ("sys_time", "Set the clock; time servers need it."),
    ("sys_tty_config", "Configure virtual terminals; no container needs it."),
    ("mknod", "Make device files; builders of images need it."),
    ("lease", "Take leases on files of other users; file servers need it."),
    ("audit_write", "Write records into the kernel's audit log; sshd and sudo need it."),
    ("audit_control", "Configure the kernel's audit system; only audit agents need it."),
    ("setfcap", "Give files capabilities; image builders need it."),
    ("mac_override", "Override mandatory access control of Smack; no container needs it."),
    (
        "mac_admin",
        "Load and replace AppArmor profiles: control of the policy itself; only loaders of profiles need it.",
    ),
    (
        "syslog",
        "Read the kernel's log where it is restricted, and see kernel addresses; collectors of logs need it.",
    ),
    ("wake_alarm", "Set alarms that wake the machine; no container needs it."),
    ("block_suspend", "Keep the machine from suspending; no container needs it."),
    ("audit_read", "Read the kernel's audit log; collectors of audit records need it."),
    ("perfmon", "Measure performance of the whole node; profilers need it."),
    ("bpf", "Load BPF programs; observability agents need it."),
    ("checkpoint_restore", "Choose process IDs and restore processes; CRIU needs it."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_risk_is_of_a_capability() {
        for (name, _) in RISKS {
            assert!(Capability::from_name(name).is_some_and(|found| found.risk().is_some()), "{name}");
        }
    }
}
