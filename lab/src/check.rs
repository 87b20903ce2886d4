//! A check: something tried in a machine, and what must come of it.

use crate::Result;
use crate::generation::{Generation, Policies};
use probe::{Answer, Case, Outcome, Run, Trial, Work};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Says what is wrong with an answer.
pub(crate) type Judge = Box<dyn Fn(&Answer) -> std::result::Result<(), String> + Send>;

pub(crate) struct Check {
    /// What a person is told when it fails: the policy, the access, and what was expected.
    pub(crate) what: String,
    /// Names of compiled policies that are loaded for it.
    pub(crate) policies: Vec<String>,
    pub(crate) work: Work,
    /// Whether the judge asks for the kernel's log.
    pub(crate) log: bool,
    pub(crate) judge: Judge,
}

impl Check {
    pub(crate) fn trial(what: String, policy: &str, trial: Trial, judge: Judge) -> Check {
        Check { what, policies: vec![policy.to_owned()], work: Work::Trial(trial), log: false, judge }
    }

    pub(crate) fn run(what: String, policies: Vec<String>, run: Run, judge: Judge) -> Check {
        Check { what, policies, work: Work::Run(run), log: false, judge }
    }

    pub(crate) fn with_log(mut self) -> Check {
        self.log = true;
        self
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("what", &self.what).finish_non_exhaustive()
    }
}

/// What a suite found in one generation.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) suite: &'static str,
    pub(crate) generation: &'static str,
    pub(crate) tried: usize,
    /// Those of them that aapol was asked about too.
    pub(crate) asked: usize,
    pub(crate) wrong: Vec<String>,
    /// What could not be tried here, and how many times that came up.
    pub(crate) left_out: BTreeMap<String, usize>,
}

impl Report {
    pub(crate) fn of(suite: &'static str, generation: &Generation) -> Report {
        Report {
            suite,
            generation: generation.name,
            tried: 0,
            asked: 0,
            wrong: Vec::new(),
            left_out: BTreeMap::new(),
        }
    }

    /// Counts something that was tried outside of a machine.
    pub(crate) fn count(&mut self, what: &str, came: std::result::Result<(), String>) {
        self.tried += 1;
        if let Err(wrong) = came {
            self.wrong.push(format!("{what}: {wrong}"));
        }
    }

    pub(crate) fn leave_out(&mut self, reason: String) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    /// Does all checks in one machine. Checks of one policy stand best side by side: it is loaded once then.
    pub(crate) fn perform(
        &mut self,
        generation: &Generation,
        policies: &Policies,
        checks: &[Check],
        more: &[PathBuf],
    ) -> Result<Vec<Answer>> {
        let case = |(number, check): (usize, &Check)| Case {
            number,
            policies: check.policies.clone(),
            log: check.log,
            work: check.work.clone(),
        };
        let cases: Vec<Case> = checks.iter().enumerate().map(case).collect();
        let answers = generation.answer(&cases, policies, more)?;
        for (check, answer) in checks.iter().zip(&answers) {
            self.tried += 1;
            let broken = match &answer.outcome {
                Outcome::Broken(what) => Err(format!("the lab: {what}")),
                Outcome::Done(_)
                | Outcome::Refused { .. }
                | Outcome::Killed(_)
                | Outcome::Ran { .. }
                | Outcome::Hung(_) => Ok(()),
            };
            if let Err(wrong) = broken.and_then(|()| (check.judge)(answer)) {
                self.wrong.push(format!("{}: {wrong}", check.what));
            }
        }
        if answers.len() != checks.len() {
            self.wrong.push(format!("{} answers to {} checks", answers.len(), checks.len()));
        }
        Ok(answers)
    }
}

/// It must be done.
pub(crate) fn done() -> Judge {
    Box::new(|answer| {
        if answer.outcome.is_done() {
            Ok(())
        } else {
            Err(format!("must be done, and was {:?}", answer.outcome))
        }
    })
}

/// The module must refuse it.
pub(crate) fn denied() -> Judge {
    Box::new(|answer| {
        if answer.outcome.is_denied() {
            Ok(())
        } else {
            Err(format!("must be denied, and was {:?}", answer.outcome))
        }
    })
}

pub(crate) fn allowed_is(allowed: bool) -> Judge {
    if allowed { done() } else { denied() }
}
