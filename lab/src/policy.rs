//! Policies on their way through the library, as the program itself takes them.

#[path = "../../tests/support/toml_below.rs"]
mod toml_below;

use crate::{Fail, Result};
use aapol::analysis::{Analysis, Options};
use aapol::ask::Ruleset;
use aapol::cli::codes;
use aapol::diag::Severity;
use aapol::policy::load::File;
use aapol::policy::{self, ReadError};
use aapol::render::{ArtefactKind, Templates};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml_below::toml_below;

/// A policy and what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    /// Where it is from, for a person.
    pub(crate) place: String,
    /// The profile's name, which is its label in the kernel.
    pub(crate) name: String,
    pub(crate) abi: &'static str,
    pub(crate) profile: String,
    pub(crate) manifest: String,
    /// The expectations, inherited ones among them.
    pub(crate) allow: Vec<String>,
    pub(crate) deny: Vec<String>,
    pub(crate) is_complain: bool,
    /// What the program itself says that the profile decides.
    pub(crate) ruleset: Arc<Ruleset>,
}

impl Rendered {
    /// A policy that is written here. It must have no errors.
    pub(crate) fn of(place: &str, text: &str) -> Result<Rendered> {
        let path = PathBuf::from("policy.toml");
        let reader = |_: &Path| Ok(File { id: PathBuf::from("policy.toml"), text: text.to_owned() });
        match read(&path, &reader) {
            Ok(rendered) => rendered
                .map(|rendered| Rendered { place: place.to_owned(), ..rendered })
                .ok_or_else(|| Fail::new(&format!("{place}: the policy is abstract"))),
            Err(errors) => Err(Fail::new(&format!("{place}: {}\n{text}", errors.join("; ")))),
        }
    }

    /// A policy on disk: None where it has errors or is only there to be built on.
    pub(crate) fn on_disk(path: &Path) -> Option<Rendered> {
        let place = path.strip_prefix(project()).unwrap_or(path).display().to_string();
        let reader = |path: &Path| {
            let missing = |error: std::io::Error| ReadError { wrong: error.to_string(), help: None };
            let text = std::fs::read_to_string(path).map_err(missing)?;
            Ok(File { id: std::fs::canonicalize(path).map_err(missing)?, text })
        };
        read(path, &reader).ok().flatten().map(|rendered| Rendered { place, ..rendered })
    }

    /// Every policy of the examples and the golden cases that renders, in order.
    pub(crate) fn all() -> Vec<Rendered> {
        let examples = toml_below(&project().join("examples"));
        let golden = toml_below(&project().join("golden"));
        let on_disk = examples.iter().chain(&golden).filter_map(|path| Rendered::on_disk(path));
        on_disk.chain(Rendered::documented()).collect()
    }

    /// Golden cases whose policy stands in the document of their finding.
    fn documented() -> impl Iterator<Item = Rendered> {
        codes::all().filter_map(|code| {
            let case = format!("golden/check/{}", code.name);
            let folder = project().join(&case);
            let is_case = folder.is_dir() && !folder.join("policy.toml").exists();
            is_case.then(|| Rendered::of(&format!("{case}/policy.toml"), code.bad()).ok()).flatten()
        })
    }
}

fn read(path: &Path, reader: &policy::Reader<'_>) -> std::result::Result<Option<Rendered>, Vec<String>> {
    let analysis = Analysis::new(path, reader, &Options::default());
    let (Some(policy), Some(plan), Some(ruleset)) =
        (analysis.policy(), analysis.plan(), analysis.ruleset(&|_: &str| None))
    else {
        let errors = analysis.findings.iter().filter(|finding| finding.severity == Severity::Error);
        return Err(errors.map(|error| format!("{}: {}", error.code.name, error.message)).collect());
    };
    if analysis.is_abstract() {
        return Ok(None);
    }
    let texts = |texts: &[policy::Text]| texts.iter().map(|text| text.value.clone()).collect();
    let artefacts = Templates::new(&[]).and_then(|templates| analysis.artefacts(&templates).transpose());
    let artefacts = artefacts.map_err(|error| vec![error.to_string()])?.unwrap_or_default();
    let text = |kind: ArtefactKind| {
        let found = artefacts.iter().find(|artefact| artefact.kind == kind);
        found.map(|artefact| artefact.text.clone()).unwrap_or_default()
    };
    let profile = text(ArtefactKind::Profile);
    Ok(Some(Rendered {
        place: String::new(),
        name: plan.profile().name.clone(),
        abi: plan.profile().abi.name(),
        is_complain: profile.contains("flags=(complain") || profile.contains(",complain"),
        profile,
        manifest: text(ArtefactKind::Manifest),
        ruleset: Arc::new(ruleset),
        allow: texts(&policy.expect.allow),
        deny: texts(&policy.expect.deny),
    }))
}

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}
