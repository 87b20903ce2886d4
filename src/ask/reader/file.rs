//! Rules about files and links.

use super::pattern;
use super::scan::Token::{self, Arrow, AtMost, Word};
use super::variables::Variables;
use crate::ask::What;
use crate::kernel::{Access, Glob};

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
    !word.is_empty() && word.chars().all(|c| "rwalkmxipcuRWALKMXIPCU".contains(c))
}

pub(super) fn read(
    tokens: &[Token<'_>],
    grants: bool,
    owner: bool,
    variables: &Variables,
) -> Result<What, String> {
    let path = |word: &str| pattern::path(word, variables);
    let (first, tokens) = match tokens {
        [Word("link"), Word("subset") | AtMost, Word(new), Arrow, Word(target)] => {
            return Ok(What::Link { new: path(new)?, target: Some(path(target)?), owner, subset: true });
        }
        [Word("link"), Word(new), Arrow, Word(target)] => {
            return Ok(What::Link { new: path(new)?, target: Some(path(target)?), owner, subset: false });
        }
        [Word("file")] => return Ok(What::Files { paths: None, access: all(), owner, leaves: false }),
        [Word("file"), rest @ ..] => (true, rest),
        _ => (false, tokens),
    };
    let (guarded, tokens) = match tokens {
        [Word("safe" | "unsafe"), rest @ ..] => (true, rest),
        _ => (first && false, tokens),
    };
    let (paths, letters, rest) = match tokens {
        [Word(paths), Word(letters), rest @ ..] if is_path(paths) => (path(paths)?, letters, rest),
        [Word(letters), Word(paths), rest @ ..] if is_path(paths) => (path(paths)?, letters, rest),
        _ => return Err("is no rule about files that is known here".to_owned()),
    };
    let Permissions { access, start } = permissions(letters)?;
    match (start, grants) {
        (Some(Start::Bare), true) => {
            return Err("starts programs and says not in which profile".to_owned());
        }
        (Some(Start::Stays | Start::Leaves), false) => {
            return Err("is a denial that names a profile for what it starts".to_owned());
        }
        (None, _) if guarded => {
            return Err("cleans the environment of programs that it does not start".to_owned());
        }
        (Some(_) | None, _) => {}
    }
    target(rest, start, access, paths, owner, variables)
}

/// What stands behind the permissions.
fn target(
    rest: &[Token<'_>],
    start: Option<Start>,
    access: Access,
    paths: Glob,
    owner: bool,
    variables: &Variables,
) -> Result<What, String> {
    match (rest, start) {
        ([], _) => {
            let leaves = start == Some(Start::Leaves);
            Ok(What::Files { paths: Some(paths), access, owner, leaves })
        }
        ([Arrow, Word(_)], Some(Start::Leaves)) => {
            Ok(What::Files { paths: Some(paths), access, owner, leaves: true })
        }
        ([Arrow, Word(target)], None) if access == Access::LINK => {
            let target = Some(pattern::path(target, variables)?);
            Ok(What::Link { new: paths, target, owner, subset: false })
        }
        _ => Err("has something behind its permissions that is not read here".to_owned()),
    }
}

/// What `file,` grants.
pub(in crate::ask) fn all() -> Access {
    Access::READ | Access::WRITE | Access::LINK | Access::LOCK | Access::MAP | Access::EXEC
}

fn permissions(letters: &str) -> Result<Permissions, String> {
    let mut access = Access::NONE;
    let mut start = None;
    let mut appends = false;
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
