//! The `[pod]` table: names, volumes and containers, with what is left out filled in.

use super::words;
use crate::check::lints::{
    invalid_environment, invalid_image, invalid_kubernetes_name, invalid_kubernetes_version, invalid_label,
    invalid_mount, invalid_port, invalid_profile, invalid_schedule, invalid_seccomp, invalid_user,
    volume_source,
};
use crate::check::resolved::{
    ContainerProfile, ResolvedContainer, ResolvedMount, ResolvedPod, Seccomp, Version, VolumeSource,
};
use crate::diag::Findings;
use crate::policy::{self, At, Policy, Text, WorkloadKind};
use std::collections::BTreeMap;

pub(super) fn read(policy: &Policy, found: &mut Findings) -> ResolvedPod {
    let empty = policy::Pod::default();
    let pod = policy.pod.as_ref().unwrap_or(&empty);
    let kind = pod.kind.as_ref().map(|kind| **kind).unwrap_or_default();
    if let Some(name) = &pod.name {
        invalid_kubernetes_name::object(name, kind, found);
    }
    let ObjectName { name, .. } = ObjectName::of(policy);
    if let Some(namespace) = &pod.namespace {
        invalid_kubernetes_name::label(namespace, "the namespace", found);
    }
    let volumes = pod
        .volumes
        .iter()
        .filter_map(|(name, volume)| {
            invalid_kubernetes_name::label(name, "a volume's name", found);
            let is_torn = policy.left_out.is_of(&["pod", "volumes", name]);
            let source = volume_source::read(name, volume, is_torn, found)?;
            Some((name.value.clone(), source))
        })
        .collect();
    for (key, value) in &pod.labels {
        invalid_label::check(key, value, found);
    }
    let mut labels: BTreeMap<String, String> = plain_map(&pod.labels);
    if labels.is_empty() {
        labels.insert("app".to_owned(), label_value(&name));
    }
    let ids =
        [(&pod.run_as_user, "run-as-user"), (&pod.run_as_group, "run-as-group"), (&pod.fs_group, "fs-group")];
    for (id, key) in ids {
        invalid_user::check(id.as_ref(), key, found);
    }
    if let Some(schedule) = &pod.schedule {
        invalid_schedule::check(schedule, found);
    }
    let version = pod.kubernetes.as_ref();
    ResolvedPod {
        kind,
        containers: containers(pod, policy, &name, found),
        name,
        namespace: pod.namespace.as_ref().map(|n| n.value.clone()),
        labels,
        kubernetes: version
            .and_then(|text| invalid_kubernetes_version::read(text, found))
            .unwrap_or(Version::APPARMOR_FIELD),
        replicas: pod.replicas.as_ref().map(|n| **n),
        schedule: pod.schedule.as_ref().map(|s| s.value.clone()),
        restart_policy: pod.restart_policy.as_ref().map(|r| **r),
        run_as_user: pod.run_as_user.clone(),
        run_as_group: pod.run_as_group.as_ref().map(|id| **id),
        fs_group: pod.fs_group.as_ref().map(|id| **id),
        seccomp: pod
            .seccomp
            .as_ref()
            .and_then(|text| invalid_seccomp::read(text, found))
            .unwrap_or(Seccomp::RuntimeDefault),
        token: pod.service_account_token.as_ref().is_some_and(|t| **t),
        volumes,
    }
}

/// Mount points below which the kernel sees a timestamped folder, of the containers that the policy confines.
pub(super) fn projected_mounts(pod: &ResolvedPod) -> Vec<String> {
    let confined = pod.containers.iter().filter(|container| container.profile == ContainerProfile::This);
    let mounts = confined.flat_map(|container| &container.mounts);
    let mut points: Vec<String> = mounts
        // A part of a volume is mounted itself, without the folder between.
        .filter(|mount| mount.sub_path.is_none())
        .filter(|mount| pod.volumes.get(&mount.volume).is_some_and(VolumeSource::is_projected))
        .map(|mount| mount.path.clone())
        .collect();
    points.sort();
    points.dedup();
    points
}

/// What an object is known by in Kubernetes: two policies that share it share one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectName {
    pub kind: WorkloadKind,
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectName {
    /// Of a policy, by its own name and what its `[pod]` says.
    pub fn new(
        policy: &str,
        kind: Option<WorkloadKind>,
        namespace: Option<&str>,
        name: Option<&str>,
    ) -> ObjectName {
        let kind = kind.unwrap_or_default();
        ObjectName {
            kind,
            namespace: namespace.map(str::to_owned),
            name: name.map_or_else(|| default_name(policy, kind), str::to_owned),
        }
    }

    pub fn of(policy: &Policy) -> ObjectName {
        let pod = policy.pod.as_ref();
        let kind = pod.and_then(|pod| pod.kind.as_ref()).map(|kind| kind.value);
        let namespace = pod.and_then(|pod| pod.namespace.as_ref()).map(|text| text.as_str());
        let name = pod.and_then(|pod| pod.name.as_ref()).map(|text| text.as_str());
        ObjectName::new(&policy.name, kind, namespace, name)
    }
}

/// The policy's name as Kubernetes takes it.
fn default_name(name: &str, kind: WorkloadKind) -> String {
    let lower = name.to_ascii_lowercase().replace('_', "-");
    let longest = invalid_kubernetes_name::longest(kind);
    let cut: String = lower.chars().take(longest).collect();
    let parts = cut.split('.').map(|part| part.trim_matches('-'));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(".")
}

fn label_value(name: &str) -> String {
    let cut: String = name.chars().take(63).collect();
    cut.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned()
}

fn containers(
    pod: &policy::Pod,
    policy: &Policy,
    name: &str,
    found: &mut Findings,
) -> Vec<ResolvedContainer> {
    if pod.containers.is_empty() {
        let name = At { value: label_value(&name.replace('.', "-")), place: policy.name.place };
        return vec![container(&name, &policy::Container::default(), found)];
    }
    let mut all: Vec<ResolvedContainer> = pod
        .containers
        .iter()
        .map(|(name, written)| {
            invalid_kubernetes_name::label(name, "a container's name", found);
            container(name, written, found)
        })
        .collect();
    // Init containers first, in their order; the rest as they are written.
    all.sort_by_key(|c| c.init.as_ref().map_or((1, 0), |init| (0, **init)));
    all
}

fn container(name: &Text, written: &policy::Container, found: &mut Findings) -> ResolvedContainer {
    if let Some(image) = &written.image {
        invalid_image::check(image, found);
    }
    let texts = written.command.iter().chain(&written.args).chain(written.env.values());
    for text in texts {
        words::is_plain(text, "\n\t", found);
    }
    for key in written.env.keys() {
        invalid_environment::check(key, found);
    }
    for secret in &written.env_from_secret {
        invalid_kubernetes_name::subdomain(secret, "a Secret's name", found);
    }
    let ports = written.ports.iter();
    ResolvedContainer {
        name: name.value.clone(),
        place: name.place,
        image: written.image.clone(),
        command: plain_list(&written.command),
        args: plain_list(&written.args),
        env: written.env.iter().map(|(name, value)| (name.value.clone(), value.value.clone())).collect(),
        env_from_secret: plain_list(&written.env_from_secret),
        ports: ports.filter_map(|port| invalid_port::read(port, found)).collect(),
        mounts: mounts(written, found),
        profile: written
            .profile
            .as_ref()
            .and_then(|text| invalid_profile::read(text, found))
            .unwrap_or(ContainerProfile::This),
        init: written.init.clone(),
        restart: written.restart.clone(),
    }
}

fn mounts(written: &policy::Container, found: &mut Findings) -> Vec<ResolvedMount> {
    for (path, part) in &written.sub_path {
        invalid_mount::check_part(path, part, &written.mounts, found);
    }
    written
        .mounts
        .iter()
        .filter(|(path, _)| {
            invalid_mount::check(path, &written.mounts, found)
                && invalid_mount::check_taken(path, &written.mounts, found)
        })
        .map(|(path, volume)| ResolvedMount {
            path: path.value.clone(),
            place: path.place,
            volume: volume.value.clone(),
            sub_path: written.sub_path.get(path).map(|part| part.value.clone()),
        })
        .collect()
}

fn plain_list(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| text.value.clone()).collect()
}

fn plain_map(map: &BTreeMap<Text, Text>) -> BTreeMap<String, String> {
    map.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
}
