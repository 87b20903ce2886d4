//! `aapol diff`: what the second of two policies lets a container do that the first did not, and the reverse.

use super::console::Console;
use super::target::{self, Included, Target};
use super::{Failure, Outcome};
use crate::ask::compare::compare;
use crate::ask::words;
use crate::ask::{Difference, Matter};
use crate::diag::shown;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// More differences than this in one direction tell nothing new.
const MOST: usize = 100;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy or profile as it was
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The policy or profile as it is to be
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// What to do when anything is gained: `forbid` exits with 1
    #[arg(long, value_enum, default_value_t = Widening::Allow)]
    widening: Widening,
    #[command(flatten)]
    included: Included,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Widening {
    Allow,
    Forbid,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let included = &arguments.included;
    let old = target::read_all(&arguments.old, included, console)?;
    let new = target::read_all(&arguments.new, included, console)?;
    let (Some(old), Some(new)) = (old, new) else { return Ok(Outcome::Errors) };
    let names = [&arguments.old, &arguments.new].map(|path| shown::path(path));
    let [old_name, new_name] = &names;
    let mut total = Total::default();
    if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
        // A policy that is delivered under a new name is still compared.
        pair([old, new], [old_name, new_name], &mut total, console);
    } else {
        let find = |all: &'_ [Target], name: &str| all.iter().position(|one| one.ruleset.name == name);
        for (at, one) in old.iter().enumerate() {
            let name = shown::one_line(one.ruleset.name.clone());
            match find(&new, &one.ruleset.name).and_then(|other| new.get(other)) {
                // The parser refuses a name that stands twice.
                Some(other) if find(&old, &one.ruleset.name) == Some(at) => {
                    let titles = [old_name, new_name].map(|file| format!("{file}, profile `{name}`,"));
                    let [old_title, new_title] = &titles;
                    pair([one, other], [old_title, new_title], &mut total, console);
                }
                _ => total.alone(&name, new_name, console),
            }
        }
        for one in new.iter().filter(|one| find(&old, &one.ruleset.name).is_none()) {
            total.alone(&shown::one_line(one.ruleset.name.clone()), old_name, console);
        }
    }
    if total.gained + total.lost == 0 {
        console.out("both profiles allow the same\n");
        return Ok(Outcome::Fine);
    }
    console.say(&format!("{} gained, {} lost\n", total.gained, total.lost));
    let forbidden = arguments.widening == Widening::Forbid && total.gained > 0;
    Ok(if forbidden { Outcome::Errors } else { Outcome::Fine })
}

#[derive(Debug, Default)]
struct Total {
    gained: usize,
    lost: usize,
}

impl Total {
    /// A profile that one of the files lacks: what its programs run under there is not known.
    fn alone(&mut self, profile: &str, lacking: &str, console: &mut Console) {
        console
            .out_line(format!("{lacking} has no profile `{profile}`: what it confines may do more or less"));
        self.gained += 1;
        self.lost += 1;
    }
}

/// Compares one profile with another and tells the differences.
fn pair(profiles: [&Target; 2], names: [&str; 2], total: &mut Total, console: &mut Console) {
    let ([old, new], [old_name, new_name]) = (profiles, names);
    let found = compare(&old.ruleset, &new.ruleset);
    for (target, name) in [(old, old_name), (new, new_name)] {
        let unread = target.ruleset.unread().len();
        if unread > 0 {
            console.say_line(format!(
                "note: {unread} rules of `{name}` could not be read: they are compared by their text alone"
            ));
        }
    }
    let (gained, lost): (Vec<&Difference>, Vec<&Difference>) = found.iter().partition(|one| one.gained);
    total.gained += gained.len();
    total.lost += lost.len();
    for (all, one, other, title) in [
        (&gained, new, old, format!("{new_name} allows, and {} does not:", old_name.trim_end_matches(','))),
        (&lost, old, new, format!("{new_name} does not allow any more:")),
    ] {
        if all.is_empty() {
            continue;
        }
        console.out_line(title);
        for difference in all.iter().take(MOST) {
            for line in tell(difference, one, other) {
                console.out_line(line);
            }
        }
        if all.len() > MOST {
            console.out(&format!("  and {} more\n", all.len() - MOST));
        }
    }
}

/// A difference in lines: what it is, and the rules that make it. `one` allows it, `other` does not.
fn tell(difference: &Difference, one: &Target, other: &Target) -> Vec<String> {
    let mut lines = vec![format!("  {}", words::matter(&difference.what, difference.gained))];
    let rules = |target: &Target, numbers: &[usize], word: &str| -> Vec<String> {
        const SHOWN: usize = 3;
        let all = numbers.iter().filter_map(|line| target.ruleset.line(*line));
        let told = all.flat_map(|line| {
            let origins = target.origins(line).into_iter();
            origins.map(move |origin| format!("    {word} `{}`, from {origin}", words::shortened(&line.text)))
        });
        let mut told: Vec<String> = told.collect();
        let more = told.len().saturating_sub(SHOWN);
        told.truncate(SHOWN);
        if more > 0 {
            told.push(format!("    and by {more} more"));
        }
        told
    };
    let (granted, denied) = match (&difference.what, difference.gained) {
        (Matter::Limit { .. } | Matter::Unread(_), true) => ("now", "before"),
        (Matter::Limit { .. } | Matter::Unread(_), false) => ("before", "now"),
        (_, true) => ("granted by", "was denied by"),
        (_, false) => ("was granted by", "is denied by"),
    };
    lines.extend(rules(one, &difference.granting, granted));
    lines.extend(rules(other, &difference.denying, denied));
    lines
}
