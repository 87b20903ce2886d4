//! Which policies are meant, and their texts.

use super::Failure;
use super::output::reason;
use crate::diag::shown;
use crate::policy::ReadError;
use crate::policy::load::{File, LARGEST};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A policy to work on.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub path: PathBuf,
    /// Found in a folder, where files that are no policies may lie beside it.
    pub found: bool,
}

/// The files that the arguments mean: a folder stands for its `*.toml` files.
pub(super) fn inputs(arguments: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for path in arguments {
        if !path.is_dir() {
            inputs.push(Input { path: path.clone(), found: false });
            continue;
        }
        let failed = |error: std::io::Error| {
            Failure::new(format!("cannot read the folder `{}`: {}", shown::path(path), reason(&error)))
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            if file.extension().is_some_and(|e| e == "toml") && !file.is_dir() {
                files.push(file);
            }
        }
        files.sort();
        inputs.extend(files.into_iter().map(|path| Input { path, found: true }));
    }
    Ok(inputs)
}

/// Reads one file; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<File, ReadError> {
    let wrong = |wrong: &str| ReadError { wrong: wrong.to_owned(), help: None };
    let describe = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            wrong("does not exist")
        } else if error.kind() == std::io::ErrorKind::PermissionDenied {
            wrong("may not be read by this user")
        } else {
            wrong(&format!("cannot be read: {}", reason(&error)))
        }
    };
    let (id, bytes) = if path.as_os_str() == "-" {
        (PathBuf::from("-"), take(std::io::stdin().lock()).map_err(describe)?)
    } else {
        // Opening a pipe would wait for its writer, so what it is comes first.
        let metadata = std::fs::metadata(path).map_err(describe)?;
        if metadata.is_dir() {
            return Err(wrong("is a folder, not a policy"));
        }
        if !metadata.is_file() {
            return Err(wrong("is not an ordinary file"));
        }
        let file = std::fs::File::open(path).map_err(describe)?;
        let id = std::fs::canonicalize(path).map_err(describe)?;
        (id, take(file).map_err(describe)?)
    };
    if bytes.len() > LARGEST {
        return Err(ReadError::too_large());
    }
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

fn take(reader: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
