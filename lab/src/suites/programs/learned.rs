//! What is learned from one run: each program runs under a policy that grants nothing, in complain mode; its log is
//! learned; and under the learned policy, enforced, the same scenario must go as with the example's own. The learned policy meets what
//! the example expects of itself, and has no entry that the log did not ask for.

use super::grants::grants;
use super::program::{Expected, Program};
use super::{ALL, compile, image, judge, runtime, six};
use crate::access;
use crate::check::{Check, Judge, Report};
use crate::generation::{Generation, Policies};
use crate::policy::{Rendered, project};
use crate::{Fail, Result};
use aapol::analysis::{Analysis, Options};
use aapol::ask::Verdict;
use aapol::ask::log::evidence::Evidence;
use aapol::ask::log::is_of;
use aapol::check::expectation;
use aapol::learn::{self, Learned, Wish, Wishes};
use aapol::policy::load::File;
use probe::{Answer, Outcome};
use std::path::Path;
use toml::{Table, Value};

pub(in crate::suites) const NAME: &str = "learn";

/// Those whose scenario is all that the program does.
const LEARNED: [&str; 5] = ["nginx", "postgres", "redis", "node-web", "shell-job"];

/// What a person has to say to a program's log, and why.
const ACCEPTED: [(&str, &str, &str); 1] =
    [("postgres", "exec /usr/bin/dash", "initdb and COPY TO PROGRAM start a shell, as an intruder would")];

/// What an example expects and its scenario never does, and why.
const UNSEEN: [(&str, &str, &str); 1] =
    [("node-web", "read /app/node_modules/express/index.js", "the scenario's program is without it")];

/// Words of the environment for who works on one of them.
const ONLY: &str = "LAB_PROGRAM";
/// Each entry is taken away in the kernel as well: it takes a quarter of an hour.
const EACH: &str = "LAB_EACH";
/// A folder that the logs are put into.
const KEEP: &str = "LAB_LOGS";

pub(in crate::suites) fn run(generation: &Generation) -> Result<Report> {
    let mut report = Report::of(NAME, generation);
    let only = std::env::var(ONLY).ok();
    let is_meant = |program: &&Program| {
        LEARNED.contains(&program.name) && only.as_deref().is_none_or(|only| only == program.name)
    };
    for program in ALL.iter().filter(is_meant) {
        one(program, generation, &mut report)?;
    }
    Ok(report)
}

fn one(program: &Program, generation: &Generation, report: &mut Report) -> Result<()> {
    let path = project().join("examples").join(program.name).join("policy.toml");
    let example = (program.policy)(std::fs::read_to_string(path)?, generation.name);
    let empty = empty(&example)?;
    let more = [runtime(generation)?, image(program, generation)?];
    let log = watched(program, generation, report, &empty, &more)?;
    if let Some(folder) = std::env::var_os(KEEP) {
        std::fs::write(Path::new(&folder).join(format!("{}.{}.log", program.name, generation.name)), &log)?;
        std::fs::write(Path::new(&folder).join(format!("{}.toml", program.name)), &empty)?;
    }
    let (text, learned) = match learn(&empty, &log, program) {
        Ok(learned) => learned,
        Err(why) => {
            report.wrong.push(format!("{}: nothing is learned: {why}", program.name));
            return Ok(());
        }
    };
    if program.name == six::PROGRAM {
        let rendered = [Rendered::of(program.name, &empty)?, Rendered::of(program.name, &text)?];
        let [watched, enforced] = &rendered;
        let rejected: Vec<String> = wishes(program)?.reject.into_iter().map(|wish| wish.text).collect();
        let folder = generation.folder.join("six");
        let came = six::run(program, &folder, &pod(&example)?, &log, &rejected, (watched, enforced))?;
        report.count("README's six commands", came);
    }
    enforced(program, generation, report, &text, &more)?;
    meets(program, report, &Rendered::of(program.name, &example)?, &Rendered::of(program.name, &text)?);
    needed(program, report, &text, &learned)
}

/// What the example expects of itself holds under the learned policy, too.
fn meets(program: &Program, report: &mut Report, example: &Rendered, learned: &Rendered) {
    let all =
        example.allow.iter().map(|line| (line, true)).chain(example.deny.iter().map(|line| (line, false)));
    for (line, allowed) in all {
        let excepted = UNSEEN.iter().any(|(name, access, _)| *name == program.name && access == line);
        let came = match expectation::read(line) {
            Ok(request) => access::differs(&learned.ruleset, &request, allowed),
            Err(error) => Some(error.wrong),
        };
        let came = match (came, excepted) {
            (None, false) | (Some(_), true) => Ok(()),
            (Some(wrong), false) => Err(wrong),
            (None, true) => Err("the exception is none".to_owned()),
        };
        report.count(&format!("{}, as it was learned, {line}", program.name), came);
    }
}

/// Without any of its entries something that the log asked for is denied.
fn needed(program: &Program, report: &mut Report, text: &str, learned: &Learned) -> Result<()> {
    for grant in grants(text)? {
        let ruleset = Rendered::of(program.name, &grant.without)?.ruleset;
        let mut scratch = ruleset.scratch();
        let mut asked = learned.entries.iter().flat_map(|entry| &entry.requests);
        let is_missed = asked.any(|request| ruleset.decide(request, &mut scratch).verdict == Verdict::Denied);
        let came =
            if is_missed { Ok(()) } else { Err("nothing is denied: the entry is needless".to_owned()) };
        report.count(&format!("{}, as it was learned, without {}", program.name, grant.name), came);
    }
    Ok(())
}

/// The example's name and pod, and nothing that it grants.
fn empty(example: &str) -> Result<String> {
    let mut table: Table = toml::from_str(example)?;
    table.retain(|key, _| ["name", "pod"].contains(&key));
    table.insert("mode".to_owned(), Value::String("complain".to_owned()));
    Ok(toml::to_string(&table)?)
}

/// The example's pod alone.
fn pod(example: &str) -> Result<String> {
    let mut table: Table = toml::from_str(example)?;
    table.retain(|key, _| key == "pod");
    Ok(toml::to_string(&table)?)
}

/// The kernel's log of the scenario where nothing is blocked.
fn watched(
    program: &Program,
    generation: &Generation,
    report: &mut Report,
    empty: &str,
    more: &[std::path::PathBuf],
) -> Result<String> {
    let rendered = Rendered::of(program.name, empty)?;
    let mut policies = Policies::new();
    compile(generation, &rendered, program.name, &mut policies)?;
    let what = format!("{}, watched", program.name);
    let run = program.run(&rendered, generation.name, false)?;
    let check = Check::run(what, vec![program.name.to_owned()], run, ran()).with_log();
    let answers = report.perform(generation, &policies, &[check], more)?;
    let lines = answers.into_iter().flat_map(|answer| answer.log);
    Ok(lines.map(|line| line + "\n").collect())
}

/// It ran to some end: what is not blocked goes otherwise than the scenario expects.
fn ran() -> Judge {
    Box::new(|answer: &Answer| match &answer.outcome {
        Outcome::Ran { .. } => Ok(()),
        Outcome::Done(_)
        | Outcome::Refused { .. }
        | Outcome::Killed(_)
        | Outcome::Hung(_)
        | Outcome::Broken(_) => Err(format!("{:?}", answer.outcome)),
    })
}

/// What is learned, and the policy with it, enforced.
fn learn(empty: &str, log: &str, program: &Program) -> Result<(String, Learned)> {
    let read = |path: &Path| Ok(File { id: path.to_owned(), text: empty.to_owned() });
    let analysis = Analysis::new(Path::new("policy.toml"), &read, &Options::default());
    let own = program.name.to_owned();
    let evidence = Evidence::read(log.as_bytes(), 0, &|profile: &str| is_of(profile, &own));
    let learned = learn::learn(&analysis, &evidence, &wishes(program)?, &|_: &str| None)
        .map_err(|error| Fail::new(&format!("{error:?}")))?;
    let source = analysis.sources.iter().next().ok_or_else(|| Fail::new("the policy has no text"))?;
    let text = learned.edit.as_ref().map_or(source.text.clone(), |edit| edit.apply(&source.text));
    Ok((text.replacen("mode = \"complain\"", "mode = \"enforce\"", 1), learned))
}

/// What the scenario does to see it refused, which a person would not want to be learned.
fn wishes(program: &Program) -> Result<Wishes> {
    let read = |text: &str| Wish::read(text).map_err(|error| Fail::new(&error.wrong));
    let tried = program.expected.iter().flat_map(|Expected { words, .. }| words.iter());
    let names = tried.filter_map(|word| word.strip_prefix("name=\"")?.strip_suffix('"'));
    let mut reject: Vec<Wish> = names.filter(|name| *name != "/").map(read).collect::<Result<_>>()?;
    reject.push(read("/srv/**")?);
    // The lab's own tool, which it starts in the container by the runtime.
    reject.push(read("/.lab/**")?);
    let accepted = ACCEPTED.iter().filter(|(name, ..)| *name == program.name);
    let accept = accepted.map(|(_, access, _)| read(access)).collect::<Result<_>>()?;
    Ok(Wishes { accept, reject, exact: false })
}

/// The same scenario under what was learned.
fn enforced(
    program: &Program,
    generation: &Generation,
    report: &mut Report,
    learned: &str,
    more: &[std::path::PathBuf],
) -> Result<()> {
    if let Some(folder) = std::env::var_os(KEEP) {
        std::fs::write(
            Path::new(&folder).join(format!("{}.{}.toml", program.name, generation.name)),
            learned,
        )?;
    }
    let rendered = Rendered::of(program.name, learned)?;
    let mut policies = Policies::new();
    compile(generation, &rendered, program.name, &mut policies)?;
    let run = program.run(&rendered, generation.name, false)?;
    let what = format!("{}, as it was learned", program.name);
    let check = Check::run(what, vec![program.name.to_owned()], run, judge::whole(program, generation.name));
    let mut checks = vec![check.with_log()];
    let entries = if std::env::var_os(EACH).is_some() { grants(learned)? } else { Vec::new() };
    for (number, entry) in entries.into_iter().enumerate() {
        let manifest = rendered.manifest.clone();
        let without = Rendered { manifest, ..Rendered::of(program.name, &entry.without)? };
        let file = format!("{}-{number}", program.name);
        compile(generation, &without, &file, &mut policies)?;
        let run = program.run(&without, generation.name, true)?;
        let what = format!("{}, as it was learned, enforced without {}", program.name, entry.name);
        checks.push(Check::run(what, vec![file], run, judge::missed(program, generation.name)).with_log());
    }
    report.perform(generation, &policies, &checks, more)?;
    Ok(())
}
