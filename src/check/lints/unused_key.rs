//! A key that changes nothing in this policy.

use crate::check::Context;
use crate::check::resolved::Version;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::policy::{Audit, Mode, Posture};

pub static CODE: Code = code!("unused-key", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    // What others extend may be there for them.
    if context.resolved.is_abstract {
        return;
    }
    let mut add = |place: Place, message: &str, help: &str| {
        found.add(Finding::new(&CODE, place, message).help(help));
    };
    let policy = context.policy;
    if let Some(default) = policy.default.as_ref().filter(|d| d.value == Posture::Allow) {
        let sections = [
            policy.exec.default.is_some(),
            policy.capabilities.default.is_some(),
            policy.network.default.is_some(),
            policy.operations.default.is_some(),
            policy.filesystem.default.is_some(),
        ];
        if sections.into_iter().all(|overridden| overridden) {
            add(
                default.place,
                "every section sets its own `default`, so this one decides nothing",
                "take it out",
            );
        }
    }
    let resolved = context.resolved;
    if let (Audit::Quiet, Some(place)) = (resolved.audit.value, resolved.audit.place) {
        let operations = resolved.operations.deny.iter();
        let denies = resolved.paths.iter().any(|entry| !entry.deny.is_empty())
            || !resolved.capabilities.deny.is_empty()
            || !resolved.network.deny.is_empty()
            || operations.into_iter().any(|entry| !entry.value.kept_by_baseline());
        if resolved.mode.value == Mode::Complain {
            add(
                place,
                "in complain mode every denial is logged, so there is nothing to be quiet about",
                "take it out until `mode = \"enforce\"`",
            );
        } else if !denies {
            add(
                place,
                "the policy writes no denial that could be quiet",
                "take it out: what nothing grants is always logged",
            );
        }
    }
    let version = policy.pod.as_ref().and_then(|pod| pod.kubernetes.as_ref());
    if let Some(version) = version.filter(|_| resolved.pod.kubernetes > Version::APPARMOR_FIELD) {
        add(
            version.place,
            "the manifest is the same as for Kubernetes 1.30",
            "take it out, or write the oldest version that it must run on",
        );
    }
}
