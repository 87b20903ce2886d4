//! Questions about two patterns, or a pattern and a text.
//!
//! Enters: automata. Leaves: whether one covers the other, or both meet, and where; none where the budget did not last.

use super::Glob;
use super::automaton::{Automaton, Set};
use super::product::{Budget, Flow, Texts, Walk};

/// What looking at one pattern alone may cost.
const WORK: usize = 100_000;

impl Glob {
    /// Whether it matches one text. Not knowing counts as no.
    pub fn matches(&self, text: &[u8]) -> bool {
        Automaton::new(self).matches(text, &Budget::new(WORK)) == Some(true)
    }
}

impl Automaton {
    /// Whether it matches one path.
    pub fn matches(&self, path: &[u8], budget: &Budget) -> Option<bool> {
        let mut set = self.start();
        for byte in path {
            if set.is_empty() {
                return Some(false);
            }
            if !budget.spend(set.len()) {
                return None;
            }
            set = self.step(&set, *byte);
        }
        Some(self.is_end(&set))
    }

    /// Whether it matches every text that the other matches.
    pub fn covers(&self, other: &Automaton, budget: &Budget) -> Option<bool> {
        self.covers_among(other, Texts::Names, budget)
    }

    /// Whether it matches every path that the other matches: among texts are some that no path is, such as `/a//b`.
    pub fn covers_paths(&self, other: &Automaton, budget: &Budget) -> Option<bool> {
        self.covers_among(other, Texts::Paths, budget)
    }

    fn covers_among(&self, other: &Automaton, texts: Texts, budget: &Budget) -> Option<bool> {
        let mut is_covered = true;
        let is_worth = |[theirs, _]: &[Set; 2]| !theirs.is_empty();
        let walk = Walk::explore([other, self], texts, budget, is_worth, |_, _, [theirs, ours]| {
            // Each state leads to an end, if not of a path: where ours has none left, some text of theirs goes on without it.
            let is_lost = texts == Texts::Names && ours.is_empty();
            if is_lost || other.is_end(theirs) && !self.is_end(ours) {
                is_covered = false;
                return Flow::Break(());
            }
            Flow::Continue(())
        });
        walk.is_done.then_some(is_covered)
    }

    /// Whether some path is matched by both.
    pub fn meets(&self, other: &Automaton, budget: &Budget) -> Option<bool> {
        self.meeting(other, budget).map(|path| path.is_some())
    }

    /// Whether some label is matched by both.
    pub fn meets_labels(&self, other: &Automaton, budget: &Budget) -> Option<bool> {
        self.meeting_among(other, Texts::Names, budget).map(|label| label.is_some())
    }

    /// A shortest path that both match; none where there is none.
    pub fn meeting(&self, other: &Automaton, budget: &Budget) -> Option<Option<Vec<u8>>> {
        self.meeting_among(other, Texts::Paths, budget)
    }

    fn meeting_among(&self, other: &Automaton, texts: Texts, budget: &Budget) -> Option<Option<Vec<u8>>> {
        let mut found = None;
        let is_worth = |[ours, theirs]: &[Set; 2]| !ours.is_empty() && !theirs.is_empty();
        let walk = Walk::explore([self, other], texts, budget, is_worth, |walk, at, [ours, theirs]| {
            if self.is_end(ours) && other.is_end(theirs) {
                found = Some(walk.text(at));
                return Flow::Break(());
            }
            Flow::Continue(())
        });
        walk.is_done.then_some(found)
    }
}
