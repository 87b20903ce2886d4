//! An access in the policy's own words, turned into a trial: what must lie there, and what the probe does.

use aapol::ask::{Because, Ruleset, Verdict};
use aapol::kernel::request::FileVerb;
use aapol::kernel::{Capability, Request};
use probe::{Step, Trial};

/// What is in the kernel's files is there already.
const KERNEL: [&str; 3] = ["/proc/", "/sys/", "/dev/pts/"];
const DEVICES: [&str; 6] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];

/// Capabilities that no safe call of the probe asks for.
const UNTRIED: [&str; 16] = [
    "audit_control",
    "audit_read",
    "audit_write",
    "block_suspend",
    "bpf",
    "checkpoint_restore",
    "fsetid",
    "ipc_owner",
    "lease",
    "linux_immutable",
    "mac_admin",
    "mac_override",
    "net_broadcast",
    "perfmon",
    "sys_tty_config",
    "dbus",
];

/// As the kernel counts them, see include/linux/socket.h.
const FAMILIES: [(&str, u32); 44] = [
    ("unix", 1),
    ("inet", 2),
    ("ax25", 3),
    ("ipx", 4),
    ("appletalk", 5),
    ("netrom", 6),
    ("bridge", 7),
    ("atmpvc", 8),
    ("x25", 9),
    ("inet6", 10),
    ("rose", 11),
    ("netbeui", 12),
    ("security", 13),
    ("key", 15),
    ("netlink", 16),
    ("packet", 17),
    ("ash", 18),
    ("econet", 19),
    ("atmsvc", 20),
    ("rds", 21),
    ("sna", 22),
    ("irda", 23),
    ("pppox", 24),
    ("wanpipe", 25),
    ("llc", 26),
    ("ib", 27),
    ("mpls", 28),
    ("can", 29),
    ("tipc", 30),
    ("bluetooth", 31),
    ("iucv", 32),
    ("rxrpc", 33),
    ("isdn", 34),
    ("phonet", 35),
    ("ieee802154", 36),
    ("caif", 37),
    ("alg", 38),
    ("nfc", 39),
    ("vsock", 40),
    ("kcm", 41),
    ("qipcrtr", 42),
    ("smc", 43),
    ("xdp", 44),
    ("mctp", 45),
];

const TYPES: [(&str, u32); 6] =
    [("stream", 1), ("dgram", 2), ("raw", 3), ("rdm", 4), ("seqpacket", 5), ("packet", 10)];

/// The trial of an access such as `write /etc/passwd`; None where nothing safe can be tried.
pub(crate) fn trial(profile: &str, access: &str) -> Option<Trial> {
    let (verb, rest) = access.split_once(' ')?;
    let rest = rest.trim();
    let (before, words) = match verb {
        "rename" | "link" => {
            let (first, second) = rest.split_once(" /")?;
            let (first, second) = (plain(first.trim()), plain(&format!("/{second}")));
            let (old, new) = if verb == "rename" { (&first, &second) } else { (&second, &first) };
            (vec![file(old), Step::Folder(parent(new))], vec![verb.to_owned(), first.clone(), second.clone()])
        }
        "network" => (Vec::new(), socket(rest)?),
        "capability" if UNTRIED.contains(&rest) => return None,
        "capability" => (capability(rest), words(&["capability", rest])),
        "operation" => operation(rest)?,
        "read" | "write" | "create" | "delete" | "lock" | "map" | "exec" => one_path(verb, &plain(rest)),
        _ => return None,
    };
    Some(Trial { profile: profile.to_owned(), before, words, ..Trial::default() })
}

/// A socket of a family and type, by the kernel's numbers.
pub(crate) fn socket(name: &str) -> Option<Vec<String>> {
    let (family, kind) = name.split_once('/')?;
    let number = |table: &[(&str, u32)], name: &str| {
        table.iter().find(|(known, _)| *known == name).map(|(_, number)| number.to_string())
    };
    Some(vec!["socket".to_owned(), number(&FAMILIES, family)?, number(&TYPES, kind)?])
}

pub(crate) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn one_path(verb: &str, path: &str) -> (Vec<Step>, Vec<String>) {
    let is_folder = path.ends_with('/');
    let verb = match (verb, is_folder) {
        ("read", true) => "list",
        ("create", true) => "mkdir",
        ("delete", true) => "rmdir",
        (verb, _) => verb,
    };
    let there = KERNEL.iter().any(|root| path.starts_with(root)) || DEVICES.contains(&path) || path == "/";
    let before = match verb {
        _ if there => Vec::new(),
        "create" | "mkdir" => vec![Step::Folder(parent(path))],
        "exec" => vec![Step::Program(path.to_owned())],
        _ => vec![file(path)],
    };
    (before, words(&[verb, path]))
}

pub(crate) fn file(path: &str) -> Step {
    match path.strip_suffix('/') {
        Some(_) => Step::Folder(path.to_owned()),
        None => Step::File { path: path.to_owned(), text: "text\n".to_owned() },
    }
}

/// The folder above a path.
pub(crate) fn parent(path: &str) -> String {
    let path = path.trim_end_matches('/');
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((above, _)) => above.to_owned(),
    }
}

/// What a capability is tried on.
fn capability(name: &str) -> Vec<Step> {
    let locked = |mode| {
        vec![
            Step::File { path: "/tmp/locked".to_owned(), text: "text\n".to_owned() },
            Step::Owner { path: "/tmp/locked".to_owned(), user: 1 },
            Step::Mode { path: "/tmp/locked".to_owned(), mode },
        ]
    };
    match name {
        "dac_override" => locked(0o444),
        "dac_read_search" => locked(0o000),
        "setfcap" => locked(0o644),
        _ => Vec::new(),
    }
}

fn operation(name: &str) -> Option<(Vec<Step>, Vec<String>)> {
    let mounted = || vec![Step::Tmpfs("/mnt".to_owned())];
    Some(match name {
        "mount" => (Vec::new(), words(&["mount", "/mnt"])),
        "remount" => (mounted(), words(&["remount-read-only", "/mnt"])),
        "umount" => (mounted(), words(&["umount", "/mnt"])),
        "pivot-root" => (mounted(), words(&["pivot-root", "/mnt"])),
        "ptrace" => (Vec::new(), words(&["ptrace", "outside"])),
        "signal" => (Vec::new(), words(&["signal", "outside", "SIGCONT"])),
        "huge-pages" => (Vec::new(), words(&["huge-pages", "shared"])),
        "userns" => (Vec::new(), words(&["userns"])),
        "mqueue" => (Vec::new(), words(&["mqueue", "/lab"])),
        "io-uring" => (Vec::new(), words(&["io-uring-poll"])),
        // It is the bus that asks, and no bus runs here.
        _ => return None,
    })
}

/// What `aapol` is asked for a trial that is one access; None for the others. The paths have to be as the kernel has them.
pub(crate) fn request(words: &[String]) -> Option<Request> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // The probe opens for reading what it locks; a lock can be had with less.
        ["lock", _] => None,
        ["list", path] if path.ends_with('/') => Some(Request::File(FileVerb::Read, bytes(path))),
        ["mkdir", path] => Some(Request::File(FileVerb::Create, format!("{path}/").into_bytes())),
        ["rename", old, new] => Some(Request::Rename { old: bytes(old), new: bytes(new) }),
        ["link", new, target] => Some(Request::Link { new: bytes(new), target: bytes(target) }),
        // The kernel takes another capability for these: the profile denies them, and the program goes on.
        ["capability", "dac_read_search" | "syslog"] => None,
        ["capability", name] => Capability::from_name(name).map(Request::Capability),
        [verb, path] if path.starts_with('/') => {
            FileVerb::from_name(verb).map(|verb| Request::File(verb, bytes(path)))
        }
        _ => None,
    }
}

fn bytes(path: &str) -> Vec<u8> {
    path.as_bytes().to_vec()
}

/// Whether `aapol` says otherwise than what came. What belongs to a root is its own, so a link that is refused of
/// one's own files is refused.
pub(crate) fn differs(ruleset: &Ruleset, request: &Request, allowed: bool) -> Option<String> {
    let decision = ruleset.decide(request, &mut ruleset.scratch());
    let says = match (decision.verdict, &decision.because) {
        (Verdict::Allowed, _) => true,
        (Verdict::Denied, _) | (Verdict::Unknown, Because::Exceeds(_)) => false,
        (Verdict::Unknown, because) => return Some(format!("`{request}` is not known: {because:?}")),
    };
    (says != allowed).then(|| format!("`{request}` is said to be {:?}, and is not", decision.verdict))
}

/// A path as it is, its escapes taken out.
fn plain(path: &str) -> String {
    let mut out = String::new();
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' { characters.next() } else { None };
        out.push(escaped.unwrap_or(character));
    }
    out
}
