//! What a log holds that asks for nothing: lines put aside, by reason.

use crate::ask::log::{AuditType, Logged};
use crate::kernel::Request;
use crate::kernel::request::FileVerb;
use std::fmt;

/// Why a line was put aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aside {
    /// The policy grants it already.
    Granted,
    /// `stat` and the like, which nobody is asked for outside of complain mode.
    Attributes,
    /// The kernel asks for the making of a file that is there, and is only read.
    OpenedExisting,
    /// A change of profile at a start, which is forbidden; the start itself is in the log as well.
    Transition,
    /// A file that the runtime had opened.
    Descriptor,
    /// The user rejects it.
    Rejected,
    /// No rule was asked, or rules do not speak of it.
    NotAsked(String),
}

impl fmt::Display for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Aside::Granted => "the policy, or the baseline that every container gets, grants it already",
            Aside::Attributes => "looking at a file's attributes, which is only asked for in complain mode",
            Aside::OpenedExisting => {
                "opening a file that is there and only read, for which the kernel asks as if it was to be made"
            }
            Aside::Transition => {
                "a change of profile at a start, which the pod's `allowPrivilegeEscalation: false` forbids; the start has a line of its own"
            }
            Aside::Descriptor => "a file or socket that was open before the profile was entered",
            Aside::Rejected => "rejected by `--reject`",
            Aside::NotAsked(why) => return f.write_str(why),
        })
    }
}

impl Aside {
    /// As programs read it.
    pub fn word(&self) -> &'static str {
        match self {
            Aside::Granted => "granted",
            Aside::Attributes => "attributes",
            Aside::OpenedExisting => "opened-existing",
            Aside::Transition => "transition",
            Aside::Descriptor => "descriptor",
            Aside::Rejected => "rejected",
            Aside::NotAsked(_) => "not-asked",
        }
    }
}

/// A change of profile that was forbidden, beside the line about the start itself. The name in it may be that of a link.
pub(super) fn is_transition(record: &Logged) -> bool {
    record.operation == "exec" && record.info.as_deref().is_some_and(|info| info.ends_with(NO_NEW_PRIVILEGES))
}

/// What the kernel adds where it may not change the profile. The name in such a line may be that of a link.
const NO_NEW_PRIVILEGES: &str = "no new privs";

/// What a record by itself shows to ask for nothing.
pub(super) fn by_itself(record: &Logged) -> Option<Aside> {
    let Logged { verdict, requests, .. } = record;
    match record.operation.as_str() {
        "getattr" if matches!(verdict, AuditType::Allowed | AuditType::Audited) => Some(Aside::Attributes),
        _ if !requests.is_empty() && requests.iter().all(is_deleted) => {
            Some(Aside::NotAsked("a file that was deleted, under a name that leads to nothing".to_owned()))
        }
        "file_inherit" if requests.iter().flat_map(Request::paths).all(is_of_runtime) => {
            Some(Aside::Descriptor)
        }
        _ => None,
    }
}

/// The mapping of a library, which complain mode does not tell where reading it is not granted either: the rule that keeps
/// programs in sight permits the mapping alone, and the kernel names what is not permitted.
pub(super) fn mapped(record: &Logged) -> Option<Request> {
    let Logged { verdict, requests, .. } = record;
    match requests.as_slice() {
        [Request::File(FileVerb::Read, path)]
            if record.operation == "file_mmap" && *verdict == AuditType::Allowed && is_library(path) =>
        {
            Some(Request::File(FileVerb::Map, path.clone()))
        }
        _ => None,
    }
}

/// By its name, as linkers and runtimes look for them.
fn is_library(path: &[u8]) -> bool {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let is_versioned = memchr::memmem::find(name, b".so.").is_some();
    is_versioned || name.ends_with(b".so") || name.ends_with(b".node")
}

/// The kernel adds it to the name of what has none any more, such as memory that is used as a file.
fn is_deleted(request: &Request) -> bool {
    let mut paths = request.paths().peekable();
    paths.peek().is_some() && paths.all(|path| path.ends_with(b" (deleted)"))
}

/// Where runtimes have the ends of what a container is connected to.
fn is_of_runtime(path: &[u8]) -> bool {
    const FOLDERS: [&[u8]; 5] =
        [b"/dev/", b"/run/containerd/", b"/run/docker/", b"/run/crio/", b"/var/run/containers/"];
    FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// The file that is made, where a record asks for that alone.
pub(super) fn is_made(record: &Logged) -> Option<&[u8]> {
    match (record.operation.as_str(), record.requests.as_slice()) {
        ("mknod", [Request::File(FileVerb::Create, path)]) => Some(path),
        _ => None,
    }
}
