//! Every expectation of every example and golden policy, tried under its policy's own profile.
//!
//! What must be denied is tried unconfined as well: there it must be done, or the denial proves nothing.

use crate::access;
use crate::check::{Check, Judge, Report, allowed_is, denied, done};
use crate::generation::{Generation, Policies};
use crate::policy::Rendered;
use crate::{Fail, Result};
use aapol::check::expectation;
use probe::UNCONFINED;
use std::collections::BTreeSet;

pub(super) const NAME: &str = "expectations";

/// Policies whose expectations may be wrong: `aapol test` is to find it out.
const WRONG: &str = "golden/test/";

pub(super) fn run(generation: &Generation) -> Result<Report> {
    let mut policies = Policies::new();
    let mut checks = Vec::new();
    let mut controls = BTreeSet::new();
    let mut report = Report::of(NAME, generation);
    for (number, rendered) in Rendered::all().iter().enumerate() {
        if rendered.allow.is_empty() && rendered.deny.is_empty() || !generation.parser.knows(rendered.abi) {
            continue;
        }
        let file = format!("expectations-{number}");
        let compiled = generation.parser.compile(&rendered.profile);
        policies.insert(
            file.clone(),
            compiled.map_err(|said| Fail::new(&format!("{}: {said}", rendered.place)))?,
        );
        let lines = rendered
            .allow
            .iter()
            .map(|line| (line, true))
            .chain(rendered.deny.iter().map(|line| (line, false)));
        for (line, allowed) in lines {
            let Some(trial) = access::trial(&rendered.name, line) else { continue };
            // What the kernel is to say, aapol has to say before. Abstractions are the machine's.
            let request = expectation::read(line).ok().filter(|_| rendered.ruleset.unread().is_empty());
            let allowed = match &request {
                // Where expectations are wrong on purpose, the kernel is to find just those wrong.
                Some(request) if rendered.place.starts_with(WRONG) => {
                    access::differs(&rendered.ruleset, request, allowed).is_some() != allowed
                }
                Some(_) => allowed,
                None if rendered.place.starts_with(WRONG) => continue,
                None => allowed,
            };
            if let Some(request) = &request {
                report.asked += 1;
                let wrong = access::differs(&rendered.ruleset, request, allowed);
                report.wrong.extend(wrong.map(|wrong| format!("{}: {wrong}", rendered.place)));
            }
            if !allowed && controls.insert((trial.before.len(), trial.words.clone())) {
                let unconfined = probe::Trial { profile: UNCONFINED.to_owned(), ..trial.clone() };
                checks.push(Check::trial(format!("unconfined, {line}"), &file, unconfined, done()));
            }
            let what = format!("{}, {} {line}", rendered.place, if allowed { "allow" } else { "deny" });
            let check = Check::trial(what, &file, trial, judge(rendered.is_complain, allowed, line));
            checks.push(if rendered.is_complain { check.with_log() } else { check });
        }
    }
    report.perform(generation, &policies, &checks, &[])?;
    Ok(report)
}

/// Complain mode blocks nothing; what would be denied is in the log, and everything that is started or mapped.
fn judge(is_complain: bool, allowed: bool, line: &str) -> Judge {
    if !is_complain {
        return if allowed { allowed_is(true) } else { denied() };
    }
    let is_code = ["exec ", "map "].iter().any(|verb| line.starts_with(verb));
    Box::new(move |answer| {
        let logged = answer
            .log
            .iter()
            .any(|line| line.contains("apparmor=\"ALLOWED\"") || line.contains("apparmor=\"AUDIT\""));
        match (answer.outcome.is_done(), logged) {
            (true, logged) if logged == (is_code || !allowed) => Ok(()),
            _ => Err(format!("complain mode, {:?}, log {:?}", answer.outcome, answer.log)),
        }
    })
}
