//! Logs, read piece by piece: files, standard input, and what gzip has compressed.
//!
//! Enters: paths. Leaves: what all of them hold, and their names. What is read is never held whole.

use super::interrupt::Interruptible;
use crate::ask::log::evidence::{Evidence, Meant, Reading};
use crate::cli::console::Console;
use crate::cli::output::reason;
use crate::cli::{Failure, progress, read};
use crate::diag::shown;
use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What logs hold, and their names by number.
pub(super) struct Logs {
    pub(super) evidence: Evidence,
    pub(super) names: Vec<String>,
    /// One of them ended before its end.
    pub(super) is_cut: bool,
}

/// So much is read at once.
const PIECE: usize = 8 << 20;
/// Less than this at once comes from somebody who writes while we read.
const SLOW: usize = 4 << 10;
const STANDARD_INPUT: &str = "-";
const GZIP: [u8; 2] = [0x1f, 0x8b];

pub(super) fn read(paths: &[PathBuf], meant: &Meant<'_>, console: &mut Console) -> Result<Logs, Failure> {
    let standard_input = [PathBuf::from(STANDARD_INPUT)];
    let paths = if paths.is_empty() { &standard_input } else { paths };
    let mut logs = Logs { evidence: Evidence::default(), names: Vec::new(), is_cut: false };
    for path in paths {
        let mut reading = Reading::new(logs.names.len(), meant);
        let read = match read::is_standard_input(path) {
            true => {
                let mut input = Interruptible::new();
                let read = all(
                    &mut input,
                    &mut reading,
                    &progress::counter("{pos} lines read, Ctrl-C ends the log"),
                );
                if input.is_interrupted() {
                    console
                        .say_line("the log was ended by Ctrl-C; what came before is worked with".to_owned());
                }
                read
            }
            false => {
                let opened = read::open(path);
                let file =
                    opened.map_err(|unread| Failure::new(format!("the log {} {unread}", name(path))))?;
                all(file, &mut reading, &progress::counter("{pos} lines read"))
            }
        };
        if let Err(error) = read {
            let failure = failure(path, &error, reading.lines());
            if reading.lines() == 0 {
                return Err(failure);
            }
            // A log may still be written to, or its end be lost.
            logs.is_cut = true;
            console.say_line(format!("note: {}; what comes before is read", failure.wrong));
        }
        logs.evidence.merge(reading.finish());
        logs.names.push(path.to_string_lossy().into_owned());
    }
    Ok(logs)
}

fn failure(path: &Path, error: &io::Error, lines: u64) -> Failure {
    let name = name(path);
    let kind = error.kind();
    Failure::new(if kind == io::ErrorKind::UnexpectedEof {
        format!("{name} ends too early for a file that gzip compressed, after {lines} lines")
    } else if kind == io::ErrorKind::InvalidInput || kind == io::ErrorKind::InvalidData {
        format!("{name} is damaged: gzip cannot go on after {lines} lines")
    } else {
        format!("{name} cannot be read: {}", reason(error))
    })
}

fn name(path: &Path) -> String {
    match read::is_standard_input(path) {
        true => "standard input".to_owned(),
        false => format!("`{}`", shown::path(path)),
    }
}

/// Reads to the end, through gzip where it is compressed.
fn all(mut log: impl Read, reading: &mut Reading<'_>, progress: &ProgressBar) -> io::Result<()> {
    let mut begin = Vec::new();
    log.by_ref().take(GZIP.len() as u64).read_to_end(&mut begin)?;
    let is_compressed = begin == GZIP;
    let whole = io::Cursor::new(begin).chain(log);
    let read = match is_compressed {
        true => pieces(MultiGzDecoder::new(io::BufReader::new(whole)), reading, progress),
        false => pieces(whole, reading, progress),
    };
    progress.finish_and_clear();
    read
}

fn pieces(mut log: impl Read, reading: &mut Reading<'_>, progress: &ProgressBar) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let mut filled = 0;
        let mut ended = Ok(false);
        while let Some(room) = piece.get_mut(filled..).filter(|room| !room.is_empty()) {
            match log.read(room) {
                Ok(0) => {
                    ended = Ok(true);
                    break;
                }
                Ok(length) => {
                    filled += length;
                    // What comes slowly is not waited for.
                    if length < SLOW {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    ended = Err(error);
                    break;
                }
            }
        }
        reading.push(piece.get(..filled).unwrap_or_default());
        progress.set_position(reading.lines());
        if ended? {
            return Ok(());
        }
    }
}
