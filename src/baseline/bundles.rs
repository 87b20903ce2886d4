//! Bundles: sets of grants for kinds of programs, by name.

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
        groups: &[Group {
            title: "bundle dns",
            why: "name look-ups over the network send single messages",
            needs: &[Socket("inet", SocketType::Dgram), Socket("inet6", SocketType::Dgram)],
        }],
    },
    Bundle {
        name: "jvm",
        groups: &[Group {
            title: "bundle jvm",
            why: "the Java runtime sizes itself by these and chooses what core dumps hold",
            needs: &[
                File("/proc/[0-9]*/coredump_filter", RW),
                File("/proc/[0-9]*/net/if_inet6", R),
                File("/sys/kernel/mm/hugepages/", R),
            ],
        }],
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
