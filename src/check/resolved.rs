//! A policy's values as what they mean, with defaults filled in and every place kept.

use crate::baseline::bundles::Bundle;
use crate::diag::Place;
use crate::kernel::Abi;
use crate::kernel::{Access, Capability, Glob, Limit, Operation, Request, Socket, path};
use crate::policy::{
    At, Audit, Baseline, FileDefault, Mode, Posture, Restart, RestartPolicy, Text, WorkloadKind,
};
use std::collections::BTreeMap;

/// A scalar with the place that set it; none where it is the default.
#[derive(Clone, Copy, Debug)]
pub struct Setting<T> {
    pub value: T,
    pub place: Option<Place>,
}

/// An entry of a list: what it means, and how it is written.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    pub value: T,
    pub text: String,
    pub place: Place,
}

/// An entry in a sentence about another one: its text, where that is short.
pub fn named(text: &str) -> String {
    match text.chars().count() {
        0..=60 => format!("`{text}`"),
        _ => "another entry".to_owned(),
    }
}

/// A section that allows and denies things of one kind.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    pub default: Setting<Posture>,
    pub allow: Vec<Entry<T>>,
    pub deny: Vec<Entry<T>>,
}

/// The lists that hold paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathKey {
    ReadOnly,
    ReadWrite,
    WriteOnly,
    List,
    DenyWrite,
    Deny,
    ExecAllow,
    ExecDeny,
    Library,
}

impl PathKey {
    pub const ALL: [PathKey; 9] = [
        PathKey::ReadOnly,
        PathKey::ReadWrite,
        PathKey::WriteOnly,
        PathKey::List,
        PathKey::ExecAllow,
        PathKey::Library,
        PathKey::DenyWrite,
        PathKey::Deny,
        PathKey::ExecDeny,
    ];

    pub fn name(self) -> &'static str {
        match self {
            PathKey::ReadOnly => "read-only",
            PathKey::ReadWrite => "read-write",
            PathKey::WriteOnly => "write-only",
            PathKey::List => "list",
            PathKey::DenyWrite => "deny-write",
            PathKey::Deny | PathKey::ExecDeny => "deny",
            PathKey::ExecAllow => "allow",
            PathKey::Library => "libraries",
        }
    }

    pub fn section(self) -> &'static str {
        match self {
            PathKey::ReadOnly
            | PathKey::ReadWrite
            | PathKey::WriteOnly
            | PathKey::List
            | PathKey::DenyWrite
            | PathKey::Deny => "filesystem",
            PathKey::ExecAllow | PathKey::ExecDeny | PathKey::Library => "exec",
        }
    }

    /// What an entry grants.
    pub fn grant(self) -> Access {
        use PathKey as K;
        match self {
            K::ReadOnly => Access::READ | Access::LOCK,
            K::ReadWrite => Access::READ | Access::WRITE | Access::LINK | Access::LOCK,
            K::WriteOnly => Access::WRITE | Access::LINK | Access::LOCK,
            K::List => Access::READ,
            K::ExecAllow => Access::MAP | Access::READ | Access::EXEC,
            K::Library => Access::MAP | Access::READ,
            K::DenyWrite | K::Deny | K::ExecDeny => Access::NONE,
        }
    }

    /// What an entry denies.
    pub fn deny(self, default: FileDefault) -> Access {
        let write = Access::WRITE | Access::LINK;
        match self {
            PathKey::ReadOnly if default == FileDefault::Allow => write,
            PathKey::DenyWrite => write,
            PathKey::Deny => write | Access::READ | Access::LOCK | Access::MAP | Access::EXEC,
            PathKey::ExecDeny => Access::MAP | Access::EXEC,
            PathKey::ReadOnly
            | PathKey::ReadWrite
            | PathKey::WriteOnly
            | PathKey::List
            | PathKey::ExecAllow
            | PathKey::Library => Access::NONE,
        }
    }

    /// The access for which an entry is written: denied, it is dead.
    pub fn point(self) -> Access {
        match self {
            PathKey::ReadOnly | PathKey::List => Access::READ,
            PathKey::ReadWrite | PathKey::WriteOnly => Access::WRITE,
            PathKey::ExecAllow => Access::EXEC,
            PathKey::Library => Access::MAP,
            PathKey::DenyWrite | PathKey::Deny | PathKey::ExecDeny => Access::NONE,
        }
    }
}

/// A path entry.
#[derive(Clone, Debug)]
pub struct PathEntry {
    pub key: PathKey,
    /// As written.
    pub text: String,
    pub place: Place,
    /// What the kernel compares.
    pub glob: Glob,
    pub grant: Access,
    pub deny: Access,
}

impl PathEntry {
    /// How it is named in a sentence about another entry: its text, where that is short.
    pub fn named(&self) -> String {
        named(&self.text)
    }

    pub fn is_folder(&self) -> bool {
        self.text.ends_with('/')
    }
}

/// Which profile confines a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerProfile {
    This,
    RuntimeDefault,
    Unconfined,
    Localhost(String),
}

/// Which seccomp profile the pod has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seccomp {
    RuntimeDefault,
    Unconfined,
    Localhost(String),
}

/// Where a volume's files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeSource {
    EmptyDir,
    ConfigMap(String),
    Secret(String),
    Claim(String),
    /// A claim for each pod, of this size.
    ClaimTemplate(String),
    HostPath(String),
}

impl VolumeSource {
    /// The kubelet puts the files into a folder named by the time, and links to them.
    pub fn is_projected(&self) -> bool {
        match self {
            VolumeSource::ConfigMap(_) | VolumeSource::Secret(_) => true,
            VolumeSource::EmptyDir
            | VolumeSource::Claim(_)
            | VolumeSource::ClaimTemplate(_)
            | VolumeSource::HostPath(_) => false,
        }
    }

    /// Whether it is a folder for certain: a path of the node may be a file, where it does not say otherwise.
    pub fn is_folder(&self) -> bool {
        match self {
            VolumeSource::HostPath(path) => path.ends_with('/') || path::is_known_folder(path),
            VolumeSource::EmptyDir
            | VolumeSource::ConfigMap(_)
            | VolumeSource::Secret(_)
            | VolumeSource::Claim(_)
            | VolumeSource::ClaimTemplate(_) => true,
        }
    }
}

/// A mount of a container.
#[derive(Clone, Debug)]
pub struct ResolvedMount {
    pub path: String,
    pub place: Place,
    pub volume: String,
    pub sub_path: Option<String>,
}

/// A container as the manifest will have it.
#[derive(Clone, Debug)]
pub struct ResolvedContainer {
    pub name: String,
    pub place: Place,
    pub image: Option<Text>,
    pub command: Vec<String>,
    pub args: Vec<String>,
    /// In the order in which they are written: a value may refer to those before it.
    pub env: Vec<(String, String)>,
    pub env_from_secret: Vec<String>,
    pub ports: Vec<u16>,
    pub mounts: Vec<ResolvedMount>,
    pub profile: ContainerProfile,
    pub init: Option<At<i64>>,
    pub restart: Option<At<Restart>>,
}

/// A version of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u16,
    pub minor: u16,
}

impl Version {
    /// The first with the AppArmor field.
    pub const APPARMOR_FIELD: Version = Version { major: 1, minor: 30 };
    /// The first in which sidecars need no feature gate.
    pub const SIDECARS: Version = Version { major: 1, minor: 29 };
}

/// The manifest's own words.
#[derive(Clone, Debug)]
pub struct ResolvedPod {
    pub kind: WorkloadKind,
    pub name: String,
    pub namespace: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub kubernetes: Version,
    pub replicas: Option<i64>,
    pub schedule: Option<String>,
    pub restart_policy: Option<RestartPolicy>,
    pub run_as_user: Option<At<i64>>,
    pub run_as_group: Option<i64>,
    pub fs_group: Option<i64>,
    pub seccomp: Seccomp,
    pub token: bool,
    pub volumes: BTreeMap<String, VolumeSource>,
    /// In the order in which they are written, init containers in theirs first.
    pub containers: Vec<ResolvedContainer>,
}

/// What the policy says of itself: an access that is to be allowed, or denied.
#[derive(Clone, Debug)]
pub struct Expectation {
    pub allowed: bool,
    pub request: Request,
    /// As written.
    pub text: String,
    pub place: Place,
}

/// A policy as what it means.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub name: Text,
    pub description: Option<String>,
    pub mode: Setting<Mode>,
    pub audit: Setting<Audit>,
    pub abi: Setting<Abi>,
    pub baseline: Setting<Baseline>,
    pub bundles: Vec<Entry<&'static Bundle>>,
    pub is_abstract: bool,
    pub abstractions: Vec<Text>,
    pub raw_rules: Vec<Text>,
    pub files: Setting<FileDefault>,
    pub exec: Setting<Posture>,
    /// In the order in which they are written.
    pub paths: Vec<PathEntry>,
    pub capabilities: Listed<Capability>,
    pub network: Listed<Socket>,
    pub operations: Listed<Operation>,
    pub limits: Vec<(Limit, Text)>,
    /// Those that are to be allowed first, each list in its order.
    pub expectations: Vec<Expectation>,
    pub pod: ResolvedPod,
    /// Every value could be taken: what is absent is absent in the policy.
    pub is_complete: bool,
}

impl Resolved {
    /// What may be done with every file.
    pub fn default_access(&self) -> Access {
        let files = match self.files.value {
            FileDefault::Deny => Access::NONE,
            FileDefault::Read => PathKey::ReadOnly.grant(),
            FileDefault::Allow => PathKey::ReadWrite.grant(),
        };
        let exec = match self.exec.value {
            Posture::Deny => Access::NONE,
            Posture::Allow => Access::MAP | Access::EXEC,
        };
        files | exec
    }

    /// Rules that this program does not read, and that may grant or deny anything.
    pub fn has_foreign_rules(&self) -> bool {
        !self.abstractions.is_empty() || !self.raw_rules.is_empty()
    }
}
