//! From a plan to text: views of finished strings, laid out by Tera templates.
//!
//! Enters: a `Plan`. Leaves: the profile and the manifest. Values are quoted here, before a template sees
//! them; templates loop and lay out. Knows nothing of the policy.

mod limits;
pub mod templates;
pub mod view;
pub mod yaml;

pub use templates::{TemplateError, Templates};

use crate::plan::Plan;
use crate::{pod, rules};

/// The two files of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub profile: String,
    pub pod: String,
}

/// Renders both files.
pub fn render(templates: &Templates, plan: &Plan) -> Result<Rendered, TemplateError> {
    Ok(Rendered {
        profile: templates.lay_out("profile.apparmor", &view::profile(plan.profile()))?,
        pod: templates.lay_out(view::template(plan.pod()), &view::manifest(plan.pod()))?,
    })
}

/// The policy that a rendered file is of, by its first line; none where it was not rendered.
pub fn owner(text: &str) -> Option<&str> {
    let line = text.lines().next()?.strip_prefix("# ")?;
    [rules::MARK, pod::MARK]
        .iter()
        .find_map(|mark| line.split_once(&format!(": {mark}")))
        .map(|(name, _)| name)
}
