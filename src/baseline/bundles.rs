//! Bundles: sets of grants for kinds of programs, by name.
//!
//! Each rule is needed by a program of the lab's, or the lab says why it stands all the same. Deliberately absent:
//! programs to start, not even a runtime's own, so that `[exec]` alone says what a container may start.

use super::{Group, Need};
use crate::kernel::{Access, SocketType};
use Need::{File, Socket};

const R: Access = Access::READ;
const RW: Access = Access::READ.with(Access::WRITE);
const MR: Access = Access::READ.with(Access::MAP);
const RWLK: Access = RW.with(Access::LINK).with(Access::LOCK);

/// A named set of grants.
#[derive(Debug)]
pub struct Bundle {
    pub name: &'static str,
    pub groups: &'static [Group],
}

impl Bundle {
    pub fn from_name(name: &str) -> Option<&'static Bundle> {
        ALL.iter().find(|bundle| bundle.name == name)
    }
}

pub const ALL: &[Bundle] = &[
    Bundle {
        name: "dns",
        groups: &[
            Group {
                title: "bundle dns",
                why: "name look-ups over the network send single messages",
                needs: &[Socket("inet", SocketType::Dgram), Socket("inet6", SocketType::Dgram)],
            },
            Group {
                title: "bundle dns",
                why: "the C library asks a local cache first, and lists the machine's addresses",
                needs: &[Socket("netlink", SocketType::Raw), Socket("unix", SocketType::Stream)],
            },
        ],
    },
    Bundle {
        name: "jvm",
        groups: &[
            Group {
                title: "bundle jvm",
                why: "the Java runtime where images have it, with its libraries, and Debian's settings for it",
                needs: &[
                    File("/etc/java-*/{,**}", R),
                    File("/opt/java/openjdk/{,**}", R),
                    File("/opt/java/openjdk/**.so", MR),
                    File("/usr/lib/jvm/{,**}", R),
                    File("/usr/lib/jvm/**.so", MR),
                ],
            },
            Group {
                title: "bundle jvm",
                why: "it sizes itself by these, chooses what core dumps hold, and closes the files of what it starts",
                needs: &[
                    File("/proc/[0-9]*/coredump_filter", RW),
                    File("/proc/[0-9]*/fd/", R),
                    File("/proc/[0-9]*/net/if_inet6", R),
                    File("/sys/kernel/mm/hugepages/", R),
                ],
            },
        ],
    },
    Bundle {
        name: "python",
        groups: &[Group {
            title: "bundle python",
            why: "the standard library, installed packages, and semaphores of multiprocessing",
            needs: &[
                File("/dev/shm/{,**}", RWLK),
                File("/etc/{mime.types,python3*/{,**}}", R),
                File("/{,usr/}{,local/}lib/python3*/{,**}", R),
                File("/{,usr/}{,local/}lib/python3*/**.so{,.*}", MR),
            ],
        }],
    },
    Bundle {
        name: "tls",
        groups: &[Group {
            title: "bundle tls",
            why: "the certificates by which servers are recognised, and OpenSSL's settings",
            needs: &[
                File("/etc/ssl/certs/{,**}", R),
                File("/etc/ssl/openssl.cnf", R),
                File("/etc/pki/{ca-trust,tls}/{,**}", R),
                File("/usr/{,local/}share/ca-certificates/{,**}", R),
            ],
        }],
    },
];
