//! A program's path that is usually a link.

use crate::check::Context;
use crate::check::resolved::ContainerProfile;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Request;
use crate::kernel::request::FileVerb;

pub static CODE: Code = code!("symlinked-program", Warning);

/// Links of one kind.
struct Links {
    names: &'static [&'static str],
    folders: &'static [&'static str],
    /// What they lead to; `NAME` is the link's own.
    targets: &'static str,
}

/// Where distributions put them; elsewhere the same name is a file of its own.
const SYSTEM: &[&str] = &["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/{,usr/}bin/", "/{,usr/}sbin/"];
const SBIN: &[&str] = &["/sbin/", "/usr/sbin/", "/{,usr/}sbin/"];
/// Where the images of languages and databases put what they build themselves.
const LOCAL: &[&str] = &["/usr/local/bin/"];

const fn links(
    names: &'static [&'static str],
    folders: &'static [&'static str],
    targets: &'static str,
) -> Links {
    Links { names, folders, targets }
}

/// Links of common images. Of Debian's they were read from its packages and their alternatives.
const LINKS: &[Links] = &[
    links(&["sh"], SYSTEM, "`/bin/dash` (Debian), `/bin/bash` (Red Hat), `/bin/busybox` (Alpine)"),
    links(&["python", "python3"], SYSTEM, "`/usr/bin/python3.*`"),
    links(&["python", "python3"], LOCAL, "`/usr/local/bin/python3.*`"),
    links(&["pydoc3", "pdb3", "pypy3"], SYSTEM, "`/usr/bin/NAME.*`"),
    links(&["ruby", "irb", "erb", "rdoc"], SYSTEM, "`/usr/bin/NAME3.*` (Debian)"),
    links(&["php", "phar"], SYSTEM, "`/usr/bin/NAME8*`"),
    links(&["lua", "luac"], SYSTEM, "`/usr/bin/NAME5.*`"),
    links(&["awk"], SYSTEM, "`/usr/bin/mawk` or `/usr/bin/gawk` (Debian), `/bin/busybox` (Alpine)"),
    links(&["nawk"], SYSTEM, "`/usr/bin/mawk` or `/usr/bin/gawk`"),
    links(&["vi"], SYSTEM, "`/usr/bin/vim.*` (Debian), `/bin/busybox` (Alpine)"),
    links(&["vim", "view", "ex", "rview"], SYSTEM, "`/usr/bin/vim.*` (Debian)"),
    links(&["editor"], SYSTEM, "`/usr/bin/vim.*` or `/bin/nano`"),
    links(&["pico"], SYSTEM, "`/bin/nano`"),
    links(&["pager"], SYSTEM, "`/usr/bin/less` or `/bin/more`"),
    links(
        &["java", "keytool", "javac", "jar", "jcmd", "jps", "jstack", "jmap", "jshell"],
        SYSTEM,
        "`/usr/lib/jvm/*/bin/NAME`, or `/opt/java/openjdk/bin/NAME`",
    ),
    links(&["nodejs"], SYSTEM, "`/usr/bin/node`"),
    links(&["nodejs"], LOCAL, "`/usr/local/bin/node`"),
    links(
        &["npm", "npx"],
        SYSTEM,
        "`/usr/share/nodejs/npm/bin/NAME-cli.js` (Debian), `/usr/lib/node_modules/npm/bin/NAME-cli.js`",
    ),
    links(&["npm", "npx"], LOCAL, "`/usr/local/lib/node_modules/npm/bin/NAME-cli.js`"),
    links(&["corepack"], LOCAL, "`/usr/local/lib/node_modules/corepack/dist/corepack.js`"),
    links(&["yarn", "yarnpkg"], LOCAL, "`/opt/yarn-*/bin/yarn`"),
    links(&["redis-server", "redis-sentinel"], SYSTEM, "`/usr/bin/redis-check-rdb` (Debian)"),
    links(&["redis-sentinel", "redis-check-rdb", "redis-check-aof"], LOCAL, "`/usr/local/bin/redis-server`"),
    links(
        &[
            "clusterdb",
            "createdb",
            "createuser",
            "dropdb",
            "dropuser",
            "pg_archivecleanup",
            "pg_basebackup",
            "pg_dump",
            "pg_dumpall",
            "pg_isready",
            "pg_receivewal",
            "pg_recvlogical",
            "pg_restore",
            "pgbench",
            "psql",
            "reindexdb",
            "vacuumdb",
            "vacuumlo",
        ],
        SYSTEM,
        "`/usr/share/postgresql-common/pg_wrapper`, which starts `/usr/lib/postgresql/*/bin/NAME` (Debian), or `/usr/libexec/postgresql*/NAME` (Alpine)",
    ),
    links(&["erl", "erlc", "escript", "epmd"], SYSTEM, "`/usr/lib/erlang/bin/NAME`"),
    links(&["erl", "erlc", "escript"], LOCAL, "`/usr/local/lib/erlang/bin/NAME`"),
    links(
        &["rabbitmqctl", "rabbitmq-server", "rabbitmq-plugins"],
        SYSTEM,
        "`/usr/lib/rabbitmq/bin/rabbitmq-script-wrapper` (Debian)",
    ),
    links(&["apachectl"], SYSTEM, "`/usr/sbin/apache2ctl` (Debian)"),
    links(&["sendmail"], SYSTEM, "`/usr/sbin/exim4` or `/usr/bin/msmtp` (Debian), `/bin/busybox` (Alpine)"),
    links(&["mail", "mailx"], SYSTEM, "`/usr/bin/bsd-mailx` (Debian)"),
    links(
        &["nc", "netcat"],
        SYSTEM,
        "`/bin/nc.openbsd` or `/bin/nc.traditional` (Debian), `/bin/busybox` (Alpine)",
    ),
    links(&["telnet"], SYSTEM, "`/usr/bin/inetutils-telnet` (Debian)"),
    links(&["which"], SYSTEM, "`/usr/bin/which.debianutils` (Debian), `/bin/busybox` (Alpine)"),
    links(&["pidof"], SYSTEM, "`/sbin/killall5` (Debian), `/bin/busybox` (Alpine)"),
    links(&["pkill"], SYSTEM, "`/usr/bin/pgrep` (Debian), `/bin/busybox` (Alpine)"),
    links(&["reset"], SYSTEM, "`/usr/bin/tset` (Debian), `/bin/busybox` (Alpine)"),
    links(&["unxz", "xzcat", "lzma"], SYSTEM, "`/usr/bin/xz` (Debian), `/bin/busybox` (Alpine)"),
    links(&["ip"], SBIN, "`/bin/ip`"),
    links(
        &[
            "iptables",
            "iptables-save",
            "iptables-restore",
            "ip6tables",
            "ip6tables-save",
            "ip6tables-restore",
            "ebtables",
            "arptables",
        ],
        SYSTEM,
        "`/usr/sbin/xtables-nft-multi` or `/usr/sbin/xtables-legacy-multi`",
    ),
    links(
        &["depmod", "insmod", "lsmod", "modinfo", "modprobe", "rmmod"],
        SYSTEM,
        "`/bin/kmod` (Debian), `/bin/busybox` (Alpine)",
    ),
    links(&["init"], SYSTEM, "`/lib/systemd/systemd` (Debian), `/bin/busybox` (Alpine)"),
    links(
        &["halt", "poweroff", "reboot", "shutdown"],
        SYSTEM,
        "`/bin/systemctl` (Debian), `/bin/busybox` (Alpine)",
    ),
    links(&["getty"], SYSTEM, "`/sbin/agetty` (Debian), `/bin/busybox` (Alpine)"),
    links(&["cc", "gcc"], SYSTEM, "`/usr/bin/*-linux-gnu-gcc-*` (Debian)"),
    links(&["c++", "g++"], SYSTEM, "`/usr/bin/*-linux-gnu-g++-*` (Debian)"),
    links(&["go", "gofmt"], SYSTEM, "`/usr/lib/go-*/bin/NAME` (Debian), `/usr/lib/go/bin/NAME` (Alpine)"),
];

/// Commands that are files of their own on other systems, and links to busybox on Alpine.
const APPLETS: &str = "arp ash base64 basename bunzip2 bzcat bzip2 cat chgrp chmod chown chroot cksum clear cmp comm cp cpio \
                       crond crontab cut date dc dd df diff dirname dmesg dos2unix du echo egrep env expand expr false fgrep find \
                       flock fold free fuser getopt grep groups gunzip gzip head hexdump hostname id ifconfig install ionice ipcs \
                       kill killall less ln logger ls lsof md5sum mkdir mkfifo mknod mktemp more mount mountpoint mv netstat nice \
                       nl nohup nproc nsenter nslookup od passwd paste pgrep ping printenv printf ps pstree pwd readlink realpath \
                       renice rev rm rmdir route run-parts sed seq setsid sha1sum sha256sum sha512sum shred shuf sleep sort split \
                       stat strings stty su sync sysctl tac tail tar tee test time timeout top touch tr traceroute true truncate \
                       tty umount uname uniq unlink unshare unzip uptime vi watch wc wget who whoami xargs xxd yes zcat";

/// The part of a path behind its last slash.
pub fn last_component(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let containers = context.resolved.pod.containers.iter();
    let mut images = containers
        .filter(|container| container.profile == ContainerProfile::This)
        .filter_map(|container| container.image.as_ref());
    let alpine = images.find(|image| image.contains("alpine"));
    let entries = context.resolved.paths.iter().map(|entry| (entry.text.as_str(), entry.place));
    let expectations =
        context.resolved.expectations.iter().filter_map(|one| Some((followed(&one.request)?, one.place)));
    for (text, place) in entries.chain(expectations) {
        let name = last_component(text);
        let folder = text.strip_suffix(name).unwrap_or("");
        let links = LINKS.iter().find(|links| links.names.contains(&name) && links.folders.contains(&folder));
        let is_applet = SYSTEM.contains(&folder) && APPLETS.split_whitespace().any(|applet| applet == name);
        let finding = match (links, alpine) {
            (Some(links), _) => {
                let message = format!("`{text}` is usually a link, and AppArmor sees what it leads to");
                let targets = links.targets.replace("NAME", name);
                Finding::new(&CODE, place, message).help(format!("name what it leads to: {targets}"))
            }
            (None, Some(image)) if is_applet => {
                let message =
                    format!("`{text}` is a link in Alpine's images, and AppArmor sees what it leads to");
                Finding::new(&CODE, place, message)
                    .also(image.place, "this image is built on Alpine")
                    .help("name what it leads to: `/bin/busybox`, which is all of its commands")
            }
            (None, _) => continue,
        };
        found.add(finding);
    }
}

/// The path that an access is about, where the kernel follows a link there.
fn followed(request: &Request) -> Option<&str> {
    match request {
        Request::File(
            FileVerb::Read | FileVerb::Write | FileVerb::Lock | FileVerb::Map | FileVerb::Exec,
            path,
        ) => std::str::from_utf8(path).ok(),
        Request::File(FileVerb::Create | FileVerb::Delete, _)
        | Request::Rename { .. }
        | Request::Link { .. }
        | Request::Network(_)
        | Request::Capability(_)
        | Request::Operation(_)
        | Request::Process { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice_in_a_folder() {
        let all = LINKS.iter().flat_map(|links| {
            links.folders.iter().flat_map(|folder| links.names.iter().map(move |name| (folder, name)))
        });
        let all: Vec<_> = all.collect();
        for (index, one) in all.iter().enumerate() {
            assert!(!all.iter().skip(index + 1).any(|other| other == one), "{one:?}");
        }
        for links in LINKS {
            assert!(!links.names.contains(&"NAME") && links.targets.contains("`/"), "{}", links.targets);
        }
    }
}
