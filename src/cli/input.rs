//! Which policies are meant, and their texts.

use super::read::{self, ReadFailure};
use crate::policy::ReadError;
use crate::policy::load::{File, LARGEST};
use std::path::{Path, PathBuf};

/// A policy to work on.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub path: PathBuf,
    pub origin: Origin,
}

/// How an input was come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// By its own name.
    Named,
    /// By its own name, and it can be read once: standard input, or a pipe.
    Stream,
    /// In a folder, where files that are no policies may lie beside it: the way from the folder that was named to
    /// the one where it is.
    Found { below: PathBuf },
}

impl Input {
    pub(super) fn named(path: &Path) -> Input {
        if read::is_standard_input(path) {
            return Input { path: PathBuf::from("-"), origin: Origin::Stream };
        }
        let origin = if read::is_stream(path) { Origin::Stream } else { Origin::Named };
        Input { path: path.to_owned(), origin }
    }

    pub(super) fn is_found(&self) -> bool {
        matches!(self.origin, Origin::Found { .. })
    }

    pub(super) fn is_stream(&self) -> bool {
        self.origin == Origin::Stream
    }

    /// Reads this policy's own file, or another one that it extends.
    pub(super) fn read(&self, path: &Path) -> Result<File, ReadError> {
        if self.is_stream() && path == self.path {
            let bytes = read::stream(path, LARGEST).map_err(|unread| described(&unread))?;
            return text(PathBuf::from("-"), bytes);
        }
        read(path)
    }
}

/// Reads one file.
pub(super) fn read(path: &Path) -> Result<File, ReadError> {
    let bytes = read::ordinary(path, LARGEST).map_err(|unread| described(&unread))?;
    let id = std::fs::canonicalize(path).map_err(|error| described(&ReadFailure::from(error)))?;
    text(id, bytes)
}

fn described(unread: &ReadFailure) -> ReadError {
    let (wrong, help) = match unread {
        ReadFailure::TooLarge => return ReadError::too_large(),
        ReadFailure::Folder => {
            ("is a folder, not a policy".to_owned(), Some("name a policy that lies in it"))
        }
        ReadFailure::NotOrdinary(_) => (unread.to_string(), Some("name the file of a policy")),
        ReadFailure::Forbidden => (unread.to_string(), Some("let this user read it, or take it out")),
        ReadFailure::Failed(_) => (unread.to_string(), Some("look at what it is, and at where it leads")),
        // Who asked for it knows best why.
        ReadFailure::Missing => (unread.to_string(), None),
    };
    ReadError { wrong, help: help.map(str::to_owned) }
}

fn text(id: PathBuf, bytes: Vec<u8>) -> Result<File, ReadError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(File { id, text }),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(valid).filter(|b| **b == b'\n').count() + 1;
            Err(ReadError {
                wrong: format!("is not UTF-8 text: line {line} holds other bytes"),
                help: Some("save the file as UTF-8".to_owned()),
            })
        }
    }
}
