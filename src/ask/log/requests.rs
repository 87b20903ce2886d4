//! The accesses that an audit line is about.
//!
//! Enters: the line's fields. Leaves: accesses, or why there are none to ask about. The fields come from the
//! audit callbacks in the kernel's security/apparmor: file.c, capability.c, net.c, ipc.c, mount.c, task.c.

use std::collections::BTreeSet;

use super::fields::{Fields, LogError};
use crate::kernel::request::{Contact, FileVerb, Shown};
use crate::kernel::{Capability, Family, Operation, Request, Socket, SocketType};

/// What the kernel calls what it asks about files and sockets, which are told apart by the fields.
const FILES_AND_SOCKETS: [&str; 36] = [
    "open",
    "exec",
    "file_receive",
    "file_perm",
    "file_lock",
    "file_mmap",
    "file_mprotect",
    "file_inherit",
    "mknod",
    "mkdir",
    "rmdir",
    "unlink",
    "link",
    "symlink",
    "rename_src",
    "rename_dest",
    "truncate",
    "chmod",
    "chown",
    "getattr",
    "setattr",
    "sysctl",
    "create",
    "post_create",
    "bind",
    "connect",
    "listen",
    "accept",
    "sendmsg",
    "recvmsg",
    "getsockname",
    "getpeername",
    "getsockopt",
    "setsockopt",
    "socket_shutdown",
    "sock_file_perm",
];

/// `refused`: only what the line calls denied.
pub(super) fn of(fields: &Fields<'_>, operation: &str, refused: bool) -> Result<Vec<Request>, LogError> {
    unnamed(fields)?;
    let class = fields.word("class");
    // Queues are opened and unlinked as files are.
    if class.is_some_and(|class| class.ends_with("_mqueue")) {
        return Ok(vec![Request::Operation(Operation::Mqueue)]);
    }
    let one = |operation| Ok(vec![Request::Operation(operation)]);
    match operation {
        "capable" => capability(fields).map(|request| vec![request]),
        "signal" | "ptrace" => processes(fields, operation, mask(fields, refused)?),
        // The kernel logs a remount by the name of mounts.
        "mount" if is_remount(fields) => one(Operation::Remount),
        "mount" => one(Operation::Mount),
        "remount" => one(Operation::Remount),
        "umount" => one(Operation::Umount),
        "pivotroot" => one(Operation::PivotRoot),
        "userns_create" => one(Operation::Userns),
        "setrlimit" => Err(LogError::new("limits on resources are no access that can be asked about")),
        "change_profile" | "change_onexec" | "change_hat" | "stack" | "stack_onexec" | "setprocattr" => {
            Err(LogError::new("changes of profile are no access that can be asked about"))
        }
        "profile_load" | "profile_replace" | "profile_remove" => {
            Err(LogError::new("the loading of profiles is no access that can be asked about"))
        }
        _ if operation.starts_with("dbus_") => one(Operation::Dbus),
        _ if operation.starts_with("uring_") => one(Operation::IoUring),
        _ if operation.starts_with("mqueue_") => one(Operation::Mqueue),
        _ if fields.word("family").is_some() => socket(fields).map(|request| vec![request]),
        _ if class == Some("file") || FILES_AND_SOCKETS.contains(&operation) => {
            files(fields, operation, refused)
        }
        _ => Err(LogError::new(format!("the operation {} is not known", ticked(operation)))),
    }
}

/// The kernel refuses what it finds no path for without asking any rule (aa_path_name in path.c).
fn unnamed(fields: &Fields<'_>) -> Result<(), LogError> {
    let Some(why) = fields.word("info").and_then(|info| info.strip_prefix("Failed name lookup")) else {
        return Ok(());
    };
    let name = fields.bytes("name").unwrap_or_default();
    let name = Shown(&name);
    Err(LogError::new(match why {
        " - disconnected path" => format!(
            "`{name}` is a disconnected path: it does not lead to the root folder, and no rule was asked about it"
        ),
        " - deleted entry" => format!("the file `{name}` was deleted, and no rule was asked about it"),
        _ => format!("the kernel found no path for `{name}`, and no rule was asked about it"),
    }))
}

/// What a line about files, signals and tracing calls asked for.
fn mask<'a>(fields: &Fields<'a>, refused: bool) -> Result<&'a str, LogError> {
    let denied = fields.word("denied_mask").filter(|_| refused);
    denied
        .or_else(|| fields.word("requested_mask"))
        .ok_or_else(|| LogError::new("the line does not say what was asked for: it has no `requested_mask`"))
}

fn path(fields: &Fields<'_>, key: &str) -> Result<Vec<u8>, LogError> {
    let path = fields.bytes(key).ok_or_else(|| LogError::new(format!("the line has no path: no `{key}`")))?;
    if path.starts_with(b"/") && !path.contains(&0) {
        Ok(path)
    } else {
        Err(LogError::new(format!("`{}` is no path that rules could be about", Shown(&path))))
    }
}

fn files(fields: &Fields<'_>, operation: &str, refused: bool) -> Result<Vec<Request>, LogError> {
    let name = path(fields, "name")?;
    // A link that may do more than its target is refused by the letters of what it may (profile_path_link in
    // file.c): the link is what was asked for.
    if operation == "link" {
        return Ok(vec![Request::Link { new: name, target: path(fields, "target")? }]);
    }
    let mask = mask(fields, refused)?;
    if mask.is_empty() || mask.chars().any(|letter| verb(letter).is_none()) {
        return Err(LogError::new(format!("the mask {} does not say what was asked for", ticked(mask))));
    }
    let asks = |wanted: FileVerb| mask.chars().any(|letter| verb(letter) == Some(wanted));
    // What is made is written: the kernel names both, and rules are asked once.
    let is_made = asks(FileVerb::Create);
    let verbs =
        FileVerb::ALL.into_iter().filter(|verb| asks(*verb) && !(is_made && *verb == FileVerb::Write));
    Ok(verbs.map(|verb| Request::File(verb, name.clone())).collect())
}

/// The letters of aa_file_perm_chrs in lib.c. Attributes are read by `r` and set by `w` (map_mask_to_chr_mask
/// in file.c); `l` stands only where `operation="link"` does.
fn verb(letter: char) -> Option<FileVerb> {
    match letter {
        'r' => Some(FileVerb::Read),
        'w' | 'a' => Some(FileVerb::Write),
        'c' => Some(FileVerb::Create),
        'd' => Some(FileVerb::Delete),
        'k' => Some(FileVerb::Lock),
        'm' => Some(FileVerb::Map),
        'x' => Some(FileVerb::Exec),
        _ => None,
    }
}

fn capability(fields: &Fields<'_>) -> Result<Request, LogError> {
    let number = fields.word("capability");
    let capability = match fields.word("capname") {
        Some(name) => Capability::from_name(name),
        // The table has the kernel's order.
        None => number.and_then(|n| n.parse().ok()).and_then(|n| Capability::all().nth(n)),
    };
    capability.map(Request::Capability).ok_or_else(|| match fields.word("capname").or(number) {
        Some(name) => LogError::new(format!("the capability {} is not known", ticked(name))),
        None => LogError::new("the line does not name the capability"),
    })
}

fn socket(fields: &Fields<'_>) -> Result<Request, LogError> {
    let family = fields.word("family").unwrap_or_default();
    let kind =
        fields.word("sock_type").ok_or_else(|| LogError::new("the line does not name the socket's type"))?;
    let family = Family::from_name(family)
        .ok_or_else(|| LogError::new(format!("the socket family {} is not known", ticked(family))))?;
    let kind = SocketType::from_name(kind)
        .ok_or_else(|| LogError::new(format!("the socket type {} is not known", ticked(kind))))?;
    Ok(Request::Network(Socket { family: Some(family), kind: Some(kind) }))
}

fn processes(fields: &Fields<'_>, operation: &str, mask: &str) -> Result<Vec<Request>, LogError> {
    let peer =
        fields.bytes("peer").ok_or_else(|| LogError::new("the line does not name the other process"))?;
    let peer = String::from_utf8(peer).map_err(|_| LogError::new("the other process's label is no UTF-8"))?;
    let signal = if operation == "signal" { Some(signal(fields)?) } else { None };
    let contacts =
        mask.split_whitespace().map(|word| contact(operation, word)).collect::<Option<BTreeSet<_>>>();
    let contacts = contacts
        .filter(|contacts| !contacts.is_empty())
        .ok_or_else(|| LogError::new(format!("the mask {} does not say what was asked for", ticked(mask))))?;
    let request = |contact| Request::Process { contact, signal: signal.clone(), peer: peer.clone() };
    Ok(contacts.into_iter().map(request).collect())
}

fn contact(operation: &str, word: &str) -> Option<Contact> {
    match (operation, word) {
        ("signal", "send") => Some(Contact::SignalSend),
        ("signal", "receive") => Some(Contact::SignalReceive),
        ("ptrace", "read") => Some(Contact::PtraceRead),
        ("ptrace", "trace") => Some(Contact::PtraceTrace),
        ("ptrace", "readby") => Some(Contact::PtraceReadBy),
        ("ptrace", "tracedby") => Some(Contact::PtraceTracedBy),
        _ => None,
    }
}

/// The kernel has the profile language's names (include/sig_names.h), `rtmin+3` and `unknown(70)`.
fn signal(fields: &Fields<'_>) -> Result<String, LogError> {
    let name = fields.word("signal").ok_or_else(|| LogError::new("the line does not name the signal"))?;
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '+';
    if name != "unknown"
        && name.len() <= 8
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(known)
    {
        Ok(name.to_owned())
    } else {
        Err(LogError::new(format!("the signal {} has no name in rules", ticked(name))))
    }
}

fn is_remount(fields: &Fields<'_>) -> bool {
    fields.word("flags").is_some_and(|flags| flags.split([',', ' ']).any(|flag| flag == "remount"))
}

/// A word of the line in a message.
fn ticked(word: &str) -> String {
    format!("`{}`", Shown(word.as_bytes()))
}
