//! Asks a policy's rules, many times.

use crate::ask::{Decision, Ruleset, Verdict};
use crate::kernel::Request;
use crate::kernel::glob::matcher::Scratch;
use crate::kernel::request::FileVerb;
use std::cell::RefCell;

/// A policy's rules, with what is remembered between questions.
pub(super) struct Decider<'a> {
    pub(super) ruleset: &'a Ruleset,
    scratch: RefCell<Scratch>,
}

impl<'a> Decider<'a> {
    pub(super) fn new(ruleset: &'a Ruleset) -> Decider<'a> {
        Decider { ruleset, scratch: RefCell::new(ruleset.scratch()) }
    }

    pub(super) fn decide(&self, request: &Request) -> Decision {
        self.ruleset.decide(request, &mut self.scratch.borrow_mut())
    }

    pub(super) fn allows(&self, request: &Request) -> bool {
        self.decide(request).verdict == Verdict::Allowed
    }

    pub(super) fn allows_file(&self, verb: FileVerb, path: &[u8]) -> bool {
        self.allows(&Request::File(verb, path.to_vec()))
    }
}
