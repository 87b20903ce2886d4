//! Every key of the language, with an entry and without: what it grants, what stands beside it, what it must not
//! touch.
//!
//! What is expected is worked out here from what the words mean, and not from the rules that are rendered.

mod files;
mod kernel;
mod words;

use crate::check::{Check, Report};
use crate::generation::{Generation, Policies};
use crate::policy::Rendered;
use crate::{Fail, Result};
use std::collections::BTreeMap;

pub(super) const NAME: &str = "matrix";

/// Checks and the policies that they need, as they are gathered.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    generation: &'a Generation,
    policies: Policies,
    /// The names of those that were asked for already.
    known: BTreeMap<String, Option<String>>,
    checks: Vec<Check>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(generation: &'a Generation) -> Plan<'a> {
        Plan { generation, policies: Policies::new(), known: BTreeMap::new(), checks: Vec::new() }
    }

    /// A policy of its own, compiled: its name in the kernel and in the machine's folder. None where this
    /// generation's parser does not know the ABI.
    pub(super) fn policy(&mut self, text: &str) -> Result<Option<String>> {
        if let Some(name) = self.known.get(text) {
            return Ok(name.clone());
        }
        let name = format!("m{}", self.policies.len());
        let whole = format!("name = \"{name}\"\n{text}");
        let rendered = Rendered::of("matrix", &whole)?;
        if !self.generation.parser.knows(rendered.abi) {
            self.known.insert(text.to_owned(), None);
            return Ok(None);
        }
        let compiled = self.generation.parser.compile(&rendered.profile);
        self.policies.insert(name.clone(), compiled.map_err(|said| Fail::new(&format!("{said}\n{whole}")))?);
        self.known.insert(text.to_owned(), Some(name.clone()));
        Ok(Some(name))
    }

    pub(super) fn add(&mut self, check: Check) {
        self.checks.push(check);
    }

    pub(super) fn perform(self, suite: &'static str) -> Result<Report> {
        let mut report = Report::of(suite, self.generation);
        report.perform(self.generation, &self.policies, &self.checks, &[])?;
        Ok(report)
    }
}

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut plan = Plan::new(generation);
    files::plan(&mut plan)?;
    kernel::plan(&mut plan)?;
    words::plan(&mut plan)?;
    plan.perform(NAME)
}
