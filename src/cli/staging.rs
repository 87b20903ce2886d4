//! A folder of our own, in which files are made before they are put in their places.
//!
//! It is locked as long as its process lives, and the kernel takes the lock away with the process, however that ends.
//! So what a killed run has left is known for certain: it has our name, and nobody holds it.

use rustix::fs::{FlockOperation, OFlags, flock};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

const PREFIX: &str = ".aapol-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 16;

/// The folder; it is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: TempDir,
    _lock: File,
    count: AtomicUsize,
}

impl Staging {
    /// Makes one in a folder that is there.
    pub(super) fn new(within: &Path) -> io::Result<Staging> {
        let within = if within.as_os_str().is_empty() { Path::new(".") } else { within };
        loop {
            let mut builder = tempfile::Builder::new();
            builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
            // What others may do is the user's to say, by the umask: it may become the output folder.
            builder.permissions(fs::Permissions::from_mode(0o777));
            let folder = builder.tempdir_in(within)?;
            // Another run may have cleared it away before it is opened, or before it is locked.
            let lock = match open(folder.path()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                lock => lock?,
            };
            // Where a disk has no locks, it stays without one: then nobody can take it for litter either.
            let _ = flock(&lock, FlockOperation::LockShared);
            if lock.metadata()?.nlink() > 0 && folder.path().is_dir() {
                return Ok(Staging { folder, _lock: lock, count: AtomicUsize::new(0) });
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A name in it that is not taken.
    pub(super) fn fresh(&self, name: &str) -> PathBuf {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        self.path().join(format!("{number}-{name}"))
    }

    /// Makes it the folder of another name, with all that is in it.
    pub(super) fn rename(self, to: &Path) -> Result<(), (Staging, io::Error)> {
        match fs::rename(self.folder.path(), to) {
            Ok(()) => {
                // It is no temporary folder any more.
                let _ = self.folder.keep();
                Ok(())
            }
            Err(error) => Err((self, error)),
        }
    }
}

/// Removes what killed runs have left in a folder. That it cannot be removed is not this run's concern.
pub(super) fn clear(within: &Path) {
    let within = if within.as_os_str().is_empty() { Path::new(".") } else { within };
    let Ok(entries) = fs::read_dir(within) else {
        return;
    };
    for entry in entries.flatten().filter(|entry| is_ours(&entry.file_name().to_string_lossy())) {
        let path = entry.path();
        if let Ok(folder) = open(&path)
            && flock(&folder, FlockOperation::NonBlockingLockExclusive).is_ok()
        {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

fn is_ours(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn open(folder: &Path) -> io::Result<File> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
    File::options().read(true).custom_flags(flags.bits().cast_signed()).open(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_holds_is_cleared() {
        let place = tempfile::tempdir().unwrap();
        let held = Staging::new(place.path()).unwrap();
        fs::write(held.path().join("a"), "a").unwrap();
        let left = place.path().join(".aapol-0123456789abcdef.tmp");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("a"), "a").unwrap();
        // The user's own.
        let notes = place.path().join(".aapol-notes.tmp");
        fs::create_dir(&notes).unwrap();
        clear(place.path());
        assert!(held.path().join("a").is_file() && notes.is_dir() && !left.exists());
        let path = held.path().to_owned();
        drop(held);
        assert!(!path.exists());
    }

    #[test]
    fn two_runs_at_once_leave_each_other_alone() {
        let place = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        clear(place.path());
                        let staging = Staging::new(place.path()).unwrap();
                        fs::write(staging.path().join("a"), "a").unwrap();
                        clear(place.path());
                        assert_eq!(fs::read(staging.path().join("a")).unwrap(), b"a");
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
