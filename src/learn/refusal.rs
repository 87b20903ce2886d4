//! What is never learned unless it is accepted by name: what an intruder would ask for as well.
//!
//! Enters: an access that a policy does not allow, and what else the log shows. Leaves: why it is refused, as a finding.

use super::asked::Trace;
use super::names;
use super::wish::operation;
use crate::diag::{Code, Finding, Place, code};
use crate::kernel::request::Contact;
use crate::kernel::{Access, Capability, Glob, Operation, Request, Socket, glob, risk};
use std::collections::BTreeSet;

static AGAINST_POLICY: Code = code!("against-policy", Error);
static REFUSED_CAPABILITY: Code = code!("refused-capability", Error);
static REFUSED_DEVICE: Code = code!("refused-device", Error);
static REFUSED_OPERATION: Code = code!("refused-operation", Error);
static REFUSED_PROGRAM: Code = code!("refused-program", Error);
static REFUSED_SECRET: Code = code!("refused-secret", Error);
static REFUSED_SOCKET: Code = code!("refused-socket", Error);
static REFUSED_SYSTEM_FILE: Code = code!("refused-system-file", Error);
static NOT_LEARNED: Code = code!("not-learned", Error);

/// Every refusal there is.
pub const CODES: [&Code; 9] = [
    &AGAINST_POLICY,
    &NOT_LEARNED,
    &REFUSED_CAPABILITY,
    &REFUSED_DEVICE,
    &REFUSED_OPERATION,
    &REFUSED_PROGRAM,
    &REFUSED_SECRET,
    &REFUSED_SOCKET,
    &REFUSED_SYSTEM_FILE,
];

/// A refusal: its kind and the reason, as it reads behind the access and a colon.
pub(super) type Refusal = (&'static Code, String);

/// What else is known when an access is judged.
pub(super) struct Context<'a> {
    /// Whether the container may write a file, by the policy or because the log shows it.
    pub(super) writes: &'a dyn Fn(&[u8]) -> bool,
    /// Whether it speaks with others over the network.
    pub(super) is_server: bool,
}

/// The capabilities that programs need to prepare their files and to become another user; of others most are tried only.
const CAPABILITIES: [&str; 7] =
    ["chown", "dac_override", "fowner", "kill", "net_bind_service", "setgid", "setuid"];

/// Families by which packets cannot be forged and the kernel not configured.
const FAMILIES: [&str; 4] = ["inet", "inet6", "netlink", "unix"];

/// Files whose content decides what runs, who may log in, or what the kernel does.
const SYSTEM: [&str; 14] = [
    "/etc/**",
    "/{,usr/}{bin,sbin,lib,lib32,lib64,libx32}/**",
    "/usr/**",
    "/boot/**",
    "/proc/sys/**",
    "/proc/{sysrq-trigger,kcore,acpi,bus,irq,scsi,fs}{,/**}",
    "/proc/[0-9]*/{attr,uid_map,gid_map,setgroups,mem,oom_score_adj}{,/**}",
    "/proc/[0-9]*/task/[0-9]*/{attr,mem}{,/**}",
    "/sys/**",
    "/var/spool/cron/**",
    "/**/.ssh/**",
    "/**/.{bashrc,bash_profile,profile,zshrc,cshrc,config/autostart/**}",
    "/**/{release_agent,core_pattern,ld.so.preload}",
    "/dev/{kmsg,cpu/**,mapper/**}",
];

/// What the process may set about itself without harm to others.
const OWN: &str = "/proc/[0-9]*/{,task/[0-9]*/}{comm,oom_score_adj,coredump_filter,timerslack_ns}";

/// Files that are kept from others.
const SECRETS: [&str; 12] = [
    "/etc/{shadow,gshadow,sudoers}{,-,.*,.d/**}",
    "/etc/ssh/ssh_host_*_key",
    "/etc/kubernetes/**",
    "/**/.ssh/**",
    "/**/.{aws,azure,gnupg,kube,docker}/**",
    "/**/.{netrc,pgpass,git-credentials}",
    "/{,var/}run/secrets/kubernetes.io/**",
    "/var/lib/kubelet/**",
    "/proc/[0-9]*/{environ,mem,auxv,stack,syscall,pagemap}",
    "/proc/[0-9]*/task/[0-9]*/{environ,mem,auxv,stack,syscall,pagemap}",
    "/proc/{kcore,kallsyms,kmsg,iomem,ioports}",
    "/dev/kmsg",
];

const SHELLS: [&str; 9] = ["ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "sh", "zsh"];

/// Programs that are there to start others; a script has the name of its file.
const STARTERS: [&str; 14] = [
    "catatonit",
    "dumb-init",
    "env",
    "find",
    "gosu",
    "make",
    "nice",
    "setpriv",
    "su-exec",
    "sudo",
    "timeout",
    "tini",
    "xargs",
    "runc:[2:INIT]",
];

/// Why an access is refused; none where it may be learned.
pub(super) fn judge(request: &Request, trace: &Trace, context: &Context<'_>) -> Option<Refusal> {
    match request {
        Request::Capability(capability) => of_capability(*capability),
        Request::Network(socket) => of_socket(*socket),
        Request::Operation(operation) => of_operation(*operation),
        Request::Process { contact, peer, .. } => of_process(request, *contact, peer),
        Request::File(verb, path) => of_file(path, verb.needs(), trace, context),
        Request::Rename { old, new } => [old, new]
            .into_iter()
            .find_map(|path| of_file(path, Access::READ | Access::WRITE, trace, context)),
        // By its new name the file can be opened.
        Request::Link { new, target } => of_file(target, Access::READ | Access::WRITE, trace, context)
            .or_else(|| of_file(new, Access::WRITE, trace, context)),
    }
}

fn of_capability(capability: Capability) -> Option<Refusal> {
    if CAPABILITIES.contains(&capability.name()) {
        return None;
    }
    Some((
        &REFUSED_CAPABILITY,
        match capability.risk() {
            Some(can) => format!("with it the container can {can}"),
            None => "programs often try it and go on without it".to_owned(),
        },
    ))
}

fn of_socket(socket: Socket) -> Option<Refusal> {
    let (family, kind) = (socket.family?, socket.kind?);
    let is_raw = kind.name() == "raw" && family.name() != "netlink";
    if FAMILIES.contains(&family.name()) && !is_raw {
        return None;
    }
    let why = match family.name() {
        "packet" | "inet" | "inet6" => {
            "with it the container can forge packets, and listen in on those of its network"
        }
        _ => "few programs need sockets of this kind, and each opens code of the kernel to attack",
    };
    Some((&REFUSED_SOCKET, why.to_owned()))
}

fn of_operation(operation: Operation) -> Option<Refusal> {
    match operation {
        Operation::HugePages | Operation::Mqueue => None,
        Operation::IoUring | Operation::Dbus | Operation::Signal => {
            Some((&REFUSED_OPERATION, "it reaches beyond the container's own files and processes".to_owned()))
        }
        Operation::Mount
        | Operation::Remount
        | Operation::Umount
        | Operation::PivotRoot
        | Operation::Ptrace
        | Operation::Userns => {
            let can = operation.risk().unwrap_or("reach beyond its own files");
            Some((&REFUSED_OPERATION, format!("with it the container can {can}")))
        }
    }
}

fn of_process(request: &Request, contact: Contact, peer: &str) -> Option<Refusal> {
    let why = match contact {
        Contact::SignalSend | Contact::PtraceRead | Contact::PtraceTrace => {
            format!(
                "it reaches into processes outside of the container, here `{}`",
                crate::diag::shown::one_line(peer.to_owned())
            )
        }
        Contact::SignalReceive | Contact::PtraceReadBy | Contact::PtraceTracedBy => {
            "no word of a policy grants it: others reach into the container by it".to_owned()
        }
    };
    let code = if operation(request).is_some() { &REFUSED_OPERATION } else { &NOT_LEARNED };
    Some((code, why))
}

fn of_file(path: &[u8], needs: Access, trace: &Trace, context: &Context<'_>) -> Option<Refusal> {
    if let Err(why) = names::writable(path) {
        return Some((&NOT_LEARNED, why));
    }
    if let Some(can) = risk::path(path) {
        return Some((&REFUSED_DEVICE, format!("with it the container can {can}")));
    }
    let is_in = |patterns: &[&str]| {
        patterns.iter().any(|pattern| Glob::parse(pattern).is_ok_and(|glob| glob.matches(path)))
    };
    if needs.intersects(Access::READ) && !names::is_own_token(path) && is_in(&SECRETS) {
        return Some((
            &REFUSED_SECRET,
            "it holds secrets, of the node, of other users or of other processes".to_owned(),
        ));
    }
    let writes = Access::WRITE | Access::LINK;
    if needs.intersects(writes) && is_in(&SYSTEM) && !is_in(&[OWN]) {
        let why = "what is written there decides what runs, who may log in, or what the kernel does";
        return Some((&REFUSED_SYSTEM_FILE, why.to_owned()));
    }
    if needs.intersects(Access::EXEC | Access::MAP) && (context.writes)(path) {
        let done = if needs.intersects(Access::EXEC) { "started" } else { "mapped as code" };
        return Some((
            &REFUSED_PROGRAM,
            format!("the container may write it, so whatever stands in it then would be {done}"),
        ));
    }
    if needs.intersects(Access::EXEC) && context.is_server && is_shell(path) {
        let starters: Vec<&String> =
            trace.programs.iter().filter(|program| !starts_others(program)).collect();
        if let [starter, ..] = starters.as_slice() {
            return Some((
                &REFUSED_PROGRAM,
                format!(
                    "`{}`, in a container that others reach over the network, started a shell: that is what intruders do first",
                    crate::diag::shown::one_line((*starter).clone())
                ),
            ));
        }
    }
    None
}

fn is_shell(path: &[u8]) -> bool {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    SHELLS.iter().any(|shell| shell.as_bytes() == name)
}

/// Whether it is a shell itself, a script, or there to start others.
fn starts_others(program: &str) -> bool {
    SHELLS.contains(&program)
        || STARTERS.contains(&program)
        || program.contains(".sh")
        || program.ends_with("entrypoi")
}

/// The refusal as a finding about an access, with what can be done.
pub(super) fn finding(request: &Request, trace: &Trace, (code, why): &Refusal) -> Finding {
    let finding = Finding::without_place(code, format!("`{request}` is not learned: {why}; {}", by(trace)));
    if code.name == NOT_LEARNED.name {
        return finding;
    }
    finding.help(format!("if the program needs it: `--accept '{}'`", accepted(request)))
}

/// A line of the log against the policy's own word.
pub(super) fn clash(request: &Request, trace: &Trace, places: &BTreeSet<Place>) -> Finding {
    let message = format!("`{request}` is denied by the policy, and was asked for; {}", by(trace));
    let mut places = places.iter();
    let finding = match places.next() {
        Some(place) => Finding::new(&AGAINST_POLICY, *place, message).label("it is denied here"),
        None => Finding::without_place(&AGAINST_POLICY, message),
    };
    let finding = places.fold(finding, |finding, place| finding.also(*place, "and here"));
    finding
        .help("take the denial out if the program may do it after all; otherwise find out why it was tried")
}

/// A denial of the baseline's.
pub(super) fn of_baseline() -> Refusal {
    (&REFUSED_SYSTEM_FILE, "the runtimes' own profiles deny it to every container".to_owned())
}

/// What no entry of a policy was found for.
pub(super) fn open(why: &str) -> Refusal {
    (&NOT_LEARNED, why.to_owned())
}

/// The access in the words of `--accept`.
fn accepted(request: &Request) -> String {
    let shown = operation(request).unwrap_or_else(|| request.clone());
    match &shown {
        Request::File(verb, path) => match std::str::from_utf8(path) {
            Ok(path) => format!("{} {}", verb.name(), glob::escape(path)),
            Err(_) => shown.to_string(),
        },
        _ => shown.to_string(),
    }
}

/// Who asked, and how often.
pub(super) fn by(trace: &Trace) -> String {
    const MOST: usize = 3;
    let lines = if trace.lines() == 1 { "1 line".to_owned() } else { format!("{} lines", trace.lines()) };
    let named = trace.programs.iter().take(MOST);
    let named: Vec<String> =
        named.map(|name| format!("`{}`", crate::diag::shown::one_line(name.clone()))).collect();
    let more = match trace.programs.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if named.is_empty() { lines } else { format!("{lines}, by {}{more}", named.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::expectation;
    use crate::kernel::request::FileVerb;

    fn code(access: &str, writes: bool, programs: &[&str]) -> Option<&'static str> {
        let context = Context { writes: &|_| writes, is_server: true };
        let programs = programs.iter().map(|name| (*name).to_owned()).collect();
        let mut trace = Trace::default();
        trace.programs = programs;
        judge(&expectation::read(access).unwrap(), &trace, &context).map(|(code, _)| code.name)
    }

    #[test]
    fn all_patterns_can_be_read() {
        for pattern in SYSTEM.iter().chain(&SECRETS).chain([&OWN]) {
            assert!(Glob::parse(pattern).is_ok(), "{pattern}");
        }
        assert!(CAPABILITIES.iter().all(|name| Capability::from_name(name).is_some()));
    }

    #[test]
    fn what_an_intruder_would_ask_for_is_refused() {
        for (access, want) in [
            ("read /etc/shadow", "refused-secret"),
            ("read /root/.ssh/id_ed25519", "refused-secret"),
            ("read /proc/7/environ", "refused-secret"),
            ("write /etc/ld.so.preload", "refused-system-file"),
            ("create /etc/cron.d/x", "refused-system-file"),
            ("rename /tmp/x /usr/bin/ls", "refused-system-file"),
            ("write /proc/sys/kernel/core_pattern", "refused-system-file"),
            ("write /sys/fs/cgroup/release_agent", "refused-system-file"),
            ("write /run/docker.sock", "refused-device"),
            ("read /dev/sda", "refused-device"),
            ("read /dev/mem", "refused-device"),
            ("network packet/raw", "refused-socket"),
            ("network inet/raw", "refused-socket"),
            ("network alg/seqpacket", "refused-socket"),
            ("capability sys_admin", "refused-capability"),
            ("capability net_admin", "refused-capability"),
            ("operation mount", "refused-operation"),
            ("operation ptrace", "refused-operation"),
            ("link /tmp/x /etc/shadow", "refused-secret"),
        ] {
            assert_eq!(code(access, false, &["web"]), Some(want), "{access}");
        }
    }

    #[test]
    fn what_programs_need_is_not() {
        for access in [
            "read /etc/nginx/nginx.conf",
            "write /var/lib/app/db",
            "rename /tmp/a /tmp/b",
            "exec /usr/bin/convert",
            "map /usr/lib/nginx/modules/x.so",
            "write /proc/7/comm",
            "network inet/stream",
            "network netlink/raw",
            "capability chown",
            "read /run/secrets/kubernetes.io/serviceaccount/token",
        ] {
            assert_eq!(code(access, false, &["web"]), None, "{access}");
        }
    }

    #[test]
    fn programs_of_its_own_and_shells_of_servers_are_refused() {
        assert_eq!(code("exec /tmp/x", true, &["web"]), Some("refused-program"));
        assert_eq!(code("map /tmp/x.so", true, &["web"]), Some("refused-program"));
        assert_eq!(code("exec /usr/bin/dash", false, &["web"]), Some("refused-program"));
        assert_eq!(code("exec /usr/bin/dash", false, &["sh", "tini"]), None);
        assert_eq!(code("exec /usr/bin/dash", false, &["docker-entrypoi"]), None);
    }

    #[test]
    fn names_that_no_policy_can_hold_are_left() {
        let file = |path: &[u8]| Request::File(FileVerb::Read, path.to_vec());
        let context = Context { writes: &|_| false, is_server: false };
        for path in [b"/a\nb".as_slice(), b"/\xff", b"/a\x01"] {
            let refused = judge(&file(path), &Trace::default(), &context);
            assert_eq!(refused.map(|(code, _)| code.name), Some("not-learned"), "{path:?}");
        }
    }
}
