//! Every key of the language, with an entry and without: what it grants, what stands beside it, what it must not
//! touch.
//!
//! What is expected is worked out here from what the words mean, and not from the rules that are rendered.

mod denials;
mod files;
mod kernel;
mod words;

use crate::access;
use crate::check::{Check, Report};
use crate::generation::{Generation, Policies};
use crate::policy::Rendered;
use crate::{Fail, Result};
use aapol::ask::Ruleset;
use probe::{Answer, Work};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const NAME: &str = "matrix";

/// Checks and the policies that they need, as they are gathered.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    generation: &'a Generation,
    policies: Policies,
    /// The names of those that were asked for already.
    known: BTreeMap<String, Option<String>>,
    checks: Vec<Check>,
    /// What aapol itself says of each policy.
    rulesets: BTreeMap<String, Arc<Ruleset>>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(generation: &'a Generation) -> Plan<'a> {
        Plan {
            generation,
            policies: Policies::new(),
            known: BTreeMap::new(),
            checks: Vec::new(),
            rulesets: BTreeMap::new(),
        }
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
        self.rulesets.insert(name.clone(), rendered.ruleset);
        Ok(Some(name))
    }

    pub(super) fn add(&mut self, check: Check) {
        self.checks.push(check);
    }

    pub(super) fn perform(&self, suite: &'static str) -> Result<Report> {
        Ok(self.answered(suite)?.0)
    }

    fn answered(&self, suite: &'static str) -> Result<(Report, Vec<Answer>)> {
        let mut report = Report::of(suite, self.generation);
        let answers = report.perform(self.generation, &self.policies, &self.checks, &[])?;
        Ok((report, answers))
    }

    /// Where a trial is one access, aapol is asked about it too and has to say what came.
    fn perform_and_ask(&self) -> Result<Report> {
        let (mut report, answers) = self.answered(NAME)?;
        for (check, answer) in self.checks.iter().zip(&answers) {
            let Work::Trial(trial) = &check.work else { continue };
            let ruleset = self.rulesets.get(&trial.profile);
            let (Some(ruleset), Some(request)) = (ruleset, access::request(&trial.words)) else { continue };
            report.asked += 1;
            if let Some(wrong) = access::differs(ruleset, &request, answer.outcome.is_done()) {
                report.wrong.push(format!("{}: {wrong}", check.what));
            }
        }
        Ok(report)
    }
}

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut plan = Plan::new(generation);
    denials::plan(&mut plan)?;
    files::plan(&mut plan)?;
    kernel::plan(&mut plan)?;
    words::plan(&mut plan)?;
    plan.perform_and_ask()
}
