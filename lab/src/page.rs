//! The page of the docs that says what was proven: its tables are written by a whole run, and compared by the next.
//!
//! Counts, kernel series and limits stand there; nothing that a security update of Debian changes.

use crate::check::Report;
use crate::generation::Generation;
use crate::policy::project;
use crate::suites::{self, Suite};
use crate::{Fail, Result};
use std::fmt::Write as _;
use std::fs;

const PAGE: &str = "docs/proof.md";
const MARK: &str = "<!-- written by the lab: `cargo run -p lab -- --bless` -->\n";

/// What a whole run has to say, as the page has it.
pub(crate) fn written(suites: &[Suite], generations: &[Generation], reports: &[Report]) -> Result<String> {
    let mut text = String::from("\n| suite | what is tried |");
    for generation in generations {
        write!(
            text,
            " {}, kernel {}, parser {} |",
            generation.name,
            generation.kernel_version,
            short(generation)
        )?;
    }
    write!(text, "\n|---|---|{}\n", "--:|".repeat(generations.len()))?;
    let find = |suite: &str, generation: &str| {
        reports.iter().find(|report| report.suite == suite && report.generation == generation)
    };
    for suite in suites {
        write!(text, "| `{}` | {} |", suite.name, suite.about)?;
        for generation in generations {
            let found = find(suite.name, generation.name).ok_or_else(|| Fail::new("a suite is missing"))?;
            write!(text, " {} |", found.tried)?;
        }
        text.push('\n');
    }
    let tried: usize = reports.iter().map(|report| report.tried).sum();
    let wrong: usize = reports.iter().map(|report| report.wrong.len()).sum();
    writeln!(text, "\nTogether {tried}, of which {wrong} came out otherwise than the policies say.\n")?;
    text.push_str("## What gets around a rule\n\nThese ways were tried and get through, on each kernel. They are limits of AppArmor or of the policy's own words:\n\n");
    for (reason, mut ways) in suites::ways_through() {
        // One way under several policies.
        ways.dedup();
        writeln!(text, "- {}: `{}`.", capital(reason), ways.join("`, `"))?;
    }
    Ok(text)
}

/// Writes the page's tables, or says in what they differ.
pub(crate) fn settle(text: &str, bless: bool) -> Result<Option<String>> {
    let path = project().join(PAGE);
    let page = fs::read_to_string(&path)?;
    let (head, tail) =
        page.split_once(MARK).ok_or_else(|| Fail::new(&format!("{PAGE} has lost its mark")))?;
    if tail == text {
        return Ok(None);
    }
    if bless {
        fs::write(&path, format!("{head}{MARK}{text}"))?;
        return Ok(None);
    }
    let changed = similar::TextDiff::from_lines(tail, text).unified_diff().to_string();
    Ok(Some(format!(
        "{PAGE} does not say what was found; `cargo run -p lab -- --bless` writes it:\n{changed}"
    )))
}

/// The parser's version without its last part.
fn short(generation: &Generation) -> String {
    generation.parser.version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}
