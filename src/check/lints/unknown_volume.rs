//! A mount of a volume that the pod does not have.

use crate::check::Context;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("unknown-volume", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let Some(pod) = &context.policy.pod else {
        return;
    };
    for container in pod.containers.values() {
        for volume in container.mounts.values() {
            if pod.volumes.contains_key(volume) {
                continue;
            }
            let shown: String = volume.chars().take(60).collect();
            let finding = Finding::new(
                &CODE,
                volume.place,
                format!("the pod has no volume `{}`", shown.escape_debug()),
            );
            let names = pod.volumes.keys().map(|name| name.as_str());
            found.add(match nearest(volume, names) {
                Some(near) => finding.did_you_mean(volume.place, near),
                None => finding.help(format!("add `[pod.volumes.{}]`", shown.escape_debug())),
            });
        }
    }
}
