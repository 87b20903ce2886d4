//! Kernel operations beyond files, capabilities and sockets.

use super::{Abi, Capability};

/// An operation that `[operations]` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    Mount,
    Remount,
    Umount,
    PivotRoot,
    Ptrace,
    Signal,
    HugePages,
    Userns,
    Mqueue,
    IoUring,
    Dbus,
}

impl Operation {
    /// In the order in which a profile lists them.
    pub const ALL: [Operation; 11] = [
        Operation::Mount,
        Operation::Remount,
        Operation::Umount,
        Operation::PivotRoot,
        Operation::Userns,
        Operation::Mqueue,
        Operation::IoUring,
        Operation::Dbus,
        Operation::Signal,
        Operation::Ptrace,
        Operation::HugePages,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Operation::Mount => "mount",
            Operation::Remount => "remount",
            Operation::Umount => "umount",
            Operation::PivotRoot => "pivot-root",
            Operation::Ptrace => "ptrace",
            Operation::Signal => "signal",
            Operation::HugePages => "huge-pages",
            Operation::Userns => "userns",
            Operation::Mqueue => "mqueue",
            Operation::IoUring => "io-uring",
            Operation::Dbus => "dbus",
        }
    }

    pub fn from_name(name: &str) -> Option<Operation> {
        Operation::ALL.into_iter().find(|o| o.name() == name)
    }

    /// What it permits, and when a container needs it.
    pub fn about(self) -> &'static str {
        match self {
            Operation::Mount => {
                "Mount file systems, bind mounts and remounts included; containers that build images or manage storage need it, with `sys_admin`."
            }
            Operation::Remount => {
                "Change the flags of a file system that is mounted already; storage tools need it, with `sys_admin`."
            }
            Operation::Umount => "Unmount file systems; what mounts them needs it, with `sys_admin`.",
            Operation::PivotRoot => {
                "Change the root of the file system; container runtimes inside containers need it, with `sys_admin`."
            }
            Operation::Ptrace => {
                "Trace and read any process; debuggers and profilers need it, reading the container's own processes does not."
            }
            Operation::Signal => {
                "Send signals to processes outside of the container's profile; supervisors of other containers need it, signals to its own processes do not."
            }
            Operation::HugePages => {
                "Map memory in huge pages; PostgreSQL and Java need it where they are told to, since the kernel asks for write access to `/`."
            }
            Operation::Userns => {
                "Make user namespaces; the sandboxes of browsers and containers inside containers need it."
            }
            Operation::Mqueue => {
                "Use POSIX message queues; programs that call mq_open need it, and the queue's own name as a file where the kernel has no rules for queues."
            }
            Operation::IoUring => {
                "Use io_uring with other credentials, or with a kernel thread that polls; some fast databases need it."
            }
            Operation::Dbus => {
                "Talk over D-Bus, where the bus itself asks AppArmor; programs that control the node's services need it."
            }
        }
    }

    /// What a container that may do it can do beyond its own walls, as it reads behind `it can`; none for those
    /// whose harm stays inside.
    pub fn risk(self) -> Option<&'static str> {
        match self {
            Operation::Mount | Operation::Remount | Operation::PivotRoot => {
                Some("put files under other paths than the rules speak of, so that no denial of a path holds")
            }
            Operation::Umount => {
                Some("take away what the runtime mounts over files that a container must not see")
            }
            Operation::Ptrace => Some(
                "read and change the memory of every process that it can see, those of other profiles included",
            ),
            Operation::Userns => Some(
                "become root in a namespace of its own, where much of the kernel's code is open to attack",
            ),
            Operation::Signal
            | Operation::HugePages
            | Operation::Mqueue
            | Operation::IoUring
            | Operation::Dbus => None,
        }
    }

    /// The first ABI under which AppArmor decides about it.
    pub fn since(self) -> Abi {
        match self {
            Operation::Userns | Operation::Mqueue => Abi::V4_0,
            Operation::IoUring => Abi::V5_0,
            Operation::Mount
            | Operation::Remount
            | Operation::Umount
            | Operation::PivotRoot
            | Operation::Ptrace
            | Operation::Signal
            | Operation::HugePages
            | Operation::Dbus => Abi::V3_0,
        }
    }

    /// Whether it stays allowed where AppArmor does not decide about it. A message queue does not: it is a file
    /// by the name `/NAME` then.
    pub fn open_without_rules(self) -> bool {
        self != Operation::Mqueue
    }

    /// The operation that grants this one too.
    pub fn part_of(self) -> Option<Operation> {
        (self == Operation::Remount).then_some(Operation::Mount)
    }

    /// Whether the baseline keeps rules of this kind, so that it is denied by granting no more.
    pub fn kept_by_baseline(self) -> bool {
        matches!(self, Operation::Signal | Operation::Ptrace)
    }

    /// The capability without which the kernel refuses it whatever the profile says.
    pub fn needs(self) -> Option<Capability> {
        match self {
            Operation::Mount | Operation::Remount | Operation::Umount | Operation::PivotRoot => {
                Capability::from_name("sys_admin")
            }
            Operation::Ptrace
            | Operation::Signal
            | Operation::HugePages
            | Operation::Userns
            | Operation::Mqueue
            | Operation::IoUring
            | Operation::Dbus => None,
        }
    }
}
