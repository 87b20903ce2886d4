//! A profile name that the kernel, the file system or a runtime could not take.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-name", Error);

/// Names that the kernel or a runtime uses itself.
pub const RESERVED: [&str; 5] = ["unconfined", "docker-default", "cri-containerd.apparmor.d", "runc", "crun"];

pub const LONGEST: usize = 200;

pub fn check(name: &Text, found: &mut Findings) {
    let shown: String = name.chars().take(60).collect();
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let finding = if name.is_empty() {
        Finding::new(&CODE, name.place, "the policy's name is empty")
            .help("name it after what it confines, such as `web`")
    } else if let Some(wrong) = name.chars().find(|c| !fits(*c)) {
        let finding = Finding::new(
            &CODE,
            name.place,
            format!("`{shown}` cannot be a policy's name: it holds `{}`", wrong.escape_debug()),
        );
        let plain: String = name.chars().map(|c| if fits(c) { c } else { '-' }).collect();
        let plain = plain.trim_matches(['-', '.', '_']);
        if plain.is_empty() {
            finding.help("use letters, digits, `.`, `_` and `-`")
        } else {
            finding.help(format!("use letters, digits, `.`, `_` and `-`: `{plain}`")).fix(name.place, plain)
        }
    } else if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        Finding::new(
            &CODE,
            name.place,
            format!("`{shown}` cannot be a policy's name: it starts with no letter or digit"),
        )
        .help("start it with a letter or digit")
    } else if name.len() > LONGEST {
        Finding::new(&CODE, name.place, format!("the policy's name has {} characters", name.len()))
            .help(format!("use at most {LONGEST}"))
    } else if RESERVED.contains(&name.as_str()) {
        Finding::new(
            &CODE,
            name.place,
            format!("`{shown}` is a name that the kernel or a container runtime uses itself"),
        )
        .help("name it after what it confines, such as `web`")
    } else {
        return;
    };
    found.add(finding);
}
