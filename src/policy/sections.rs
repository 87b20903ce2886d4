//! The sections that say what the container may do.

use super::{At, FileDefault, Posture, Text};
use crate::kernel::Limit;
use schemars::JsonSchema;
use serde::Deserialize;

/// Files and folders. Paths are absolute; a trailing `/` means the folder and everything beneath it; `*`,
/// `**`, `?`, `[a-z]` and `{a,b}` are patterns.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Filesystem {
    /// What may be done with files that nothing here names.
    ///
    /// Renders `/{,**} rk,` for `"read"`, `/{,**} rwlk,` for `"allow"`. Default: the policy's `default`.
    /// Example: `default = "read"`
    pub default: Option<At<FileDefault>>,

    /// The container may read these, and take read locks. Under `default = "allow"` it may not write them.
    ///
    /// Renders `rk`. Default: none. Example: `read-only = ["/etc/nginx/"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub read_only: Vec<Text>,

    /// The container may read, write, create, delete, rename, lock and link these.
    ///
    /// Renders `rwlk`. Default: none. Example: `read-write = ["/var/cache/nginx/"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub read_write: Vec<Text>,

    /// The container may write, create, delete and lock these, and not read them. Renaming needs `read-write`:
    /// the kernel asks for reading too.
    ///
    /// Renders `wlk`. Default: none. Example: `write-only = ["/var/log/nginx/"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub write_only: Vec<Text>,

    /// The container may list these folders themselves: the names in them are seen, and nothing in them is opened. An
    /// entry always means folders, with a `/` at its end or without: `/data/` that folder, `/data/*/` each folder in
    /// it, `/data/**/` each one below.
    ///
    /// Renders `r` of the folder alone. Default: none. Example: `list = ["/data/"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub list: Vec<Text>,

    /// The container may never write, create, delete, rename or link these, whatever else allows it.
    ///
    /// Renders `deny wl`. Default: none. Example: `deny-write = ["/etc/"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub deny_write: Vec<Text>,

    /// The container may never open, list, create, change, link or run these.
    ///
    /// Renders `deny rwlkmx`. Default: none. Example: `deny = ["/etc/nginx/private/"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub deny: Vec<Text>,
}

/// Programs that the container's own processes may start, and code that they may map. The first program of a
/// container is started by the runtime and needs no grant.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exec {
    /// Whether programs that nothing here names may be started and mapped.
    ///
    /// Renders `/{,**} mix,` for `"allow"`. Default: the policy's `default`. Example: `default = "allow"`
    pub default: Option<At<Posture>>,

    /// Programs that may be started. They keep this profile.
    ///
    /// Renders `mrix`. Default: none. Example: `allow = ["/usr/sbin/nginx"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub allow: Vec<Text>,

    /// Programs that may never be started by this path, nor mapped as code.
    ///
    /// Renders `deny mx`. Default: none. Example: `deny = ["/usr/bin/apt*"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub deny: Vec<Text>,

    /// Files that may be mapped as code, beyond the usual library folders: plug-ins and modules.
    ///
    /// Renders `mr`. Default: none. Example: `libraries = ["/usr/lib/nginx/modules/"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub libraries: Vec<Text>,
}

/// The kernel's capabilities: parts of the root user's power. The pod is given the same set.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Capabilities {
    /// Whether capabilities that nothing here names may be used.
    ///
    /// Renders `capability,` for `"allow"`; then the pod drops only those denied. Default: the policy's
    /// `default`. Example: `default = "deny"`
    pub default: Option<At<Posture>>,

    /// Capabilities that the container may use, by the kernel's names in lower case.
    ///
    /// Renders `capability NAME,` and `capabilities.add`. Default: none. Example: `allow = ["net_bind_service"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub allow: Vec<Text>,

    /// Capabilities that it may never use.
    ///
    /// Renders `deny capability NAME,`. Default: none. Example: `deny = ["sys_admin"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub deny: Vec<Text>,
}

/// Sockets that the container may make, as `FAMILY`, `FAMILY/TYPE` or `*/TYPE`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Network {
    /// Whether sockets that nothing here names may be made.
    ///
    /// Renders `network,` for `"allow"`. Default: the policy's `default`. Example: `default = "allow"`
    pub default: Option<At<Posture>>,

    /// Sockets that may be made: `inet/stream` is TCP over IPv4, `inet6/dgram` UDP over IPv6.
    ///
    /// Renders `network FAMILY TYPE,`. Default: none. Example: `allow = ["inet/stream", "inet6/stream", "unix"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub allow: Vec<Text>,

    /// Sockets that may never be made.
    ///
    /// Renders `deny network FAMILY TYPE,`. Default: none. Example: `deny = ["packet", "inet/raw"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub deny: Vec<Text>,
}

/// Kernel operations beyond files, capabilities and sockets: `mount`, `remount`, `umount`, `pivot-root`,
/// `ptrace`, `signal`, `huge-pages`, `userns`, `mqueue`, `io-uring`, `dbus`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Operations {
    /// Whether operations that nothing here names are allowed.
    ///
    /// Renders `mount,`, `ptrace,` and all others for `"allow"`. Default: `"deny"`, whatever the policy's `default`
    /// is. Example: `default = "deny"`
    pub default: Option<At<Posture>>,

    /// Operations that are allowed.
    ///
    /// Renders `mount,`, `ptrace,` and so on. Default: none. Example: `allow = ["huge-pages"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub allow: Vec<Text>,

    /// Operations that are denied. The container can still be stopped, and still signal its own processes.
    ///
    /// Renders `deny mount,` and so on. Default: none. Example: `deny = ["mount"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub deny: Vec<Text>,
}

/// Resource limits, which the kernel sets when the profile is entered. Each is a string: a number, with a
/// unit where the limit has one, or `"infinity"`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Address space, in bytes or with `K`, `M`, `G`.
    ///
    /// Renders `set rlimit as <= 2G,`. Default: none is set. Example: `as = "2G"`
    pub r#as: Option<Text>,

    /// Size of core dumps, in bytes or with `K`, `M`, `G`.
    ///
    /// Renders `set rlimit core <= 0,`. Default: none is set. Example: `core = "0"`
    pub core: Option<Text>,

    /// Processor time, in seconds or with `s`, `min`, `h`.
    ///
    /// Renders `set rlimit cpu <= 10min,`. Default: none is set. Example: `cpu = "10min"`
    pub cpu: Option<Text>,

    /// Size of data and heap, in bytes or with `K`, `M`, `G`.
    ///
    /// Renders `set rlimit data <= 1G,`. Default: none is set. Example: `data = "1G"`
    pub data: Option<Text>,

    /// Size of files that are written, in bytes or with `K`, `M`, `G`.
    ///
    /// Renders `set rlimit fsize <= 100M,`. Default: none is set. Example: `fsize = "100M"`
    pub fsize: Option<Text>,

    /// Number of file locks.
    ///
    /// Renders `set rlimit locks <= 100,`. Default: none is set. Example: `locks = "100"`
    pub locks: Option<Text>,

    /// Memory that can be locked, in bytes or with `K`, `M`, `G`.
    ///
    /// Renders `set rlimit memlock <= 64K,`. Default: none is set. Example: `memlock = "64K"`
    pub memlock: Option<Text>,

    /// Bytes in message queues, in bytes or with `K`, `M`, `G`.
    ///
    /// Renders `set rlimit msgqueue <= 800K,`. Default: none is set. Example: `msgqueue = "800K"`
    pub msgqueue: Option<Text>,

    /// The highest priority by niceness, from -20 to 19.
    ///
    /// Renders `set rlimit nice <= 0,`. Default: none is set. Example: `nice = "0"`
    pub nice: Option<Text>,

    /// Number of open files.
    ///
    /// Renders `set rlimit nofile <= 1024,`. Default: none is set. Example: `nofile = "1024"`
    pub nofile: Option<Text>,

    /// Number of processes of the user.
    ///
    /// Renders `set rlimit nproc <= 100,`. Default: none is set. Example: `nproc = "100"`
    pub nproc: Option<Text>,

    /// Resident memory, in bytes or with `K`, `M`, `G`; today's kernels ignore it.
    ///
    /// Renders `set rlimit rss <= 1G,`. Default: none is set. Example: `rss = "1G"`
    pub rss: Option<Text>,

    /// The highest real-time priority, from 0 to 99.
    ///
    /// Renders `set rlimit rtprio <= 0,`. Default: none is set. Example: `rtprio = "0"`
    pub rtprio: Option<Text>,

    /// Processor time of a real-time process, in microseconds or with `us`, `ms`, `s`.
    ///
    /// Renders `set rlimit rttime <= 200ms,`. Default: none is set. Example: `rttime = "200ms"`
    pub rttime: Option<Text>,

    /// Number of signals that wait.
    ///
    /// Renders `set rlimit sigpending <= 1000,`. Default: none is set. Example: `sigpending = "1000"`
    pub sigpending: Option<Text>,

    /// Size of the stack, in bytes or with `K`, `M`, `G`. The kernel takes it back whenever a program starts, so it
    /// only keeps processes from asking for more.
    ///
    /// Renders `set rlimit stack <= 8M,`. Default: none is set. Example: `stack = "8M"`
    pub stack: Option<Text>,
}

impl Limits {
    /// Those that are set, in the order of their names.
    pub fn set(&self) -> impl Iterator<Item = (Limit, &Text)> {
        let all = [
            (Limit::As, &self.r#as),
            (Limit::Core, &self.core),
            (Limit::Cpu, &self.cpu),
            (Limit::Data, &self.data),
            (Limit::Fsize, &self.fsize),
            (Limit::Locks, &self.locks),
            (Limit::Memlock, &self.memlock),
            (Limit::Msgqueue, &self.msgqueue),
            (Limit::Nice, &self.nice),
            (Limit::Nofile, &self.nofile),
            (Limit::Nproc, &self.nproc),
            (Limit::Rss, &self.rss),
            (Limit::Rtprio, &self.rtprio),
            (Limit::Rttime, &self.rttime),
            (Limit::Sigpending, &self.sigpending),
            (Limit::Stack, &self.stack),
        ];
        all.into_iter().filter_map(|(limit, value)| Some((limit, value.as_ref()?)))
    }
}

/// What must be allowed and what must be denied. `aapol test` says whether it is.
/// An expectation is an access: `read`, `write`, `create`, `delete`, `lock`, `map` or `exec` with a path,
/// `link NEW TARGET`, `rename OLD NEW`, `network FAMILY/TYPE`, `capability NAME`, `operation NAME`. A path is one
/// path, not a pattern.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    /// Accesses that must be allowed. `aapol test` says whether they are.
    ///
    /// Renders nothing. Default: none. Example: `allow = ["read /etc/nginx/nginx.conf", "network inet/stream"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub allow: Vec<Text>,

    /// Accesses that must be denied. `aapol test` says whether they are.
    ///
    /// Renders nothing. Default: none. Example: `deny = ["write /etc/nginx/nginx.conf", "capability sys_admin"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub deny: Vec<Text>,
}
