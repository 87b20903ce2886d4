//! The suites, each a file. One takes a generation and hands back what came out otherwise than it must.

mod expectations;
mod programs;

use crate::check::Report;
use crate::generation::Generation;
use crate::{Fail, Result};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    run: fn(&Generation) -> Result<Report>,
}

/// In the order in which they run: what is quick and fails most stands first.
const ALL: &[Suite] = &[
    Suite { name: expectations::NAME, run: expectations::run },
    Suite { name: programs::NAME, run: programs::run },
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
