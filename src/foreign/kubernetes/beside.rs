//! Objects that stand beside profiles in a file.
//!
//! Enters: these objects, and what came of the others. Leaves: a note on the profile that each speaks of, one for all
//! that speak of none; or why nothing comes of them where there is no profile to tell it of.

use super::kind::{called, line};
use super::{Found, ObjectKind, TAKEN, refusal, ticked};
use crate::foreign::yaml::Node;
use crate::foreign::{Remark, Weight, WrittenProfile};
use std::collections::BTreeSet;

pub(super) fn tell<'n>(others: &[(&'n Node, ObjectKind)], found: &mut Vec<Found<'n>>) {
    let mut rest = Vec::new();
    for (object, kind) in others {
        match own(object, *kind, found) {
            Own::Said => {}
            Own::Alone => {
                found.push(Found { line: line(object), map: None, result: Err(refusal(object, *kind)) })
            }
            Own::Nothing => rest.push((*object, *kind)),
        }
    }
    let Some((first, kind)) = rest.first() else { return };
    let more = match rest.len() {
        1 => String::new(),
        2 => " and one more object".to_owned(),
        many => format!(" and {} more objects", many - 1),
    };
    match found.iter_mut().find_map(|one| one.result.as_mut().ok()) {
        Some(profile) => {
            let text = format!("the file also holds {}{more}, and that is not read", called(first));
            say(profile, first, text);
        }
        None => {
            let mut refusal = refusal(first, *kind);
            if !more.is_empty() {
                refusal.wrong = format!("{}{more} are nothing that is taken here", called(first));
                refusal.help = TAKEN.to_owned();
            }
            found.push(Found { line: line(first), map: None, result: Err(refusal) });
        }
    }
}

/// What an object says by itself.
enum Own {
    Said,
    /// It would speak of a profile, but there is none.
    Alone,
    Nothing,
}

fn own(object: &Node, kind: ObjectKind, found: &mut [Found<'_>]) -> Own {
    let what = called(object);
    match kind {
        ObjectKind::ProfileBinding => {
            let name = object.text_at(&["spec", "profileRef", "name"]);
            let of = object.text_at(&["spec", "profileRef", "kind"]);
            let mut profiles =
                found.iter_mut().filter(|one| one.map.is_none()).filter_map(|one| one.result.as_mut().ok());
            let bound =
                profiles.find(|profile| of == Some("AppArmorProfile") && Some(profile.name.as_str()) == name);
            let Some(profile) = bound else { return Own::Alone };
            let image = object
                .text_at(&["spec", "image"])
                .map_or("images".to_owned(), |image| format!("the image {}", ticked(image)));
            say(profile, object, format!("{what} binds it to {image}"));
            Own::Said
        }
        ObjectKind::ProfileRecording => {
            let Some(profile) = found.iter_mut().find_map(|one| one.result.as_mut().ok()) else {
                return Own::Alone;
            };
            say(profile, object, format!("{what} beside it only records what pods do, and is not read"));
            Own::Said
        }
        ObjectKind::Workload => {
            let mut is_said = false;
            for name in config_maps(object) {
                let mut of_map = found.iter_mut().filter(|one| one.map == Some(name));
                if let Some(profile) = of_map.find_map(|one| one.result.as_mut().ok()) {
                    say(profile, object, format!("{what} mounts the ConfigMap {}", ticked(name)));
                    is_said = true;
                }
            }
            if is_said { Own::Said } else { Own::Nothing }
        }
        ObjectKind::ConfigMap
        | ObjectKind::AppArmorProfile
        | ObjectKind::OtherProfile
        | ObjectKind::KubeArmorPolicy
        | ObjectKind::KubeArmorClusterPolicy
        | ObjectKind::KubeArmorHostPolicy
        | ObjectKind::Varmor
        | ObjectKind::Other => Own::Nothing,
    }
}

fn say(profile: &mut WrittenProfile, object: &Node, text: String) {
    profile.remarks.push(Remark { weight: Weight::Note, line: Some(line(object)), text });
}

/// The ConfigMaps that the pods of a workload mount.
fn config_maps(object: &Node) -> BTreeSet<&str> {
    let Some(mut at) = object.get("spec").map(|entry| &entry.value) else { return BTreeSet::new() };
    for key in ["jobTemplate", "spec", "template", "spec"] {
        at = at.get(key).map_or(at, |entry| &entry.value);
    }
    let volumes = list(at, "volumes");
    let sources =
        volumes.iter().filter_map(|volume| volume.get("projected")).flat_map(|of| list(&of.value, "sources"));
    volumes.iter().chain(sources).filter_map(|from| from.text_at(&["configMap", "name"])).collect()
}

fn list<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).and_then(|entry| entry.value.list()).unwrap_or_default()
}
