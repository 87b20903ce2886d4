//! The originals that the arguments mean.
//!
//! Enters: files, folders, pipes. Leaves: each profile in them, or why there is none. One that cannot be taken stops no
//! other.

use crate::cli::console::Console;
use crate::cli::read::{self, ReadFailure};
use crate::cli::target::IncludeFolder;
use crate::cli::verify::Verifier;
use crate::cli::{Failure, output};
use crate::diag::shown::{self, one_line};
use crate::foreign::{self, NotTaken, Tool};
use crate::import::Original;
use ignore::WalkBuilder;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// More than people's largest profiles by far.
const MOST: usize = 4 << 20;

/// A profile that was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The file, as it is shown.
    file: String,
    tool: Tool,
    /// What the parser is to take.
    text: String,
    pub(super) original: Original,
}

/// Something that no policy can be made of.
#[derive(Debug)]
pub(super) struct Untaken {
    file: String,
    refused: NotTaken,
}

impl Untaken {
    pub(super) fn failure(&self) -> Failure {
        let place = self.refused.line.map_or(String::new(), |line| format!(", line {line}"));
        Failure::new(format!("{}{place}: {}", self.file, self.refused.wrong)).help(self.refused.help.clone())
    }
}

impl Found {
    /// What it is, in a sentence.
    pub(super) fn described(&self) -> String {
        format!(
            "the profile `{}` of {}{}",
            one_line(self.original.name().to_owned()),
            self.file,
            self.tool.maker()
        )
    }

    pub(super) fn untaken(self, refused: NotTaken) -> Untaken {
        Untaken { file: self.file, refused }
    }
}

/// Reads all that is meant.
pub(super) fn read(
    paths: &[PathBuf],
    tool: Option<Tool>,
    include: &IncludeFolder,
    console: &mut Console,
) -> Result<Vec<Result<Found, Untaken>>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(folder(path, tool, include, console)?);
            continue;
        }
        let name = match read::is_standard_input(path) {
            true => "standard input".to_owned(),
            false => format!("`{}`", shown::path(path)),
        };
        let bytes = match read::is_stream(path) {
            true => read::stream(path, MOST),
            false => read::ordinary(path, MOST),
        };
        let text = bytes.map_err(|unread| unreadable(&name, &unread)).and_then(|bytes| utf8(&name, bytes))?;
        let Some(kind) = tool.or_else(|| foreign::assumed(&text)) else {
            let is_empty = text.trim().is_empty();
            let wrong = NotTaken {
                line: None,
                wrong: match is_empty {
                    true => "it is empty",
                    false => "it is no profile, and no policy of a tool that is known here",
                }
                .to_owned(),
                help: "say with `--from` what it is; `aapol import --help` lists the kinds".to_owned(),
            };
            found.push(Err(Untaken { file: name, refused: wrong }));
            continue;
        };
        found.extend(of_text(&name, &text, kind, include));
    }
    if found.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| format!("`{}`", shown::path(path))).collect();
        return Err(Failure::new(format!("there is nothing to import in {}", names.join(", ")))
            .help("profiles and files of other tools are known by what stands in them; `--from` says what a file is"));
    }
    Ok(found)
}

/// What is in a folder and below: files that are none of the kinds are told and left.
fn folder(
    root: &Path,
    tool: Option<Tool>,
    include: &IncludeFolder,
    console: &mut Console,
) -> Result<Vec<Result<Found, Untaken>>, Failure> {
    let mut files = BTreeSet::new();
    for entry in WalkBuilder::new(root).ignore(false).follow_links(false).build() {
        let entry = entry.map_err(|error| {
            let why = error.io_error().map_or_else(|| error.to_string(), output::reason);
            Failure::new(format!("cannot read the folder `{}`: {why}", shown::path(root)))
        })?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.insert(entry.into_path());
        }
    }
    let mut found = Vec::new();
    let mut others = Vec::new();
    for path in files {
        let name = format!("`{}`", shown::path(&path));
        let text = match read::ordinary(&path, MOST) {
            Ok(bytes) => String::from_utf8(bytes).ok(),
            Err(unread) => return Err(unreadable(&name, &unread)),
        };
        let known = text.and_then(|text| Some((tool.or_else(|| foreign::recognised(&text))?, text)));
        match known {
            Some((kind, text)) => found.extend(of_text(&name, &text, kind, include)),
            None => others.push(name),
        }
    }
    const SHOWN: usize = 3;
    if !others.is_empty() {
        let shown = others.iter().take(SHOWN).cloned().collect::<Vec<String>>().join(", ");
        let more = others.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        console.say_line(format!(
            "note: left out, as neither profiles nor files of a tool that is known: {shown}{more}"
        ));
    }
    Ok(found)
}

fn unreadable(name: &str, unread: &ReadFailure) -> Failure {
    match unread {
        ReadFailure::TooLarge => Failure::new(format!("{name} is larger than 4 MiB, and so no profile"))
            .help("name the file of a profile, or of another tool's policy"),
        ReadFailure::Missing
        | ReadFailure::Folder
        | ReadFailure::NotOrdinary(_)
        | ReadFailure::Forbidden
        | ReadFailure::Failed(_) => Failure::new(format!("{name} {unread}")),
    }
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
        Failure::new(format!("{name} is not UTF-8 text: line {line} holds other bytes"))
            .help("save the file as UTF-8")
    })
}

fn of_text(name: &str, text: &str, tool: Tool, include: &IncludeFolder) -> Vec<Result<Found, Untaken>> {
    let files = |file: &str| include.read(file);
    let untaken = |refused| Err(Untaken { file: name.to_owned(), refused });
    let found = |text: &str, originals: Result<Vec<Original>, NotTaken>| match originals {
        Ok(originals) => {
            let found = |original| Ok(Found { file: name.to_owned(), tool, text: text.to_owned(), original });
            originals.into_iter().map(found).collect()
        }
        Err(refused) => vec![untaken(refused)],
    };
    if tool == Tool::Profile {
        return found(text, Original::of_text(text, &files));
    }
    let written = foreign::read(tool, text).into_iter().flat_map(|written| match written {
        Ok(written) => found(&written.text.clone(), Original::of_written(written, &files)),
        Err(refused) => vec![untaken(refused)],
    });
    written.collect()
}

/// The one profile that is meant.
pub(super) fn named(
    found: Vec<Result<Found, Untaken>>,
    name: &str,
) -> Result<Vec<Result<Found, Untaken>>, Failure> {
    let known: Vec<String> =
        found.iter().flatten().map(|one| format!("`{}`", one_line(one.original.name().to_owned()))).collect();
    let meant: Vec<_> =
        found.into_iter().filter(|one| one.as_ref().is_ok_and(|one| one.original.name() == name)).collect();
    if meant.is_empty() {
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(Failure::new(format!("there is no profile `{}` in it", one_line(name.to_owned())))
            .help(format!("the profiles in it: {known}")));
    }
    Ok(meant)
}

/// Why the parser does not take an original.
pub(super) fn refused(found: &Found, verifier: &Verifier) -> Option<Untaken> {
    let said = match verifier.refusal(&found.text) {
        Ok(None) => return None,
        Ok(Some(said)) => said,
        Err(failure) => failure.wrong,
    };
    let refused = NotTaken {
        line: None,
        wrong: format!("`apparmor_parser` refuses the profile `{}`: {said}", found.original.name()),
        help: "correct it, or pass `--without-parser` where its rules are newer than the parser".to_owned(),
    };
    Some(Untaken { file: found.file.clone(), refused })
}
