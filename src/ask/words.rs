//! A decision in words: one line, in the vocabulary of policies.

use super::decide::{Because, Decision};
use super::ruleset::Ruleset;
use crate::kernel::Access;
use crate::kernel::request::Shown;

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
