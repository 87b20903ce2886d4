//! The words that a key takes where it takes one of a few.

use crate::kernel::Abi;
use schemars::JsonSchema;
use serde::Deserialize;

/// What happens to an access that the policy does not allow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It is refused.
    #[default]
    Enforce,
    /// It is logged and passes: nothing is blocked.
    Complain,
    /// It is refused, and the process is killed where the kernel can: on files, capabilities and mounts.
    Kill,
}

/// What the kernel logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Audit {
    /// Every denial, those that the policy writes down included.
    #[default]
    Denials,
    /// Denials that the policy writes down are silent; what nothing grants is logged.
    Quiet,
    /// Allowed accesses as well: a very large log.
    All,
}

/// The AppArmor feature set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum AbiWord {
    /// AppArmor 3.0 and later: files, capabilities, sockets, mounts, signals, ptrace, limits.
    #[default]
    #[serde(rename = "3.0")]
    V3_0,
    /// AppArmor 4.0 and later: user namespaces and message queues too.
    #[serde(rename = "4.0")]
    V4_0,
    /// AppArmor 5.0 and later: io_uring too.
    #[serde(rename = "5.0")]
    V5_0,
}

impl AbiWord {
    pub const ALL: [AbiWord; 3] = [AbiWord::V3_0, AbiWord::V4_0, AbiWord::V5_0];

    pub fn abi(self) -> Abi {
        match self {
            AbiWord::V3_0 => Abi::V3_0,
            AbiWord::V4_0 => Abi::V4_0,
            AbiWord::V5_0 => Abi::V5_0,
        }
    }
}

/// Which rules are there before the policy's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// What every container needs under any runtime.
    #[default]
    Container,
    /// Nothing: without rules of its own, the container cannot even be stopped.
    None,
}

/// What is allowed where a section says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Posture {
    /// Only what is listed is allowed.
    #[default]
    Deny,
    /// All is allowed but what is denied.
    Allow,
}

/// Which files may be used where the section says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileDefault {
    /// None but those listed.
    #[default]
    Deny,
    /// Any file may be read; only those listed may be written.
    Read,
    /// Any file may be read and written, but those that are denied.
    Allow,
}

/// The kind of object that the manifest holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
pub enum WorkloadKind {
    /// One pod, which nothing starts again elsewhere.
    #[default]
    Pod,
    /// Pods that are alike and replaced one by one on a change.
    Deployment,
    /// Pods with names and storage of their own.
    StatefulSet,
    /// One pod on every node.
    DaemonSet,
    /// A pod that runs until its work is done.
    Job,
    /// A job at certain times.
    CronJob,
}

/// When the kubelet starts containers again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestartPolicy {
    /// They are started again whenever they end.
    Always,
    /// They are started again when they fail.
    OnFailure,
    /// They are not started again.
    Never,
}

/// When one init container is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// Whenever it ends: it runs beside the others, as a sidecar.
    Always,
}
