//! From a checked policy to its manifest: what one file grants, the other grants.

use super::{
    AppArmorProfile, CapabilitySet, ClaimTemplate, ContainerSpec, MARK, Manifest, PodSpec, PodVolume,
    VolumeMount,
};
use crate::check::Checked;
use crate::check::lints::placeholder_image;
use crate::check::resolved::{self, ContainerProfile, Seccomp, Version, VolumeSource};
use crate::check::writable_paths::WritablePaths;
use crate::policy::{Mode, Posture, RestartPolicy, WorkloadKind};
use std::collections::BTreeMap;

/// The manifest of a policy.
pub fn lower(checked: &Checked) -> Manifest {
    let pod = &checked.pod;
    let annotated = pod.kubernetes < Version::APPARMOR_FIELD;
    let name = &checked.name.value;
    let mut annotations = BTreeMap::new();
    let mut init_containers = Vec::new();
    let mut containers = Vec::new();
    for (container, reach) in pod.containers.iter().zip(checked.reaches()) {
        let profile = profile(container, name);
        if annotated {
            let key = format!("container.apparmor.security.beta.kubernetes.io/{}", container.name);
            annotations.insert(key, annotation(&profile));
        }
        let lowered = lower_container(checked, container, reach, (!annotated).then_some(profile));
        match container.init {
            Some(_) => init_containers.push(lowered),
            None => containers.push(lowered),
        }
    }
    let (volumes, claim_templates) = volumes(&pod.volumes);
    Manifest {
        header: header(checked),
        kind: pod.kind,
        name: pod.name.clone(),
        namespace: pod.namespace.clone(),
        labels: pod.labels.clone(),
        replicas: pod.replicas,
        schedule: pod.schedule.clone(),
        claim_templates,
        annotations,
        spec: PodSpec {
            token: pod.token,
            restart_policy: restart_policy(pod.kind, pod.restart_policy),
            run_as_non_root: pod.run_as_user.as_ref().is_some_and(|user| user.value != 0),
            run_as_user: pod.run_as_user.as_ref().map(|user| user.value),
            run_as_group: pod.run_as_group,
            fs_group: pod.fs_group,
            seccomp: match &pod.seccomp {
                Seccomp::RuntimeDefault => AppArmorProfile::RuntimeDefault,
                Seccomp::Unconfined => AppArmorProfile::Unconfined,
                Seccomp::Localhost(file) => AppArmorProfile::Localhost(file.clone()),
            },
            init_containers,
            containers,
            volumes,
        },
    }
}

fn header(checked: &Checked) -> Vec<String> {
    let name = &checked.name.value;
    let mut lines = vec![format!("{name}: {MARK}. Edit its policy, not this file.")];
    let description = checked.description.iter().flat_map(|text| text.lines());
    lines.extend(description.map(|line| format!("  {line}")));
    lines.push(match needed(checked).as_slice() {
        [] => format!(
            "It uses no profile that has to be loaded: {name}.apparmor confines none of its containers."
        ),
        [one] => format!("Load {one} on every node first: without it the container is not created."),
        [several @ .., last] => format!(
            "Load {} and {last} on every node first: without its profile a container is not created.",
            several.join(", ")
        ),
    });
    if checked.pod.kind == WorkloadKind::StatefulSet {
        let service = &checked.pod.name;
        lines
            .push(format!("Make a headless Service {service} beside it: it gives each pod its name in DNS."));
    }
    lines
}

/// What has to be loaded on a node: the policy's own file, and other profiles by their names.
fn needed(checked: &Checked) -> Vec<String> {
    let mut needed = Vec::new();
    for container in &checked.pod.containers {
        let profile = match &container.profile {
            ContainerProfile::This => format!("{}.apparmor", checked.name.value),
            ContainerProfile::Localhost(name) if *name == checked.name.value => format!("{name}.apparmor"),
            ContainerProfile::Localhost(name) => format!("the profile {name}"),
            ContainerProfile::RuntimeDefault | ContainerProfile::Unconfined => continue,
        };
        if !needed.contains(&profile) {
            needed.push(profile);
        }
    }
    needed
}

fn profile(container: &resolved::ResolvedContainer, own: &str) -> AppArmorProfile {
    match &container.profile {
        ContainerProfile::This => AppArmorProfile::Localhost(own.to_owned()),
        ContainerProfile::RuntimeDefault => AppArmorProfile::RuntimeDefault,
        ContainerProfile::Unconfined => AppArmorProfile::Unconfined,
        ContainerProfile::Localhost(name) => AppArmorProfile::Localhost(name.clone()),
    }
}

/// The spelling that the annotation has for a profile.
fn annotation(profile: &AppArmorProfile) -> String {
    match profile {
        AppArmorProfile::RuntimeDefault => "runtime/default".to_owned(),
        AppArmorProfile::Unconfined => "unconfined".to_owned(),
        AppArmorProfile::Localhost(name) => format!("localhost/{name}"),
    }
}

fn lower_container(
    checked: &Checked,
    container: &resolved::ResolvedContainer,
    reach: &WritablePaths,
    apparmor: Option<AppArmorProfile>,
) -> ContainerSpec {
    let is_own = container.profile == ContainerProfile::This;
    // Complain mode blocks nothing, so neither may the manifest.
    let relaxed = is_own && checked.mode.value == Mode::Complain;
    let own = capabilities(checked);
    let mounts = container.mounts.iter().zip(&reach.read_only);
    ContainerSpec {
        name: container.name.clone(),
        image: match &container.image {
            Some(image) => image.value.clone(),
            None => placeholder_image::image(container),
        },
        command: container.command.clone(),
        args: container.args.clone(),
        env: container.env.clone(),
        env_from_secret: container.env_from_secret.clone(),
        ports: container.ports.clone(),
        mounts: mounts
            .map(|(mount, read_only)| VolumeMount {
                volume: mount.volume.clone(),
                path: mount.path.clone(),
                sub_path: mount.sub_path.clone(),
                read_only: *read_only && !relaxed,
            })
            .collect(),
        apparmor,
        capabilities: match (relaxed, is_own) {
            (true, _) => None,
            (false, true) => own,
            (false, false) => beside(checked, own),
        },
        read_only_root: (is_own && !relaxed).then_some(reach.outside.is_empty()),
        restart_always: container.restart.is_some(),
    }
}

fn capabilities(checked: &Checked) -> Option<CapabilitySet> {
    let section = &checked.capabilities;
    let names = |list: &[resolved::Entry<crate::kernel::Capability>]| {
        let mut names: Vec<String> = list.iter().map(|entry| entry.value.kubernetes()).collect();
        names.sort();
        names.dedup();
        names
    };
    match section.default.value {
        Posture::Deny => Some(drop_all(names(&section.allow))),
        // The runtime's own set stays, but for what is denied.
        Posture::Allow if section.deny.is_empty() => None,
        Posture::Allow => Some(CapabilitySet { add: Vec::new(), drop: names(&section.deny) }),
    }
}

/// What a container with another profile has: nothing, so that the policy's grants stay with its own containers.
/// Where these keep what they do not drop, it has the same, and the confined one is never the weaker.
fn beside(checked: &Checked, own: Option<CapabilitySet>) -> Option<CapabilitySet> {
    match checked.capabilities.default.value {
        Posture::Deny => Some(drop_all(Vec::new())),
        Posture::Allow => own,
    }
}

fn drop_all(add: Vec<String>) -> CapabilitySet {
    CapabilitySet { add, drop: vec!["ALL".to_owned()] }
}

fn restart_policy(kind: WorkloadKind, written: Option<RestartPolicy>) -> Option<&'static str> {
    match (written, kind) {
        (Some(RestartPolicy::Always), _) => Some("Always"),
        (Some(RestartPolicy::OnFailure), _) => Some("OnFailure"),
        // Jobs have no default that the server would take.
        (Some(RestartPolicy::Never), _) | (None, WorkloadKind::Job | WorkloadKind::CronJob) => Some("Never"),
        (
            None,
            WorkloadKind::Pod
            | WorkloadKind::Deployment
            | WorkloadKind::StatefulSet
            | WorkloadKind::DaemonSet,
        ) => None,
    }
}

/// The pod's volumes, and those that are made for each pod.
fn volumes(all: &BTreeMap<String, VolumeSource>) -> (Vec<PodVolume>, Vec<ClaimTemplate>) {
    let (mut volumes, mut templates) = (Vec::new(), Vec::new());
    for (name, source) in all {
        let (kind, source) = match source {
            VolumeSource::EmptyDir => ("emptyDir", None),
            VolumeSource::ConfigMap(name) => ("configMap", Some(("name", name))),
            VolumeSource::Secret(name) => ("secret", Some(("secretName", name))),
            VolumeSource::Claim(name) => ("persistentVolumeClaim", Some(("claimName", name))),
            VolumeSource::HostPath(path) => ("hostPath", Some(("path", path))),
            VolumeSource::ClaimTemplate(size) => {
                templates.push(ClaimTemplate { name: name.clone(), size: size.clone() });
                continue;
            }
        };
        let source = source.map(|(key, value)| (key, value.clone()));
        volumes.push(PodVolume { name: name.clone(), kind, source });
    }
    (volumes, templates)
}
