//! A claim that several pods mount.

use crate::check::Context;
use crate::check::resolved::VolumeSource;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::WorkloadKind;

pub static CODE: Code = code!("shared-claim", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let Some(pod) = &context.policy.pod else {
        return;
    };
    let replicas = pod.replicas.as_ref().filter(|replicas| replicas.value > 1);
    let (many, help) = match (pod.kind.as_ref().map(|kind| kind.value), replicas) {
        (Some(WorkloadKind::StatefulSet), Some(replicas)) => (
            (replicas.place, format!("all {} pods", replicas.value)),
            "write `claim-template` with a size, such as `\"10Gi\"`, in its place: each pod gets a claim of its own",
        ),
        (Some(WorkloadKind::Deployment), Some(replicas)) => (
            (replicas.place, format!("all {} pods", replicas.value)),
            "use `kind = \"StatefulSet\"` and `claim-template`, or keep it if the claim is made for many nodes (`ReadWriteMany`)",
        ),
        (Some(WorkloadKind::DaemonSet), _) => (
            (
                pod.kind.as_ref().map_or(context.policy.name.place, |kind| kind.place),
                "the pods of all nodes".to_owned(),
            ),
            "keep it if the claim is made for many nodes (`ReadWriteMany`)",
        ),
        (Some(WorkloadKind::StatefulSet | WorkloadKind::Deployment), None)
        | (None | Some(WorkloadKind::Pod | WorkloadKind::Job | WorkloadKind::CronJob), _) => return,
    };
    let (place, who) = many;
    for (name, volume) in &pod.volumes {
        let is_claim = matches!(context.resolved.pod.volumes.get(&name.value), Some(VolumeSource::Claim(_)));
        if let Some(claim) = volume.claim.as_ref().filter(|_| is_claim) {
            found.add(
                Finding::new(&CODE, claim.place, format!("{who} mount the one claim `{}`", claim.value))
                    .also(place, "this makes more than one pod")
                    .help(help),
            );
        }
    }
}
