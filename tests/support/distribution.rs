//! The profiles of the distribution that the tests run on.

use std::fs;
use std::path::{Path, PathBuf};

const SYSTEM: &str = "/etc/apparmor.d";
/// Profiles that a distribution has for others to copy; not all are installed everywhere.
const EXTRA: &str = "/usr/share/apparmor/extra-profiles";

/// The files that hold profiles.
pub(crate) fn profiles() -> Vec<PathBuf> {
    let extra = files(Path::new(EXTRA)).into_iter().filter(|path| !path.ends_with("README"));
    files(Path::new(SYSTEM)).into_iter().chain(extra).collect()
}

/// The files of a folder that profiles include from.
pub(crate) fn files_in(folder: &str) -> Vec<PathBuf> {
    files(&Path::new(SYSTEM).join(folder))
}

/// A file that is included; of a folder, all in it.
pub(crate) fn file(name: &str) -> Option<String> {
    let path = Path::new(SYSTEM).join(name);
    if path.is_dir() {
        return Some(files(&path).iter().filter_map(|path| fs::read_to_string(path).ok()).collect());
    }
    fs::read_to_string(path).ok()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}
