//! The manifest as types, lowered from the same checked policy as the profile.
//!
//! Enters: a `Checked`, in `lower` alone. Leaves: a `Manifest`. Knows no YAML.

pub mod lower;

pub use lower::lower;

use crate::policy::WorkloadKind;
use std::collections::BTreeMap;

/// What the head of each manifest says, by which it is known again.
pub const MARK: &str = "a manifest rendered by aapol";

/// An object of Kubernetes with one pod in it.
#[derive(Debug)]
pub struct Manifest {
    /// What is to be said at its head, line by line.
    pub header: Vec<String>,
    pub kind: WorkloadKind,
    pub name: String,
    pub namespace: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub replicas: Option<i64>,
    pub schedule: Option<String>,
    /// Volumes of which each pod gets one of its own.
    pub claim_templates: Vec<ClaimTemplate>,
    /// Of the pod: below Kubernetes 1.30 the profiles stand here.
    pub annotations: BTreeMap<String, String>,
    pub spec: PodSpec,
}

#[derive(Debug)]
pub struct PodSpec {
    pub token: bool,
    pub restart_policy: Option<&'static str>,
    pub run_as_non_root: bool,
    pub run_as_user: Option<i64>,
    pub run_as_group: Option<i64>,
    pub fs_group: Option<i64>,
    pub seccomp: AppArmorProfile,
    pub init_containers: Vec<ContainerSpec>,
    pub containers: Vec<ContainerSpec>,
    pub volumes: Vec<PodVolume>,
}

/// A seccomp or AppArmor profile, as Kubernetes names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppArmorProfile {
    RuntimeDefault,
    Unconfined,
    Localhost(String),
}

#[derive(Debug)]
pub struct ContainerSpec {
    pub name: String,
    pub image: String,
    pub command: Vec<String>,
    pub args: Vec<String>,
    /// Names and values, in the order in which Kubernetes sets them.
    pub env: Vec<(String, String)>,
    pub env_from_secret: Vec<String>,
    pub ports: Vec<u16>,
    pub mounts: Vec<VolumeMount>,
    /// None where an annotation holds it.
    pub apparmor: Option<AppArmorProfile>,
    /// None where nothing is said: in complain mode.
    pub capabilities: Option<CapabilitySet>,
    pub read_only_root: Option<bool>,
    pub restart_always: bool,
}

#[derive(Debug)]
pub struct CapabilitySet {
    pub add: Vec<String>,
    pub drop: Vec<String>,
}

#[derive(Debug)]
pub struct VolumeMount {
    pub volume: String,
    pub path: String,
    pub sub_path: Option<String>,
    pub read_only: bool,
}

#[derive(Debug)]
pub struct ClaimTemplate {
    pub name: String,
    /// A quantity of Kubernetes.
    pub size: String,
}

#[derive(Debug)]
pub struct PodVolume {
    pub name: String,
    /// As Kubernetes calls it.
    pub kind: &'static str,
    /// The key that names the source, and the name; none for an empty folder.
    pub source: Option<(&'static str, String)>,
}
