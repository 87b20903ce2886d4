//! A container run: a policy, the program that runs under it, what is tried in there and how it ends.

use crate::bundle::{self, Container};
use crate::policy::Rendered;
use crate::{Fail, Result};

/// What must come of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Allowed,
    /// By the profile alone: without it the trial is done.
    Denied,
    /// By more than the profile: a read-only root, a user, a dropped capability.
    Barred,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    /// When its output has this word.
    Says(&'static str),
    /// When port 8080 is open.
    Listens,
    /// When the runtime has become it.
    Started,
    /// It ends by itself.
    Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Term,
    Kill,
    Itself,
}

/// Who holds the container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The runtime itself, which stays and hands on the status.
    Run,
    /// As containerd's shim: it is created, started, killed and deleted.
    Shim,
}

#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) rendered: Rendered,
    pub(super) container: Container,
    /// The image's own program, where the manifest names none.
    pub(super) program: Option<Vec<String>>,
    /// Scripts of the image: a path and a text.
    pub(super) scripts: Vec<(&'static str, &'static str)>,
    /// Files of volumes: the volume, a path in it, and a text.
    pub(super) files: Vec<(&'static str, &'static str, &'static str)>,
    /// What is done to the bundle before it starts.
    pub(super) before: &'static str,
    pub(super) flow: Flow,
    pub(super) ready: Ready,
    /// Accesses in the policy's words.
    pub(super) trials: Vec<(String, Wanted)>,
    /// What else is done from outside while it runs. Its output is facts.
    pub(super) meanwhile: &'static str,
    pub(super) stop: Stop,
    pub(super) status: i32,
    /// Whole lines of the script's output.
    pub(super) facts: Vec<&'static str>,
    /// Parts of the denials that must be logged beside those of the trials.
    pub(super) denials: Vec<&'static str>,
    /// Whether it also runs without its profile, where all that the profile denies must be done.
    pub(super) control: bool,
}

impl Scene {
    /// The first container that the policy's own profile confines.
    pub(super) fn of(name: &'static str, policy: &str) -> Result<Scene> {
        Scene::with(name, Rendered::of(name, policy)?)
    }

    pub(super) fn with(name: &'static str, rendered: Rendered) -> Result<Scene> {
        let containers = bundle::containers(&rendered.manifest)?;
        let own = containers.into_iter().find(|one| one.profile.as_ref() == Some(&rendered.name));
        let container = own.ok_or_else(|| Fail::new(&format!("{name}: no container has the profile")))?;
        Ok(Scene {
            name,
            rendered,
            container,
            program: None,
            scripts: Vec::new(),
            files: Vec::new(),
            before: "",
            flow: Flow::Run,
            ready: Ready::Says("ready"),
            trials: Vec::new(),
            meanwhile: "",
            stop: Stop::Kill,
            status: 137,
            facts: Vec::new(),
            denials: Vec::new(),
            control: true,
        })
    }

    pub(super) fn program(mut self, words: &[&str]) -> Scene {
        self.program = Some(words.iter().map(|word| (*word).to_owned()).collect());
        self
    }

    pub(super) fn script(mut self, path: &'static str, text: &'static str) -> Scene {
        self.scripts.push((path, text));
        self
    }

    pub(super) fn file(mut self, volume: &'static str, path: &'static str, text: &'static str) -> Scene {
        self.files.push((volume, path, text));
        self
    }

    pub(super) fn before(mut self, script: &'static str) -> Scene {
        self.before = script;
        self
    }

    /// Held as a shim holds it: no status is handed on, and `deleted` is the last that is told.
    pub(super) fn by_shim(mut self) -> Scene {
        self.flow = Flow::Shim;
        self.status = 0;
        self
    }

    pub(super) fn ready(mut self, ready: Ready) -> Scene {
        self.ready = ready;
        self
    }

    pub(super) fn allowed(self, accesses: &[impl AsRef<str>]) -> Scene {
        self.tried(accesses, Wanted::Allowed)
    }

    pub(super) fn denied(self, accesses: &[impl AsRef<str>]) -> Scene {
        self.tried(accesses, Wanted::Denied)
    }

    pub(super) fn barred(self, accesses: &[impl AsRef<str>]) -> Scene {
        self.tried(accesses, Wanted::Barred)
    }

    fn tried(mut self, accesses: &[impl AsRef<str>], wanted: Wanted) -> Scene {
        self.trials.extend(accesses.iter().map(|access| (access.as_ref().to_owned(), wanted)));
        self
    }

    pub(super) fn meanwhile(mut self, script: &'static str) -> Scene {
        self.meanwhile = script;
        self
    }

    /// How it is stopped, and the status that it must end with.
    pub(super) fn stop(mut self, stop: Stop, status: i32) -> Scene {
        self.stop = stop;
        self.status = status;
        self
    }

    pub(super) fn fact(mut self, line: &'static str) -> Scene {
        self.facts.push(line);
        self
    }

    pub(super) fn denial(mut self, part: &'static str) -> Scene {
        self.denials.push(part);
        self
    }

    pub(super) fn without_control(mut self) -> Scene {
        self.control = false;
        self
    }
}
