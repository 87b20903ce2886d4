//! What the templates see: finished strings in the order in which they stand.

use super::yaml::scalar;
use crate::pod::{self, Manifest};
use crate::policy::Kind;
use crate::rules;
use serde::Serialize;

/// The profile's view.
#[derive(Debug, Serialize)]
pub struct ProfileView {
    name: String,
    header: Vec<String>,
    abi: &'static str,
    flags: String,
    tunables: bool,
    includes: Vec<String>,
    blocks: Vec<BlockView>,
}

#[derive(Debug, Serialize)]
struct BlockView {
    comment: String,
    rules: Vec<String>,
}

pub fn profile(profile: &rules::Profile) -> ProfileView {
    ProfileView {
        name: profile.name.clone(),
        header: profile.header.clone(),
        abi: profile.abi.name(),
        flags: profile.flags.join(","),
        tunables: profile.tunables,
        includes: profile.abstractions.iter().map(|name| name.value.clone()).collect(),
        blocks: profile
            .blocks
            .iter()
            .map(|block| BlockView {
                comment: block.comment.clone(),
                rules: block.rules.iter().map(ToString::to_string).collect(),
            })
            .collect(),
    }
}

/// The manifest's view.
#[derive(Debug, Serialize)]
pub struct ManifestView {
    header: Vec<String>,
    api_version: &'static str,
    kind: String,
    name: String,
    namespace: Option<String>,
    labels: Vec<Pair>,
    annotations: Vec<Pair>,
    replicas: Option<i64>,
    schedule: Option<String>,
    service_name: Option<String>,
    has_selector: bool,
    claim_templates: Vec<ClaimTemplateView>,
    pod: PodView,
}

#[derive(Debug, Serialize)]
struct Pair {
    key: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct ClaimTemplateView {
    name: String,
    size: String,
}

#[derive(Debug, Serialize)]
struct PodView {
    token: bool,
    restart_policy: Option<&'static str>,
    run_as_non_root: bool,
    run_as_user: Option<i64>,
    run_as_group: Option<i64>,
    fs_group: Option<i64>,
    seccomp: NamedProfile,
    init_containers: Vec<ContainerView>,
    containers: Vec<ContainerView>,
    volumes: Vec<VolumeView>,
}

#[derive(Debug, Serialize)]
struct NamedProfile {
    kind: &'static str,
    name: Option<String>,
}

#[derive(Debug, Serialize)]
struct ContainerView {
    name: String,
    image: String,
    command: Vec<String>,
    args: Vec<String>,
    env: Vec<Pair>,
    env_from_secret: Vec<String>,
    ports: Vec<u16>,
    mounts: Vec<MountView>,
    apparmor: Option<NamedProfile>,
    capabilities: Option<CapabilitiesView>,
    read_only_root: Option<bool>,
    restart_always: bool,
}

#[derive(Debug, Serialize)]
struct CapabilitiesView {
    add: Vec<String>,
    drop: Vec<String>,
}

#[derive(Debug, Serialize)]
struct MountView {
    volume: String,
    path: String,
    sub_path: Option<String>,
    read_only: bool,
}

#[derive(Debug, Serialize)]
struct VolumeView {
    name: String,
    kind: &'static str,
    source: Option<Pair>,
}

/// The template for a kind of object.
pub fn template(manifest: &Manifest) -> &'static str {
    match manifest.kind {
        Kind::Pod => "pod.yaml",
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Job => "workload.yaml",
        Kind::CronJob => "cronjob.yaml",
    }
}

pub fn manifest(manifest: &Manifest) -> ManifestView {
    let (api_version, kind) = match manifest.kind {
        Kind::Pod => ("v1", "Pod"),
        Kind::Deployment => ("apps/v1", "Deployment"),
        Kind::StatefulSet => ("apps/v1", "StatefulSet"),
        Kind::DaemonSet => ("apps/v1", "DaemonSet"),
        Kind::Job => ("batch/v1", "Job"),
        Kind::CronJob => ("batch/v1", "CronJob"),
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
        service_name: (manifest.kind == Kind::StatefulSet).then(|| scalar(&manifest.name)),
        has_selector: match manifest.kind {
            Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => true,
            Kind::Pod | Kind::Job | Kind::CronJob => false,
        },
        claim_templates: manifest
            .claim_templates
            .iter()
            .map(|claim| ClaimTemplateView { name: scalar(&claim.name), size: scalar(&claim.size) })
            .collect(),
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

fn named(profile: &pod::Profile) -> NamedProfile {
    match profile {
        pod::Profile::RuntimeDefault => NamedProfile { kind: "RuntimeDefault", name: None },
        pod::Profile::Unconfined => NamedProfile { kind: "Unconfined", name: None },
        pod::Profile::Localhost(name) => NamedProfile { kind: "Localhost", name: Some(scalar(name)) },
    }
}

fn container(container: &pod::Container) -> ContainerView {
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

fn volume(volume: &pod::Volume) -> VolumeView {
    VolumeView {
        name: scalar(&volume.name),
        kind: volume.kind,
        source: volume
            .source
            .as_ref()
            .map(|(key, value)| Pair { key: (*key).to_owned(), value: scalar(value) }),
    }
}
