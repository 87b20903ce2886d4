//! From files to a `Policy`: parse each file once, follow `extends`, unite, read into types.
//!
//! Enters: a way to read files and the path of one. Leaves: the policy where its form is right, the texts,
//! and every finding about the form. Reading files itself is the caller's.

use super::codes::{extends_cycle, invalid_toml, unreadable_policy, wrong_type};
use super::left_out::LeftOut;
use super::outline::Outline;
use super::{Policy, form, repeats, shape, tree};
use crate::diag::sources::Source;
use crate::diag::{Findings, Place, Sources};
use serde::Deserialize as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
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
        ReadError {
            wrong: "is larger than a policy can be (1 MiB)".to_owned(),
            help: Some("divide it, or name folders and patterns in place of single files".to_owned()),
        }
    }
}

/// Reads one file.
pub type Reader<'a> = dyn Fn(&Path) -> Result<File, ReadError> + Sync + 'a;

/// What became of a policy's files.
#[derive(Debug, Default)]
pub struct Loaded {
    pub policy: Option<Policy>,
    pub sources: Sources,
    /// What is known of each source beside its text, in their order.
    pub files: Vec<Parsed>,
    pub findings: Findings,
    /// The first file itself could not be read.
    pub unreadable: bool,
    /// The first file has a name, or is broken: other TOML files may lie beside policies.
    pub looks_like_policy: bool,
    /// The first file was read, and is TOML.
    pub is_toml: bool,
}

/// What is kept of a file that was parsed.
#[derive(Debug)]
pub struct Parsed {
    /// Where its positions begin.
    pub base: usize,
    /// The entry of `extends` that led to it first; none for the first file.
    pub named_by: Option<Place>,
    pub outline: Outline,
}

/// Reads a policy and all that it extends.
pub fn load(path: &Path, read: &Reader<'_>) -> Loaded {
    // Trees borrow from their texts, so these stay where they are until all is united.
    let files: Vec<OnceLock<Source>> = (0..MOST_FILES).map(|_| OnceLock::new()).collect();
    let mut gathering = Gathering {
        read,
        files: &files,
        loaded: Loaded::default(),
        open: Vec::new(),
        done: Vec::new(),
        trees: Vec::new(),
    };
    gathering.visit(path, None);
    let Gathering { mut loaded, trees, .. } = gathering;
    if !loaded.findings.has_errors() {
        unite(trees, &mut loaded);
    }
    loaded.sources = files.into_iter().filter_map(OnceLock::into_inner).collect();
    loaded
}

/// Takes what is of the right form, file by file, and reads all of it into types.
fn unite(trees: Vec<Tree<'_>>, loaded: &mut Loaded) {
    let mut left_out = LeftOut::default();
    let mut united: Option<DeTable<'_>> = None;
    for (base, table) in trees {
        let mut table = tree::shift(table, base);
        shape::check(&mut table, base, form::form(), &mut left_out, &mut loaded.findings);
        repeats::check(&table, form::form(), &mut loaded.findings);
        match &mut united {
            None => united = Some(table),
            Some(base) => tree::extend(base, table),
        }
    }
    let table = Spanned::new(0..0, united.unwrap_or_default());
    match Policy::deserialize(toml::de::Deserializer::from(table)) {
        Ok(policy) => loaded.policy = Some(Policy { left_out, ..policy }),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let place = Place::new(span.start, span.end);
            if !loaded.findings.has_errors() {
                loaded.findings.add(wrong_type::as_read(place, error.message()));
            }
        }
    }
}

/// A file's tree, and where its positions begin.
type Tree<'a> = (usize, DeTable<'a>);

struct Gathering<'a> {
    read: &'a Reader<'a>,
    files: &'a [OnceLock<Source>],
    loaded: Loaded,
    /// The files that are being followed, from the first to the current one.
    open: Vec<PathBuf>,
    done: Vec<PathBuf>,
    /// In the order in which they are united, each with where its positions begin.
    trees: Vec<Tree<'a>>,
}

impl<'a> Gathering<'a> {
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
            let help = "name the file of a policy, which ends in `.toml`".to_owned();
            return self.loaded.findings.add(unreadable_policy::found(asked_by, path, wrong, Some(help)));
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
        let Some((base, table)) = self.parse(path, file.text, asked_by) else { return };
        let bases: Vec<(String, Place)> = tree::strings(&table, "extends")
            .into_iter()
            .map(|(name, span)| (name, Place::new(base + span.start, base + span.end)))
            .collect();
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
        self.trees.push((base, table));
    }

    /// The one place where a policy's text is parsed. Reports what is broken; the tree holds the rest.
    fn parse(&mut self, path: &Path, text: String, named_by: Option<Place>) -> Option<Tree<'a>> {
        let index = self.loaded.files.len();
        let before = index.checked_sub(1).and_then(|last| self.files.get(last)?.get());
        let source = Source::behind(before, path, text);
        let source = self.files.get(index)?.get_or_init(|| source);
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if index == 0 {
            self.loaded.looks_like_policy = !errors.is_empty() || table.get_ref().contains_key("name");
            self.loaded.is_toml = errors.is_empty();
        }
        for finding in invalid_toml::found(source, table.get_ref(), errors) {
            self.loaded.findings.add(finding);
        }
        let (base, outline) = (source.base(), Outline::of(table.get_ref(), source.base()));
        self.loaded.files.push(Parsed { base, named_by, outline });
        Some((base, table.into_inner()))
    }
}
