//! A policy that confines no container of its own pod.

use crate::check::Subject;
use crate::check::draft::ContainerProfile;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "unused-profile",
    severity: Severity::Warning,
    summary: "every container has another profile",
    explanation: "A container that sets `profile` is not confined by this policy. When all of them do, the profile is written \
                  and nothing uses it. Leave `profile` out of the container that the policy is for.",
    bad: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\nprofile = \"runtime-default\"\n",
    good: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let containers = subject.policy.pod.iter().flat_map(|pod| pod.containers.values());
    let mut profiles = containers.map(|container| container.profile.as_ref());
    let used = subject.draft.pod.containers.iter().any(|c| c.profile == ContainerProfile::This);
    if let (false, Some(Some(first))) = (used, profiles.next()) {
        found.add(
            Finding::new(&CODE, first.place, "no container has this policy's profile")
                .help("leave `profile` out of the container that the policy is for"),
        );
    }
}
