//! The manifest as the templates see it: its values as YAML takes them.

use crate::pod::{self, Manifest};
use crate::policy::WorkloadKind;
use crate::render::yaml::scalar;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ManifestView {
    /// What is said at its head, line by line, without `#`. By the first line the file is known again as rendered.
    header: Vec<String>,
    /// `v1`, `apps/v1` or `batch/v1`.
    api_version: &'static str,
    /// The kind of the object, such as `Deployment`.
    kind: String,
    /// The object's name.
    name: String,
    /// Its namespace; none where the policy names none.
    namespace: Option<String>,
    /// Its labels, and those of its pods.
    labels: Vec<Pair>,
    /// The annotations of its pods.
    annotations: Vec<Pair>,
    /// How many pods; none where nothing is said.
    replicas: Option<i64>,
    /// The schedule of a `CronJob`.
    schedule: Option<String>,
    /// The service of a `StatefulSet`.
    service_name: Option<String>,
    /// Whether this kind of object selects its pods by their labels.
    has_selector: bool,
    /// The volumes of which each pod gets one of its own.
    claim_templates: Vec<ClaimTemplateView>,
    /// By how much the pod's spec is indented in an object of this kind.
    pod_indent: usize,
    /// The pod's spec.
    pod: PodView,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Pair {
    /// The name.
    key: String,
    /// What stands for it.
    value: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ClaimTemplateView {
    /// The volume's name.
    name: String,
    /// Its size.
    size: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PodView {
    /// Whether the service account's token is mounted.
    token: bool,
    /// The restart policy; none where nothing is said.
    restart_policy: Option<&'static str>,
    /// Whether the pod must not run as root.
    run_as_non_root: bool,
    /// The user; none where nothing is said.
    run_as_user: Option<i64>,
    /// The group; none where nothing is said.
    run_as_group: Option<i64>,
    /// The group of its volumes; none where nothing is said.
    fs_group: Option<i64>,
    /// Its seccomp profile.
    seccomp: NamedProfile,
    /// The containers that run before the others, in their order.
    init_containers: Vec<ContainerView>,
    /// The containers, in the policy's order.
    containers: Vec<ContainerView>,
    /// The volumes.
    volumes: Vec<VolumeView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NamedProfile {
    /// `RuntimeDefault`, `Unconfined` or `Localhost`.
    kind: &'static str,
    /// The name of a `Localhost` one.
    name: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ContainerView {
    /// The container's name.
    name: String,
    /// Its image.
    image: String,
    /// Its command, word by word.
    command: Vec<String>,
    /// The command's arguments, word by word.
    args: Vec<String>,
    /// Its environment, in the order in which Kubernetes sets it.
    env: Vec<Pair>,
    /// The Secrets whose keys become environment variables.
    env_from_secret: Vec<String>,
    /// The ports that it listens on.
    ports: Vec<u16>,
    /// Where volumes are mounted.
    mounts: Vec<MountView>,
    /// Its AppArmor profile; none where an annotation holds it.
    apparmor: Option<NamedProfile>,
    /// Its capabilities; none where nothing is said.
    capabilities: Option<CapabilitiesView>,
    /// Whether its root is read-only; none where nothing is said.
    read_only_root: Option<bool>,
    /// Whether it is a sidecar: one of the containers before the others, that runs on.
    restart_always: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CapabilitiesView {
    /// Those that are added.
    add: Vec<String>,
    /// Those that are dropped.
    drop: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MountView {
    /// The volume's name.
    volume: String,
    /// The folder where it is mounted.
    path: String,
    /// The part of the volume that is mounted; none where it is the whole.
    sub_path: Option<String>,
    /// Whether nothing may be written to it.
    read_only: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct VolumeView {
    /// The volume's name.
    name: String,
    /// What it is, such as `emptyDir`.
    kind: &'static str,
    /// What it is made from; none where nothing needs to be said.
    source: Option<Pair>,
}

/// The template for a kind of object.
pub fn template(manifest: &Manifest) -> &'static str {
    match manifest.kind {
        WorkloadKind::Pod => "pod.yaml",
        WorkloadKind::Deployment
        | WorkloadKind::StatefulSet
        | WorkloadKind::DaemonSet
        | WorkloadKind::Job => "workload.yaml",
        WorkloadKind::CronJob => "cronjob.yaml",
    }
}

pub(super) fn view(manifest: &Manifest) -> ManifestView {
    let (api_version, kind) = match manifest.kind {
        WorkloadKind::Pod => ("v1", "Pod"),
        WorkloadKind::Deployment => ("apps/v1", "Deployment"),
        WorkloadKind::StatefulSet => ("apps/v1", "StatefulSet"),
        WorkloadKind::DaemonSet => ("apps/v1", "DaemonSet"),
        WorkloadKind::Job => ("batch/v1", "Job"),
        WorkloadKind::CronJob => ("batch/v1", "CronJob"),
    };
    let spec = &manifest.spec;
    ManifestView {
        header: manifest.header.clone(),
        api_version,
        kind: kind.to_owned(),
        name: scalar(&manifest.name),
        namespace: manifest.namespace.as_deref().map(scalar),
        labels: pairs(&manifest.labels),
        annotations: pairs(&manifest.annotations),
        replicas: manifest.replicas,
        schedule: manifest.schedule.as_deref().map(scalar),
        service_name: (manifest.kind == WorkloadKind::StatefulSet).then(|| scalar(&manifest.name)),
        has_selector: match manifest.kind {
            WorkloadKind::Deployment | WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => true,
            WorkloadKind::Pod | WorkloadKind::Job | WorkloadKind::CronJob => false,
        },
        claim_templates: manifest
            .claim_templates
            .iter()
            .map(|claim| ClaimTemplateView { name: scalar(&claim.name), size: scalar(&claim.size) })
            .collect(),
        pod_indent: match manifest.kind {
            WorkloadKind::Pod => 2,
            WorkloadKind::Deployment
            | WorkloadKind::StatefulSet
            | WorkloadKind::DaemonSet
            | WorkloadKind::Job => 6,
            WorkloadKind::CronJob => 10,
        },
        pod: PodView {
            token: spec.token,
            restart_policy: spec.restart_policy,
            run_as_non_root: spec.run_as_non_root,
            run_as_user: spec.run_as_user,
            run_as_group: spec.run_as_group,
            fs_group: spec.fs_group,
            seccomp: named(&spec.seccomp),
            init_containers: spec.init_containers.iter().map(container).collect(),
            containers: spec.containers.iter().map(container).collect(),
            volumes: spec.volumes.iter().map(volume).collect(),
        },
    }
}

fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a String, &'a String)>) -> Vec<Pair> {
    pairs.into_iter().map(|(key, value)| Pair { key: scalar(key), value: scalar(value) }).collect()
}

fn scalars(list: &[String]) -> Vec<String> {
    list.iter().map(|text| scalar(text)).collect()
}

fn named(profile: &pod::AppArmorProfile) -> NamedProfile {
    match profile {
        pod::AppArmorProfile::RuntimeDefault => NamedProfile { kind: "RuntimeDefault", name: None },
        pod::AppArmorProfile::Unconfined => NamedProfile { kind: "Unconfined", name: None },
        pod::AppArmorProfile::Localhost(name) => NamedProfile { kind: "Localhost", name: Some(scalar(name)) },
    }
}

fn container(container: &pod::ContainerSpec) -> ContainerView {
    ContainerView {
        name: scalar(&container.name),
        image: scalar(&container.image),
        command: scalars(&container.command),
        args: scalars(&container.args),
        env: pairs(container.env.iter().map(|(key, value)| (key, value))),
        env_from_secret: scalars(&container.env_from_secret),
        ports: container.ports.clone(),
        mounts: container
            .mounts
            .iter()
            .map(|mount| MountView {
                volume: scalar(&mount.volume),
                path: scalar(&mount.path),
                sub_path: mount.sub_path.as_deref().map(scalar),
                read_only: mount.read_only,
            })
            .collect(),
        apparmor: container.apparmor.as_ref().map(named),
        capabilities: container
            .capabilities
            .as_ref()
            .map(|set| CapabilitiesView { add: scalars(&set.add), drop: scalars(&set.drop) }),
        read_only_root: container.read_only_root,
        restart_always: container.restart_always,
    }
}

fn volume(volume: &pod::PodVolume) -> VolumeView {
    VolumeView {
        name: scalar(&volume.name),
        kind: volume.kind,
        source: volume
            .source
            .as_ref()
            .map(|(key, value)| Pair { key: (*key).to_owned(), value: scalar(value) }),
    }
}
