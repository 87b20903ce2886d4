//! The inputs that the arguments mean: a folder stands for the policies in it and below.
//!
//! Hidden files and what git ignores are left out. Links are not followed, but for those to a file of the same folder
//! which is not among the files anyway, as Kubernetes lays out a mounted ConfigMap.

use super::console::Console;
use super::input::Input;
use super::input::Origin;
use super::output::reason;
use super::{Failure, Outcome};
use crate::diag::shown;
use ignore::{Error, WalkBuilder};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// In the order of the arguments, those of a folder by their paths.
    pub all: Vec<Input>,
    /// Folders that could not be read.
    failures: Vec<Failure>,
    /// Links that were not followed.
    links: Vec<PathBuf>,
}

/// What is meant where nothing is named.
const HERE: &str = ".";

/// What is named, or the current folder.
pub(super) fn named(arguments: &[PathBuf]) -> Vec<PathBuf> {
    if arguments.is_empty() { vec![PathBuf::from(HERE)] } else { arguments.to_vec() }
}

impl Inputs {
    pub(super) fn new(arguments: &[PathBuf]) -> Inputs {
        let mut inputs = Inputs::default();
        for path in named(arguments) {
            if path.is_dir() {
                inputs.walk(&path);
            } else {
                inputs.all.push(Input::named(&path));
            }
        }
        // What is named twice is meant once: by its own name, or in a folder, too.
        let mut seen = BTreeSet::new();
        inputs.all.retain(|input| seen.insert(entry(&input.path)));
        inputs
    }

    fn walk(&mut self, root: &Path) {
        let mut files = BTreeSet::new();
        let mut links = Vec::new();
        // The other kinds of ignore files are those of search tools: what they leave out is checked here.
        let walk = WalkBuilder::new(root).ignore(false).follow_links(false).build();
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.failures.push(unreadable(root, &error));
                    continue;
                }
            };
            let Some(kind) = entry.file_type().filter(|_| entry.depth() > 0) else {
                continue;
            };
            let path = entry.into_path();
            if kind.is_dir() || path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            if kind.is_symlink() {
                links.push(path);
            } else {
                files.insert(path);
            }
        }
        self.links(root, links, &mut files);
        self.all.extend(files.into_iter().map(|path| {
            let below = path.parent().and_then(|folder| folder.strip_prefix(root).ok());
            let below = below.map(Path::to_owned).unwrap_or_default();
            Input { path, origin: Origin::Found { below } }
        }));
    }

    /// Adds the links to files of the same folder which have not been found otherwise.
    fn links(&mut self, root: &Path, mut links: Vec<PathBuf>, files: &mut BTreeSet<PathBuf>) {
        if links.is_empty() {
            return;
        }
        links.sort();
        let Ok(inside) = root.canonicalize() else {
            return;
        };
        let mut known: BTreeSet<PathBuf> = files.iter().filter_map(|file| file.canonicalize().ok()).collect();
        for link in links {
            match link.canonicalize() {
                Ok(target) if target.is_dir() => {}
                Ok(target) if target.starts_with(&inside) => {
                    if known.insert(target) {
                        files.insert(link);
                    }
                }
                Ok(_) => self.links.push(link),
                // Reading it says that it leads nowhere.
                Err(_) => {
                    files.insert(link);
                }
            }
        }
    }

    /// Says what could not be read, and what that means for the run.
    pub(super) fn say(&self, console: &mut Console) -> Outcome {
        const MOST: usize = 10;
        let more = |count: usize| count.saturating_sub(MOST);
        for failure in self.failures.iter().take(MOST) {
            console.fail(failure);
        }
        if more(self.failures.len()) > 0 {
            console.fail(&Failure::new(format!("{} more folders cannot be read", more(self.failures.len()))));
        }
        for link in self.links.iter().take(MOST) {
            console.say_line(format!(
                "note: `{}` is not read: it is a link that leads out of the folder",
                shown::path(link)
            ));
        }
        if more(self.links.len()) > 0 {
            console.say_line(format!("note: {} more such links", more(self.links.len())));
        }
        if self.failures.is_empty() { Outcome::Fine } else { Outcome::CouldNotRun }
    }

    /// Where there is no policy at all, and nothing has been said yet.
    pub(super) fn nothing_found(&self, arguments: &[PathBuf]) -> Result<Outcome, Failure> {
        if !self.failures.is_empty() {
            return Ok(Outcome::CouldNotRun);
        }
        let names: Vec<String> =
            named(arguments).iter().map(|path| format!("`{}`", shown::path(path))).collect();
        Err(Failure::new(format!("no policies in {}", names.join(", "))).help(
            "a policy is a `*.toml` file with a `name` above its first table; hidden files and what git ignores are left out",
        ))
    }
}

/// Where a file's name stands, however the way there is written. Two links to one file are two.
fn entry(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(HERE));
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// A folder that cannot be read, by its own name.
fn unreadable(root: &Path, error: &Error) -> Failure {
    let mut path = root;
    let mut inner = error;
    while let Error::WithPath { err, .. } | Error::WithDepth { err, .. } = inner {
        if let Error::WithPath { path: at, .. } = inner {
            path = at;
        }
        inner = err;
    }
    let why = inner.io_error().map_or_else(|| inner.to_string(), reason);
    Failure::new(format!("cannot read the folder `{}`: {why}", shown::path(path)))
}
