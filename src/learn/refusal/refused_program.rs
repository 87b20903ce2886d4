//! Programs that may be an intruder's: those that lie where the container or others may write, tools to get out of it, and
//! what a server starts to have it do anything.

use super::{Context, Refusal};
use crate::diag::{Code, code, shown};
use crate::kernel::Access;

pub(super) static CODE: Code = code!("refused-program", Error);

const SHELLS: [&str; 17] = [
    "ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "oksh", "pwsh", "rbash", "sash", "sh",
    "tcsh", "toybox", "yash", "zsh",
];

/// Programs that do what they are told, by their arguments, a script or another host.
const RUNNERS: [&str; 61] = [
    "apk",
    "apt",
    "apt-get",
    "awk",
    "bun",
    "cc",
    "chpst",
    "clang",
    "curl",
    "deno",
    "dnf",
    "dpkg",
    "ed",
    "emacs",
    "env",
    "ex",
    "expect",
    "find",
    "gawk",
    "gcc",
    "git",
    "gosu",
    "ipython",
    "irb",
    "lua",
    "luajit",
    "make",
    "mawk",
    "nice",
    "node",
    "nodejs",
    "nohup",
    "npm",
    "npx",
    "openssl",
    "perl",
    "php",
    "pip",
    "pypy",
    "python",
    "rpm",
    "rsync",
    "ruby",
    "runuser",
    "screen",
    "script",
    "sed",
    "setpriv",
    "setsid",
    "start-stop-daemon",
    "su-exec",
    "tar",
    "tcc",
    "tclsh",
    "timeout",
    "tmux",
    "vi",
    "vim",
    "wget",
    "xargs",
    "yum",
];

/// Programs to reach other processes, hosts and the node with, whoever starts them.
const TOOLS: [&str; 31] = [
    "at",
    "capsh",
    "chroot",
    "crictl",
    "crontab",
    "ctr",
    "docker",
    "doas",
    "gdb",
    "gdbserver",
    "insmod",
    "kubectl",
    "ltrace",
    "modprobe",
    "mount",
    "nc",
    "ncat",
    "nerdctl",
    "netcat",
    "nmap",
    "nsenter",
    "pkexec",
    "podman",
    "setcap",
    "socat",
    "ssh",
    "strace",
    "su",
    "sudo",
    "tcpdump",
    "unshare",
];

/// Programs that are there to start others, by what the kernel calls them; a script has its file's name.
const STARTERS: [&str; 14] = [
    "catatonit",
    "dumb-init",
    "env",
    "find",
    "gosu",
    "make",
    "nice",
    "runc:[2:INIT]",
    "setpriv",
    "setsid",
    "su-exec",
    "timeout",
    "tini",
    "xargs",
];

/// Folders where files are put while a container runs, and the names that memory has as a file.
const PASSING: [&str; 8] =
    ["/tmp/", "/var/tmp/", "/dev/", "/run/", "/var/run/", "/proc/", "/memfd:", "/SYSV"];

/// The kernel cuts the names of programs off behind so many letters.
const LONGEST_NAME: usize = 15;

pub(super) fn of(
    path: &[u8],
    needs: Access,
    starter: Option<&str>,
    context: &Context<'_>,
) -> Option<Refusal> {
    let is_started = needs.intersects(Access::EXEC);
    if !is_started && !needs.intersects(Access::MAP) {
        return None;
    }
    let done = if is_started { "started" } else { "mapped as code" };
    if (context.writes)(path) {
        return Some(of_written(is_started));
    }
    let mut folders = PASSING.into_iter().chain(context.volumes.iter().map(String::as_str));
    if let Some(folder) = folders.find(|folder| path.starts_with(folder.as_bytes())) {
        let why = format!(
            "files are put into `{folder}` while the container runs, and whatever stands there would be {done}"
        );
        return Some(Refusal::new(&CODE, why));
    }
    if !is_started {
        return None;
    }
    let name = name(path);
    if TOOLS.contains(&&*stem(&name)) || name.starts_with("ld-") {
        return Some(Refusal::new(
            &CODE,
            "it is a tool to reach other processes, other hosts or the node with, or to start any other program",
        ));
    }
    if let Some(starter) = starter.filter(|program| context.tainted.contains(&kin(program))) {
        let why = format!("`{}` started it, whose own start is refused", shown::one_line(starter.to_owned()));
        return Some(Refusal::new(&CODE, why));
    }
    if !context.is_server || !does_what_it_is_told(&name) {
        return None;
    }
    let starter = match starter {
        Some(starter) if starts_others(starter) || kin(starter) == kin(&name) => return None,
        Some(starter) => format!("`{}`", shown::one_line(starter.to_owned())),
        None => "a program".to_owned(),
    };
    let why = format!(
        "{starter} started it, in a container that speaks over the network: a program that does whatever it is told is what intruders start first"
    );
    Some(Refusal::new(&CODE, why))
}

/// The container may write it.
pub(in crate::learn) fn of_written(is_started: bool) -> Refusal {
    let done = if is_started { "started" } else { "mapped as code" };
    let why = format!("the container may write it, so whatever stands in it then would be {done}");
    Refusal::new(&CODE, why)
}

/// What the kernel may call a program once it runs, versions apart; all shells are one, for one is a link to another.
pub(in crate::learn) fn called(path: &[u8]) -> String {
    kin(&name(path))
}

fn name(path: &[u8]) -> String {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    String::from_utf8_lossy(name).into_owned()
}

/// Without the number of a version, and what distributions put behind it: `perl` of `perl5.36-x86_64-linux-gnu`, `nc` of
/// `nc.openbsd`, `bash` of `bash-static`.
fn stem(name: &str) -> String {
    let letters = name.find(|c: char| !c.is_ascii_alphabetic() && c != '_').unwrap_or(name.len());
    let (stem, rest) = name.split_at_checked(letters).unwrap_or((name, ""));
    let is_version = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let is_form = rest.starts_with('.')
        || is_version(rest)
        || rest.strip_prefix('-').is_some_and(|rest| is_version(rest) || ["static", "dbg"].contains(&rest));
    if is_form { stem.to_owned() } else { name.to_owned() }
}

fn kin(name: &str) -> String {
    let cut: String = name.chars().take(LONGEST_NAME).collect();
    let stem = stem(&cut);
    if SHELLS.contains(&&*stem) { "sh".to_owned() } else { stem }
}

fn does_what_it_is_told(name: &str) -> bool {
    let stem = stem(name);
    SHELLS.contains(&&*stem) || RUNNERS.contains(&&*stem)
}

/// Whether it is a shell itself, a script, or there to start others.
fn starts_others(program: &str) -> bool {
    let is_script =
        program.contains(".sh") || program.ends_with("entrypoi") || program.ends_with("entrypoint");
    is_script || SHELLS.contains(&program) || STARTERS.contains(&program)
}
