//! What a program is to the suite: its image, its scenario, and what of it is expected.

use super::root::Root;
use crate::bundle::{self, Container};
use crate::policy::Rendered;
use crate::{Fail, Result};
use probe::Run;
use serde_json::{Value, json};

/// An example of ours, and what Debian has for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Program {
    /// The example's folder.
    pub(super) name: &'static str,
    /// The example's policy as the release's image wants it.
    pub(super) policy: fn(String, &str) -> String,
    /// The bundles of the policy that it is there to prove, rule by rule.
    pub(super) bundles: &'static [&'static str],
    /// Debian's packages, by release.
    pub(super) packages: fn(&str) -> Vec<&'static str>,
    /// Lays out what the packages do not hold, by release.
    pub(super) lay: fn(&mut Root, &str) -> Result<()>,
    /// What the pod's volumes hold: a volume, a path in it, and a text.
    pub(super) files: &'static [(&'static str, &'static str, &'static str)],
    /// The image's own program, where the manifest names none or one that is not ours.
    pub(super) arguments: &'static [&'static str],
    /// Variables that a cluster's secret would bring, or that Debian's version wants otherwise, by release.
    pub(super) environment: fn(&str) -> Vec<(&'static str, &'static str)>,
    pub(super) script: &'static str,
    /// What the script prints, line by line.
    pub(super) facts: &'static [&'static str],
    /// The longest that it may take.
    pub(super) seconds: u64,
    pub(super) expected: &'static [Expected],
    pub(super) exceptions: &'static [Exception],
}

/// A line of the kernel's log that belongs there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// Words that all stand in the line.
    pub(super) words: &'static [&'static str],
    /// The one release where it comes; None for all. A whole run that lacks it is wrong.
    pub(super) release: Option<&'static str>,
    pub(super) why: &'static str,
}

impl Expected {
    pub(super) const STRAY: Expected = Expected {
        words: &["operation=\"mknod\"", "name=\"/srv/stray\"", "comm=\"busybox\""],
        release: None,
        why: "the scenario tries to write elsewhere",
    };

    pub(super) fn is_in(&self, release: &str) -> bool {
        self.release.is_none_or(|only| only == release)
    }

    pub(super) fn is(&self, line: &str) -> bool {
        self.words.iter().all(|word| line.contains(word))
    }

    /// For grep: the kernel writes the words in this order.
    fn pattern(&self) -> String {
        self.words.join(".*")
    }
}

/// A grant that the scenario does without, and that stands in the policy all the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exception {
    /// As [`super::grants::Grant`] or [`super::rules::Rule`] names it.
    pub(super) grant: &'static str,
    /// The one release where it holds; None for all.
    pub(super) release: Option<&'static str>,
    pub(super) why: &'static str,
}

impl Exception {
    pub(super) fn is_of(&self, grant: &str, release: &str) -> bool {
        self.grant == grant && self.release.is_none_or(|only| only == release)
    }
}

impl Program {
    /// What belongs in the log of a release.
    pub(super) fn expected(&self, release: &str) -> Vec<Expected> {
        self.expected.iter().filter(|one| one.is_in(release)).copied().collect()
    }

    /// The scenario for a rendered policy. A quick one ends at the first denial that is not expected.
    pub(super) fn run(&self, rendered: &Rendered, release: &str, quick: bool) -> Result<Run> {
        let containers = bundle::containers(&rendered.manifest)?;
        let container = containers.first().ok_or_else(|| Fail::new("the manifest has no container"))?;
        let patterns: Vec<String> = self.expected(release).iter().map(Expected::pattern).collect();
        Ok(Run {
            script: [include_str!("prelude.sh"), self.script].concat(),
            arguments: vec![
                self.config(container, release)?.to_string(),
                container.layout(self.files),
                patterns.join("|"),
                if quick { "quick" } else { "whole" }.to_owned(),
            ],
            seconds: self.seconds,
        })
    }

    /// The bundle's settings, with the pod's network and a folder beside what the policy grants.
    fn config(&self, container: &Container, release: &str) -> Result<Value> {
        let own: Vec<String> = self.arguments.iter().map(|word| (*word).to_owned()).collect();
        let own = (!own.is_empty()).then_some(own.as_slice());
        let mut config = container.config(&format!("/image/{}", self.name), own)?;
        let missing = || Fail::new("the settings of the bundle lack a list");
        let list = |config: &mut Value, at: &str| -> Result<Vec<Value>> {
            config.pointer_mut(at).and_then(Value::as_array_mut).map(std::mem::take).ok_or_else(missing)
        };
        let set = |config: &mut Value, at: &str, list: Vec<Value>| {
            if let Some(place) = config.pointer_mut(at) {
                *place = Value::Array(list);
            }
        };
        let mut mounts = list(&mut config, "/mounts")?;
        mounts.push(json!({ "destination": "/srv", "type": "bind", "source": "volumes/stray", "options": ["bind", "rw"] }));
        set(&mut config, "/mounts", mounts);
        let mut namespaces = list(&mut config, "/linux/namespaces")?;
        namespaces.retain(|one| one.get("type") != Some(&json!("network")));
        namespaces.push(json!({ "type": "network", "path": "/run/programs/network" }));
        set(&mut config, "/linux/namespaces", namespaces);
        let mut env = list(&mut config, "/process/env")?;
        for (name, value) in (self.environment)(release) {
            let own = format!("{name}=");
            env.retain(|one| one.as_str().is_none_or(|one| !one.starts_with(&own)));
            env.push(json!(format!("{own}{value}")));
        }
        set(&mut config, "/process/env", env);
        Ok(config)
    }
}
