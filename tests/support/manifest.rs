//! Manifests as others read them: any reader of YAML, and Kubernetes.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::Pod;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The manifest as any reader of YAML has it.
pub(crate) fn yaml(manifest: &str) -> Json {
    let odd = manifest.chars().find(|c| !is_printable(*c));
    assert_eq!(odd, None, "YAML has no such character bare (1.2, 5.1):\n{manifest}");
    serde_saphyr::from_str(manifest).unwrap_or_else(|error| panic!("{error}\n{manifest}"))
}

/// What YAML takes without escapes; Go's reader, which kubectl has, refuses the rest.
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && c != '\u{feff}'
}

/// The manifest as Kubernetes has it: read into its type, and written again.
pub(crate) fn typed(manifest: &Json) -> Json {
    fn through<T: DeserializeOwned + Serialize>(manifest: &Json) -> Json {
        let object: T =
            serde_json::from_value(manifest.clone()).unwrap_or_else(|error| panic!("{error}\n{manifest:#}"));
        serde_json::to_value(object).expect("an object of Kubernetes is JSON")
    }
    match manifest["kind"].as_str() {
        Some("Pod") => through::<Pod>(manifest),
        Some("Deployment") => through::<Deployment>(manifest),
        Some("StatefulSet") => through::<StatefulSet>(manifest),
        Some("DaemonSet") => through::<DaemonSet>(manifest),
        Some("Job") => through::<Job>(manifest),
        Some("CronJob") => through::<CronJob>(manifest),
        kind => panic!("no kind {kind:?}\n{manifest:#}"),
    }
}

/// Every leaf with the keys that lead to it.
fn leaves(value: &Json, path: &str, found: &mut BTreeSet<(String, String)>) {
    match value {
        Json::Object(object) if !object.is_empty() => {
            object.iter().for_each(|(key, value)| leaves(value, &format!("{path}.{key}"), found));
        }
        Json::Array(list) if !list.is_empty() => {
            list.iter().enumerate().for_each(|(i, value)| leaves(value, &format!("{path}[{i}]"), found));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            found.insert((path.to_owned(), value.to_string()));
        }
    }
}

pub(crate) fn all_leaves(value: &Json) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    leaves(value, "", &mut found);
    found
}

/// The keys alone: what a manifest is made of, whatever its values.
pub(crate) fn shape(manifest: &str) -> BTreeSet<String> {
    all_leaves(&yaml(manifest)).into_iter().map(|(path, _)| path).collect()
}

/// The pod's own part, in any kind of object.
pub(crate) fn spec(manifest: &Json) -> &Json {
    match manifest["kind"].as_str() {
        Some("Pod") => &manifest["spec"],
        Some("CronJob") => &manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        _ => &manifest["spec"]["template"]["spec"],
    }
}
