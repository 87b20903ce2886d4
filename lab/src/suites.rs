//! The suites, each a file. One takes a generation and hands back what came out otherwise than it must.

mod broken;
mod containers;
mod expectations;
mod matrix;
mod modes;
mod parsers;
mod programs;
mod ways;

use crate::check::Report;
use crate::generation::Generation;
use crate::{Fail, Result};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    /// For the docs.
    pub(crate) about: &'static str,
    run: fn(&Generation) -> Result<Report>,
}

/// In the order in which they run: what is quick and fails most stands first.
const ALL: &[Suite] = &[
    Suite {
        name: parsers::NAME,
        about: "every profile on every parser, with the kernel's own features: no warning, the same bytes whatever the settings",
        run: parsers::run,
    },
    Suite {
        name: expectations::NAME,
        about: "every line of `[expect]` of every example and golden policy; what must be denied, unconfined as well",
        run: expectations::run,
    },
    Suite {
        name: broken::NAME,
        about: "profiles broken on purpose: no signal rules, no `abi`, a bare `file,` and others; the right probes must notice",
        run: broken::run,
    },
    Suite {
        name: matrix::NAME,
        about: "every key of the language with an entry and without: what it grants, its neighbours, what it must not touch",
        run: matrix::run,
    },
    Suite {
        name: modes::NAME,
        about: "every mode with every kind of audit: what is blocked, what is killed, what the kernel's log has and lacks",
        run: modes::run,
    },
    Suite {
        name: ways::NAME,
        about: "ways around a rule: renames, links, /proc, other calls, copies, scripts, descriptors, mounts, user namespaces",
        run: ways::run,
    },
    Suite {
        name: containers::NAME,
        about: "the rendered pair together: containers run by runc and crun from the rendered manifest, under labelled and unlabelled runtimes",
        run: containers::run,
    },
    Suite {
        name: programs::NAME,
        about: "Debian's nginx, PostgreSQL, Redis, Node.js, Python, Java and a shell job in their examples' containers: they serve, reload, survive and stop; then without each grant of their policies and each rule of their bundles, when something must be refused",
        run: programs::run,
    },
    Suite {
        name: programs::learned::NAME,
        about: "nginx, PostgreSQL, Redis, Node.js and a shell job run under a policy that grants nothing, in complain mode; what their log says is learned, and under the learned policy, enforced, they serve as before; it meets their examples' `[expect]` and has no needless entry; nginx by README's six commands",
        run: programs::learned::run,
    },
];

impl Suite {
    pub(crate) fn run(&self, generation: &Generation) -> Result<Report> {
        (self.run)(generation)
    }
}

pub(crate) fn choose(names: &[String]) -> Result<Vec<Suite>> {
    if names.is_empty() {
        return Ok(ALL.to_vec());
    }
    let find = |name: &String| ALL.iter().find(|suite| suite.name == name).copied();
    names
        .iter()
        .map(|name| find(name).ok_or_else(|| Fail::new(&format!("there is no suite {name}"))))
        .collect()
}

/// Every suite there is, which is what the page of the docs is about.
pub(crate) fn is_all(suites: &[Suite]) -> bool {
    suites.len() == ALL.len()
}

/// What gets around a rule, by the reason why.
pub(crate) fn ways_through() -> BTreeMap<&'static str, Vec<&'static str>> {
    ways::through()
}

/// Writes the figures of these suites that stand in the docs.
pub(crate) fn bless(suites: &[Suite], generations: &[Generation]) -> Result<()> {
    if std::env::var_os("CI").is_some() {
        return Err(Fail::new("CI does not bless: it compares"));
    }
    if suites.iter().any(|suite| suite.name == parsers::NAME) {
        parsers::bless(generations)?;
    }
    Ok(())
}
