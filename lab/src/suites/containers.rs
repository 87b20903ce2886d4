//! Real containers: the rendered pair runs together. The manifest becomes an OCI bundle, Debian's runc runs it under the
//! rendered profile, and the container starts, does what it is allowed, is refused the rest, can be entered, ends when
//! it is told to, and leaves nothing behind.
//!
//! The image's programs are Debian's, and the probe tries accesses from inside, entered as `kubectl exec` enters.

mod image;
mod judge;
mod scene;
mod scenes;
mod script;

use crate::check::{Check, Report};
use crate::generation::{Generation, Policies};
use crate::{Fail, Result};
use judge::Label;
use scene::Scene;
use script::Runtime;

pub(super) const NAME: &str = "containers";

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let archive = image::make(generation)?;
    let scenes = scenes::all()?;
    let mut policies = Policies::new();
    for scene in &scenes {
        let compiled = generation.parser.compile(&scene.rendered.profile);
        let compiled = compiled.map_err(|said| Fail::new(&format!("{}: {said}", scene.name)))?;
        policies.insert(scene.name.to_owned(), compiled);
    }
    let mut checks = Vec::new();
    for scene in &scenes {
        checks.push(check(scene, Runtime::Runc, Label::None, false)?);
        if scene.control {
            checks.push(check(scene, Runtime::Runc, Label::None, true)?);
        }
    }
    let mut report = Report::of(NAME, generation);
    report.perform(generation, &policies, &checks, &[archive])?;
    Ok(report)
}

fn check(scene: &Scene, runtime: Runtime, label: Label, is_control: bool) -> Result<Check> {
    let words = script::trials(scene)?.into_iter().map(|trial| trial.words).collect();
    let run = script::run(scene, runtime, is_control)?;
    let what =
        format!("{}, {runtime:?}{}", scene.name, if is_control { ", without its profile" } else { "" });
    let judge = judge::judge(scene, words, label, is_control);
    Ok(Check::run(what, vec![scene.name.to_owned()], run, judge).with_log())
}
