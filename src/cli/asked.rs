//! What is asked: a policy, by what its profile will decide, or a profile as it is.

use super::console::Console;
use super::input::Input;
use super::report::{self, Reported};
use super::{Colour, Failure, Format, judge};
use crate::ask::{Line, Ruleset, ruleset};
use crate::check::{Checked, Options};
use crate::diag::{Severity, Sources};
use crate::policy::Policy;
use crate::rules::{self, Profile};
use std::path::Path;

/// Something that can be asked, and where its rules come from.
pub(super) struct Asked {
    pub(super) ruleset: Ruleset,
    pub(super) sources: Sources,
    /// None for the text of a profile.
    pub(super) policy: Option<Policy>,
}

/// The ruleset of a policy's own profile.
pub(super) fn ruleset(profile: &Profile, checked: &Checked) -> Ruleset {
    ruleset::typed(profile, checked.mode.value)
}

/// Reads what is to be asked. None, and what is wrong said, where a policy has errors.
pub(super) fn read(path: &Path, console: &mut Console) -> Result<Option<Asked>, Failure> {
    let input = Input { path: path.to_owned(), found: false };
    let Some(mut judged) = judge::judge(&input, &Options::default()) else { return Ok(None) };
    let Some(checked) = &judged.checked else {
        judged.loaded.findings.retain(|finding| finding.severity == Severity::Error);
        let colour = report::colour(Colour::Auto, Format::Human, false);
        let (findings, sources) = (&judged.loaded.findings, &judged.loaded.sources);
        let reported = Reported::new(findings, sources, Format::Human, colour);
        report::show(vec![reported], Format::Human, false, console);
        return match judged.loaded.unreadable {
            true => Err(Failure::new(format!("`{}` could not be read", path.display()))),
            false => Ok(None),
        };
    };
    let ruleset = ruleset(&rules::lower(checked), checked);
    Ok(Some(Asked { ruleset, sources: judged.loaded.sources, policy: judged.loaded.policy }))
}

impl Asked {
    /// Where a rule comes from: entries by file and line, or what stands above it in the profile.
    pub(super) fn origins(&self, line: &Line) -> Vec<String> {
        if line.from.is_empty() {
            return vec![line.origin.clone()];
        }
        let entry = |place| {
            let text = self.sources.locate(place).and_then(|(source, range)| source.text.get(range));
            let text = text.filter(|text| text.len() <= 80 && !text.contains('\n')).unwrap_or("");
            format!("{}: {text}", self.sources.line(place)).trim_end_matches(": ").to_owned()
        };
        line.from.iter().copied().map(entry).collect()
    }
}
