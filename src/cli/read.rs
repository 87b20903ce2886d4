//! Files, opened for reading: the one place.
//!
//! Enters: a path and a bound. Leaves: the bytes, or why not. Only ordinary files are read: opening a pipe would wait
//! for its writer, reading a device may never end, and opening some devices does something. Where a user names a
//! stream as an input (`-`, `<(…)`, a pipe), it is read as one, within the same bound.

use super::output::reason;
use rustix::fs::OFlags;
use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Why a file was not read, in words that follow its name.
#[derive(Debug)]
pub(super) enum ReadFailure {
    Missing,
    Folder,
    /// What it is, such as `a pipe`.
    NotOrdinary(&'static str),
    TooLarge,
    Forbidden,
    /// In the system's words.
    Failed(String),
}

impl fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadFailure::Missing => f.write_str("does not exist"),
            ReadFailure::Folder => f.write_str("is a folder"),
            ReadFailure::NotOrdinary(kind) => write!(f, "is {kind}, not an ordinary file"),
            ReadFailure::TooLarge => f.write_str("is too large"),
            ReadFailure::Forbidden => f.write_str("may not be read by this user"),
            ReadFailure::Failed(reason) => write!(f, "cannot be read: {reason}"),
        }
    }
}

impl From<io::Error> for ReadFailure {
    fn from(error: io::Error) -> ReadFailure {
        if error.kind() == io::ErrorKind::NotFound {
            ReadFailure::Missing
        } else if error.kind() == io::ErrorKind::PermissionDenied {
            ReadFailure::Forbidden
        } else {
            ReadFailure::Failed(reason(&error))
        }
    }
}

/// An ordinary file's bytes, if they are not more than `most`; through links, too.
pub(super) fn ordinary(path: &Path, most: usize) -> Result<Vec<u8>, ReadFailure> {
    within(ordinary_file(path)?, most)
}

/// An ordinary file, or a pipe that a user names as an input, to be read piece by piece.
pub(super) fn open(path: &Path) -> Result<File, ReadFailure> {
    if is_stream(path) {
        return Ok(File::open(path)?);
    }
    ordinary_file(path)
}

fn ordinary_file(path: &Path) -> Result<File, ReadFailure> {
    // Some devices do something when they are opened, so what it is comes first.
    is_ordinary(&std::fs::metadata(path)?)?;
    // In between it may have become something else: then opening does not wait, and what was opened is asked.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    is_ordinary(&file.metadata()?)?;
    Ok(file)
}

/// Whether a user who names this path means a stream: standard input, or a pipe.
pub(super) fn is_stream(path: &Path) -> bool {
    is_standard_input(path) || std::fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

/// The names of standard input.
pub(super) fn is_standard_input(path: &Path) -> bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].iter().any(|name| path.as_os_str() == *name)
}

/// All that comes by a stream, if it is not more than `most`; how long that takes is its writer's matter.
pub(super) fn stream(path: &Path, most: usize) -> Result<Vec<u8>, ReadFailure> {
    if is_standard_input(path) {
        return within(io::stdin().lock(), most);
    }
    let file = File::open(path)?;
    if !file.metadata()?.file_type().is_fifo() {
        return Err(ReadFailure::Failed("it is not the pipe any more that it was".to_owned()));
    }
    within(file, most)
}

/// What it is, where it is no ordinary file.
pub(super) fn is_ordinary(metadata: &Metadata) -> Result<(), ReadFailure> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(ReadFailure::Folder);
    }
    Err(ReadFailure::NotOrdinary(match (kind.is_fifo(), kind.is_socket()) {
        (true, _) => "a pipe",
        (_, true) => "a socket",
        (false, false) => "a device",
    }))
}

fn within(reader: impl io::Read, most: usize) -> Result<Vec<u8>, ReadFailure> {
    let mut bytes = Vec::new();
    reader.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most { Err(ReadFailure::TooLarge) } else { Ok(bytes) }
}
