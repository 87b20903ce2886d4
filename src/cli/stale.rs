//! Rendered files that no policy renders any more: those of an older name.
//!
//! A rendered file says whose it is, not where that policy lies. So one is told only where every policy that could be
//! its own is known: beside the policies of its folder, or in an output folder that whole folders were rendered to.

use super::read;
use crate::policy::head::{self, NotKnown};
use crate::policy::load::LARGEST;
use crate::render;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A policy of this run.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub path: PathBuf,
    /// None where it has none that could be read.
    pub name: Option<String>,
    /// Where its files go.
    pub folder: PathBuf,
}

/// Stale files in the folders of policies whose files go beside them.
pub(super) fn beside(known: &[Known], suffixes: &[&str]) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = known.iter().map(|known| known.folder.as_path()).collect();
    let names: BTreeMap<&Path, &str> =
        known.iter().filter_map(|known| Some((known.path.as_path(), known.name.as_deref()?))).collect();
    folders.into_iter().flat_map(|folder| in_folder(folder, &names, suffixes).unwrap_or_default()).collect()
}

/// None where a policy's name is not known.
fn in_folder(folder: &Path, names: &BTreeMap<&Path, &str>, suffixes: &[&str]) -> Option<Vec<PathBuf>> {
    let (mut owners, mut rendered) = (BTreeSet::new(), Vec::new());
    for path in list(folder) {
        if path.extension().is_some_and(|extension| extension == "toml") {
            owners.extend(match names.get(path.as_path()) {
                Some(name) => Some((*name).to_owned()),
                None => name(&path).ok()?,
            });
        } else if let Some(stem) = stem(&path, suffixes) {
            rendered.push((stem.to_owned(), path));
        }
    }
    let stale = rendered.into_iter().filter(|(stem, path)| !owners.contains(stem) && is_rendered(path, stem));
    Some(stale.map(|(_, path)| path).collect())
}

/// Stale files below a folder to which all that is in some folders was rendered.
pub(super) fn into(folder: &Path, known: &[Known], suffixes: &[&str]) -> Vec<PathBuf> {
    let mut expected = BTreeSet::new();
    for known in known {
        let Some(name) = &known.name else {
            return Vec::new();
        };
        expected.insert((known.folder.as_path(), name.as_str()));
    }
    let (mut stale, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in list(&folder) {
            if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
                folders.push(path);
            } else if let Some(stem) = stem(&path, suffixes)
                && !expected.contains(&(folder.as_path(), stem))
                && is_rendered(&path, stem)
            {
                stale.push(path);
            }
        }
    }
    stale.sort();
    stale
}

/// What is in a folder, without what is hidden, by name.
fn list(folder: &Path) -> Vec<PathBuf> {
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(shown).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut names: Vec<_> = entries.filter(|name| !name.as_encoded_bytes().starts_with(b".")).collect();
    names.sort();
    names.into_iter().map(|name| folder.join(name)).collect()
}

/// The name that a rendered file of this path would be of, by what such names end in.
fn stem<'a>(path: &'a Path, suffixes: &[&str]) -> Option<&'a str> {
    let name = path.file_name()?.to_str()?;
    suffixes.iter().find_map(|suffix| name.strip_suffix(suffix))
}

fn is_rendered(path: &Path, stem: &str) -> bool {
    let bytes = read::ordinary(path, LARGEST).unwrap_or_default();
    render::owner(&String::from_utf8_lossy(&bytes)) == Some(stem)
}

/// The name of a policy that this run has not read; an error where that cannot be known.
fn name(path: &Path) -> Result<Option<String>, NotKnown> {
    let bytes = read::ordinary(path, LARGEST).map_err(|_| NotKnown)?;
    let text = String::from_utf8(bytes).map_err(|_| NotKnown)?;
    head::name(&text)
}
