//! A seccomp profile that cannot be named so.

use crate::check::resolved::Seccomp;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-seccomp", Error);

pub fn read(text: &Text, found: &mut Findings) -> Option<Seccomp> {
    let is_file = |file: &str| {
        let part = |part: &str| !part.is_empty() && part != "." && part != "..";
        file.len() <= 1024
            && file.split('/').all(part)
            && file.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c))
    };
    match (text.as_str(), text.strip_prefix("localhost/")) {
        ("runtime-default", _) => Some(Seccomp::RuntimeDefault),
        ("unconfined", _) => Some(Seccomp::Unconfined),
        (_, Some(file)) if is_file(file) => Some(Seccomp::Localhost(file.to_owned())),
        _ => {
            let shown: String = text.chars().take(60).collect();
            let finding = Finding::new(
                &CODE,
                text.place,
                format!("`{}` is not a seccomp profile", shown.escape_debug()),
            );
            found.add(match nearest(text, ["runtime-default", "unconfined"]) {
                Some(near) => finding.did_you_mean(text.place, near),
                None => finding.help("write `runtime-default`, `unconfined` or `localhost/FILE`"),
            });
            None
        }
    }
}
