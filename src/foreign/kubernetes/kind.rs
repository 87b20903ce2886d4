//! What an object of Kubernetes is, by what it says of itself.

use super::ticked;
use crate::foreign::yaml::Node;

/// What an object is, by its `apiVersion` and `kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    ConfigMap,
    /// Of the security-profiles-operator.
    AppArmorProfile,
    ProfileBinding,
    ProfileRecording,
    /// Of the security-profiles-operator, but no AppArmor.
    OtherProfile,
    KubeArmorPolicy,
    KubeArmorClusterPolicy,
    KubeArmorHostPolicy,
    /// Any policy of vArmor.
    Varmor,
    /// A pod, or what makes pods.
    Workload,
    Other,
}

const WORKLOADS: [&str; 8] = [
    "Pod",
    "Deployment",
    "DaemonSet",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
];

impl ObjectKind {
    /// Whether profiles can come of it.
    pub fn is_taken(self) -> bool {
        match self {
            ObjectKind::ConfigMap
            | ObjectKind::AppArmorProfile
            | ObjectKind::KubeArmorPolicy
            | ObjectKind::KubeArmorClusterPolicy => true,
            ObjectKind::ProfileBinding
            | ObjectKind::ProfileRecording
            | ObjectKind::OtherProfile
            | ObjectKind::KubeArmorHostPolicy
            | ObjectKind::Varmor
            | ObjectKind::Workload
            | ObjectKind::Other => false,
        }
    }

    /// Of an object, or of one of a list that says it for all.
    pub(super) fn of(object: &Node, list: Option<&Node>) -> ObjectKind {
        let of_list = |key: &str| list.and_then(|list| list.text_at(&[key]));
        let version = object.text_at(&["apiVersion"]).or_else(|| of_list("apiVersion")).unwrap_or_default();
        let all = of_list("kind").and_then(|kind| kind.strip_suffix("List"));
        let kind = object.text_at(&["kind"]).or(all).unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        match (group, kind) {
            ("", "ConfigMap") => ObjectKind::ConfigMap,
            ("security-profiles-operator.x-k8s.io", "AppArmorProfile") => ObjectKind::AppArmorProfile,
            ("security-profiles-operator.x-k8s.io", "ProfileBinding") => ObjectKind::ProfileBinding,
            ("security-profiles-operator.x-k8s.io", "ProfileRecording") => ObjectKind::ProfileRecording,
            ("security-profiles-operator.x-k8s.io", _) => ObjectKind::OtherProfile,
            ("security.kubearmor.com", "KubeArmorPolicy") => ObjectKind::KubeArmorPolicy,
            ("security.kubearmor.com", "KubeArmorClusterPolicy") => ObjectKind::KubeArmorClusterPolicy,
            ("security.kubearmor.com", "KubeArmorHostPolicy") => ObjectKind::KubeArmorHostPolicy,
            ("crd.varmor.org", _) => ObjectKind::Varmor,
            ("" | "apps" | "batch", kind) if WORKLOADS.contains(&kind) => ObjectKind::Workload,
            _ => ObjectKind::Other,
        }
    }
}

/// How an object is called in messages.
pub(super) fn called(object: &Node) -> String {
    match (object.text_at(&["kind"]), object.text_at(&["metadata", "name"])) {
        (Some(kind), Some(name)) => format!("the {} {}", ticked(kind), ticked(name)),
        (Some(kind), None) => format!("the {} without a name", ticked(kind)),
        (None, _) => "what stands here without `kind`".to_owned(),
    }
}

/// The line that says what an object is.
pub(super) fn line(object: &Node) -> usize {
    object.get("kind").map_or(object.line, |entry| entry.line)
}
