//! The ways around a rule: by another name, another call, another program, another's descriptor.
//!
//! Each is tried under a policy that a person would write, and each that gets through stands in the list of limits
//! (`Through`), with its reason. A limit that a kernel closes one day makes this suite fail, so that the list stays
//! true.

use super::matrix::Plan;
use crate::Result;
use crate::access::words;
use crate::check::{Check, Judge, Report, denied, done};
use crate::generation::Generation;
use probe::{Outcome, Step, Trial};
use std::collections::BTreeMap;

pub(super) const NAME: &str = "ways-around";

/// Data that may be written, and in it what may not be read, changed or started.
const CONTAINER: &str = "[filesystem]\nread-write = [\"/data/\", \"/tmp/\", \"/mnt/\"]\n\
    deny = [\"/data/keep/secret\", \"/data/vault/\"]\ndeny-write = [\"/data/keep/settings\", \"/usr/bin/\"]\n\
    [exec]\nallow = [\"/data/run/\", \"/usr/bin/\"]\ndeny = [\"/data/run/no\"]\n";

/// The same, where the container may mount and make user namespaces.
const MOUNTS: &str = "[capabilities]\nallow = [\"sys_admin\", \"sys_chroot\"]\n[operations]\nallow = [\"mount\", \"umount\"]\n";

const UNIX: &str = "[network]\nallow = [\"unix\"]\n";

/// Everything is allowed, and a little is denied.
const OPEN: &str = "default = \"allow\"\n[filesystem]\ndeny = [\"/data/keep/secret\", \"/data/vault/\"]\n\
    deny-write = [\"/data/keep/settings\"]\n[exec]\ndeny = [\"/data/run/no\"]\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// The way is closed.
    Closed,
    /// It is no way around: the policy allows it.
    Meant,
    /// It gets through; the reason stands in the docs' list of limits.
    Through(&'static str),
}
use Comes::{Closed, Meant, Through};

const BY_DESCRIPTOR: &str = "a file that an unconfined process opened and hands over, by leaving it open or over a socket, may be used as it was opened";
const MOUNTED: &str =
    "a container that may mount can give a denied file another name: do not grant `mount` beside denials";
const COPIED: &str = "where a container may start what it may write, a copy of a denied program runs";
const SHEBANG: &str = "a script starts its interpreter, whatever `exec.deny` says of it";

const LINKED: &str = "a file of another user may be given another name, a hard link on the same mount, under which more is permitted: the parser compares permissions for files of one's own user only (LINK_TO_LINK_SUBSET in its parser.h)";

/// The policy, the words of the probe, and what comes of it.
const ROWS: &[(&[&str], &str, Comes)] = &[
    // Plainly, so that what follows means something.
    (&[CONTAINER], "read /data/keep/secret", Closed),
    (&[CONTAINER], "read /data/open", Meant),
    (&[CONTAINER], "write /data/keep/settings", Closed),
    (&[CONTAINER], "read /data/keep/settings", Meant),
    (&[CONTAINER], "exec /data/run/yes", Meant),
    (&[CONTAINER], "exec /data/run/no", Closed),
    // Renaming: the file, what holds it, something in its place.
    (&[CONTAINER], "rename-and-read /data/keep /data/kept /data/kept/secret", Closed),
    (&[CONTAINER], "rename-and-read /data /tmp/data /tmp/data/keep/secret", Closed),
    (&[CONTAINER], "rename-and-read /data/vault /data/v /data/v/key", Closed),
    (&[CONTAINER], "rename-and-read /data/keep/secret /data/s /data/s", Closed),
    (&[CONTAINER], "exchange-and-read /data/keep /data/other /data/other/secret", Closed),
    (&[CONTAINER], "exchange-and-read /data/keep/secret /data/open /data/open", Closed),
    (&[CONTAINER], "rename-over /data/open /data/keep/settings", Closed),
    (&[CONTAINER], "rename-over /data/other /data/keep", Closed),
    (&[CONTAINER], "rename-over /data/open /data/keep/secret", Closed),
    // Making something of a denied name.
    (&[CONTAINER], "delete /data/keep/settings", Closed),
    (&[CONTAINER], "mkdir /data/vault/more", Closed),
    (&[CONTAINER], "symlink /data/vault/link /data/open", Closed),
    (&[CONTAINER], "create /data/keep/new", Meant),
    (&[CONTAINER], "mkdir /data/keep/more", Meant),
    // Links.
    (&[CONTAINER], "link-and-read /data/l /data/keep/secret", Closed),
    (&[CONTAINER], "link-and-read /tmp/l /data/vault/key", Closed),
    (&[CONTAINER], "link /data/l /data/keep/settings", Closed),
    (&[CONTAINER], "link-and-read /data/l /data/vault/theirs", Through(LINKED)),
    (&[CONTAINER], "symlink-and-read /data/l /data/keep/secret", Closed),
    (&[CONTAINER], "symlink-and-write /data/l /data/keep/settings", Closed),
    (&[CONTAINER], "symlink-and-read /data/l /data/open", Meant),
    // The kernel's own names for things.
    (&[CONTAINER], "read /proc/self/root/data/keep/secret", Closed),
    (&[CONTAINER], "read /proc/self/cwd/data/keep/secret", Closed),
    (&[CONTAINER], "write /proc/self/root/data/keep/settings", Closed),
    (&[CONTAINER], "read-below /data/keep secret", Closed),
    (&[CONTAINER], "read-by-descriptor /data/keep secret", Closed),
    (&[CONTAINER], "chdir-and-read /data/keep secret", Closed),
    (&[CONTAINER], "reopen-for-writing /data/keep/settings", Closed),
    (&[CONTAINER], "memory-of-self", Closed),
    // The merged /usr: one file, two names.
    (&[CONTAINER], "write /bin/tool", Closed),
    (&[CONTAINER], "write /usr/bin/tool", Closed),
    (&[CONTAINER], "exec /bin/tool", Meant),
    // Other calls that write.
    (&[CONTAINER], "sendfile-into /data/keep/settings", Closed),
    (&[CONTAINER], "splice-into /data/keep/settings", Closed),
    (&[CONTAINER], "copy-range-into /data/keep/settings /data/other/secret", Closed),
    (&[CONTAINER], "map-write /data/keep/settings", Closed),
    (&[CONTAINER], "allocate /data/keep/settings", Closed),
    (&[CONTAINER], "truncate /data/keep/settings", Closed),
    (&[CONTAINER], "open-truncate /data/keep/settings", Closed),
    (&[CONTAINER], "chmod /data/keep/settings", Closed),
    (&[CONTAINER], "sendfile-into /data/open", Meant),
    (&[CONTAINER], "splice-into /data/open", Meant),
    (&[CONTAINER], "copy-range-into /data/open /data/other/secret", Meant),
    (&[CONTAINER], "map-write /data/open", Meant),
    // Starting programs.
    (&[CONTAINER], "exec /usr/lib64/ld-linux-x86-64.so.2 /data/run/no", Closed),
    (&[CONTAINER], "exec /data/open-program", Closed),
    (&[CONTAINER], "copy-and-exec /usr/bin/tool /data/copy", Closed),
    (&[CONTAINER], "memory-exec /usr/bin/tool", Closed),
    (&[CONTAINER], "copy-and-exec /usr/bin/tool /data/run/copy", Meant),
    (&[CONTAINER], "rename-and-exec /data/run/no /data/run/renamed", Through(COPIED)),
    (&[CONTAINER], "symlink-and-exec /data/run/no /data/run/link", Closed),
    (&[CONTAINER], "link-and-exec /data/run/no /data/run/link", Closed),
    (&[CONTAINER], "exec /data/run/script", Through(SHEBANG)),
    (&[OPEN], "exec /data/run/no", Closed),
    (&[OPEN], "copy-and-exec /data/run/no /data/copy", Through(COPIED)),
    (&[OPEN], "exec /data/run/script", Through(SHEBANG)),
    (&[OPEN], "memory-exec /data/run/no", Through(COPIED)),
    (&[OPEN], "rename-and-read /data/keep /data/kept /data/kept/secret", Closed),
    (&[OPEN], "rename-and-read /data /tmp/data /tmp/data/keep/secret", Closed),
    (&[OPEN], "link-and-read /data/l /data/keep/secret", Closed),
    (&[OPEN], "link-and-read /data/l /data/vault/theirs", Through(LINKED)),
    (&[OPEN], "read /proc/self/root/data/keep/secret", Closed),
    (&[OPEN], "bind-and-read /data/keep /mnt /mnt/secret", Closed),
    (&[OPEN], "chroot-and-read /data /keep/secret", Closed),
    (&[OPEN], "change-profile unconfined", Closed),
    (&[OPEN], "change-on-exec unconfined", Closed),
    // Descriptors from outside.
    (&[CONTAINER], "inherited read /data/keep/secret", Through(BY_DESCRIPTOR)),
    (&[CONTAINER], "inherited write /data/keep/settings", Through(BY_DESCRIPTOR)),
    (&[CONTAINER], "inherited read /data/open", Meant),
    // Without Unix sockets nothing comes over one.
    (&[CONTAINER], "passed read /data/open", Closed),
    (&[CONTAINER, UNIX], "passed read /data/keep/secret", Through(BY_DESCRIPTOR)),
    (&[CONTAINER, UNIX], "passed write /data/keep/settings", Through(BY_DESCRIPTOR)),
    (&[CONTAINER, UNIX], "passed read /data/open", Meant),
    // Mounts over a denied path, and its other names.
    (&[CONTAINER], "bind-and-read /data/keep /mnt /mnt/secret", Closed),
    (&[CONTAINER, MOUNTS], "bind-and-read /data/keep /mnt /mnt/secret", Through(MOUNTED)),
    (&[CONTAINER, MOUNTS], "bind-and-read /data/open-folder /data/vault /data/vault/x", Closed),
    (&[CONTAINER, MOUNTS], "move-mount /data/mounted /mnt", Meant),
    (&[CONTAINER, MOUNTS], "chroot-and-read /data /keep/secret", Closed),
    (&[CONTAINER], "userns-mount /data/keep /mnt /mnt/secret", Closed),
    (&[CONTAINER], "new-mount /mnt", Closed),
    (&[CONTAINER], "new-bind /data/keep /mnt", Closed),
    // Not mediated at all, as the docs say.
    (
        &[CONTAINER],
        "stat /data/keep/secret",
        Through("AppArmor does not decide about stat, access and chdir"),
    ),
    (&[CONTAINER], "chdir /data/vault", Through("AppArmor does not decide about stat, access and chdir")),
    (&[CONTAINER], "times /data/keep/settings", Through("AppArmor does not decide about timestamps")),
    (&[CONTAINER], "xattr /data/keep/settings", Closed),
];

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut plan = Plan::new(generation);
    for (sections, line, comes) in ROWS {
        let Some(policy) = plan.policy(&sections.concat())? else { continue };
        let all: Vec<&str> = line.split(' ').collect();
        let trial =
            Trial { profile: policy.clone(), before: before(), words: words(&all), ..Trial::default() };
        plan.add(Check::trial(line.to_string(), &policy, trial, judge(*comes)));
    }
    plan.perform(NAME)
}

/// What gets through, by the reason why.
pub(super) fn through() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, line, comes) in ROWS {
        if let Through(reason) = comes {
            found.entry(reason).or_default().push(line);
        }
    }
    found
}

fn judge(comes: Comes) -> Judge {
    match comes {
        Closed => closed(),
        Meant | Through(_) => done(),
    }
}

/// Refused by the module; what was started and then refused by its own linker or interpreter counts too.
fn closed() -> Judge {
    let denied = denied();
    Box::new(move |answer| {
        let after = matches!(&answer.outcome, Outcome::Refused { step, .. } if step == "the started program");
        if after { Ok(()) } else { denied(answer) }
    })
}

fn before() -> Vec<Step> {
    let file = |path: &str| Step::File { path: path.to_owned(), text: "text\n".to_owned() };
    let program = |path: &str| Step::Program(path.to_owned());
    let mut steps: Vec<Step> = [
        "/data/keep/secret",
        "/data/keep/settings",
        "/data/vault/key",
        "/data/vault/theirs",
        "/data/open",
        "/data/other/secret",
        "/data/open-folder/x",
    ]
    .map(file)
    .into();
    steps.extend(["/data/run/yes", "/data/run/no", "/data/open-program", "/usr/bin/tool"].map(program));
    for name in ["libc.so.6", "ld-linux-x86-64.so.2"] {
        let from = format!("/usr/lib/x86_64-linux-gnu/{name}");
        steps.push(Step::Copy { from: from.clone(), path: from });
    }
    steps.push(Step::Copy {
        from: "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2".to_owned(),
        path: "/usr/lib64/ld-linux-x86-64.so.2".to_owned(),
    });
    // Everybody may read and write it: the kernel's own protection of hard links asks for no less.
    steps.push(Step::Owner { path: "/data/vault/theirs".to_owned(), user: 1000 });
    steps.push(Step::Mode { path: "/data/vault/theirs".to_owned(), mode: 0o666 });
    steps.push(Step::Script { path: "/data/run/script".to_owned(), text: "#!/data/run/no\n".to_owned() });
    steps.push(Step::Tmpfs("/data/mounted".to_owned()));
    steps
}
