//! Rules about files and links.

use super::pattern;
use super::scan::Token::{self, Arrow, Word};
use super::variables::Variables;
use crate::kernel::Access;
use crate::rules::{Transition, What};

/// How a program is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start<'a> {
    /// `x` alone, which only denials have.
    Bare,
    /// `ix`: it keeps the profile.
    Stays,
    /// All others, as written: where what they name is not loaded the profile is kept, or nothing is started.
    Leaves(&'a str),
}

#[derive(Clone, Copy, Debug)]
struct Permissions<'a> {
    access: Access,
    start: Option<Start<'a>>,
}

pub(super) fn is_path(word: &str) -> bool {
    word.strip_prefix('"').unwrap_or(word).starts_with(['/', '@'])
}

pub(super) fn is_permissions(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| "rwalkmxipcuRWLMXIPCU".contains(c))
}

pub(super) fn read(
    tokens: &[Token<'_>],
    grants: bool,
    owner: bool,
    variables: &Variables,
) -> Result<Vec<What>, String> {
    let path = |word: &str| pattern::path(word, variables);
    let link = |new: &str, target: &str, subset| {
        Ok::<What, String>(What::Link { new: path(new)?, target: Some(path(target)?), owner, subset })
    };
    let tokens = match tokens {
        [Word("link"), Word("subset"), Word(new), Arrow, Word(target)] => {
            return Ok(vec![link(new, target, true)?]);
        }
        [Word("link"), Word(new), Arrow, Word(target)] => return Ok(vec![link(new, target, false)?]),
        [Word("file")] if grants => {
            return Ok(vec![What::Files { paths: None, access: Access::ALL, owner, transition: None }]);
        }
        [Word("file")] => return Err("is a denial that the parser refuses".to_owned()),
        [Word("file"), rest @ ..] => rest,
        _ => tokens,
    };
    let (starts, tokens) = match tokens {
        [Word(word @ ("safe" | "unsafe")), rest @ ..] => (Some(*word), rest),
        _ => (None, tokens),
    };
    // An arrow names a profile for what is started. Where nothing is, the parser takes it and drops it: behind
    // `/x l` too, so that `/x l -> /y` allows links to other files than `/y` (seen in its compiled states).
    let files = |paths: &str, letters: &str, target: Option<&str>| {
        let Permissions { access, start } = permissions(letters)?;
        match (start, grants) {
            (Some(Start::Bare), true) => {
                return Err("starts programs and says not in which profile".to_owned());
            }
            (Some(Start::Stays | Start::Leaves(_)), false) => {
                return Err("is a denial that names a profile for what is started".to_owned());
            }
            (None | Some(Start::Bare), _) if starts.is_some() => {
                return Err("says how programs are started, and starts none".to_owned());
            }
            (Some(Start::Bare), _) if target.is_some() => {
                return Err("denies programs and names a profile for them".to_owned());
            }
            (Some(Start::Stays), _) if target.is_some() => {
                return Err("keeps the profile and names another one".to_owned());
            }
            (Some(_) | None, _) => {}
        }
        let transition = match start {
            Some(Start::Leaves(way)) => Some(Transition {
                how: starts.map(|word| format!("{word} ")).unwrap_or_default() + way,
                target: target.map(pattern::decode).transpose()?,
            }),
            Some(Start::Bare | Start::Stays) | None => None,
        };
        Ok(What::Files { paths: Some(path(paths)?), access, owner, transition })
    };
    match tokens {
        [Word(paths), Word(letters)] if is_path(paths) => Ok(vec![files(paths, letters, None)?]),
        [Word(paths), Word(letters), Arrow, Word(target)] if is_path(paths) => {
            Ok(vec![files(paths, letters, Some(target))?])
        }
        [Word(letters), Word("subset"), Word(new)] if letters.eq_ignore_ascii_case("l") => {
            // Without a target this is what `l` always means.
            Ok(vec![files(new, letters, None)?])
        }
        [Word(letters), Word("subset"), Word(new), Arrow, Word(target)]
            if letters.eq_ignore_ascii_case("l") =>
        {
            Ok(vec![link(new, target, true)?])
        }
        [Word(letters), Word(paths)] => Ok(vec![files(paths, letters, None)?]),
        // With the permissions first, the arrow of a link leads to its target (parser_yacc.y, frule).
        [Word(letters), Word(new), Arrow, Word(target)]
            if letters.contains(['l', 'L']) && starts.is_none() =>
        {
            let others = letters.replace(['l', 'L'], "");
            let mut all = vec![link(new, target, false)?];
            if !others.is_empty() {
                if others.contains(['x', 'X']) {
                    return Err("has one arrow for a link and for a profile".to_owned());
                }
                all.insert(0, files(new, &others, None)?);
            }
            Ok(all)
        }
        [Word(letters), Word(paths), Arrow, Word(target)] => Ok(vec![files(paths, letters, Some(target))?]),
        _ => Err("is no rule about files that is known here".to_owned()),
    }
}

fn permissions(letters: &str) -> Result<Permissions<'_>, String> {
    let mut access = Access::NONE;
    let mut start = None;
    let unknown = || format!("has `{letters}`, which are no permissions that are known here");
    if !is_permissions(letters) {
        return Err(unknown());
    }
    let mut rest = letters;
    while let Some(letter) = rest.chars().next() {
        if let Some((found, way)) = started(rest) {
            if start.is_some_and(|known| known != found) {
                return Err(format!("has `{letters}`, which starts programs in two ways"));
            }
            start = Some(found);
            // A way that may keep the profile permits mapping, too: `ix` and `mix` are the same bytes.
            access = access | Access::EXEC;
            if way.contains(['i', 'I']) {
                access = access | Access::MAP;
            }
            rest = rest.get(way.len()..).unwrap_or_default();
            continue;
        }
        access = access
            | match letter.to_ascii_lowercase() {
                'r' => Access::READ,
                'w' => Access::WRITE,
                // No access that can be asked about is granted or denied by it.
                'a' => Access::APPEND,
                'l' => Access::LINK,
                'k' => Access::LOCK,
                'm' => Access::MAP,
                _ => return Err(unknown()),
            };
        rest = rest.get(1..).unwrap_or_default();
    }
    if access.contains(Access::APPEND | Access::WRITE) {
        return Err(format!("has `{letters}`: the parser takes `a` or `w`, not both"));
    }
    Ok(Permissions { access, start })
}

/// The way of starting at the head of some letters, and these letters.
fn started(letters: &str) -> Option<(Start<'_>, &str)> {
    const WAYS: [&str; 9] = ["x", "ix", "px", "cx", "ux", "pix", "cix", "pux", "cux"];
    WAYS.into_iter().find_map(|way| {
        let head = letters.get(..way.len()).filter(|head| head.eq_ignore_ascii_case(way))?;
        let start = match way {
            "x" => Start::Bare,
            "ix" => Start::Stays,
            _ => Start::Leaves(head),
        };
        Some((start, head))
    })
}
