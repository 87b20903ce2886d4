//! What is asked about: a policy, by what its profile will decide, or a profile as it is.

use super::console::Console;
use super::input::{self, Input};
use super::report::{self, Reported};
use super::{Colour, Failure, Format};
use crate::analysis::{self, Analysis, Options};
use crate::ask::{RuleLine, Ruleset, ruleset};
use crate::diag::{Place, Severity, Sources, shown};
use crate::policy::load::File;
use crate::policy::{Policy, ReadError};
use crate::rules::reader;
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Something that can be asked, and where its rules come from.
pub(super) struct Target {
    pub(super) ruleset: Ruleset,
    /// None for the text of a profile.
    analysis: Option<Analysis>,
    name: String,
}

/// Where the files are that profiles include.
#[derive(Clone, Debug, Args)]
pub(super) struct IncludeFolder {
    /// The folder of AppArmor's files, for what abstractions hold
    #[arg(long, value_name = "DIR", default_value = "/etc/apparmor.d")]
    include: PathBuf,
}

/// What is meant of a file, and where the files are that it includes.
#[derive(Clone, Debug, Args)]
pub(super) struct Included {
    #[command(flatten)]
    folder: IncludeFolder,
    /// The profile that is meant, of a file that holds several
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

impl Included {
    pub(super) fn read(&self, name: &str) -> Option<String> {
        self.folder.read(name)
    }
}

impl IncludeFolder {
    /// The text of an included file, where it is there; nothing outside of the folder is read.
    pub(super) fn read(&self, name: &str) -> Option<String> {
        let name = Path::new(name);
        let is_plain = name.components().all(|part| matches!(part, Component::Normal(_)));
        is_plain.then(|| text(&self.include.join(name))).flatten()
    }
}

/// A file's text; of a folder that of all its files, in order, as the parser includes them.
fn text(path: &Path) -> Option<String> {
    if !path.is_dir() {
        return input::read(path).ok().map(|file| file.text);
    }
    const LEFT_OUT: [&str; 4] = [".dpkg-", ".rpm", "~", ".orig"];
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(path).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let is_meant = |file: &&PathBuf| {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        file.is_file() && !name.starts_with('.') && !LEFT_OUT.iter().any(|end| name.contains(end))
    };
    let texts: Option<Vec<String>> =
        files.iter().filter(is_meant).map(|file| input::read(file).ok().map(|file| file.text)).collect();
    Some(texts?.join("\n"))
}

/// Reads one thing that is to be asked.
pub(super) fn read(
    path: &Path,
    included: &Included,
    console: &mut Console,
) -> Result<Option<Target>, Failure> {
    let Some(mut all) = read_all(path, included, console)? else { return Ok(None) };
    match (all.pop(), all.len()) {
        (Some(one), 0) => Ok(Some(one)),
        (last, _) => {
            all.extend(last);
            Err(Failure::new(format!("`{}` holds {} profiles", shown::path(path), all.len()))
                .help(format!("say which one with `--profile`: {}", names(&all))))
        }
    }
}

/// The names of some profiles, as one writes them on a command line.
fn names(all: &[Target]) -> String {
    const MOST: usize = 10;
    let mut names: Vec<String> =
        all.iter().take(MOST).map(|one| format!("`{}`", shown::one_line(one.ruleset.name.clone()))).collect();
    if all.len() > MOST {
        names.push(format!("and {} more", all.len() - MOST));
    }
    names.join(", ")
}

/// Reads what is to be asked: a policy from a `.toml` file, profiles from any other file; what comes by a stream is a
/// policy where it is TOML. None, and what is wrong said, where a policy has errors.
pub(super) fn read_all(
    path: &Path,
    included: &Included,
    console: &mut Console,
) -> Result<Option<Vec<Target>>, Failure> {
    let input = Input::named(path);
    if !input.is_stream() && path.extension().is_none_or(|extension| extension != "toml") {
        return profiles(path, input::read(path), included).map(Some);
    }
    // A stream can be read once, and is a profile where it is no policy.
    let stream = Mutex::new(None);
    let reader = |asked: &Path| {
        let file = input.read(asked)?;
        if input.is_stream() && asked == input.path && file.text.contains("profile ") {
            let kept = File { id: file.id.clone(), text: file.text.clone() };
            stream.lock().unwrap_or_else(PoisonError::into_inner).replace(kept);
        }
        Ok(file)
    };
    let loaded = analysis::read(&input.path, &reader);
    let profile = stream.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(file) = profile.filter(|_| !loaded.is_toml) {
        return profiles(path, Ok(file), included).map(Some);
    }
    let mut analysis = Analysis::of(loaded, &Options::default());
    let Some(ruleset) = analysis.ruleset(&|name: &str| included.read(name)) else {
        analysis.findings.retain(|finding| finding.severity == Severity::Error);
        let colour = report::colour(Colour::Auto, Format::Human, false);
        let reported = Reported::new(&analysis, Format::Human, colour);
        report::show(vec![reported], Format::Human, false, console);
        return match analysis.unreadable {
            true => Err(Failure::new(format!("`{}` could not be read", shown::path(path)))),
            false => Ok(None),
        };
    };
    Ok(Some(vec![Target { ruleset, analysis: Some(analysis), name: shown::path(path) }]))
}

fn profiles(path: &Path, file: Result<File, ReadError>, included: &Included) -> Result<Vec<Target>, Failure> {
    let failed = |wrong: String| Failure::new(format!("`{}` {wrong}", shown::path(path)));
    let file = file.map_err(|error| failed(error.wrong))?;
    let profiles = reader::profiles(&file.text, &|name: &str| included.read(name)).map_err(|fault| {
        failed(format!("cannot be read as a profile: {fault}")).help("a policy's name ends in `.toml`")
    })?;
    let mut all: Vec<Target> = profiles
        .into_iter()
        .map(|profile| Target { ruleset: ruleset::written(profile), analysis: None, name: shown::path(path) })
        .collect();
    let Some(wanted) = &included.profile else { return Ok(all) };
    let known = names(&all);
    all.retain(|one| one.ruleset.name == *wanted);
    if all.is_empty() {
        return Err(failed(format!("holds no profile `{}`", shown::one_line(wanted.clone())))
            .help(format!("the profiles in it: {known}")));
    }
    Ok(all)
}

impl Target {
    /// None for the text of a profile.
    pub(super) fn policy(&self) -> Option<&Policy> {
        self.analysis.as_ref()?.policy()
    }

    pub(super) fn sources(&self) -> &Sources {
        static NONE: Sources = Sources::EMPTY;
        self.analysis.as_ref().map_or(&NONE, |analysis| &analysis.sources)
    }

    /// Where a rule comes from: entries by file and line, or what stands above it in the profile.
    pub(super) fn origins(&self, line: &RuleLine) -> Vec<String> {
        if line.from.is_empty() {
            return match &self.analysis {
                Some(_) => vec![line.origin.clone()],
                None => vec![format!("{}, {}", self.name, line.origin)],
            };
        }
        let sources = self.sources();
        let entry = |place| {
            let text = sources.locate(place).and_then(|(source, range)| source.text.get(range));
            let text = text.filter(|text| text.len() <= 80 && !text.contains('\n')).unwrap_or("");
            format!("{}: {text}", sources.line(place)).trim_end_matches(": ").to_owned()
        };
        let places: BTreeSet<Place> = line.from.iter().copied().collect();
        places.into_iter().map(entry).collect()
    }
}
