//! Findings: what is wrong, where, and what to do about it.
//!
//! Enters: a message with places in the sources. Leaves: text for people, JSON, SARIF or GitHub annotations.
//! Knows nothing of policies, AppArmor or Kubernetes.

pub mod code;
pub mod fix;
pub mod github;
pub mod human;
pub mod json;
pub mod report;
pub mod sarif;
pub mod shown;
pub mod sources;
pub mod suggest;

pub use code::Code;
pub(crate) use code::code;
pub use fix::{Fix, Fixes, SettledFix, Splice, Value};
pub use report::Report;
pub use shown::one_line;
pub use sources::{Place, Sources};

use std::collections::BTreeSet;

/// How much a finding weighs. Ordered from the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A place with a word on why it is shown.
#[derive(Clone, Debug)]
pub struct Label {
    pub place: Place,
    pub text: String,
    /// It is guilty too: findings of several places were gathered into one.
    pub is_guilty: bool,
}

/// One thing that was noticed about a policy.
#[derive(Clone, Debug)]
pub struct Finding {
    pub code: &'static Code,
    pub severity: Severity,
    pub message: String,
    /// What is said of several places at once; none where each finding stands for itself.
    pub message_of_many: Option<&'static str>,
    /// The guilty place, where there is one.
    pub place: Option<Place>,
    pub label: String,
    /// The places that decided.
    pub others: Vec<Label>,
    pub help: Option<String>,
    /// What to do where several are one finding, if that is not what to do about each.
    pub help_of_many: Option<&'static str>,
    pub fix: Option<Fix>,
}

impl Finding {
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Finding {
        Finding { place: Some(place), ..Finding::without_place(code, message) }
    }

    /// For what has no place in a policy: a file that cannot be read, a parser that is missing.
    pub fn without_place(code: &'static Code, message: impl Into<String>) -> Finding {
        Finding {
            code,
            severity: code.severity,
            message: one_line(message.into()),
            message_of_many: None,
            place: None,
            label: String::new(),
            others: Vec::new(),
            help: None,
            help_of_many: None,
            fix: None,
        }
    }

    /// A word at the guilty place.
    pub fn label(mut self, text: impl Into<String>) -> Finding {
        self.label = one_line(text.into());
        self
    }

    /// Another place that has a part in it.
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Finding {
        self.others.push(Label { place, text: one_line(text.into()), is_guilty: false });
        self
    }

    /// Where a policy has several of them they are one finding, which says this.
    pub fn gathered(mut self, message: &'static str) -> Finding {
        self.message_of_many = Some(message);
        self
    }

    /// Each place that is guilty, the first one in front.
    pub fn guilty(&self) -> impl Iterator<Item = Place> {
        self.place.into_iter().chain(self.others.iter().filter(|o| o.is_guilty).map(|o| o.place))
    }

    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.help = Some(one_line(text.into()));
        self
    }

    pub fn help_of_many(mut self, text: &'static str) -> Finding {
        self.help_of_many = Some(text);
        self
    }

    /// What was probably meant, as help and as a fix.
    pub fn did_you_mean(self, place: Place, near: &str) -> Finding {
        self.help(format!("did you mean `{near}`?")).fix(place, near)
    }

    /// The fix is another text as the value or key at a place.
    pub fn fix(mut self, place: Place, text: impl Into<String>) -> Finding {
        self.fix = Some(Fix { place, value: Some(Value::Text(text.into())) });
        self
    }

    /// The fix is a value at a place as it is written, or a dotted key.
    pub fn fix_written(mut self, place: Place, written: impl Into<String>) -> Finding {
        self.fix = Some(Fix { place, value: Some(Value::Written(written.into())) });
        self
    }

    /// The fix is to take an entry out of its list.
    pub fn take_out(mut self, place: Place) -> Finding {
        self.fix = Some(Fix { place, value: None });
        self
    }
}

/// Where findings are gathered.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    pub fn add(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub fn append(&mut self, mut others: Findings) {
        self.0.append(&mut others.0);
    }

    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|f| f.severity == Severity::Error)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// What is wanted, whether it can be made or not.
    pub fn fixes(&self) -> impl Iterator<Item = &Fix> {
        self.0.iter().filter_map(|finding| finding.fix.as_ref())
    }

    pub fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        self.0.retain(keep);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By position, those without one first; what is said twice is said once.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| (a.place, a.code.name, &a.message).cmp(&(b.place, b.code.name, &b.message)));
        self.0.dedup_by(|a, b| a.place == b.place && a.code.name == b.code.name && a.message == b.message);
    }

    /// What is said of several entries alike is said once, at all of them. A fix belongs to one place, so a finding
    /// that has one stands for itself.
    pub fn gather(&mut self) {
        let mut kept: Vec<Finding> = Vec::with_capacity(self.0.len());
        for finding in std::mem::take(&mut self.0) {
            let (Some(message), Some(place), None) = (finding.message_of_many, finding.place, &finding.fix)
            else {
                kept.push(finding);
                continue;
            };
            let alike = |f: &&mut Finding| {
                f.code == finding.code
                    && f.severity == finding.severity
                    && f.message_of_many == Some(message)
                    && f.place.is_some()
                    && f.fix.is_none()
            };
            match kept.iter_mut().find(alike) {
                Some(first) => {
                    message.clone_into(&mut first.message);
                    first.help_of_many = first.help_of_many.or(finding.help_of_many);
                    first.help = first.help_of_many.map(str::to_owned).or(first.help.take());
                    first.others.push(Label { place, text: finding.label, is_guilty: true });
                    for other in finding.others {
                        let is_shown =
                            first.others.iter().any(|o| o.place == other.place && o.text == other.text);
                        if !is_shown {
                            first.others.push(other);
                        }
                    }
                }
                None => kept.push(finding),
            }
        }
        self.0 = kept;
    }

    /// As a person reads them: the gravest first, each weight by position.
    pub fn gravest_first(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.0.iter().collect();
        all.sort_by_key(|finding| finding.severity);
        all
    }

    /// A value that is wrong needs no further doubts: fixing it may answer them.
    pub fn drop_doubts_about_errors(&mut self) {
        let wrong: BTreeSet<Place> =
            self.0.iter().filter(|f| f.severity == Severity::Error).filter_map(|f| f.place).collect();
        self.0.retain(|f| f.severity == Severity::Error || f.place.is_none_or(|p| !wrong.contains(&p)));
    }

    /// Under `--strict`, warnings are errors.
    pub fn make_strict(&mut self) {
        for finding in &mut self.0 {
            if finding.severity == Severity::Warning {
                finding.severity = Severity::Error;
            }
        }
    }
}
