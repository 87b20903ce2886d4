//! Init containers whose order or restarting is not clear.

use crate::check::Context;
use crate::check::resolved::Version;
use crate::diag::{Code, Finding, Findings, Place, code};
use std::collections::BTreeMap;

pub static CODE: Code = code!("init-order", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let pod = &context.resolved.pod;
    let mut numbers: BTreeMap<i64, Place> = BTreeMap::new();
    for container in &pod.containers {
        let Some(init) = &container.init else {
            if let Some(restart) = &container.restart {
                found.add(
                    Finding::new(
                        &CODE,
                        restart.place,
                        format!("`{}` is no init container, so `restart` says nothing", container.name),
                    )
                    .help("add `init = 1` to make it a sidecar, or use `restart-policy` in `[pod]`"),
                );
            }
            continue;
        };
        if let Some(first) = numbers.insert(init.value, init.place) {
            found.add(
                Finding::new(
                    &CODE,
                    init.place,
                    format!("two init containers have the number {}", init.value),
                )
                .also(first, "the other")
                .help("give each a number of its own: they start in that order"),
            );
        }
        if let Some(restart) = container.restart.as_ref().filter(|_| pod.kubernetes < Version::SIDECARS) {
            found.add(
                Finding::new(&CODE, restart.place, "sidecars need Kubernetes 1.29")
                    .help("set `kubernetes = \"1.29\"` in `[pod]`, or make it an ordinary container"),
            );
        }
    }
    if !pod.containers.is_empty()
        && pod.containers.iter().all(|c| c.init.is_some())
        && let Some(last) = pod.containers.last().and_then(|c| c.init.as_ref())
    {
        found.add(
            Finding::new(
                &CODE,
                last.place,
                "every container is an init container, so nothing runs after them",
            )
            .help("leave `init` out of the container that does the work"),
        );
    }
}
