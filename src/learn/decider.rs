//! Asks a policy's rules, many times.

use crate::ask::{Decision, Ruleset, Verdict};
use crate::kernel::Request;
use crate::kernel::glob::matcher::Scratch;
use crate::kernel::request::FileVerb;
use std::sync::{Mutex, PoisonError};

/// A policy's rules, with what is remembered between questions.
pub(super) struct Decider<'a> {
    pub(super) ruleset: &'a Ruleset,
    /// One for each thread that asks, so that none waits for another.
    scratches: Vec<Mutex<Scratch>>,
}

impl<'a> Decider<'a> {
    pub(super) fn new(ruleset: &'a Ruleset) -> Decider<'a> {
        let scratches = 0..=rayon::current_num_threads();
        Decider { ruleset, scratches: scratches.map(|_| Mutex::new(ruleset.scratch())).collect() }
    }

    pub(super) fn decide(&self, request: &Request) -> Decision {
        let thread = rayon::current_thread_index().map_or(0, |number| number + 1);
        match self.scratches.get(thread) {
            Some(own) => {
                self.ruleset.decide(request, &mut own.lock().unwrap_or_else(PoisonError::into_inner))
            }
            None => self.ruleset.decide(request, &mut self.ruleset.scratch()),
        }
    }

    pub(super) fn allows(&self, request: &Request) -> bool {
        self.decide(request).verdict == Verdict::Allowed
    }

    pub(super) fn allows_file(&self, verb: FileVerb, path: &[u8]) -> bool {
        self.allows(&Request::File(verb, path.to_vec()))
    }
}
