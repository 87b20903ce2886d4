//! What Pod Security's restricted level refuses.

use crate::check::Context;
use crate::check::resolved::{ContainerProfile, Seccomp, VolumeSource};
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::{Mode, Posture};

pub static CODE: Code = code!("not-restricted", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let pod = context.policy.pod.as_ref();
    let resolved = &context.resolved.pod;
    let note = |place, what: String| {
        Finding::new(&CODE, place, format!("Pod Security `restricted` refuses {what}"))
            .label(what)
            .gathered("Pod Security `restricted` refuses this pod")
            .help("keep it if the namespace admits it")
    };
    for (name, volume) in pod.iter().flat_map(|pod| &pod.volumes) {
        let is_host = matches!(resolved.volumes.get(&name.value), Some(VolumeSource::HostPath(_)));
        if let Some(path) = volume.host_path.as_ref().filter(|_| is_host) {
            found.add(note(path.place, format!("the node's path `{}`", path.value)));
        }
    }
    let seccomp = pod.and_then(|pod| pod.seccomp.as_ref());
    if let Some(seccomp) = seccomp.filter(|_| resolved.seccomp == Seccomp::Unconfined) {
        found.add(note(seccomp.place, "a pod without seccomp".to_owned()));
    }
    for container in &resolved.containers {
        let written = pod.iter().flat_map(|pod| pod.containers.values()).filter_map(|c| c.profile.as_ref());
        let profile = written.into_iter().find(|p| p.value == "unconfined");
        if let Some(profile) = profile.filter(|_| container.profile == ContainerProfile::Unconfined) {
            found.add(note(profile.place, "an unconfined container".to_owned()));
        }
    }
    let allowed = context.resolved.capabilities.allow.iter();
    for entry in allowed.filter(|entry| entry.text != "net_bind_service") {
        found.add(note(entry.place, format!("the capability `{}`", entry.text)));
    }
    let capabilities = context.resolved.capabilities.default;
    if let (Posture::Allow, Some(place)) = (capabilities.value, capabilities.place) {
        found.add(note(place, "a container that does not drop all capabilities".to_owned()));
    }
    // Whatever is dropped would block, and complain mode blocks nothing.
    let own = resolved.containers.iter().any(|container| container.profile == ContainerProfile::This);
    let mode = context.resolved.mode;
    if let (Mode::Complain, Posture::Deny, Some(place)) = (mode.value, capabilities.value, mode.place)
        && own
    {
        found.add(
            note(place, "a container that drops no capabilities, as in complain mode".to_owned())
                .help("keep it while the policy is tried out, in a namespace of Pod Security `baseline`"),
        );
    }
    // Whatever was left out may have been that, under another name or in another table.
    let torn = !context.policy.left_out.is_empty();
    match (&resolved.run_as_user, resolved.containers.first()) {
        (Some(user), _) if user.value == 0 => found.add(note(user.place, "the root user".to_owned())),
        (None, Some(first)) if !context.resolved.is_abstract && !torn => {
            let what = "a pod that does not say which user it runs as".to_owned();
            // The table has no place of its own: the key that says what it is has.
            let kind = pod.and_then(|pod| pod.kind.as_ref());
            let place = kind.map_or(first.place, |kind| kind.place);
            found.add(
                note(place, what)
                    .label("no `run-as-user` is set")
                    .help("add `run-as-user` to `[pod]`, or keep it if the namespace admits it")
                    .help_of_many(
                        "`run-as-user` in `[pod]` answers one of these; keep the others if the namespace admits them",
                    ),
            );
        }
        (Some(_) | None, _) => {}
    }
}
