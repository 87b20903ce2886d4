//! Rules about files and links.

use super::pattern;
use super::scan::Token::{self, Arrow, Word};
use super::variables::Variables;
use crate::kernel::Access;
use crate::rules::What;

/// How a program is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// `x` alone, which only denials have.
    Bare,
    /// `ix`: it keeps the profile.
    Stays,
    /// All others: where what they name is not loaded the profile is kept, or nothing is started.
    Leaves,
}

#[derive(Clone, Copy, Debug)]
struct Permissions {
    access: Access,
    start: Option<Start>,
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
            return Ok(vec![What::Files { paths: None, access: Access::ALL, owner, leaves: false }]);
        }
        [Word("file")] => return Err("is a denial that the parser refuses".to_owned()),
        [Word("file"), rest @ ..] => rest,
        _ => tokens,
    };
    let (starts, tokens) = match tokens {
        [Word("safe" | "unsafe"), rest @ ..] => (true, rest),
        _ => (false, tokens),
    };
    // An arrow names a profile for what is started. Where nothing is, the parser takes it and drops it: behind
    // `/x l` too, so that `/x l -> /y` allows links to other files than `/y` (seen in its compiled states).
    let files = |paths: &str, letters: &str, is_named: bool| {
        let Permissions { access, start } = permissions(letters)?;
        match (start, grants) {
            (Some(Start::Bare), true) => {
                return Err("starts programs and says not in which profile".to_owned());
            }
            (Some(Start::Stays | Start::Leaves), false) => {
                return Err("is a denial that names a profile for what is started".to_owned());
            }
            (None | Some(Start::Bare), _) if starts => {
                return Err("says how programs are started, and starts none".to_owned());
            }
            (Some(Start::Bare), _) if is_named => {
                return Err("denies programs and names a profile for them".to_owned());
            }
            (Some(Start::Stays), _) if is_named => {
                return Err("keeps the profile and names another one".to_owned());
            }
            (Some(_) | None, _) => {}
        }
        let leaves = start == Some(Start::Leaves);
        Ok(What::Files { paths: Some(path(paths)?), access, owner, leaves })
    };
    match tokens {
        [Word(paths), Word(letters)] if is_path(paths) => Ok(vec![files(paths, letters, false)?]),
        [Word(paths), Word(letters), Arrow, Word(_)] if is_path(paths) => {
            Ok(vec![files(paths, letters, true)?])
        }
        [Word(letters), Word("subset"), Word(new)] if letters.eq_ignore_ascii_case("l") => {
            // Without a target this is what `l` always means.
            Ok(vec![files(new, letters, false)?])
        }
        [Word(letters), Word("subset"), Word(new), Arrow, Word(target)]
            if letters.eq_ignore_ascii_case("l") =>
        {
            Ok(vec![link(new, target, true)?])
        }
        [Word(letters), Word(paths)] => Ok(vec![files(paths, letters, false)?]),
        // With the permissions first, the arrow of a link leads to its target (parser_yacc.y, frule).
        [Word(letters), Word(new), Arrow, Word(target)] if letters.contains(['l', 'L']) && !starts => {
            let others = letters.replace(['l', 'L'], "");
            let mut all = vec![link(new, target, false)?];
            if !others.is_empty() {
                if others.contains(['x', 'X']) {
                    return Err("has one arrow for a link and for a profile".to_owned());
                }
                all.insert(0, files(new, &others, false)?);
            }
            Ok(all)
        }
        [Word(letters), Word(paths), Arrow, Word(_)] => Ok(vec![files(paths, letters, true)?]),
        _ => Err("is no rule about files that is known here".to_owned()),
    }
}

fn permissions(letters: &str) -> Result<Permissions, String> {
    let mut access = Access::NONE;
    let mut start = None;
    let mut appends = false;
    if !is_permissions(letters) {
        return Err(format!("has `{letters}`, which are no permissions that are known here"));
    }
    let mut rest = letters.to_ascii_lowercase();
    while !rest.is_empty() {
        if let Some((found, length)) = started(&rest) {
            if start.is_some_and(|known| known != found) {
                return Err(format!("has `{letters}`, which starts programs in two ways"));
            }
            start = Some(found);
            access = access | Access::EXEC;
            rest = rest.split_off(length);
            continue;
        }
        match rest.remove(0) {
            'r' => access = access | Access::READ,
            'w' => access = access | Access::WRITE,
            // To append is less than to write: files can be opened by it only if they are there already, and
            // then only to append. No access that can be asked about is granted or denied by it.
            'a' => appends = true,
            'l' => access = access | Access::LINK,
            'k' => access = access | Access::LOCK,
            'm' => access = access | Access::MAP,
            _ => return Err(format!("has `{letters}`, which are no permissions that are known here")),
        }
    }
    if appends && access.contains(Access::WRITE) {
        return Err(format!("has `{letters}`: the parser takes `a` or `w`, not both"));
    }
    Ok(Permissions { access, start })
}

/// The way of starting at the head of some letters, and how long it is.
fn started(letters: &str) -> Option<(Start, usize)> {
    const WAYS: [(&str, Start); 9] = [
        ("x", Start::Bare),
        ("ix", Start::Stays),
        ("px", Start::Leaves),
        ("cx", Start::Leaves),
        ("ux", Start::Leaves),
        ("pix", Start::Leaves),
        ("cix", Start::Leaves),
        ("pux", Start::Leaves),
        ("cux", Start::Leaves),
    ];
    let way = WAYS.into_iter().find(|(way, _)| letters.starts_with(way))?;
    Some((way.1, way.0.len()))
}
