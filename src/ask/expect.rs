//! A policy's own expectations, held against what its profile decides.

use super::decide::{Because, Decision, Verdict};
use super::ruleset::Ruleset;
use crate::check::resolved::Expectation;
use crate::diag::Place;
use crate::rules::Kind;
use std::collections::BTreeSet;

/// How an expectation came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Met,
    Unmet,
    /// What decides could not be found out.
    Undecided,
}

/// An expectation that was asked about.
#[derive(Clone, Debug)]
pub struct Tested<'a> {
    pub expectation: &'a Expectation,
    pub decision: Decision,
    pub outcome: Outcome,
}

/// Asks about each.
pub fn ask<'a>(expectations: &'a [Expectation], ruleset: &Ruleset) -> Vec<Tested<'a>> {
    let mut scratch = ruleset.scratch();
    let ask = |expectation: &'a Expectation| {
        let decision = ruleset.decide(&expectation.request, &mut scratch);
        let outcome = match (decision.verdict, expectation.allowed) {
            (Verdict::Unknown, _) => Outcome::Undecided,
            (Verdict::Allowed, true) | (Verdict::Denied, false) => Outcome::Met,
            (Verdict::Allowed, false) | (Verdict::Denied, true) => Outcome::Unmet,
        };
        Tested { expectation, decision, outcome }
    };
    expectations.iter().map(ask).collect()
}

/// The policy's entries whose rules decided none of these. Limits are left out: no access asks for them.
pub fn untouched(ruleset: &Ruleset, tested: &[Tested<'_>]) -> Vec<Place> {
    let decided = |tested: &&Tested<'_>| {
        matches!(tested.decision.because, Because::Granted | Because::Refused | Because::Owner)
    };
    let places = |line: usize| ruleset.line(line).into_iter().flat_map(|line| line.from.iter().copied());
    let touched: BTreeSet<Place> = tested
        .iter()
        .filter(decided)
        .flat_map(|tested| tested.decision.lines.iter().flat_map(|line| places(*line)))
        .collect();
    let asked = ruleset.held().iter().filter(|held| !matches!(held.rule.kind, Kind::Limit(_)));
    let all: BTreeSet<Place> = asked.flat_map(|held| places(held.line)).collect();
    all.difference(&touched).copied().collect()
}
