//! Rules about operations. Their conditions are not weighed, only brought into one order: lists are sets.

use super::scan::Token::{self, Arrow, AtMost, Close, Equals, Open, Word};
use crate::kernel::Operation;
use crate::rules::What;
use crate::rules::ground::About;

pub(super) fn read(word: &str, rest: &[Token<'_>]) -> Result<Vec<What>, String> {
    let about = match word {
        // A rule for mounting is one for remounting too, where its conditions do not exclude it.
        "mount" => vec![Operation::Mount, Operation::Remount],
        "remount" => vec![Operation::Remount],
        "umount" | "unmount" => vec![Operation::Umount],
        "pivot_root" => vec![Operation::PivotRoot],
        "userns" => vec![Operation::Userns],
        "mqueue" => vec![Operation::Mqueue],
        "io_uring" => vec![Operation::IoUring],
        "dbus" => vec![Operation::Dbus],
        _ => return Err(format!("begins with `{word}`, which is no rule that is known here")),
    };
    let is_whole = match (word, rest) {
        (_, []) | ("umount", [Word("/{,**}")]) => true,
        // Making them is all that can be done.
        ("userns", [Word("create")] | [Open, Word("create"), Close]) => true,
        _ => false,
    };
    if is_whole {
        return Ok(about.into_iter().map(What::Operation).collect());
    }
    if word == "userns" {
        return Err("has conditions on user namespaces".to_owned());
    }
    let conditions = format!("{word} {}", conditions(rest)?);
    Ok(vec![What::Conditional { about: about.into_iter().map(About::Operation).collect(), conditions }])
}

/// Conditions as text, their lists in the order of the alphabet.
pub(super) fn conditions(tokens: &[Token<'_>]) -> Result<String, String> {
    const WRONG: &str = "has a list that is not read here";
    let mut parts: Vec<String> = Vec::new();
    let mut list: Option<Vec<&str>> = None;
    for token in tokens {
        match (token, &mut list) {
            (Open, None) => list = Some(Vec::new()),
            (Close, Some(words)) => {
                // A peer's conditions are pairs.
                if !words.contains(&"=") {
                    words.sort_unstable();
                }
                parts.push(format!("({})", words.join(",")));
                list = None;
            }
            (Word(word), Some(words)) => words.push(word),
            (Word(word), None) => parts.push((*word).to_owned()),
            (Equals, Some(words)) => words.push("="),
            (Equals, None) => parts.push("=".to_owned()),
            (Arrow, None) => parts.push("->".to_owned()),
            (Open | Arrow | AtMost, _) | (Close, None) => return Err(WRONG.to_owned()),
        }
    }
    // A value is missing, or the list's end.
    let ends = parts.last().is_some_and(|last| matches!(last.as_str(), "=" | "->"));
    if list.is_some() || ends {
        return Err(WRONG.to_owned());
    }
    Ok(parts.join(" "))
}
