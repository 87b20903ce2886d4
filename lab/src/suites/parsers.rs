//! Every profile on every parser, with the features of a real kernel: taken without a word, and compiled to the
//! same bytes whatever the node's settings are. The newest release's parser of the next generation is among them.
//!
//! What keeps a test honest is tried as well: the case that must be refused, a rule that a feature set lacks, and
//! each profile without its `abi`, which must then lose rules.

mod cost;
mod nested;
mod shapes;

pub(super) use cost::bless;

use crate::check::Report;
use crate::generation::Generation;
use crate::parser::{Parser, Settings, Warnings};
use crate::policy::Rendered;
use crate::{Fail, Result};
use std::path::Path;

pub(super) const NAME: &str = "parsers";

/// The golden case that is there to be refused.
const REFUSED: &str = "parser-refused";
/// What a parser says of network rules that the feature set in force lacks.
const LOST: &str = "network rules not enforced";
/// How often bytes that differ are made anew, before they count as different.
const RUNS: usize = 12;

type Verdict = std::result::Result<(), String>;

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut report = Report::of(NAME, generation);
    let policies = Rendered::all();
    if !policies.iter().any(is_refused) {
        return Err(Fail::new(&format!("there is no policy below {REFUSED}")));
    }
    for parser in generation.parsers()? {
        honest(&parser, &mut report);
        for rendered in &policies {
            if parser.knows(rendered.abi) {
                each(&parser, rendered, &mut report)?;
            } else {
                report.leave_out(format!("parser {} does not know the ABI {}", parser.version, rendered.abi));
            }
        }
        nested::compile(&parser, &mut report)?;
        cost::compare(generation, &parser, &mut report)?;
    }
    Ok(report)
}

/// A parser that takes everything would prove nothing.
fn honest(parser: &Parser, report: &mut Report) {
    let profile = |abi: &str, rule: &str| format!("abi <abi/{abi}>,\nprofile web {{\n  {rule}\n}}\n");
    let taken = |text: String| parser.compile(&text).map(drop);
    let what = |rule: &str| format!("parser {}, `{rule}`", parser.version);
    report.count(&what("/etc/hosts r,"), taken(profile("3.0", "/etc/hosts r,")));
    for rule in ["no such rule,", "/etc/hosts r", "capability fly,"] {
        report.count(&what(rule), must_fail(taken(profile("3.0", rule))));
    }
    // This feature set has no network rules.
    let old = taken(profile("kernel-5.4-vanilla", "network inet,"));
    report.count(&what("network inet, under an old ABI"), must_fail(old));
}

fn each(parser: &Parser, rendered: &Rendered, report: &mut Report) -> Result<()> {
    let what = |how: &str| format!("{}, parser {}, {how}", rendered.place, parser.version);
    let asked = parser.compile(&rendered.profile);
    if is_refused(rendered) {
        report.count(&what("which must be refused"), must_fail(asked.map(drop)));
        return Ok(());
    }
    let bytes = match asked {
        Ok(bytes) => bytes,
        Err(said) => {
            report.count(&what("asked for warnings"), Err(said));
            return Ok(());
        }
    };
    report.count(&what("asked for warnings"), Ok(()));
    for (settings, how) in
        [(Settings::Debian, "Debian's settings"), (Settings::Bare, "settings that name no features")]
    {
        let output = parser.run(&rendered.profile, settings, Warnings::Usual)?;
        let said = String::from_utf8_lossy(&output.stderr);
        let silent = if said.is_empty() { Ok(()) } else { Err(format!("it says {:?}", said.trim())) };
        report.count(&what(&format!("as a user runs it, {how}")), silent);
        let same = same(parser, &rendered.profile, settings, &bytes, output.stdout)?;
        report.count(&what(&format!("bytes, {how}")), same);
    }
    report.count(&what("denials of mapping"), denials(&rendered.profile));
    report.count(&what("its `abi` taken out"), loses(parser, &rendered.profile, &bytes)?);
    Ok(())
}

/// Denying `m` where `x` is not denied too is what parser 4.1.0 may forget, see `same`.
fn denials(profile: &str) -> Verdict {
    let denials = profile.lines().filter(|line| line.contains("deny /"));
    for line in denials {
        let modes = line.trim_end_matches(',').rsplit(' ').next().unwrap_or_default();
        if modes.contains('m') && !modes.contains('x') {
            return Err(format!("`{}` may not hold where `ix` is granted", line.trim()));
        }
    }
    Ok(())
}

/// Whether these settings give what Debian's gave. Where a path is granted `ix`, which grants `m` as well, and `m` is
/// denied, parser 4.1.0 lets the order of its memory decide which holds: the bytes of a large profile that includes
/// Debian's abstractions vary from run to run. So a difference counts when it holds for run after run.
fn same(
    parser: &Parser,
    profile: &str,
    settings: Settings,
    debian: &[u8],
    other: Vec<u8>,
) -> Result<Verdict> {
    let (mut left, mut right) = (vec![debian.to_owned()], vec![other]);
    for _ in 0..RUNS {
        if left.iter().any(|bytes| right.contains(bytes)) {
            return Ok(Ok(()));
        }
        left.push(parser.run(profile, Settings::Debian, Warnings::Usual)?.stdout);
        right.push(parser.run(profile, settings, Warnings::Usual)?.stdout);
    }
    Ok(Err("the bytes differ in run after run".to_owned()))
}

/// Without `abi` the settings decide, and where they name no features the parser assumes those of an old kernel.
fn loses(parser: &Parser, profile: &str, bytes: &[u8]) -> Result<Verdict> {
    let lines = profile.lines().filter(|line| !line.starts_with("abi "));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let output = parser.run(&text, Settings::Bare, Warnings::Asked)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.stdout == bytes {
        return Ok(Err("it compiles to the same bytes".to_owned()));
    }
    let has_network = text.lines().any(|line| line.trim_start().starts_with("network"));
    if has_network && !said.contains(LOST) {
        return Ok(Err(format!("no network rule is lost, and it says {:?}", said.trim())));
    }
    Ok(Ok(()))
}

fn must_fail(taken: Verdict) -> Verdict {
    match taken {
        Ok(()) => Err("was taken without a word".to_owned()),
        Err(_) => Ok(()),
    }
}

fn is_refused(rendered: &Rendered) -> bool {
    Path::new(&rendered.place).iter().any(|part| part == REFUSED)
}
