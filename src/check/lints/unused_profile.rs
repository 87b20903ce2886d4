//! A policy that confines no container of its own pod.

use crate::check::Context;
use crate::check::resolved::ContainerProfile;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("unused-profile", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let containers = context.policy.pod.iter().flat_map(|pod| pod.containers.values());
    let mut profiles = containers.map(|container| container.profile.as_ref());
    let used = context.resolved.pod.containers.iter().any(|c| c.profile == ContainerProfile::This);
    if let (false, Some(Some(first))) = (used, profiles.next()) {
        found.add(
            Finding::new(&CODE, first.place, "no container has this policy's profile")
                .help("leave `profile` out of the container that the policy is for"),
        );
    }
}
