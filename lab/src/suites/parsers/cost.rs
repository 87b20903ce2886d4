//! What a profile costs a node: its compiled size and the time to compile it, beside other generators' shapes.
//!
//! Sizes are facts of a parser and compared with the docs where those were written with the same parser. Times are
//! facts of a machine: written, and compared with nothing.

use super::shapes;
use crate::check::Report;
use crate::generation::Generation;
use crate::parser::{Parser, Settings, Warnings};
use crate::policy::{Rendered, project};
use crate::{Fail, Result};
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

const DOCS: &str = "docs/proof-cost.md";
/// How often each profile is compiled; the median is written.
const RUNS: usize = 15;

struct Profile {
    label: String,
    text: String,
}

/// One parser's figures, a cell for each profile.
struct Column {
    heading: String,
    cells: Vec<String>,
}

/// The sizes in the docs, where they are of this parser.
pub(super) fn compare(generation: &Generation, parser: &Parser, report: &mut Report) -> Result<()> {
    let docs = fs::read_to_string(project().join(DOCS))?;
    let heading = heading(generation, parser);
    for profile in profiles()? {
        let Some(cell) = cell(&docs, &heading, &profile.label) else {
            report.leave_out(format!("{DOCS} has no size of {heading}"));
            continue;
        };
        let size = compiled(parser, &profile)?.to_string();
        let same = if cell.split(',').next() == Some(size.as_str()) {
            Ok(())
        } else {
            Err(format!("{size} bytes, and {DOCS} says {cell}: `lab {} --bless` writes it", super::NAME))
        };
        report.count(&format!("{}, {heading}", profile.label), same);
    }
    Ok(())
}

/// Measures one process at a time, since two would be in each other's way.
pub(in crate::suites) fn bless(generations: &[Generation]) -> Result<()> {
    let profiles = profiles()?;
    let mut columns = Vec::new();
    for generation in generations {
        for parser in generation.parsers()? {
            let heading = heading(generation, &parser);
            columns.push(Column { heading, cells: measured(&parser, &profiles)? });
        }
    }
    Ok(fs::write(project().join(DOCS), page(&profiles, &columns))?)
}

fn profiles() -> Result<Vec<Profile>> {
    let mut profiles = Vec::new();
    for bane in &shapes::BANE {
        let name = bane.policy;
        let path = project().join("examples").join(name).join("policy.toml");
        let ours = Rendered::on_disk(&path);
        let ours = ours.ok_or_else(|| Fail::new(&format!("the example {name} does not render")))?;
        profiles.push(Profile { label: format!("`{name}`, aapol"), text: ours.profile });
        profiles.push(Profile { label: format!("`{name}`, bane's shape"), text: shapes::bane(bane) });
    }
    profiles.push(Profile { label: "any, docker-default's shape".to_owned(), text: shapes::docker() });
    let nothing = "abi <abi/3.0>,\nprofile nothing {\n}\n";
    profiles.push(Profile { label: "no rules at all".to_owned(), text: nothing.to_owned() });
    Ok(profiles)
}

/// A parser as the docs name it, with the kernel whose features it is given.
fn heading(generation: &Generation, parser: &Parser) -> String {
    format!("parser {}, kernel {}", parser.package, generation.kernel_version)
}

fn compiled(parser: &Parser, profile: &Profile) -> Result<usize> {
    let output = parser.run(&profile.text, Settings::Debian, Warnings::Usual)?;
    if !output.status.success() || output.stdout.is_empty() {
        return Err(Fail::of(&profile.label, &output));
    }
    Ok(output.stdout.len())
}

/// In rounds, so that other work on the machine is in the way of all profiles alike.
fn measured(parser: &Parser, profiles: &[Profile]) -> Result<Vec<String>> {
    let mut times = vec![Vec::new(); profiles.len()];
    for _ in 0..RUNS {
        for (profile, times) in profiles.iter().zip(&mut times) {
            let start = Instant::now();
            compiled(parser, profile)?;
            times.push(start.elapsed());
        }
    }
    let cell = |(profile, mut times): (&Profile, Vec<Duration>)| {
        times.sort();
        let median = times.get(RUNS / 2).copied().unwrap_or_default();
        Ok(format!("{}, {} ms", compiled(parser, profile)?, rounded(median)))
    };
    profiles.iter().zip(times).map(cell).collect()
}

/// Two digits are what a median on a busy machine is worth.
fn rounded(time: Duration) -> u128 {
    let millis = (time.as_micros() + 500) / 1000;
    if millis < 100 { millis } else { (millis + 5) / 10 * 10 }
}

fn cell<'a>(docs: &'a str, heading: &str, label: &str) -> Option<&'a str> {
    let cells = |line: &'a str| line.split('|').map(str::trim);
    let mut rows = docs.lines().filter(|line| line.starts_with('|'));
    let column = cells(rows.next()?).position(|cell| cell == heading)?;
    let row = rows.find(|line| cells(line).nth(1) == Some(label))?;
    cells(row).nth(column)
}

fn page(profiles: &[Profile], columns: &[Column]) -> String {
    let mut page = format!(
        "# What a profile costs a node\n\n\
         Some of the examples as each parser of Debian compiles them, with the features of Debian's own kernel: \
         the bytes that\nthe kernel is given, and the time of one run of the parser from start to end (the median \
         of {RUNS}, each a process of its\nown without a cache). {}\n\n\
         Beside them stand the same policy in the shape that bane gives it, and docker-default, which is the same \
         for every\ncontainer. That is a comparison of cost: both allow every file that they do not deny, so they \
         do not protect the same.\nBoth begin with Debian's `abstractions/base` and name no ABI, as they do when \
         they are loaded on a Debian node.\n\n\
         This page is written by `lab parsers --bless`. Sizes are exact, and the lab compares them wherever it \
         has the same\nparser; times are compared with nothing.\n\n",
        machine()
    );
    page.push_str("| bytes, time |");
    columns.iter().for_each(|column| {
        let _ = write!(page, " {} |", column.heading);
    });
    page.push_str("\n|---|");
    columns.iter().for_each(|_| page.push_str("--:|"));
    page.push('\n');
    for (number, profile) in profiles.iter().enumerate() {
        let _ = write!(page, "| {} |", profile.label);
        for column in columns {
            let _ = write!(page, " {} |", column.cells.get(number).map_or("", String::as_str));
        }
        page.push('\n');
    }
    page
}

fn machine() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(": ")?.1.trim())
    };
    let model = field("model name").unwrap_or("an unknown processor");
    let is_virtual = field("flags").is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor"));
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "Measured on a {} with {count} processors,\n`{model}`, which had other work as well.",
        if is_virtual { "virtual machine" } else { "machine" },
    )
}
