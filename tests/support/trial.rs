//! A policy's way through the library: its text in, its findings and both files out.

use aapol::analysis::{Analysis, Options};
use aapol::ask::Ruleset;
use aapol::diag::{Findings, Fixes, Severity, Sources};
use aapol::plan::Plan;
use aapol::policy::load::File;
use aapol::policy::{self, ReadError};
use aapol::render::{ArtefactKind, Templates};
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

/// What became of a policy.
#[derive(Debug)]
pub(crate) struct Trial {
    analysis: Analysis,
    /// None where a finding is an error.
    pub(crate) rendered: Option<Rendered>,
}

/// The texts of both files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) profile: String,
    pub(crate) pod: String,
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
        let analysis = Analysis::new(path, reader, &Options::default());
        let artefacts = analysis.artefacts(templates());
        let artefacts = artefacts.map(|all| all.expect("the built-in templates take every plan"));
        let rendered = artefacts.map(|mut all| {
            let mut text = |kind: ArtefactKind| {
                let found = all.iter_mut().find(|artefact| artefact.kind == kind);
                std::mem::take(&mut found.expect("each is rendered").text)
            };
            Rendered { profile: text(ArtefactKind::Profile), pod: text(ArtefactKind::Manifest) }
        });
        Trial { analysis, rendered }
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.analysis.sources
    }

    pub(crate) fn findings(&self) -> &Findings {
        &self.analysis.findings
    }

    pub(crate) fn fixes(&self) -> &Fixes {
        self.analysis.fixes()
    }

    /// None where a finding is an error.
    pub(crate) fn plan(&self) -> Option<&Plan> {
        self.analysis.plan()
    }

    pub(crate) fn abi(&self) -> &'static str {
        self.plan().map_or("3.0", |plan| plan.profile().abi.name())
    }

    /// The rules that the profile has, as the plan counts them.
    pub(crate) fn rules(&self) -> usize {
        let blocks = self.plan().into_iter().flat_map(|plan| &plan.profile().blocks);
        blocks.map(|block| block.rules.len()).sum()
    }

    pub(crate) fn is_abstract(&self) -> bool {
        self.analysis.is_abstract()
    }

    /// The profile to be asked, on a machine that has no abstractions.
    pub(crate) fn ruleset(&self) -> Option<Ruleset> {
        self.analysis.ruleset(&|_: &str| None)
    }

    /// The errors, in words.
    pub(crate) fn errors(&self) -> Vec<String> {
        let errors = self.findings().iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| format!("{}: {}", finding.code.name, finding.message)).collect()
    }

    /// The codes of all findings, in their order.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.findings().iter().map(|finding| finding.code.name).collect()
    }

    /// The codes of the findings on the lines of a stretch of the first file. A second place counts: what
    /// decided is pointed at too.
    pub(crate) fn codes_at(&self, range: &Range<usize>) -> Vec<&'static str> {
        let Some(source) = self.sources().iter().next() else {
            return Vec::new();
        };
        let lines = source.line_of(range.start)..=source.line_of(range.end);
        let is_here = |place: &aapol::diag::Place| {
            place.start <= source.text.len() && lines.contains(&source.line_of(place.start))
        };
        let here = self.findings().iter().filter(|finding| {
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

/// A policy that stands alone in `web.toml`.
pub(crate) fn alone(text: &str) -> Analysis {
    let read = |path: &Path| match path.to_str() {
        Some("web.toml") => Ok(File { id: path.to_owned(), text: text.to_owned() }),
        _ => Err(missing("does not exist")),
    };
    Analysis::new(Path::new("web.toml"), &read, &Options::default())
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
