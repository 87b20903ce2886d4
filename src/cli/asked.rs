//! What is asked: a policy, by what its profile will decide, or a profile as it is.

use super::console::Console;
use super::input::{self, Input};
use super::report::{self, Reported};
use super::{Colour, Failure, Format, judge};
use crate::ask::{Line, Ruleset, ruleset};
use crate::check::Options;
use crate::diag::{Place, Severity, Sources, shown};
use crate::lower;
use crate::policy::load::File;
use crate::policy::{self, Mode, Policy, ReadError};
use crate::rules::{Profile, reader};
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

/// Something that can be asked, and where its rules come from.
pub(super) struct Asked {
    pub(super) ruleset: Ruleset,
    pub(super) sources: Sources,
    /// None for the text of a profile.
    pub(super) policy: Option<Policy>,
    name: String,
}

/// Where the files are that profiles include.
#[derive(Clone, Debug, Args)]
pub(super) struct Included {
    /// The folder of AppArmor's files, for what abstractions hold
    #[arg(long, value_name = "DIR", default_value = "/etc/apparmor.d")]
    include: PathBuf,
    /// The profile that is meant, of a file that holds several
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

impl Included {
    /// The text of an included file, where it is there; nothing outside of the folder is read.
    pub(super) fn read(&self, name: &str) -> Option<String> {
        let name = Path::new(name);
        let is_plain = name.components().all(|part| matches!(part, Component::Normal(_)));
        is_plain.then(|| text(&self.include.join(name))).flatten()
    }

    /// The ruleset of a policy's own profile.
    pub(super) fn ruleset(&self, profile: &Profile, mode: Mode) -> Ruleset {
        ruleset::typed(profile, mode, &|name: &str| self.read(name))
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
) -> Result<Option<Asked>, Failure> {
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
fn names(all: &[Asked]) -> String {
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
) -> Result<Option<Vec<Asked>>, Failure> {
    let input = Input::named(path);
    let is_policy =
        |file: &File| !input.is_stream() || !file.text.contains("profile ") || is_toml(&file.text);
    if !input.is_stream() && path.extension().is_none_or(|extension| extension != "toml") {
        return profiles(path, input::read(path), included).map(Some);
    }
    let own = match input.read(&input.path) {
        Ok(file) if !is_policy(&file) => return profiles(path, Ok(file), included).map(Some),
        own => Mutex::new(Some(own)),
    };
    // A stream can be read once.
    let reader = |asked: &Path| {
        let own = (asked == input.path).then(|| own.lock().ok()?.take()).flatten();
        own.unwrap_or_else(|| input.read(asked))
    };
    let mut judged = judge::judge_loaded(policy::load(&input.path, &reader), &Options::default());
    let Some(checked) = &judged.checked else {
        judged.loaded.findings.retain(|finding| finding.severity == Severity::Error);
        let colour = report::colour(Colour::Auto, Format::Human, false);
        let (findings, sources) = (&judged.loaded.findings, &judged.loaded.sources);
        let reported = Reported::new(findings, sources, Format::Human, colour);
        report::show(vec![reported], Format::Human, false, console);
        return match judged.loaded.unreadable {
            true => Err(Failure::new(format!("`{}` could not be read", shown::path(path)))),
            false => Ok(None),
        };
    };
    let ruleset = included.ruleset(&lower::lower(checked), checked.mode.value);
    let name = shown::path(path);
    Ok(Some(vec![Asked { ruleset, sources: judged.loaded.sources, policy: judged.loaded.policy, name }]))
}

fn is_toml(text: &str) -> bool {
    text.parse::<toml::Table>().is_ok()
}

fn profiles(path: &Path, file: Result<File, ReadError>, included: &Included) -> Result<Vec<Asked>, Failure> {
    let failed = |wrong: String| Failure::new(format!("`{}` {wrong}", shown::path(path)));
    let file = file.map_err(|error| failed(error.wrong))?;
    let profiles = reader::profiles(&file.text, &|name: &str| included.read(name)).map_err(|fault| {
        failed(format!("cannot be read as a profile: {fault}")).help("a policy's name ends in `.toml`")
    })?;
    let mut all: Vec<Asked> = profiles
        .into_iter()
        .map(|profile| Asked {
            ruleset: ruleset::written(profile),
            sources: Sources::default(),
            policy: None,
            name: shown::path(path),
        })
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

impl Asked {
    /// Where a rule comes from: entries by file and line, or what stands above it in the profile.
    pub(super) fn origins(&self, line: &Line) -> Vec<String> {
        if line.from.is_empty() {
            return match &self.policy {
                Some(_) => vec![line.origin.clone()],
                None => vec![format!("{}, {}", self.name, line.origin)],
            };
        }
        let entry = |place| {
            let text = self.sources.locate(place).and_then(|(source, range)| source.text.get(range));
            let text = text.filter(|text| text.len() <= 80 && !text.contains('\n')).unwrap_or("");
            format!("{}: {text}", self.sources.line(place)).trim_end_matches(": ").to_owned()
        };
        let places: BTreeSet<Place> = line.from.iter().copied().collect();
        places.into_iter().map(entry).collect()
    }
}
