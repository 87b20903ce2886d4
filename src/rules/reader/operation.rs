//! Rules about operations: of these only whether they have conditions.

use super::scan::Token::{self, Close, Equals, Open, Word};
use crate::kernel::Operation;
use crate::rules::What;

pub(super) fn read(word: &str, rest: &[Token<'_>]) -> Result<Vec<What>, String> {
    let one = |operation, conditional| vec![What::Operation { operation, conditional }];
    let conditional = !matches!((word, rest), (_, []) | ("umount", [Word("/{,**}")]));
    if !is_whole(rest) {
        return Err("has a list that is not read here".to_owned());
    }
    Ok(match word {
        "mount" => mount(conditional),
        "remount" => one(Operation::Remount, conditional),
        "umount" | "unmount" => one(Operation::Umount, conditional),
        "pivot_root" => one(Operation::PivotRoot, conditional),
        "userns" => match rest {
            // Making them is all that can be done.
            [] | [Word("create")] | [Open, Word("create"), Close] => one(Operation::Userns, false),
            _ => return Err("has conditions on user namespaces".to_owned()),
        },
        "mqueue" => one(Operation::Mqueue, conditional),
        "io_uring" => one(Operation::IoUring, conditional),
        "dbus" => one(Operation::Dbus, conditional),
        _ => return Err(format!("begins with `{word}`, which is no rule that is known here")),
    })
}

/// A rule for mounting is one for remounting too, where its conditions do not exclude it.
pub(in crate::rules) fn mount(conditional: bool) -> Vec<What> {
    let both = [Operation::Mount, Operation::Remount];
    both.into_iter().map(|operation| What::Operation { operation, conditional }).collect()
}

/// Whether lists are closed, and no value is missing.
fn is_whole(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0i32;
    for token in tokens {
        match token {
            Open => depth += 1,
            Close => depth -= 1,
            Word(_) | Equals | Token::Arrow | Token::AtMost => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && !matches!(tokens.last(), Some(Equals | Token::Arrow | Token::AtMost))
}
