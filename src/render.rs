//! From a plan to artefacts: views of finished strings, laid out by Tera templates.
//!
//! Enters: a `Plan`, and the texts that its places are in. Leaves: the profile, the manifest, and what further templates
//! lay out. Values are quoted here, before a template sees them; templates loop and lay out. Knows nothing of the
//! policy's judgement.

pub mod artefact;
mod further;
mod limits;
pub mod templates;
pub mod variables;
pub mod view;
pub mod yaml;

pub use artefact::{Artefact, ArtefactKind, owner};
pub use templates::{TemplateError, Templates};

use crate::diag::Sources;
use crate::plan::Plan;

/// Renders all artefacts of a policy.
pub fn render(templates: &Templates, plan: &Plan, sources: &Sources) -> Result<Vec<Artefact>, TemplateError> {
    let view = templates.fill(&view::view(plan, sources, templates.are_own()))?;
    let mut artefacts = Vec::new();
    for kind in ArtefactKind::ALL {
        for (template, suffix) in layouts(kind, templates, plan) {
            let text = templates.lay_out(template, &view)?;
            artefacts.push(Artefact { kind, name: format!("{}{suffix}", plan.policy().name), text });
        }
    }
    Ok(artefacts)
}

/// The templates that lay out a kind, each with what the names of its files end in.
fn layouts<'a>(kind: ArtefactKind, templates: &'a Templates, plan: &Plan) -> Vec<(&'a str, &'a str)> {
    let built_in = match kind {
        ArtefactKind::Profile => "profile.apparmor",
        ArtefactKind::Manifest => view::template(plan.pod()),
        ArtefactKind::Further => return templates.further().collect(),
    };
    kind.suffix().map(|suffix| (built_in, suffix)).into_iter().collect()
}
