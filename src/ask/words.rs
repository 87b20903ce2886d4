//! Decisions and differences in words: one line each, in the vocabulary of policies.

use super::decide::{Because, Decision};
use super::difference::Matter;
use super::ruleset::Ruleset;
use crate::kernel::request::Shown;
use crate::kernel::{Access, Request};
use crate::policy::Mode;

/// Why it was decided so.
pub fn reason(decision: &Decision, ruleset: &Ruleset) -> String {
    let rules = rules(decision, ruleset);
    match &decision.because {
        Because::Granted => format!("{rules} {}", verb(decision, "grants it", "grant it")),
        Because::Refused => format!("{rules} {}", verb(decision, "denies it", "deny it")),
        Because::Ungranted(None) => "no rule grants it".to_owned(),
        Because::Ungranted(Some((path, missing))) => {
            format!("no rule grants {} `{}`", doing(*missing), Shown(path))
        }
        Because::Exceeds(access) => {
            format!(
                "the new name would permit {}, which the target does not: that is refused only where the target belongs to the process's user",
                doing(*access)
            )
        }
        Because::Owner => {
            let hold = verb(decision, "holds", "hold");
            format!("{rules} {hold} only for files that belong to the process's user")
        }
        Because::Conditional => {
            format!("{rules} {} conditions that are not weighed here", verb(decision, "has", "have"))
        }
        Because::Unread => format!("{rules} could not be read, and may decide about it"),
        Because::WithoutAbi => {
            "the profile names no abi, and the parser's settings decide whether its network rules hold"
                .to_owned()
        }
        Because::NotDecided => match ruleset.abi {
            Some(abi) => format!("under abi {} AppArmor does not decide about it", abi.name()),
            None => "AppArmor does not decide about it".to_owned(),
        },
    }
}

fn verb<'a>(decision: &Decision, one: &'a str, several: &'a str) -> &'a str {
    if decision.lines.len() == 1 { one } else { several }
}

/// The first rules by their text, and how many more there are.
fn rules(decision: &Decision, ruleset: &Ruleset) -> String {
    const SHOWN: usize = 2;
    let texts = decision.lines.iter().filter_map(|line| ruleset.line(*line));
    let mut texts: Vec<String> = texts.map(|line| format!("`{}`", line.text)).collect();
    let more = texts.len().saturating_sub(SHOWN);
    texts.truncate(SHOWN);
    match more {
        0 => texts.join(" and "),
        _ => format!("{} and {more} more", texts.join(", ")),
    }
}

/// What the accesses are called before a path, such as `reading and writing`.
pub fn doing(access: Access) -> String {
    named(access, |(_, doing, _)| doing).join(" and ")
}

/// What the accesses are called in a list, such as `read, write`.
pub fn verbs(access: Access) -> String {
    named(access, |(_, _, verb)| verb).join(", ")
}

type Words = (Access, &'static str, &'static str);

const WORDS: [Words; 7] = [
    (Access::READ, "reading", "read"),
    (Access::WRITE, "writing", "write"),
    (Access::APPEND, "appending to", "append"),
    (Access::LINK, "linking as", "link"),
    (Access::LOCK, "locking", "lock"),
    (Access::MAP, "mapping as code", "map as code"),
    (Access::EXEC, "starting", "start"),
];

fn named(access: Access, word: impl Fn(Words) -> &'static str) -> Vec<&'static str> {
    WORDS.into_iter().filter(|(one, ..)| access.contains(*one)).map(word).collect()
}

/// A difference as a sentence; `gained` says on which side it is allowed.
pub fn matter(what: &Matter, gained: bool) -> String {
    match what {
        Matter::Files { access, starts, owner, witness } => {
            let whose = if *owner { " (the process's own files)" } else { "" };
            format!("{}: such as `{}`{whose}", accesses(*access, starts), Shown(witness))
        }
        Matter::Flag(flag) => format!("perhaps other files: only one profile has the flag `{flag}`"),
        Matter::Processes { contacts, witness } => {
            let ways: Vec<&str> = contacts.all().map(|contact| contact.doing()).collect();
            format!("{}: such as a process with the label `{}`", ways.join(", "), Shown(witness))
        }
        Matter::Asked(requests) => asked(requests),
        Matter::Limit { limit, before, after } => {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "no limit".to_owned());
            format!("limit `{limit}`: {} became {}", value(before), value(after))
        }
        Matter::Mode { after, .. } => match after {
            Mode::Complain => "everything that no quiet `deny` names: complain mode refuses nothing else".to_owned(),
            Mode::Enforce | Mode::Kill => "what complain mode let pass".to_owned(),
        },
        Matter::WithoutAbi => {
            "perhaps any socket: without an abi line the parser's settings decide whether rules about them hold".to_owned()
        }
        Matter::Unread(text) => {
            let side = if gained { "may allow more" } else { "may allow less" };
            format!("a rule that is compared by its text alone, and {side}: `{}`", shortened(text))
        }
        Matter::Exhausted => {
            "perhaps more: comparing all patterns would take too long; simpler patterns can be compared"
                .to_owned()
        }
    }
}

/// Accesses as verbs. How programs are started is told where it is not the usual way, by which they keep the profile.
fn accesses(access: Access, starts: &[String]) -> String {
    let access = if access.contains(Access::WRITE) { access.without(Access::APPEND) } else { access };
    let is_usual = starts.iter().all(|way| way == "ix") && access.contains(Access::EXEC);
    if is_usual || starts.is_empty() {
        return verbs(access);
    }
    let others = access.without(Access::EXEC);
    let ways = starts.iter().map(|way| format!("start by `{way}`"));
    let verbs = (!others.is_empty()).then(|| verbs(others));
    verbs.into_iter().chain(ways).collect::<Vec<_>>().join(", ")
}

/// A rule as it is shown: a block is kept together in one.
pub fn shortened(rule: &str) -> String {
    const MOST: usize = 120;
    let cut: String = rule.chars().take(MOST).collect();
    if cut.len() < rule.len() { cut + "…" } else { cut }
}

/// The first few, and how many more.
fn asked(requests: &[Request]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = requests.iter().take(SHOWN).map(Request::to_string).collect();
    match requests.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
