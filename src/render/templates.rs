//! The templates: the built-in ones, the user's in place of them by the same names, and further ones.

use super::artefact::ArtefactKind;
pub use super::further::EXTENSION;

use super::further::{self, Further};
use super::limits::{self, Excess, RenderLimits};
use serde::Serialize;
use std::fmt;
use std::sync::{Arc, OnceLock};
use tera::{Context, Tera};

/// The built-in templates, by name. `container.yaml` is laid out once for each container; the manifests extend
/// `manifest.yaml`.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("profile.apparmor", include_str!("templates/profile.apparmor")),
    ("manifest.yaml", include_str!("templates/manifest.yaml")),
    ("pod.yaml", include_str!("templates/pod.yaml")),
    ("workload.yaml", include_str!("templates/workload.yaml")),
    ("cronjob.yaml", include_str!("templates/cronjob.yaml")),
    ("container.yaml", include_str!("templates/container.yaml")),
];

/// By this before their names, the built-in templates are reached where the user's own are in their places.
const PREFIX: &str = "aapol/";

/// Templates, parsed once.
#[derive(Debug)]
pub struct Templates {
    tera: Arc<Tera>,
    /// The names of the user's own: these are bounded.
    own: Vec<String>,
    further: Vec<Further>,
    /// What they have taken too much of: nothing is laid out after that.
    excess: OnceLock<Excess>,
}

/// What templates see of one policy.
#[derive(Debug)]
pub struct Filled(Context);

/// What is wrong with a template, and where.
#[derive(Debug)]
pub struct TemplateError {
    pub template: String,
    /// Line and column, from 1.
    pub place: Option<(usize, usize)>,
    pub message: String,
    /// What to do where its name is what is wrong with it.
    pub renaming: Option<String>,
}

impl TemplateError {
    /// A template whose name it cannot have.
    pub(super) fn named(template: &str, message: String, help: String) -> TemplateError {
        TemplateError { template: template.to_owned(), place: None, message, renaming: Some(help) }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}: ", self.template)?,
            None => write!(f, "{}: ", self.template)?,
        }
        f.write_str(&self.message)
    }
}

impl TemplateError {
    /// With the word at its place, where the message is about one and does not say which.
    fn with_word(mut self, own: &[(String, String)]) -> TemplateError {
        let text = own.iter().find(|(name, _)| *name == self.template).map_or("", |(_, text)| text);
        if let ("Unknown tag", Some((line, column))) = (self.message.as_str(), self.place) {
            let line = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
            let rest = line.chars().skip(column.saturating_sub(1));
            let word: String = rest.take_while(|c| c.is_alphanumeric() || *c == '_').take(60).collect();
            if !word.is_empty() {
                self.message = format!("Unknown tag `{word}`");
            }
        }
        self
    }
}

impl Templates {
    /// The built-in templates, with the user's own, by their names: in the places of built-in ones, or beside them.
    pub fn new(own: &[(String, String)]) -> Result<Templates, TemplateError> {
        let mut tera = Tera::new();
        // The output is no HTML, whatever a template is called.
        tera.autoescape_on(Vec::<&str>::new());
        let names: Vec<String> = own.iter().map(|(name, _)| name.clone()).collect();
        let further = further::among(names.iter().map(String::as_str))?;
        let replaces = |built_in: &str| names.iter().any(|name| name == built_in);
        let kept = BUILT_IN.into_iter().filter(|(name, _)| !replaces(name));
        let kept = kept.map(|(name, text)| (name.to_owned(), text));
        let reached = BUILT_IN.map(|(name, text)| (format!("{PREFIX}{name}"), text));
        let reached = reached.into_iter().filter(|_| !own.is_empty());
        let texts = own.iter().map(|(name, text)| (name.clone(), text.as_str()));
        let all: Vec<(String, &str)> = kept.chain(reached).chain(texts).collect();
        tera.add_raw_templates(all).map_err(|error| describe(&error, &names.join(", ")).with_word(own))?;
        Ok(Templates { tera: Arc::new(tera), own: names, further, excess: OnceLock::new() })
    }

    /// Whether some are the user's own.
    pub fn are_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// The further templates, each with what the names of its files end in.
    pub fn further(&self) -> impl Iterator<Item = (&str, &str)> {
        self.further.iter().map(|further| (further.template.as_str(), further.suffix.as_str()))
    }

    /// Everything that the names of rendered files end in.
    pub fn suffixes(&self) -> Vec<&str> {
        let further = self.further.iter().map(|further| further.suffix.as_str());
        let built_in = ArtefactKind::ALL.into_iter().filter_map(|kind| -> Option<&str> { kind.suffix() });
        built_in.chain(further).collect()
    }

    /// Makes a view ready for all templates.
    pub fn fill(&self, view: &impl Serialize) -> Result<Filled, TemplateError> {
        Context::from_serialize(view).map(Filled).map_err(|error| describe(&error, self.blamed("the view")))
    }

    /// Lays a template out.
    pub fn lay_out(&self, name: &str, Filled(context): &Filled) -> Result<String, TemplateError> {
        let broken = |error: tera::Error| describe(&error, self.blamed(name));
        if self.own.is_empty() {
            return self.tera.render(name, context).map_err(broken);
        }
        if let Some(excess) = self.excess.get() {
            return Err(self.too_much(name, excess));
        }
        match limits::render(&self.tera, name, context.clone(), RenderLimits::USUAL) {
            Ok(text) => text.map_err(broken),
            Err(excess) => Err(self.too_much(name, self.excess.get_or_init(|| excess))),
        }
    }

    /// Whether nothing is laid out any more: what has taken too much still runs, so the process should end soon.
    pub fn are_stopped(&self) -> bool {
        self.excess.get().is_some()
    }

    fn too_much(&self, name: &str, excess: &Excess) -> TemplateError {
        TemplateError {
            template: self.blamed(name).to_owned(),
            place: None,
            message: excess.to_string(),
            renaming: None,
        }
    }

    /// The template to name where nothing says which it was: the user's own, or, of several, the one that was asked for.
    fn blamed<'a>(&'a self, name: &'a str) -> &'a str {
        match self.own.as_slice() {
            [only] => only,
            _ => name,
        }
    }
}

fn describe(error: &tera::Error, name: &str) -> TemplateError {
    use tera::ErrorKind;
    if let ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) = error.kind() {
        let span = report.span();
        return TemplateError {
            template: report.filename().to_owned(),
            place: Some((span.start_line, span.start_col + 1)),
            message: report.message().replace('\n', " "),
            renaming: None,
        };
    }
    let text = error.to_string();
    if let Some(error) = reported(&text) {
        return error;
    }
    let template = if let ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } =
        error.kind()
    {
        tpl
    } else if let ErrorKind::MissingParent { current, .. } = error.kind() {
        current
    } else {
        name
    };
    TemplateError {
        template: template.to_owned(),
        place: None,
        message: text.replace('\n', " "),
        renaming: None,
    }
}

/// What names that stand for nothing come as: text for people, of which the first two lines say what and where.
fn reported(text: &str) -> Option<TemplateError> {
    let mut lines = text.lines();
    let message = lines.next()?.strip_prefix("error: ")?.to_owned();
    let mut place = lines.next()?.trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
    let (column, line) = (place.next()?.parse().ok()?, place.next()?.parse().ok()?);
    Some(TemplateError {
        template: place.next()?.to_owned(),
        place: Some((line, column)),
        message,
        renaming: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn error(template: &str) -> String {
        let own = [("podspec.tera".to_owned(), template.to_owned())];
        let view: BTreeMap<&str, &str> = BTreeMap::new();
        let laid_out = Templates::new(&own).and_then(|all| all.lay_out("podspec.tera", &all.fill(&view)?));
        laid_out.map_or_else(|error| error.to_string(), |text| format!("{} bytes", text.len()))
    }

    #[test]
    fn a_broken_template_is_named_with_its_line() {
        assert_eq!(error("a\n{{ \"a\" | no_such }}"), "podspec.tera:2:10: Unknown filter `no_such`");
        assert_eq!(error("{% if true %}\n a {% macro x() %}"), "podspec.tera:2:7: Unknown tag `macro`");
        assert_eq!(error("\n\n{% include \"no\" %}"), "podspec.tera:3:12: Unknown template `no`");
        assert!(error("{% include \"podspec.tera\" %}").starts_with("podspec.tera: "));
        let endless = "{% component x() %}{{ <x /> }}{% endcomponent x %}{{ <x /> }}";
        assert!(error(endless).starts_with("podspec.tera: Maximum render recursion depth"));
        assert!(error("{% extends \"none\" %}").starts_with("podspec.tera: "));
        assert!(error("a\n{{ no_such }}").starts_with("podspec.tera:2:4: "));
    }
}
