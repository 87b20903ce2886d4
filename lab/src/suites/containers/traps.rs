//! The same runs with something taken away that they rest on: each must come out wrong, and in the right place. A
//! suite that does not notice would prove nothing.

use super::judge::{self, Label};
use super::scene::{Ready, Scene, Stop};
use super::script::{self, Runtime};
use crate::check::{Check, Judge};
use crate::generation::{Generation, Policies};
use crate::parser::{Settings, Warnings};
use crate::{Fail, Result};

struct Trap {
    what: &'static str,
    /// The scene that is run.
    scene: Scene,
    /// The lines of the profile that stay.
    keep: fn(&str) -> bool,
    settings: Settings,
    /// Part of what must be found wrong.
    wrong: &'static str,
}

/// The traps of a machine whose runtime has this label.
pub(super) fn all(
    generation: &Generation,
    scenes: &[Scene],
    label: Label,
    policies: &mut Policies,
) -> Result<Vec<Check>> {
    let traps = match label {
        Label::None => unlabelled(scenes)?,
        Label::Of(_) => vec![Trap {
            what: "without the rules for the runtime's own label, it cannot stop the container",
            keep: |line| !line.contains("runc"),
            ..stuck(scenes)?
        }],
    };
    let mut checks = Vec::new();
    for (number, trap) in traps.into_iter().enumerate() {
        let profile = trap.scene.rendered.profile.lines().filter(|line| (trap.keep)(line));
        let profile = profile.collect::<Vec<_>>().join("\n") + "\n";
        // As it runs for a user: what it drops it does not tell.
        let output = generation.parser.run(&profile, trap.settings, Warnings::Usual)?;
        if !output.status.success() || !output.stderr.is_empty() {
            return Err(Fail::of(trap.what, &output));
        }
        let file = format!("trap-{label:?}-{number}");
        policies.insert(file.clone(), output.stdout);
        checks.push(check(trap, label, file)?);
    }
    Ok(checks)
}

fn check(trap: Trap, label: Label, file: String) -> Result<Check> {
    let words = script::trials(&trap.scene)?.into_iter().map(|trial| trial.words).collect();
    let run = script::run(&trap.scene, Runtime::Runc, false)?;
    let policies = label.policies().chain([file]).collect();
    let judge = judge::judge(&trap.scene, words, label, false);
    Ok(Check::run(format!("the trap: {}", trap.what), policies, run, wrong(judge, trap.wrong)).with_log())
}

/// The judge must find this, and no leftovers.
fn wrong(judge: Judge, part: &'static str) -> Judge {
    Box::new(move |answer| match judge(answer) {
        Err(found) if found.contains(part) && !found.contains("left states must") => Ok(()),
        Err(found) => Err(format!("must find `{part}`, and found: {found}")),
        Ok(()) => Err(format!("must find `{part}`, and found nothing")),
    })
}

fn unlabelled(scenes: &[Scene]) -> Result<Vec<Trap>> {
    let mut raised = find(scenes, "tools")?;
    raised.container.no_new_privileges = false;
    Ok(vec![
        Trap {
            what: "without the abi line, under a parser that upstream's settings rule, networks are not denied",
            scene: find(scenes, "deny-network")?,
            keep: |line| !line.starts_with("abi "),
            settings: Settings::Bare,
            wrong: "`network inet/stream` must be Denied, and was {\"Done\"",
        },
        Trap {
            what: "without the rule for the runtime's signals, it cannot stop the container",
            keep: |line| !line.contains("signal (receive) peer=unconfined"),
            ..stuck(scenes)?
        },
        Trap {
            what: "without the rule for shared libraries, a dynamic program does not start",
            scene: find(scenes, "follower")?,
            keep: |line| !line.contains("*.so"),
            settings: Settings::Debian,
            wrong: "ended must be 137, and is Some(\"127\")",
        },
        Trap {
            what: "without the grant to read it, a script does not start",
            scene: find(scenes, "script")?,
            keep: |line| !line.contains("/app/"),
            settings: Settings::Debian,
            wrong: "ended must be 7, and is Some(\"2\")",
        },
        Trap {
            what: "without the grant to start it, an application behind an init does not start",
            scene: find(scenes, "tini")?,
            keep: |line| !line.contains("/app/run"),
            settings: Settings::Debian,
            wrong: "ended must be 7, and is Some(\"126\")",
        },
        Trap {
            what: "without no_new_privs, a set-uid program is root",
            scene: raised,
            keep: |_| true,
            settings: Settings::Debian,
            wrong: "must print `raised 10001`",
        },
        Trap {
            what: "without its profile in the kernel, a container is not made",
            scene: absent()?,
            keep: |_| true,
            settings: Settings::Debian,
            wrong: "ended must be 0, and is Some(\"1\")",
        },
    ])
}

/// A container that the runtime cannot kill: the policy as rendered is loaded over the altered one, and then it can.
fn stuck(scenes: &[Scene]) -> Result<Trap> {
    let scene = find(scenes, "token")?
        .meanwhile("stop KILL; cat /lab/policies/token > /sys/kernel/security/apparmor/.replace");
    Ok(Trap {
        what: "",
        scene,
        keep: |_| true,
        settings: Settings::Debian,
        wrong: "ended must be 137, and is Some(\"never\")",
    })
}

/// A manifest that asks for one profile, and a kernel that has another.
fn absent() -> Result<Scene> {
    let mut scene = Scene::of("absent", "name = \"present\"\n[pod.containers.main]\nimage = \"a:1\"\n")?;
    scene.container.profile = Some("absent".to_owned());
    Ok(scene.program(&["/usr/bin/sleep", "1000"]).ready(Ready::Ended).stop(Stop::Itself, 0))
}

fn find(scenes: &[Scene], name: &str) -> Result<Scene> {
    let scene = scenes.iter().find(|scene| scene.name == name).cloned();
    scene.ok_or_else(|| Fail::new(&format!("there is no scene {name}")))
}
