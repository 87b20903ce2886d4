//! A container's profile that cannot be named so.

use crate::check::resolved::ContainerProfile;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-profile", Error);

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
            let meant = match text.to_ascii_lowercase().as_str() {
                "default"
                | "runtime"
                | "docker-default"
                | "runtime/default"
                | "cri-containerd.apparmor.d" => Some("runtime-default"),
                "none" | "off" | "disabled" => Some("unconfined"),
                _ => nearest(text, ["runtime-default", "unconfined"]),
            };
            found.add(match meant {
                Some(near) => finding.did_you_mean(text.place, near),
                None if is_name(text) && !text.contains('/') => {
                    let local = format!("localhost/{}", text.value);
                    finding
                        .help(format!("write `{local}` for the profile that a node knows by this name"))
                        .fix(text.place, local)
                }
                None => finding.help("write `runtime-default`, `unconfined` or `localhost/NAME`; leave the key out for this policy's profile"),
            });
            None
        }
    }
}
