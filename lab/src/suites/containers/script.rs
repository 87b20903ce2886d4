//! A scene as a shell script for the machine: lays out the bundle, runs the container, prints what came of it.

use super::scene::{Flow, Ready, Scene, Stop};
use crate::access;
use crate::bundle::{Container, quoted};
use crate::{Fail, Result};
use probe::{NEXT, PROGRAM, Run, Step};
use std::fmt::Write as _;

const SHARED: &str = include_str!("container.sh");
/// A container without KVM takes a few seconds, and one that hangs is seen as `ended never`.
const SECONDS: u64 = 90;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runtime {
    Runc,
    Crun,
}

impl Runtime {
    pub(super) fn name(self) -> &'static str {
        match self {
            Runtime::Runc => "runc",
            Runtime::Crun => "crun",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Runtime::Runc => "/usr/sbin/runc",
            Runtime::Crun => "/usr/bin/crun",
        }
    }
}

/// The scene under a runtime; without its profile where it is a control.
pub(super) fn run(scene: &Scene, runtime: Runtime, is_control: bool) -> Result<Run> {
    let mut container = scene.container.clone();
    if is_control {
        container.profile = None;
    }
    let mut text = lay_out(scene, &container, runtime)?;
    text.push_str(match scene.flow {
        Flow::Run => "run\n",
        Flow::Shim => "create\n",
    });
    match scene.ready {
        Ready::Says(word) => writeln!(text, "says {word}")?,
        Ready::Listens => text.push_str("listens\n"),
        Ready::Started => text.push_str("started\n"),
        Ready::Ended => {}
    }
    text.push_str("facts\n");
    let words: Vec<Vec<String>> = trials(scene)?.into_iter().map(|trial| trial.words).collect();
    if !words.is_empty() {
        let words: Vec<String> = words.join(&NEXT.to_owned()).iter().map(|word| quoted(word)).collect();
        writeln!(text, "try {}", words.join(" "))?;
    }
    text.push_str(scene.meanwhile);
    text.push_str(match (scene.flow, scene.stop) {
        (Flow::Run, Stop::Term) => "\nstop TERM\n",
        (Flow::Run, Stop::Kill) => "\nstop KILL\n",
        (Flow::Run, Stop::Itself) => "\nfinish\n",
        (Flow::Shim, Stop::Term) => "\ndelete TERM\n",
        (Flow::Shim, Stop::Kill) => "\ndelete KILL\n",
        (Flow::Shim, Stop::Itself) => "\ndelete 0\n",
    });
    text.push_str("left\n");
    Ok(Run { script: text, arguments: Vec::new(), seconds: SECONDS })
}

/// The bundle's folder, with all that the container finds when it starts.
pub(super) fn lay_out(scene: &Scene, container: &Container, runtime: Runtime) -> Result<String> {
    let config = container.config("root", scene.program.as_deref())?;
    let mut text = format!("RUNTIME={}\nID={}\n{SHARED}", runtime.path(), scene.name);
    text.push_str("mkdir -p /run/bundle/$ID\ncd /run/bundle/$ID\ncp -a /image/root root\n");
    writeln!(text, "mkdir -p root/.lab\ncp {PROGRAM} root/.lab/probe")?;
    writeln!(text, "(\n{}\n) || echo 'the layout failed'", container.layout(&scene.files))?;
    for (path, script) in &scene.scripts {
        writeln!(text, "printf %s {} > root{path}\nchmod 755 root{path}", quoted(script))?;
    }
    for trial in trials(scene)? {
        for step in &trial.before {
            text.push_str(&lay(step, container)?);
        }
    }
    writeln!(text, "{}\nprintf %s {} > config.json", scene.before, quoted(&config.to_string()))?;
    Ok(text)
}

pub(super) fn trials(scene: &Scene) -> Result<Vec<probe::Trial>> {
    let find = |access: &String| {
        let trial = access::trial(&scene.rendered.name, access);
        trial.ok_or_else(|| Fail::new(&format!("{}: `{access}` cannot be tried", scene.name)))
    };
    scene.trials.iter().map(|(access, _)| find(access)).collect()
}

/// What a trial needs, in the volume or the image where the container will see it. It belongs to the container's
/// user, so that nothing but the profile is in the way.
fn lay(step: &Step, container: &Container) -> Result<String> {
    let own = |place: &str| {
        format!("chown {0}:{1} {place} \"$(dirname {place})\"\n", container.user, container.group)
    };
    Ok(match step {
        Step::Folder(path) => {
            let place = place(container, path);
            format!("mkdir -p {place}\n{}", own(&place))
        }
        Step::File { path, text } => {
            let place = place(container, path);
            format!(
                "mkdir -p \"$(dirname {place})\"\ntest -e {place} || printf %s {} > {place}\n{}",
                quoted(text),
                own(&place)
            )
        }
        Step::Program(path) => {
            let place = place(container, path);
            format!("mkdir -p \"$(dirname {place})\"\ntest -e {place} || cp {PROGRAM} {place}\n")
        }
        Step::Owner { path, user } => format!("chown {user} {}\n", place(container, path)),
        Step::Mode { path, mode } => format!("chmod {mode:o} {}\n", place(container, path)),
        Step::Copy { .. }
        | Step::Script { .. }
        | Step::Symlink { .. }
        | Step::HardLink { .. }
        | Step::Bind { .. }
        | Step::Tmpfs(_)
        | Step::Do(_) => return Err(Fail::new(&format!("a container's trial cannot have {step:?}"))),
    })
}

/// Where a path of the container lies in the bundle.
fn place(container: &Container, path: &str) -> String {
    let below = |mount: &&crate::bundle::Mount| {
        path == mount.path || path.starts_with(&format!("{}/", mount.path.trim_end_matches('/')))
    };
    let mount = container.mounts.iter().filter(below).max_by_key(|mount| mount.path.len());
    quoted(&match mount {
        Some(mount) => {
            let sub = mount.sub_path.as_ref().map(|sub| format!("/{sub}")).unwrap_or_default();
            let rest = path.strip_prefix(mount.path.as_str()).unwrap_or_default();
            format!("volumes/{}{sub}{rest}", mount.volume)
        }
        None => format!("root{path}"),
    })
}
