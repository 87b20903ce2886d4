//! Real containers: the rendered pair runs together. The manifest becomes an OCI bundle, Debian's runc runs it under the
//! rendered profile, and the container starts, does what it is allowed, is refused the rest, can be entered, ends when
//! it is told to, and leaves nothing behind.
//!
//! The image's programs are Debian's, and the probe tries accesses from inside, entered as `kubectl exec` enters. It is
//! done with runtimes that are unconfined, and with runtimes that have labels of their own, as distributions give them.

mod image;
mod judge;
mod scene;
mod scenes;
mod script;
mod traps;

use crate::check::{Check, Report};
use crate::generation::{Generation, Policies};
use crate::{Fail, Result};
use judge::Label;
use scene::Scene;
use script::Runtime;

pub(super) const NAME: &str = "containers";

/// Scenes that are run by each runtime and under each label: one for each way to start, to be entered and to end.
const EVERYWHERE: [&str; 7] =
    ["static-server", "script", "tini", "dumb-init", "shim-term", "shim-kill", "deny-network"];
const BY_CRUN: [&str; 3] = ["script", "shim-kill", "mounts"];

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let archive = image::make(generation)?;
    let scenes = scenes::all()?;
    let mut policies = Policies::new();
    for scene in &scenes {
        policies.insert(scene.name.to_owned(), compile(generation, scene.name, &scene.rendered.profile)?);
    }
    for runtime in [Runtime::Runc, Runtime::Crun] {
        let compiled = compile(generation, runtime.name(), &label(generation, runtime)?)?;
        policies.insert(Label::Of(runtime.name()).policies().collect(), compiled);
    }
    let mut report = Report::of(NAME, generation);
    // A label is never taken out of a kernel, so each kind of runtime has a machine of its own.
    for is_labelled in [false, true] {
        let of = |runtime: Runtime| if is_labelled { Label::Of(runtime.name()) } else { Label::None };
        let mut checks = Vec::new();
        for scene in &scenes {
            if !is_labelled || EVERYWHERE.contains(&scene.name) {
                checks.push(check(scene, Runtime::Runc, of(Runtime::Runc), false)?);
            }
            if !is_labelled && scene.control {
                checks.push(check(scene, Runtime::Runc, Label::None, true)?);
            }
            if BY_CRUN.contains(&scene.name) {
                checks.push(check(scene, Runtime::Crun, of(Runtime::Crun), false)?);
            }
        }
        checks.extend(traps::all(generation, &scenes, of(Runtime::Runc), &mut policies)?);
        report.perform(generation, &policies, &checks, std::slice::from_ref(&archive))?;
    }
    Ok(report)
}

fn check(scene: &Scene, runtime: Runtime, label: Label, is_control: bool) -> Result<Check> {
    let words = script::trials(scene)?.into_iter().map(|trial| trial.words).collect();
    let run = script::run(scene, runtime, is_control)?;
    let under = if is_control { ", without its profile" } else { "" };
    let what = format!("{}, {}, label {label:?}{under}", scene.name, runtime.name());
    let policies = label.policies().chain([scene.name.to_owned()]).collect();
    Ok(Check::run(what, policies, run, judge::judge(scene, words, label, is_control)).with_log())
}

fn compile(generation: &Generation, what: &str, profile: &str) -> Result<Vec<u8>> {
    generation.parser.compile(profile).map_err(|said| Fail::new(&format!("{what}: {said}")))
}

/// The distribution's profile of a runtime; where it has none, one that does the same.
fn label(generation: &Generation, runtime: Runtime) -> Result<String> {
    let folder = generation.parser.profiles();
    let own = folder.join(runtime.name());
    if own.is_file() {
        return Ok(std::fs::read_to_string(own)?);
    }
    let (name, path) = (runtime.name(), runtime.path());
    Ok(format!("abi <abi/3.0>,\nprofile {name} {path} flags=(unconfined) {{\n}}\n"))
}
