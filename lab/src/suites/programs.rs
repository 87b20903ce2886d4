//! Debian's programs in the containers of the examples' manifests: they start, serve, reload, survive and stop.
//!
//! Then each grant of the example's policy is taken away in turn. Something must fail then, or the kernel must
//! refuse what it did not refuse before: an example holds no needless grant.

mod grants;
mod nginx;
mod node_web;
mod postgres;
mod program;
mod redis;
mod root;
mod shell_job;

use crate::check::{Check, Judge, Report};
use crate::generation::{Generation, Policies};
use crate::image::Image;
use crate::policy::{Rendered, project};
use crate::{Fail, Result};
use grants::{Grant, grants};
use probe::{Answer, Outcome};
use program::{Expected, Program};
use root::Root;
use std::path::PathBuf;

pub(super) const NAME: &str = "programs";

const ALL: [Program; 5] =
    [redis::REDIS, nginx::NGINX, shell_job::SHELL_JOB, node_web::NODE_WEB, postgres::POSTGRES];
/// A word of the environment: only this program is tried.
const ONLY: &str = "LAB_PROGRAM";

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut report = Report::of(NAME, generation);
    let only = std::env::var(ONLY).ok();
    for program in ALL.iter().filter(|program| only.as_deref().is_none_or(|only| only == program.name)) {
        one(program, generation, &mut report)?;
    }
    Ok(report)
}

/// A machine of the program's own: all of them in one would not fit.
fn one(program: &Program, generation: &Generation, report: &mut Report) -> Result<()> {
    let path = project().join("examples").join(program.name).join("policy.toml");
    let text = std::fs::read_to_string(path)?;
    let rendered = Rendered::of(program.name, &text)?;
    let whole = program.run(&rendered, generation.name, false)?;
    let what = format!("{}, the whole policy", program.name);
    let mut policies = Policies::new();
    compile(generation, &rendered, program.name, &mut policies)?;
    let mut checks =
        vec![Check::run(what, vec![program.name.to_owned()], whole, whole_judge(program)).with_log()];
    let found = if std::env::var("LAB_WHOLE").is_ok() { Vec::new() } else { grants(&text)? };
    for (number, grant) in found.iter().enumerate() {
        let rendered = Rendered::of(program.name, &grant.without)?;
        let file = format!("{}-{number}", program.name);
        compile(generation, &rendered, &file, &mut policies)?;
        let run = program.run(&rendered, generation.name, true)?;
        let what = format!("{} without {}", program.name, grant.name);
        checks.push(
            Check::run(what, vec![file], run, without_judge(program, grant, generation.name)).with_log(),
        );
    }
    for exception in program.exceptions {
        if !found.iter().any(|grant| grant.name == exception.grant) {
            report.wrong.push(format!("{}: the exception {} is no grant", program.name, exception.grant));
        }
    }
    report.perform(generation, &policies, &checks, &[runtime(generation)?, image(program, generation)?])?;
    Ok(())
}

fn compile(generation: &Generation, rendered: &Rendered, file: &str, into: &mut Policies) -> Result<()> {
    let compiled = generation.parser.compile(&rendered.profile).map_err(|said| Fail::new(&said))?;
    into.insert(file.to_owned(), compiled);
    Ok(())
}

/// runc with its libraries.
fn runtime(generation: &Generation) -> Result<PathBuf> {
    let tree = generation.debian.tree("runc", &["runc"])?;
    let path = generation.folder.join("programs-runc.cpio");
    let mut image = Image::create(&path)?;
    let kept = |at: &str| ["usr", "usr/sbin", "usr/lib", "usr/lib/x86_64-linux-gnu"].contains(&at);
    let named = |at: &str| at == "usr/sbin/runc" || at.contains("/libseccomp.so");
    image.tree("", &tree, &|at| kept(at) || named(at))?;
    image.finish()?;
    Ok(path)
}

fn image(program: &Program, generation: &Generation) -> Result<PathBuf> {
    let path = generation.folder.join(format!("programs-{}.cpio", program.name));
    let packages = (program.packages)(generation.name);
    let mut root = Root::create(&path, &generation.debian, program.name, &packages)?;
    (program.lay)(&mut root, generation.name)?;
    root.finish()?;
    Ok(path)
}

/// All facts as they are to be, and nothing in the kernel's log but what belongs there.
fn whole_judge(program: &Program) -> Judge {
    let program = *program;
    Box::new(move |answer| {
        facts(&program, answer)?;
        let surprise = surprises(&program, answer);
        if !surprise.is_empty() {
            return Err(format!("the kernel's log:\n    {}", surprise.join("\n    ")));
        }
        let is_missing = |one: &&Expected| one.is_certain && !answer.log.iter().any(|line| one.is(line));
        match program.expected.iter().find(is_missing) {
            Some(missing) => Err(format!("not in the kernel's log: {:?} ({})", missing.words, missing.why)),
            None => Ok(()),
        }
    })
}

/// Without a grant, either something fails or something new is refused; with an exception, neither.
fn without_judge(program: &Program, grant: &Grant, release: &str) -> Judge {
    let program = *program;
    let mut exceptions = program.exceptions.iter();
    let is_own = |exception: &&program::Exception| {
        exception.grant == grant.name && exception.release.is_none_or(|only| only == release)
    };
    let exception = exceptions.find(is_own).copied();
    Box::new(move |answer| {
        let seen = facts(&program, answer)
            .err()
            .or_else(|| surprises(&program, answer).first().map(|line| (*line).to_owned()));
        match (exception, seen) {
            (None, Some(_)) | (Some(_), None) => Ok(()),
            (None, None) => Err("nothing fails: the grant is needless".to_owned()),
            (Some(exception), Some(seen)) => {
                Err(format!("the exception does not hold ({}): {seen}", exception.why))
            }
        }
    })
}

fn facts(program: &Program, answer: &Answer) -> std::result::Result<(), String> {
    let (status, output) = match &answer.outcome {
        Outcome::Ran { status, output } => (*status, output),
        Outcome::Done(_)
        | Outcome::Refused { .. }
        | Outcome::Killed(_)
        | Outcome::Hung(_)
        | Outcome::Broken(_) => return Err(format!("{:?}", answer.outcome)),
    };
    let lines: Vec<&str> = output.lines().collect();
    if status == 0 && lines == program.facts {
        return Ok(());
    }
    let wanted = program.facts.iter().map(|fact| Some(*fact)).chain([None]);
    let at = wanted.zip(lines.iter().map(|line| Some(*line)).chain([None])).find(|(want, line)| want != line);
    let (want, line) = at.unwrap_or_default();
    let refused: Vec<&str> = surprises(program, answer);
    let log = refused.join("\n    ");
    Err(format!(
        "status {status}, {want:?} was {line:?}; all of it:\n    {}\n    {log}",
        lines.join("\n    ")
    ))
}

/// What is refused and is not expected.
fn surprises<'a>(program: &Program, answer: &'a Answer) -> Vec<&'a str> {
    let refused = answer.log.iter().filter(|line| line.contains("apparmor=\"DENIED\""));
    refused.filter(|line| !program.expected.iter().any(|one| one.is(line))).map(String::as_str).collect()
}
