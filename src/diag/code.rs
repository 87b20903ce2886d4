//! A kind of finding: its name, its weight, and its document.
//!
//! `docs/findings/NAME.md` holds every word about it. It is embedded here and read when somebody asks: the heading is
//! `# NAME: SUMMARY`, paragraphs explain, `## Bad` and `## Good` hold an example each. tests/codes.rs holds every
//! document to this form, so what is not found in one is empty rather than an error.

use super::Severity;

#[derive(Debug)]
pub struct Code {
    pub name: &'static str,
    pub severity: Severity,
    /// Its document, whole.
    pub document: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.name == other.name
    }
}

/// A code by its name, with the document of that name.
macro_rules! code {
    ($name:literal, $severity:ident) => {
        $crate::diag::Code {
            name: $name,
            severity: $crate::diag::Severity::$severity,
            document: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings/", $name, ".md")),
        }
    };
}

pub(crate) use code;

impl Code {
    /// What it is, in a few words: lower case, no full stop.
    pub fn summary(&self) -> &'static str {
        let heading = self.document.lines().next().and_then(|line| line.strip_prefix("# "));
        let named = heading.and_then(|heading| heading.strip_prefix(self.name));
        named.and_then(|rest| rest.strip_prefix(": ")).unwrap_or_default()
    }

    /// Why it matters and what to do, a line a paragraph, with an empty one between two.
    pub fn explanation(&self) -> String {
        let below = self.document.split_once("\n\n").map_or("", |(_, below)| below);
        let paragraphs = below.split("\n\n").take_while(|paragraph| !paragraph.starts_with("## "));
        let paragraphs: Vec<String> =
            paragraphs.map(|paragraph| paragraph.lines().collect::<Vec<_>>().join(" ")).collect();
        paragraphs.join("\n\n")
    }

    /// A policy that has it; empty where none can be shown.
    pub fn bad(&self) -> &'static str {
        self.example("Bad")
    }

    /// A policy that has it not.
    pub fn good(&self) -> &'static str {
        self.example("Good")
    }

    fn example(&self, title: &str) -> &'static str {
        let section = self.document.split_once(&format!("\n## {title}\n\n```toml\n"));
        section.and_then(|(_, below)| below.split_once("```\n")).map_or("", |(example, _)| example)
    }
}
