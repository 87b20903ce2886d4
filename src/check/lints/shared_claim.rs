//! A claim that several pods mount.

use crate::check::Subject;
use crate::check::draft::VolumeSource;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::Kind;

pub static CODE: Code = Code {
    name: "shared-claim",
    severity: Severity::Warning,
    summary: "a claim that the pods of a workload share",
    explanation: "A `claim` is one volume, and every pod of the workload mounts it. Most storage lets one node at a time \
                  mount it, so pods on other nodes do not start; and where they do start, they write to the same files. In a \
                  `StatefulSet`, `claim-template = \"10Gi\"` makes a claim for each pod.",
    bad: "name = \"db\"\n\n[pod]\nkind = \"StatefulSet\"\nreplicas = 3\n\n[pod.volumes.data]\nclaim = \"db-data\"\n\n[pod.containers.db]\nimage = \"postgres:17\"\nmounts = { \"/data\" = \"data\" }\n",
    good: "name = \"db\"\n\n[pod]\nkind = \"StatefulSet\"\nreplicas = 3\n\n[pod.volumes.data]\nclaim-template = \"10Gi\"\n\n[pod.containers.db]\nimage = \"postgres:17\"\nmounts = { \"/data\" = \"data\" }\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let Some(pod) = &subject.policy.pod else {
        return;
    };
    let replicas = pod.replicas.as_ref().filter(|replicas| replicas.value > 1);
    let (many, help) = match (pod.kind.as_ref().map(|kind| kind.value), replicas) {
        (Some(Kind::StatefulSet), Some(replicas)) => (
            (replicas.place, format!("all {} pods", replicas.value)),
            "write `claim-template` with a size, such as `\"10Gi\"`, in its place: each pod gets a claim of its own",
        ),
        (Some(Kind::Deployment), Some(replicas)) => (
            (replicas.place, format!("all {} pods", replicas.value)),
            "use `kind = \"StatefulSet\"` and `claim-template`, or keep it if the claim is made for many nodes (`ReadWriteMany`)",
        ),
        (Some(Kind::DaemonSet), _) => (
            (
                pod.kind.as_ref().map_or(subject.policy.name.place, |kind| kind.place),
                "the pods of all nodes".to_owned(),
            ),
            "keep it if the claim is made for many nodes (`ReadWriteMany`)",
        ),
        (Some(Kind::StatefulSet | Kind::Deployment), None)
        | (None | Some(Kind::Pod | Kind::Job | Kind::CronJob), _) => return,
    };
    let (place, who) = many;
    for (name, volume) in &pod.volumes {
        let is_claim = matches!(subject.draft.pod.volumes.get(&name.value), Some(VolumeSource::Claim(_)));
        if let Some(claim) = volume.claim.as_ref().filter(|_| is_claim) {
            found.add(
                Finding::new(&CODE, claim.place, format!("{who} mount the one claim `{}`", claim.value))
                    .also(place, "this makes more than one pod")
                    .help(help),
            );
        }
    }
}
