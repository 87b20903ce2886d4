//! Files, replaced as a whole or not at all.

use super::Failure;
use crate::diag::shown;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    New,
    Changed,
    Unchanged,
}

/// Writes files that belong together: all are on disk before the first is put in place.
pub(super) fn write(folder: &Path, files: &[(String, &str)]) -> Result<Vec<(PathBuf, Written)>, Failure> {
    let mut ready = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        let (written, file) = match fs::read(&path) {
            Ok(old) if old == text.as_bytes() => (Written::Unchanged, None),
            Ok(_) => (Written::Changed, Some(prepare(folder, &path, text)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                (Written::New, Some(stage(folder, &path, text)?))
            }
            Err(_) => (Written::Changed, Some(prepare(folder, &path, text)?)),
        };
        ready.push((path, written, file));
    }
    let mut done = Vec::new();
    for (path, written, file) in ready {
        if let Some(file) = file {
            file.persist(&path).map_err(|error| failure(&path, &error.error))?;
        }
        done.push((path, written));
    }
    Ok(done)
}

/// Writes a file only where none is.
pub(super) fn create(folder: &Path, name: &str, text: &str) -> Result<(PathBuf, Written), Failure> {
    let path = folder.join(name);
    match fs::read(&path) {
        Ok(old) if old == text.as_bytes() => return Ok((path, Written::Unchanged)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        _ => {
            return Err(Failure::new(format!("`{}` is there already", shown::path(&path)))
                .help("move it away, or choose another folder with `--out-dir`"));
        }
    }
    let file = prepare(folder, &path, text)?;
    file.persist_noclobber(&path).map_err(|error| failure(&path, &error.error))?;
    Ok((path, Written::New))
}

/// Makes a folder where it is missing.
pub(super) fn make_folder(folder: &Path) -> Result<(), Failure> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if folder.exists() {
        return Err(Failure::new(format!("`{}` is a file, not a folder", shown::path(folder))));
    }
    fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!("cannot make the folder `{}`: {}", shown::path(folder), reason(&error)))
    })
}

/// The new text for a file that is there, with the modes of that file.
fn prepare(folder: &Path, path: &Path, text: &str) -> Result<NamedTempFile, Failure> {
    if path.is_dir() {
        return Err(Failure::new(format!("cannot write `{}`: it is a folder", shown::path(path))));
    }
    let file = stage(folder, path, text)?;
    if let Ok(old) = fs::metadata(path) {
        fs::set_permissions(file.path(), old.permissions()).map_err(|error| failure(path, &error))?;
    }
    Ok(file)
}

/// The new text beside its place, in a file of another name.
fn stage(folder: &Path, path: &Path, text: &str) -> Result<NamedTempFile, Failure> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".aapol-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What others may do is the user's to say, by the umask, as for any new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(|error| failure(path, &error))?;
    file.write_all(text.as_bytes()).map_err(|error| failure(path, &error))?;
    Ok(file)
}

fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write `{}`: {}", shown::path(path), reason(error)))
}

/// The system's words, without its number and without the temporary file's name, which tell nobody anything.
pub(super) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at path ").next().unwrap_or(&text);
    text.split(" (os error").next().unwrap_or(text).to_lowercase()
}
