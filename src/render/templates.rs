//! The templates: the built-in ones, and the user's in place of them by the same names.

use super::limits::{self, Excess, Limits};
use serde::Serialize;
use std::fmt;
use std::sync::{Arc, OnceLock};
use tera::{Context, Tera};

/// The built-in templates, by name.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("profile.apparmor", include_str!("templates/profile.apparmor")),
    ("pod.yaml", include_str!("templates/pod.yaml")),
    ("workload.yaml", include_str!("templates/workload.yaml")),
    ("cronjob.yaml", include_str!("templates/cronjob.yaml")),
    ("metadata.yaml", include_str!("templates/metadata.yaml")),
    ("podspec.yaml", include_str!("templates/podspec.yaml")),
];

/// Templates, parsed once.
#[derive(Debug)]
pub struct Templates {
    tera: Arc<Tera>,
    /// The names of the user's own: these are bounded.
    replaced: Vec<String>,
    /// What they have taken too much of: nothing is laid out after that.
    excess: OnceLock<Excess>,
}

/// What is wrong with a template, and where.
#[derive(Debug)]
pub struct TemplateError {
    pub template: String,
    /// Line and column, from 1.
    pub place: Option<(usize, usize)>,
    pub message: String,
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

impl Templates {
    /// The built-in templates, some replaced.
    pub fn new(replaced: &[(String, String)]) -> Result<Templates, TemplateError> {
        let mut tera = Tera::new();
        // The output is no HTML, whatever a template is called.
        tera.autoescape_on(Vec::<&str>::new());
        let all = BUILT_IN.map(|(name, text)| {
            let own = replaced.iter().find(|(replaced, _)| replaced == name);
            (name, own.map_or(text, |(_, text)| text.as_str()))
        });
        let replaced: Vec<String> = replaced.iter().map(|(name, _)| name.clone()).collect();
        tera.add_raw_templates(all).map_err(|error| describe(&error, &replaced.join(", ")))?;
        Ok(Templates { tera: Arc::new(tera), replaced, excess: OnceLock::new() })
    }

    /// Fills a template with a view.
    pub fn lay_out(&self, name: &'static str, view: &impl Serialize) -> Result<String, TemplateError> {
        let broken = |error: tera::Error| describe(&error, self.blamed(name));
        let context = Context::from_serialize(view).map_err(broken)?;
        if self.replaced.is_empty() {
            return self.tera.render(name, &context).map_err(broken);
        }
        if let Some(excess) = self.excess.get() {
            return Err(self.too_much(name, excess));
        }
        match limits::render(&self.tera, name, context, Limits::USUAL) {
            Ok(text) => text.map_err(broken),
            Err(excess) => Err(self.too_much(name, self.excess.get_or_init(|| excess))),
        }
    }

    /// Whether nothing is laid out any more: what has taken too much still runs, so the process should end soon.
    pub fn are_stopped(&self) -> bool {
        self.excess.get().is_some()
    }

    fn too_much(&self, name: &str, excess: &Excess) -> TemplateError {
        TemplateError { template: self.blamed(name).to_owned(), place: None, message: excess.to_string() }
    }

    /// The template to name where nothing says which it was: the user's own, or, of several, the one that was asked for.
    fn blamed<'a>(&'a self, name: &'a str) -> &'a str {
        match self.replaced.as_slice() {
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
    TemplateError { template: template.to_owned(), place: None, message: text.replace('\n', " ") }
}

/// What names that stand for nothing come as: text for people, of which the first two lines say what and where.
fn reported(text: &str) -> Option<TemplateError> {
    let mut lines = text.lines();
    let message = lines.next()?.strip_prefix("error: ")?.to_owned();
    let mut place = lines.next()?.trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
    let (column, line) = (place.next()?.parse().ok()?, place.next()?.parse().ok()?);
    Some(TemplateError { template: place.next()?.to_owned(), place: Some((line, column)), message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn error(template: &str) -> String {
        let replaced = [("podspec.yaml".to_owned(), template.to_owned())];
        let view: BTreeMap<&str, &str> = BTreeMap::new();
        let laid_out = Templates::new(&replaced).and_then(|all| all.lay_out("podspec.yaml", &view));
        laid_out.map_or_else(|error| error.to_string(), |text| format!("{} bytes", text.len()))
    }

    #[test]
    fn a_broken_template_is_named_with_its_line() {
        assert_eq!(error("a\n{{ \"a\" | no_such }}"), "podspec.yaml:2:10: Unknown filter `no_such`");
        assert_eq!(error("\n\n{% include \"no\" %}"), "podspec.yaml:3:12: Unknown template `no`");
        assert!(error("{% include \"podspec.yaml\" %}").starts_with("podspec.yaml: "));
        let endless = "{% component x() %}{{ <x /> }}{% endcomponent x %}{{ <x /> }}";
        assert!(error(endless).starts_with("podspec.yaml: Maximum render recursion depth"));
        assert!(error("{% extends \"none\" %}").starts_with("podspec.yaml: "));
        assert!(error("a\n{{ no_such }}").starts_with("podspec.yaml:2:4: "));
    }
}
