//! A key that the pod's kind does not have, or lacks.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::{RestartPolicy, WorkloadKind};

pub static CODE: Code = code!("key-needs-kind", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let Some(pod) = &context.policy.pod else {
        return;
    };
    // The kind that is meant may be the one that could not be read.
    if context.policy.left_out.has(&["pod", "kind"]) {
        return;
    }
    let kind = context.resolved.pod.kind;
    let name = format!("{kind:?}");
    let decided = |finding: Finding| match &pod.kind {
        Some(kind) => finding.also(kind.place, "the kind is set here"),
        None => finding,
    };
    if let Some(replicas) = &pod.replicas {
        if !matches!(kind, WorkloadKind::Deployment | WorkloadKind::StatefulSet) {
            found.add(decided(
                Finding::new(&CODE, replicas.place, format!("a `{name}` has no `replicas`"))
                    .help("use `kind = \"Deployment\"`, or take the key out"),
            ));
        } else if !(0..=i64::from(i32::MAX)).contains(&replicas.value) {
            found.add(
                Finding::new(&CODE, replicas.place, format!("`replicas` cannot be {}", replicas.value))
                    .help("write a whole number that is not negative"),
            );
        }
    }
    for size in pod.volumes.values().filter_map(|volume| volume.claim_template.as_ref()) {
        if kind != WorkloadKind::StatefulSet {
            found.add(decided(
                Finding::new(&CODE, size.place, format!("a `{name}` has no `claim-template`"))
                    .help("use `claim` with the name of a claim that exists, or `kind = \"StatefulSet\"`"),
            ));
        }
    }
    match (&pod.schedule, kind) {
        (
            Some(schedule),
            WorkloadKind::Pod
            | WorkloadKind::Deployment
            | WorkloadKind::StatefulSet
            | WorkloadKind::DaemonSet
            | WorkloadKind::Job,
        ) => {
            found.add(decided(
                Finding::new(&CODE, schedule.place, format!("a `{name}` has no `schedule`"))
                    .help("use `kind = \"CronJob\"`, or take the key out"),
            ));
        }
        (None, WorkloadKind::CronJob) => {
            let place = pod.kind.as_ref().map_or(context.policy.name.place, |kind| kind.place);
            found.add(
                Finding::new(&CODE, place, "a `CronJob` needs a `schedule`")
                    .help("add a line such as `schedule = \"0 3 * * *\"` to `[pod]`"),
            );
        }
        (Some(_) | None, _) => {}
    }
    if let Some(policy) = &pod.restart_policy {
        let allowed = match kind {
            WorkloadKind::Pod => true,
            WorkloadKind::Deployment | WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => {
                policy.value == RestartPolicy::Always
            }
            WorkloadKind::Job | WorkloadKind::CronJob => policy.value != RestartPolicy::Always,
        };
        if !allowed {
            let help = match kind {
                WorkloadKind::Job | WorkloadKind::CronJob => "use `never` or `on-failure`",
                WorkloadKind::Pod
                | WorkloadKind::Deployment
                | WorkloadKind::StatefulSet
                | WorkloadKind::DaemonSet => "take the key out: its pods are always started again",
            };
            found.add(decided(
                Finding::new(&CODE, policy.place, format!("a `{name}` cannot have this `restart-policy`"))
                    .help(help),
            ));
        }
    }
}
