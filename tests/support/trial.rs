//! A policy's way through the library: its text in, its findings and both files out.

use aapol::check::{self, Options};
use aapol::diag::{Findings, Severity, Sources};
use aapol::plan::Plan;
use aapol::policy::load::File;
use aapol::policy::{self, ReadError};
use aapol::render::{Rendered, Templates, render};
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

/// What became of a policy.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) sources: Sources,
    pub(crate) findings: Findings,
    /// None where a finding is an error.
    pub(crate) rendered: Option<Rendered>,
    pub(crate) abi: &'static str,
    /// The rules that the profile has, as the plan counts them.
    pub(crate) rules: usize,
    pub(crate) is_abstract: bool,
    pub(crate) plan: Option<Plan>,
}

impl Trial {
    /// A policy in one file.
    pub(crate) fn of(text: &str) -> Trial {
        Trial::among(&[("policy.toml", text)])
    }

    /// The first of some files, which may extend the others.
    pub(crate) fn among(files: &[(&str, &str)]) -> Trial {
        let first = files.first().map_or("", |(name, _)| name);
        Trial::read(Path::new(first), &|path: &Path| {
            let found = files.iter().find(|(name, _)| Path::new(name) == path);
            let (_, text) = found.ok_or_else(|| missing("does not exist"))?;
            Ok(File { id: path.to_owned(), text: (*text).to_owned() })
        })
    }

    /// A policy on disk.
    pub(crate) fn on_disk(path: &Path) -> Trial {
        Trial::read(path, &read_file)
    }

    /// A policy on disk with another text in its place, and what it extends changed on the way.
    pub(crate) fn beside(own: &Path, text: &str, change: fn(&str) -> String) -> Trial {
        Trial::read(own, &|path: &Path| {
            if path == own {
                return Ok(File { id: own.to_owned(), text: change(text) });
            }
            read_file(path).map(|file| File { text: change(&file.text), ..file })
        })
    }

    fn read(path: &Path, reader: &policy::Reader<'_>) -> Trial {
        let loaded = policy::load(path, reader);
        let mut trial = Trial {
            sources: loaded.sources,
            findings: loaded.findings,
            rendered: None,
            abi: "3.0",
            rules: 0,
            is_abstract: false,
            plan: None,
        };
        let Some(policy) = &loaded.policy else {
            trial.findings.sort();
            return trial;
        };
        let Some(checked) = check::check(policy, &Options::default(), &mut trial.findings) else {
            return trial;
        };
        let plan = Plan::lower(&checked);
        trial.abi = plan.profile().abi.name();
        trial.rules = plan.profile().blocks.iter().map(|block| block.rules.len()).sum();
        trial.is_abstract = checked.is_abstract;
        trial.rendered = Some(render(templates(), &plan).expect("the built-in templates take every plan"));
        trial.plan = Some(plan);
        trial
    }

    /// The errors, in words.
    pub(crate) fn errors(&self) -> Vec<String> {
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| format!("{}: {}", finding.code.name, finding.message)).collect()
    }

    /// The codes of all findings, in their order.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.findings.iter().map(|finding| finding.code.name).collect()
    }

    /// The codes of the findings on the lines of a stretch of the first file. A second place counts: what
    /// decided is pointed at too.
    pub(crate) fn codes_at(&self, range: &Range<usize>) -> Vec<&'static str> {
        let Some(source) = self.sources.iter().next() else {
            return Vec::new();
        };
        let lines = source.line_of(range.start)..=source.line_of(range.end);
        let is_here = |place: &aapol::diag::Place| {
            place.start <= source.text.len() && lines.contains(&source.line_of(place.start))
        };
        let here = self.findings.iter().filter(|finding| {
            let others = finding.others.iter().map(|label| &label.place);
            finding.place.iter().chain(others).any(is_here)
        });
        here.map(|finding| finding.code.name).collect()
    }

    /// Both files; fails with the errors where there are none.
    pub(crate) fn files(&self) -> &Rendered {
        self.rendered.as_ref().unwrap_or_else(|| panic!("the policy has errors: {:#?}", self.errors()))
    }
}

fn read_file(path: &Path) -> Result<File, ReadError> {
    let text = std::fs::read_to_string(path).map_err(|error| missing(&error.to_string()))?;
    let id = std::fs::canonicalize(path).map_err(|error| missing(&error.to_string()))?;
    Ok(File { id, text })
}

fn missing(wrong: &str) -> ReadError {
    ReadError { wrong: wrong.to_owned(), help: None }
}

fn templates() -> &'static Templates {
    static TEMPLATES: OnceLock<Templates> = OnceLock::new();
    TEMPLATES.get_or_init(|| Templates::new(&[]).expect("the built-in templates can be read"))
}
