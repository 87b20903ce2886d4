//! What a line of the kernel's log was asked about.
//!
//! Enters: a line from dmesg, the journal, syslog or auditd. Leaves: which profile decided how, and the accesses
//! that it was asked for; or why this program cannot ask about them. The line is believed: whoever can write to
//! the log can write such lines. Whether a policy allows the accesses is not known here.

pub mod evidence;
mod fields;
mod loss;
mod message;
mod requests;

use crate::kernel::Request;
use crate::kernel::request::Shown;
use fields::Fields;
pub use fields::LogError;
pub use loss::Loss;
pub use message::Messages;

/// What the kernel says that it did (aa_audit_type in security/apparmor/audit.c).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditType {
    Denied,
    /// The profile does not allow it, and complains only.
    Allowed,
    /// The profile allows it, and wants it logged.
    Audited,
    /// Denied, and the process is killed.
    Killed,
}

impl AuditType {
    fn from_word(word: &str) -> Option<AuditType> {
        match word {
            "DENIED" => Some(AuditType::Denied),
            "ALLOWED" => Some(AuditType::Allowed),
            "AUDIT" => Some(AuditType::Audited),
            "KILLED" => Some(AuditType::Killed),
            _ => None,
        }
    }

    /// Whether only what the line calls denied was refused; else all that was requested counts.
    fn refuses(self) -> bool {
        match self {
            AuditType::Denied | AuditType::Killed => true,
            AuditType::Allowed | AuditType::Audited => false,
        }
    }
}

/// A line of the log as what was asked, without what differs each time, such as the number of the process. In order of
/// what was asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Logged {
    /// At least one; more where a file was asked for several at once.
    pub requests: Vec<Request>,
    pub verdict: AuditType,
    /// With its namespace, as in `:root//inner://web`, where that is not the root.
    pub profile: Option<String>,
    pub command: Option<String>,
    /// The kernel's word: `open`, `mknod`, `getattr`.
    pub operation: String,
    /// What the kernel adds to it, such as `no new privs`.
    pub info: Option<String>,
}

impl Logged {
    /// The operation in plain words, and what the kernel adds to it: `exec: no new privs`.
    pub fn about(&self) -> String {
        let operation = self.operation.replace('_', " ");
        match &self.info {
            Some(info) => format!("{operation}: {info}"),
            None => operation,
        }
    }

    /// Whether it is about a profile, or about what that started: such programs run below its name in complain mode
    /// (`web//null-/bin/sh`). A label may stack several profiles, and name a namespace.
    pub fn is_about(&self, own: &str) -> bool {
        self.profile.as_deref().is_none_or(|label| parts(label).any(|part| is_of(part, own)))
    }
}

/// The profiles of a label, which may stack several, without their namespaces.
pub fn parts(label: &str) -> impl Iterator<Item = &str> {
    label.split("//&").map(within_namespace)
}

/// Whether a profile is another one, or a child of it.
pub fn is_of(profile: &str, own: &str) -> bool {
    profile.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with("//"))
}

/// A profile's name without its namespace: `web` of `:k8s://web` and of `:k8s:web`.
fn within_namespace(label: &str) -> &str {
    let Some((_, name)) = label.strip_prefix(':').and_then(|rest| rest.split_once(':')) else { return label };
    name.strip_prefix("//").unwrap_or(name)
}

/// What a line asks about. Nothing where it is none of AppArmor's, or tells only of profiles that came and went
/// (`STATUS`).
pub fn read(line: &str) -> Option<Result<Logged, LogError>> {
    of_fields(&Fields::of(line)?)
}

fn of_fields(fields: &Fields<'_>) -> Option<Result<Logged, LogError>> {
    (fields.word("apparmor") != Some("STATUS")).then(|| logged(fields))
}

fn logged(fields: &Fields<'_>) -> Result<Logged, LogError> {
    fields.whole()?;
    let word = fields.word("apparmor").unwrap_or_default();
    let verdict = AuditType::from_word(word)
        .ok_or_else(|| LogError::new(format!("`apparmor={}` is no decision", Shown(word.as_bytes()))))?;
    let operation =
        fields.word("operation").ok_or_else(|| LogError::new("the line does not name an operation"))?;
    Ok(Logged {
        requests: requests::of(fields, operation, verdict.refuses())?,
        verdict,
        profile: profile(fields),
        command: fields.bytes("comm").map(printable),
        operation: printable(operation.as_bytes().to_vec()),
        info: fields.word("info").map(|info| printable(info.as_bytes().to_vec())),
    })
}

/// Where several profiles confine a process, the kernel and the buses name its label.
fn profile(fields: &Fields<'_>) -> Option<String> {
    let Some(profile) = fields.bytes("profile") else {
        return fields.bytes("label").map(printable);
    };
    let profile = printable(profile);
    Some(match fields.bytes("namespace") {
        Some(namespace) => format!(":{}://{profile}", printable(namespace)),
        None => profile,
    })
}

/// As it is, so that it can be compared, unless it would disturb a terminal.
fn printable(bytes: Vec<u8>) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() || c.escape_debug().len() == 1;
    match String::from_utf8(bytes) {
        Ok(text) if text.chars().all(is_plain) => text,
        Ok(text) => Shown(text.as_bytes()).to_string(),
        Err(error) => Shown(error.as_bytes()).to_string(),
    }
}

#[cfg(test)]
mod tests;
