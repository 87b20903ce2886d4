//! Debian's programs in the containers of the examples' manifests: they start, serve, reload, survive and stop.
//!
//! Then each grant of the example's policy is taken away in turn, and each rule of the bundles that the program is
//! there to prove. Something must fail then, or the kernel must refuse what it did not refuse before: neither an
//! example nor a bundle holds anything needless.

mod cron_report;
mod grants;
mod java_service;
mod judge;
pub(super) mod learned;
mod nginx;
mod node_web;
mod postgres;
mod program;
mod redis;
mod root;
mod rules;
mod shell_job;
mod six;

use crate::check::{Check, Report};
use crate::generation::{Generation, Policies};
use crate::image::Image;
use crate::policy::{Rendered, project};
use crate::{Fail, Result};
use grants::grants;
use program::Program;
use root::Root;
use rules::rules;
use std::path::PathBuf;

pub(super) const NAME: &str = "programs";

const ALL: [Program; 7] = [
    redis::REDIS,
    nginx::NGINX,
    shell_job::SHELL_JOB,
    cron_report::CRON_REPORT,
    node_web::NODE_WEB,
    postgres::POSTGRES,
    java_service::JAVA_SERVICE,
];
/// Words of the environment for who works on one of them: only this program is tried, and only without the grants
/// whose names have this text.
const ONLY: &str = "LAB_PROGRAM";
const GRANT: &str = "LAB_GRANT";

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
    let text = (program.policy)(std::fs::read_to_string(path)?, generation.name);
    let rendered = Rendered::of(program.name, &text)?;
    let whole = program.run(&rendered, generation.name, false)?;
    let what = format!("{}, the whole policy", program.name);
    let mut policies = Policies::new();
    compile(generation, &rendered, program.name, &mut policies)?;
    let mut checks = vec![
        Check::run(what, vec![program.name.to_owned()], whole, judge::whole(program, generation.name))
            .with_log(),
    ];
    let mut found = Vec::new();
    for grant in grants(&text)? {
        // The pod stays what it was: its volumes would be read-only where nothing may be written.
        let manifest = rendered.manifest.clone();
        found.push((grant.name, Rendered { manifest, ..Rendered::of(program.name, &grant.without)? }));
    }
    for rule in program.bundles.iter().flat_map(|bundle| rules(&rendered.profile, bundle)) {
        found.push((rule.name, Rendered { profile: rule.without, ..rendered.clone() }));
    }
    let only = std::env::var(GRANT).unwrap_or_default();
    for (number, (name, without)) in found.iter().enumerate().filter(|(_, (name, _))| name.contains(&only)) {
        let file = format!("{}-{number}", program.name);
        compile(generation, without, &file, &mut policies)?;
        let run = program.run(without, generation.name, true)?;
        let what = format!("{} without {name}", program.name);
        checks.push(
            Check::run(what, vec![file], run, judge::without(program, name, generation.name)).with_log(),
        );
    }
    for exception in program.exceptions {
        if !found.iter().any(|(name, _)| name == exception.grant) {
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
