//! A container's profile that cannot be named so.

use crate::check::draft::ContainerProfile;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::{Text, quoted};

pub static CODE: Code = Code {
    name: "invalid-profile",
    severity: Severity::Error,
    summary: "not an AppArmor profile for a container",
    explanation: "A container without `profile` has this policy's. Otherwise `profile` is `runtime-default`, `unconfined`, or \
                  `localhost/NAME` for a profile that is loaded on the node under that name. The API server takes almost \
                  any text here, and the container then never starts.",
    bad: "name = \"web\"\n\n[pod.containers.logger]\nimage = \"busybox:1.36\"\nprofile = \"default\"\n",
    good: "name = \"web\"\n\n[pod.containers.logger]\nimage = \"busybox:1.36\"\nprofile = \"runtime-default\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\n",
};

pub fn read(text: &Text, found: &mut Findings) -> Option<ContainerProfile> {
    let is_name = |name: &str| {
        name.len() <= 4095
            && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/')
            && name.chars().all(|c| c.is_ascii_graphic())
            && name != "unconfined"
    };
    match (text.as_str(), text.strip_prefix("localhost/")) {
        ("runtime-default", _) => Some(ContainerProfile::RuntimeDefault),
        ("unconfined", _) => Some(ContainerProfile::Unconfined),
        (_, Some(name)) if is_name(name) => Some(ContainerProfile::Localhost(name.to_owned())),
        _ => {
            let shown: String = text.chars().take(60).collect();
            let finding = Finding::new(
                &CODE,
                text.place,
                format!("`{}` is not a profile for a container", shown.escape_debug()),
            );
            found.add(match nearest(text, ["runtime-default", "unconfined"]) {
                Some(near) => finding.help(format!("did you mean `{near}`?")).fix(text.place, quoted(near)),
                None => finding.help("write `runtime-default`, `unconfined` or `localhost/NAME`; leave the key out for this policy's profile"),
            });
            None
        }
    }
}
