//! A folder that is written like a file.

use crate::check::Context;
use crate::check::resolved::{PathEntry, PathKey, VolumeSource};
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::{Access, path};
use std::collections::BTreeMap;

pub static CODE: Code = code!("directory-without-slash", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let resolved = context.resolved;
    let mut folders: BTreeMap<String, (Place, &str)> = BTreeMap::new();
    for entry in &resolved.paths {
        let mut rest = entry.text.trim_end_matches('/');
        while let Some((above, _)) = rest.rsplit_once('/') {
            rest = above;
            // Whoever is known already has its own parents known.
            if folders.insert(above.to_owned(), (entry.place, "lies beneath it")).is_some() {
                break;
            }
        }
    }
    let mounts = resolved.pod.containers.iter().flat_map(|container| &container.mounts);
    let is_folder = |volume: &str| resolved.pod.volumes.get(volume).is_none_or(VolumeSource::is_folder);
    for mount in mounts.filter(|mount| mount.sub_path.is_none() && is_folder(&mount.volume)) {
        for spelling in path::spellings(mount.path.trim_end_matches('/')) {
            folders.insert(spelling, (mount.place, "a volume is mounted there"));
        }
    }
    for entry in resolved.paths.iter().filter(|entry| entry.key == PathKey::List) {
        folders
            .insert(entry.text.trim_end_matches('/').to_owned(), (entry.place, "it is listed as a folder"));
    }
    // What is expected of a path says that there are folders above it.
    for expectation in &resolved.expectations {
        for path in expectation.request.paths().filter_map(|path| std::str::from_utf8(path).ok()) {
            let mut rest = path.trim_end_matches('/');
            while let Some((above, _)) = rest.rsplit_once('/') {
                rest = above;
                folders.entry(above.to_owned()).or_insert((expectation.place, "this lies beneath it"));
            }
        }
    }
    // What is to be listed is a folder, however it is written.
    let files = resolved.paths.iter().filter(|entry| !entry.is_folder() && entry.key != PathKey::List);
    for entry in files {
        if let Some((place, why)) = folders.get(&entry.text) {
            found.add(finding(entry, "is").also(*place, *why));
        } else if path::is_known_folder(&entry.text) {
            found.add(finding(entry, "is"));
        } else if entry.key.section() == "filesystem" && path::is_data_folder(&entry.text) {
            found.add(finding(entry, "is most likely"));
        }
    }
}

fn finding(entry: &PathEntry, is: &str) -> Finding {
    let folder = format!("{}/", entry.text);
    let does = if entry.deny.is_empty() { "grants" } else { "denies" };
    let wrong = format!("`{}` {is} a folder, and is written like a file", entry.text);
    let finding = Finding::new(&CODE, entry.place, wrong).help(format!(
        "write `{folder}` for the folder and everything beneath it; as it stands it {does} nothing inside"
    ));
    // That every program of a folder may be started is said by nobody in passing.
    match entry.grant.contains(Access::EXEC) {
        true => finding,
        false => finding.fix(entry.place, folder),
    }
}
