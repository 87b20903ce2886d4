//! Files, replaced as a whole or not at all; a new folder as a whole, too.

use super::Failure;
use super::read;
use super::staging::{self, Staging};
use crate::diag::shown;
use std::collections::BTreeSet;
use std::error::Error as _;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempPath;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    New,
    Changed,
    Unchanged,
}

/// A larger file is none that was rendered.
pub(super) const LARGEST: usize = 64 << 20;

/// Where a run's files go.
#[derive(Debug)]
pub(super) enum Output {
    /// Each into a folder that is there, or is made for it.
    Beside,
    /// Into one folder that is there, and those below it.
    Into(Shared),
    /// Into one folder that is new: it appears whole, when all is in it.
    New {
        staging: Staging,
        /// The first part of its path that is not there.
        missing: PathBuf,
    },
}

impl Output {
    /// Prepares the one folder that all files go to, and clears what killed runs have left there and in those of its
    /// folders that are written to.
    pub(super) fn into(folder: &Path, folders: &BTreeSet<PathBuf>) -> Result<Output, Failure> {
        staging::clear(parent(folder));
        if let Some(missing) = missing(folder) {
            let above = parent(&missing);
            staging::clear(above);
            let staging = Staging::new(above).map_err(|error| folder_failure(folder, &error))?;
            return Ok(Output::New { staging, missing });
        }
        make_folder(folder)?;
        staging::clear(folder);
        folders.iter().for_each(|folder| staging::clear(folder));
        Ok(Output::Into(Shared::new(folder)))
    }

    /// Each file goes beside its policy: what killed runs have left in these folders is cleared.
    pub(super) fn beside(folders: &BTreeSet<PathBuf>) -> Output {
        folders.iter().for_each(|folder| staging::clear(folder));
        Output::Beside
    }

    /// Writes files that belong together: all are on disk before the first is put in place.
    pub(super) fn write(
        &self,
        folder: &Path,
        files: &[(&str, &str)],
    ) -> Result<Vec<(PathBuf, Written)>, Failure> {
        match self {
            // What lies below may be another disk, from which nothing is renamed into this one.
            Output::Into(shared) if shared.folder == folder => put(shared, files),
            Output::Beside | Output::Into(_) => {
                make_folder(folder)?;
                put(&Shared::new(folder), files)
            }
            Output::New { staging, missing } => {
                let inner = folder.strip_prefix(missing).unwrap_or(Path::new(""));
                let staged = staging.path().join(inner);
                fs::create_dir_all(&staged).map_err(|error| folder_failure(folder, &error))?;
                let mut done = Vec::new();
                for (name, text) in files {
                    let path = folder.join(name);
                    make(&staged.join(name), text, None).map_err(|error| failure(&path, &error))?;
                    done.push((path, Written::New));
                }
                Ok(done)
            }
        }
    }

    /// Whether nothing at all is put in place when something fails.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Output::New { .. })
    }

    /// Puts a new folder in its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Output::New { staging, missing } = self else {
            return Ok(());
        };
        if fs::read_dir(staging.path()).is_ok_and(|mut entries| entries.next().is_none()) {
            return Ok(());
        }
        let Err((staging, error)) = staging.rename(&missing) else {
            return Ok(());
        };
        // Another run has made it in the meantime: then each file is put in its place.
        if missing.is_dir() {
            return moved(staging.path(), &missing);
        }
        Err(folder_failure(&missing, &error))
    }
}

/// Writes files into one folder, which is there.
pub(super) fn write(folder: &Path, files: &[(&str, &str)]) -> Result<Vec<(PathBuf, Written)>, Failure> {
    put(&Shared::new(folder), files)
}

/// Writes a file only where none is.
pub(super) fn create(folder: &Path, name: &str, text: &str) -> Result<(PathBuf, Written), Failure> {
    let path = folder.join(name);
    if fs::symlink_metadata(&path).is_ok() {
        if read::ordinary(&path, LARGEST).is_ok_and(|old| old == text.as_bytes()) {
            return Ok((path, Written::Unchanged));
        }
        return Err(Failure::new(format!("`{}` is there already", shown::path(&path)))
            .help("move it away, or choose another folder with `--out-dir`"));
    }
    let failed = |error: io::Error| failure(&path, &error);
    let staging = Staging::new(folder).map_err(failed)?;
    let staged = staging.fresh(name);
    make(&staged, text, None).map_err(failed)?;
    // It fails where another run has made it in the meantime.
    let staged = TempPath::try_from_path(staged).map_err(failed)?;
    staged.persist_noclobber(&path).map_err(|error| failed(error.error))?;
    Ok((path, Written::New))
}

/// Puts another text in the place of one that a file holds, on the disk before it returns; not where the file holds
/// something else by now. A link stays, and what it leads to is replaced.
pub(super) fn replace(path: &Path, old: &str, new: &str) -> Result<(), Failure> {
    let failed = |error: io::Error| failure(path, &error);
    let place = fs::canonicalize(path).map_err(failed)?;
    if fs::metadata(&place).map_err(failed)?.permissions().readonly() {
        return Err(Failure::new(format!("`{}` is write-protected, and is left alone", shown::path(path)))
            .help("`chmod u+w` it, and run it again"));
    }
    let staging = Staging::new(parent(&place)).map_err(failed)?;
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let staged = staging.fresh(&name);
    let (_, mode) = present(&place, new)?;
    make(&staged, new, mode).map_err(failed)?;
    fs::File::open(&staged).and_then(|file| file.sync_all()).map_err(failed)?;
    if !read::ordinary(&place, LARGEST).is_ok_and(|now| now == old.as_bytes()) {
        return Err(Failure::new(format!(
            "`{}` was changed in the meantime, and is left alone",
            shown::path(path)
        ))
        .help("run it again"));
    }
    fs::rename(&staged, &place).map_err(failed)?;
    fs::File::open(parent(&place)).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// Makes a folder where it is missing.
pub(super) fn make_folder(folder: &Path) -> Result<(), Failure> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if folder.exists() {
        return Err(Failure::new(format!("`{}` is a file, not a folder", shown::path(folder))));
    }
    fs::create_dir_all(folder).map_err(|error| folder_failure(folder, &error))
}

/// A file on its way to its place.
struct Ready {
    path: PathBuf,
    written: Written,
    staged: Option<PathBuf>,
}

/// A folder and its staging, which is not made before the first file changes: a run that changes nothing needs no
/// right to write, and wakes nobody who watches the folder.
#[derive(Debug)]
pub(super) struct Shared {
    folder: PathBuf,
    staging: Mutex<Option<Arc<Staging>>>,
}

impl Shared {
    fn new(folder: &Path) -> Shared {
        Shared { folder: folder.to_owned(), staging: Mutex::new(None) }
    }

    fn staging(&self) -> io::Result<Arc<Staging>> {
        let mut held = self.staging.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(staging) = &*held {
            return Ok(Arc::clone(staging));
        }
        let staging = Arc::new(Staging::new(&self.folder)?);
        *held = Some(Arc::clone(&staging));
        Ok(staging)
    }
}

fn put(shared: &Shared, files: &[(&str, &str)]) -> Result<Vec<(PathBuf, Written)>, Failure> {
    let mut ready = Vec::new();
    for (name, text) in files {
        let path = shared.folder.join(name);
        let failed = |error: io::Error| failure(&path, &error);
        let (written, mode) = present(&path, text)?;
        let mut staged = None;
        if written != Written::Unchanged {
            let place = shared.staging().map_err(failed)?.fresh(name);
            make(&place, text, mode).map_err(failed)?;
            staged = Some(place);
        }
        ready.push(Ready { path, written, staged });
    }
    let mut done = Vec::new();
    for Ready { path, written, staged } in ready {
        if let Some(staged) = staged {
            fs::rename(staged, &path).map_err(|error| failure(&path, &error))?;
        }
        done.push((path, written));
    }
    Ok(done)
}

/// What a text makes of the file that is there, and the mode that it keeps. A link is replaced, and says nothing of
/// what others may do; so is a file that cannot be read.
fn present(path: &Path, text: &str) -> Result<(Written, Option<u32>), Failure> {
    let old = match fs::symlink_metadata(path) {
        Ok(old) => old,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Written::New, None)),
        Err(error) => return Err(failure(path, &error)),
    };
    let mut mode = None;
    if !old.is_symlink() {
        if let Err(unread) = read::is_ordinary(&old) {
            let what = unread.to_string().replacen("is ", "it is ", 1);
            return Err(Failure::new(format!("cannot write `{}`: {what}", shown::path(path))));
        }
        mode = Some(old.permissions().mode() & 0o666);
    }
    match read::ordinary(path, LARGEST) {
        Ok(old) if old == text.as_bytes() => Ok((Written::Unchanged, mode)),
        Ok(_) | Err(_) => Ok((Written::Changed, mode)),
    }
}

/// A new file, as others may use it by the umask or by a mode; none where it cannot be written whole.
fn make(path: &Path, text: &str, mode: Option<u32>) -> io::Result<()> {
    let mut file = fs::File::options().write(true).create_new(true).mode(0o666).open(path)?;
    let mut written = file.write_all(text.as_bytes());
    if let (Ok(()), Some(mode)) = (&written, mode) {
        written = file.set_permissions(fs::Permissions::from_mode(mode));
    }
    if written.is_err() {
        // On a full disk the next one may need the room.
        let _ = fs::remove_file(path);
    }
    written
}

/// Moves all files of a folder to the same places in another one.
fn moved(from: &Path, to: &Path) -> Result<(), Failure> {
    make_folder(to)?;
    let failed = |error: io::Error| folder_failure(to, &error);
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            moved(&entry.path(), &place)?;
        } else {
            fs::rename(entry.path(), &place).map_err(|error| failure(&place, &error))?;
        }
    }
    Ok(())
}

/// The first part of a folder's path that is not there; none where only making it shows what it is.
fn missing(folder: &Path) -> Option<PathBuf> {
    if folder.components().any(|part| part == Component::ParentDir) {
        return None;
    }
    let is_missing =
        |path: &Path| fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    folder
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && is_missing(path))
        .last()
        .map(Path::to_owned)
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write `{}`: {}", shown::path(path), reason(error)))
}

fn folder_failure(folder: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot make the folder `{}`: {}", shown::path(folder), reason(error)))
}

/// The system's words, without its number and without the temporary file's name, which tell nobody anything.
pub(super) fn reason(error: &io::Error) -> String {
    // A library's own error around it says the file's name once more.
    let mut inner = error;
    while let Some(deeper) = inner.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        inner = deeper;
    }
    let text = inner.to_string();
    let text = text.split(" at path ").next().unwrap_or(&text);
    text.split(" (os error").next().unwrap_or(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::reason;
    use std::fmt;
    use std::io;

    /// As the libraries that walk folders put an error of the system into one of their own.
    #[derive(Debug)]
    struct Wrapped(io::Error);

    impl fmt::Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "IO error for operation on ur/sub: {}", self.0)
        }
    }

    impl std::error::Error for Wrapped {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn the_systems_own_words_are_told() {
        let denied = || io::Error::from_raw_os_error(13);
        assert_eq!(reason(&denied()), "permission denied");
        assert_eq!(
            reason(&io::Error::new(io::ErrorKind::PermissionDenied, Wrapped(denied()))),
            "permission denied"
        );
    }
}
