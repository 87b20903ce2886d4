//! A mount point that no runtime takes.

use super::{control_character, unclean_path};
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;
use std::collections::BTreeMap;

pub static CODE: Code = code!("invalid-mount", Error);

/// Whether a volume can be mounted there.
pub fn check(path: &Text, mounts: &BTreeMap<Text, Text>, found: &mut Findings) -> bool {
    if let Some(character) = control_character::first(path, "") {
        found.add(control_character::found(path, character));
        return false;
    }
    let Some(help) = fault(path) else {
        return true;
    };
    let absolute = format!("/{}", path.trim_start());
    let shown: String = path.chars().take(120).collect();
    let finding = Finding::new(&CODE, path.place, format!("nothing can be mounted on `{shown}`")).help(help);
    let is_certain = !path.starts_with('/') && fault(&absolute).is_none();
    let is_free = !mounts.keys().any(|other| other.value == absolute);
    found.add(match is_certain && is_free {
        true => finding.fix(path.place, absolute),
        false => finding,
    });
    false
}

/// Whether nothing else is mounted there: the slash at the end makes no other folder of it. Of two the later one is told.
pub fn check_taken(path: &Text, mounts: &BTreeMap<Text, Text>, found: &mut Findings) -> bool {
    let point = |path: &Text| path.trim_end_matches('/').to_owned();
    let earlier = mounts.keys().find(|other| other.place < path.place && point(other) == point(path));
    let Some(earlier) = earlier else {
        return true;
    };
    found.add(
        Finding::new(&CODE, path.place, format!("two volumes are mounted on `{}`", point(path)))
            .label("the second")
            .also(earlier.place, "the first")
            .help("mount one of them on another folder, or take it out"),
    );
    false
}

/// What to do about a path on which nothing can be mounted.
fn fault(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        Some("start it with `/`")
    } else if path.trim_end_matches('/').is_empty() {
        Some("name a folder below `/`")
    } else if path.contains(':') {
        Some("Kubernetes takes no `:` in a mount point")
    } else if unclean_path::part(path).is_some() {
        Some("write it without `.`, `..` and `//`")
    } else if path.contains(['*', '?', '[', ']', '{', '}', '\\']) {
        Some("name one folder; a mount point is no pattern")
    } else {
        None
    }
}

pub fn check_part(path: &Text, part: &Text, mounts: &BTreeMap<Text, Text>, found: &mut Findings) {
    if !mounts.contains_key(path) {
        found.add(
            Finding::new(
                &CODE,
                path.place,
                format!("`sub-path` names `{}`, where nothing is mounted", path.value.escape_debug()),
            )
            .help("add the path to `mounts`, or write it as it stands there"),
        );
    }
    if let Some(character) = control_character::first(part, "") {
        return found.add(control_character::found(part, character));
    }
    let good = !part.is_empty()
        && !part.starts_with('/')
        && part.split('/').all(|p| !p.is_empty() && p != "." && p != "..");
    if !good {
        found.add(
            Finding::new(&CODE, part.place, format!("`{}` is not a part of a volume", part.value))
                .help("write a path relative to the volume, without `.` and `..`"),
        );
    }
}
