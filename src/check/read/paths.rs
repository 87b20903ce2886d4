//! Paths: from what is written to the pattern that the kernel compares.

use crate::check::lints::{
    alias_glob, control_character, invalid_glob, relative_path, unclean_path, variable_refused,
};
use crate::check::resolved::PathKey;
use crate::diag::{Findings, Place};
use crate::kernel::glob::PatternError;
use crate::kernel::{Glob, path};
use crate::policy::Text;
use std::ops::Range;

pub(super) fn read(
    text: &Text,
    key: PathKey,
    denies: bool,
    projected: &[&str],
    found: &mut Findings,
) -> Option<Glob> {
    if let Some(character) = control_character::first(text, "") {
        found.add(control_character::found(text, character));
        return None;
    }
    if text.starts_with("@{") {
        found.add(variable_refused::found(text, text.place));
        return None;
    }
    if !text.starts_with('/') {
        found.add(relative_path::found(text, key));
        return None;
    }
    let written = match Glob::parse(text) {
        Ok(glob) => glob,
        Err((fault, range)) => {
            let at = inside(text, range);
            found.add(if fault == PatternError::Variable {
                variable_refused::found(text, at)
            } else {
                invalid_glob::found(text, at, fault)
            });
            return None;
        }
    };
    if let Some(range) = unclean_path::part(text) {
        found.add(unclean_path::found(text, inside(text, range)));
        return None;
    }
    if denies && alias_glob::misses(text) {
        found.add(alias_glob::found(text));
        return None;
    }
    let rendered = match key {
        PathKey::List => path::folder_pattern(text, path::names_folders(&written), projected),
        PathKey::ReadOnly
        | PathKey::ReadWrite
        | PathKey::WriteOnly
        | PathKey::DenyWrite
        | PathKey::Deny
        | PathKey::ExecAllow
        | PathKey::ExecDeny
        | PathKey::Library => path::pattern(text, projected),
    };
    if rendered == text.as_str() {
        return Some(written);
    }
    // What can be read as written can be read as rendered: only whole components were put in.
    match Glob::parse(&rendered) {
        Ok(glob) => Some(glob),
        Err((fault, _)) => {
            found.add(invalid_glob::found(text, text.place, fault));
            None
        }
    }
}

/// The place of some bytes of a value. Behind an escape of TOML the bytes are counted wrong; then the whole
/// value is shown.
fn inside(text: &Text, range: Range<usize>) -> Place {
    let quotes = 2;
    let written_as_is = text.place.end - text.place.start == text.len() + quotes;
    if written_as_is { text.place.part(range.start + 1, range.end + 1) } else { text.place }
}
