//! The templates: the built-in ones, and the user's in place of them by the same names.

use serde::Serialize;
use std::fmt;
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
pub struct Templates(Tera);

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
        tera.add_raw_templates(all).map_err(|error| describe(&error, "a template"))?;
        Ok(Templates(tera))
    }

    /// Fills a template with a view.
    pub fn lay_out(&self, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let broken = |error: tera::Error| describe(&error, name);
        let context = Context::from_serialize(view).map_err(broken)?;
        self.0.render(name, &context).map_err(broken)
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
    TemplateError { template: name.to_owned(), place: None, message: error.to_string().replace('\n', " ") }
}
