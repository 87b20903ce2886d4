//! From files to a `Policy`: parse, follow `extends`, unite, read into types.
//!
//! Enters: a way to read files and the path of one. Leaves: the policy where its form is right, the texts,
//! and every finding about the form. Reading files itself is the caller's.

use super::codes::{extends_cycle, invalid_toml, unreadable_policy, wrong_type};
use super::{Policy, edit, form, repeats, shape, tree};
use crate::diag::{Findings, Place, Sources};
use serde::Deserialize as _;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::DeTable;

/// More files than this are nobody's policy.
const MOST_FILES: usize = 64;

/// A file's text, and a name by which the same file is known again.
#[derive(Debug)]
pub struct File {
    pub id: PathBuf,
    pub text: String,
}

/// Why a file could not be read, in words that follow its name.
#[derive(Debug)]
pub struct ReadError {
    pub wrong: String,
    pub help: Option<String>,
}

/// A larger file is no policy.
pub const LARGEST: usize = 1 << 20;

impl ReadError {
    pub fn too_large() -> ReadError {
        ReadError { wrong: "is larger than a policy can be (1 MiB)".to_owned(), help: None }
    }
}

/// Reads one file.
pub type Reader<'a> = dyn Fn(&Path) -> Result<File, ReadError> + Sync + 'a;

/// What became of a policy's files.
#[derive(Debug, Default)]
pub struct Loaded {
    pub policy: Option<Policy>,
    pub sources: Sources,
    pub findings: Findings,
    /// The first file itself could not be read.
    pub unreadable: bool,
    /// The first file has a name, or is broken: other TOML files may lie beside policies.
    pub looks_like_policy: bool,
}

impl Loaded {
    /// To be called when all findings are there.
    pub fn settle_fixes(&mut self) {
        edit::settle(&mut self.findings, &self.sources);
    }
}

/// Reads a policy and all that it extends.
pub fn load(path: &Path, read: &Reader<'_>) -> Loaded {
    let mut gathering =
        Gathering { read, loaded: Loaded::default(), open: Vec::new(), done: Vec::new(), order: Vec::new() };
    gathering.visit(path, None);
    let Gathering { mut loaded, order, .. } = gathering;
    if loaded.findings.has_errors() {
        return loaded;
    }
    let mut united: Option<DeTable<'_>> = None;
    for index in order {
        let Some(source) = loaded.sources.iter().nth(index) else {
            continue;
        };
        let (table, _) = DeTable::parse_recoverable(&source.text);
        let mut table = tree::shift(table.into_inner(), source.base());
        if Policy::deserialize(deserializer(table.clone())).is_err() {
            shape::check(&mut table, source.base(), form::form(), &mut loaded.findings);
        }
        repeats::check(&table, form::form(), &mut loaded.findings);
        match &mut united {
            None => united = Some(table),
            Some(base) => tree::extend(base, table),
        }
    }
    match Policy::deserialize(deserializer(united.unwrap_or_default())) {
        Ok(policy) => loaded.policy = Some(policy),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let place = Place::new(span.start, span.end);
            if !loaded.findings.has_errors() {
                loaded.findings.add(wrong_type::as_read(place, error.message()));
            }
        }
    }
    loaded
}

fn deserializer(table: DeTable<'_>) -> toml::de::Deserializer<'_> {
    toml::de::Deserializer::from(Spanned::new(0..0, table))
}

struct Gathering<'a> {
    read: &'a Reader<'a>,
    loaded: Loaded,
    /// The files that are being followed, from the first to the current one.
    open: Vec<PathBuf>,
    done: Vec<PathBuf>,
    /// Files in the order in which they are united, by their place in the sources.
    order: Vec<usize>,
}

impl Gathering<'_> {
    fn visit(&mut self, path: &Path, asked_by: Option<Place>) {
        let file = match (self.read)(path) {
            Ok(file) => file,
            Err(error) => {
                self.loaded.unreadable |= asked_by.is_none();
                self.loaded.looks_like_policy |= asked_by.is_none();
                let finding = unreadable_policy::found(asked_by, path, error.wrong, error.help);
                return self.loaded.findings.add(finding);
            }
        };
        if let Some(wrong) = unreadable_policy::is_no_policy(path, &file.id, asked_by.is_some()) {
            self.loaded.unreadable |= asked_by.is_none();
            self.loaded.looks_like_policy |= asked_by.is_none();
            return self.loaded.findings.add(unreadable_policy::found(asked_by, path, wrong, None));
        }
        if let (true, Some(place)) = (self.open.contains(&file.id), asked_by) {
            return self.loaded.findings.add(extends_cycle::found(place, path));
        }
        if self.done.contains(&file.id) {
            return;
        }
        if let (true, Some(place)) = (self.done.len() + self.open.len() >= MOST_FILES, asked_by) {
            return self.loaded.findings.add(extends_cycle::too_many(place, MOST_FILES));
        }
        let index = self.loaded.sources.iter().count();
        let base = self.loaded.sources.add(path, file.text);
        let bases = self.parse(index, base);
        self.open.push(file.id);
        for (name, place) in bases {
            let folder = path.parent().unwrap_or(Path::new(""));
            if Path::new(&name).is_absolute() {
                self.loaded.findings.add(unreadable_policy::absolute(place, &name));
                continue;
            }
            if !unreadable_policy::has_policys_name(Path::new(&name)) {
                self.loaded.findings.add(unreadable_policy::named_otherwise(place, &name));
                continue;
            }
            self.visit(&folder.join(&name), Some(place));
        }
        self.done.extend(self.open.pop());
        self.order.push(index);
    }

    /// Reports broken TOML, and says what the file extends.
    fn parse(&mut self, index: usize, base: usize) -> Vec<(String, Place)> {
        let Some(source) = self.loaded.sources.iter().nth(index) else {
            return Vec::new();
        };
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if index == 0 {
            self.loaded.looks_like_policy = !errors.is_empty() || table.get_ref().contains_key("name");
        }
        let findings = invalid_toml::found(source, table.get_ref(), errors);
        let bases = tree::strings(table.get_ref(), "extends")
            .into_iter()
            .map(|(name, span)| (name, Place::new(base + span.start, base + span.end)))
            .collect();
        for finding in findings {
            self.loaded.findings.add(finding);
        }
        bases
    }
}
