//! Paths that one list allows and the denials of another take away again.
//!
//! Enters: the lists of an abstract. Leaves: a remark for each pair of lists, with the first pair of paths. The work is
//! bounded; past it is said that not all was looked at.

use super::{Parts, ticked};
use crate::foreign::kubernetes::fields::Word;
use crate::foreign::{Remark, Weight};
use crate::kernel::glob::{Automaton, Budget, Glob};

const WORK: usize = 500_000;

/// A list with its key.
type List<'p> = (&'static str, &'p [Word<'p>]);

pub(super) fn all(parts: &Parts<'_>) -> Vec<Remark> {
    let read_only: List<'_> = ("readOnlyPaths", &parts.read_only);
    let write_only: List<'_> = ("writeOnlyPaths", &parts.write_only);
    let read_write: List<'_> = ("readWritePaths", &parts.read_write);
    let executables: List<'_> = ("allowedExecutables", &parts.executables);
    let libraries: List<'_> = ("allowedLibraries", &parts.libraries);
    let budget = Budget::new(WORK);
    let mut out = Vec::new();
    for (denying, does, lists) in [
        (read_only, "writing", [write_only, read_write].as_slice()),
        (write_only, "reading", &[read_only, read_write, executables, libraries]),
    ] {
        let denying_globs = globs(denying.1);
        for list in lists {
            out.extend(clash((denying.0, &denying_globs), does, (list.0, &globs(list.1)), &budget));
        }
    }
    if budget.is_spent() {
        let text = "the lists are too long to find all paths that one allows and another denies".to_owned();
        out.push(Remark { weight: Weight::Note, line: None, text });
    }
    out
}

/// Those that are patterns by themselves; variables are not known here.
fn globs<'w>(words: &[Word<'w>]) -> Vec<(Word<'w>, Automaton)> {
    let read = |word: &Word<'w>| Glob::parse(word.text).ok().map(|glob| (*word, Automaton::new(&glob)));
    words.iter().filter(|word| !word.text.contains("@{")).filter_map(read).collect()
}

fn clash(
    (denying, denied): (&str, &[(Word<'_>, Automaton)]),
    does: &str,
    (allowing, allowed): (&str, &[(Word<'_>, Automaton)]),
    budget: &Budget,
) -> Option<Remark> {
    let mut pairs = allowed.iter().filter_map(|(word, own)| {
        let is_hit = |other: &Automaton| budget.spend(1) && own.meets(other, budget) == Some(true);
        denied.iter().find(|(_, other)| is_hit(other)).map(|(by, _)| (word, by))
    });
    let (word, by) = pairs.next()?;
    let more = match pairs.count() {
        0 => String::new(),
        more => format!("; so for {more} more"),
    };
    let text = format!(
        "{} of `{allowing}` is denied {does} again: for {} of `{denying}` on line {} the operator also writes a denial, \
         and a denial always wins{more}",
        ticked(word.text),
        ticked(by.text),
        by.line,
    );
    Some(Remark { weight: Weight::Ineffective, line: Some(word.line), text })
}
