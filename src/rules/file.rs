//! Rules about files and links.

use super::text::scan::Token::{self, Arrow, Word};
use super::text::variables::Variables;
use super::text::{pattern, quoted, quoted_value};
use crate::kernel::{Access, Glob};
use std::fmt;

/// Accesses to the paths of a pattern, or to every file in every way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileRule {
    All,
    Paths {
        paths: Glob,
        access: Access,
        /// How what is started gets its profile; none where nothing is started, or it keeps this one, as always.
        transition: Option<Transition>,
    },
}

/// How a program that is started gets its profile, where it does not keep the one it was started from, or what becomes
/// of its environment is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    /// `safe` or `unsafe`, where it says so.
    environment: Option<String>,
    /// As written: `px`, `Cx`, `pux`.
    way: String,
    /// The profile that is named for it.
    target: Option<String>,
}

/// `link /new -> /target`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkRule {
    pub new: Glob,
    pub target: Glob,
    /// Whether the new name must not permit more than the target does.
    pub subset: bool,
}

impl FileRule {
    /// What is started keeps this profile.
    pub fn new(paths: Glob, access: Access) -> FileRule {
        FileRule::Paths { paths, access, transition: None }
    }

    pub fn paths(&self) -> Option<&Glob> {
        match self {
            FileRule::All => None,
            FileRule::Paths { paths, .. } => Some(paths),
        }
    }

    pub fn access(&self) -> Access {
        match self {
            FileRule::All => Access::ALL,
            FileRule::Paths { access, .. } => *access,
        }
    }

    pub fn transition(&self) -> Option<&Transition> {
        match self {
            FileRule::All => None,
            FileRule::Paths { transition, .. } => transition.as_ref(),
        }
    }

    /// As a line behind its qualifiers: what may be started keeps this profile, what is denied has no profile.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, allows: bool) -> fmt::Result {
        let FileRule::Paths { paths, access, transition } = self else { return f.write_str("file,") };
        let way = match transition {
            None if allows => "ix",
            None => "x",
            Some(transition) => {
                if let Some(word) = &transition.environment {
                    write!(f, "{word} ")?;
                }
                &transition.way
            }
        };
        write!(f, "{} {}", quoted(paths.text()), access.to_string().replace('x', way))?;
        if let Some(target) = transition.as_ref().and_then(|transition| transition.target.as_ref()) {
            write!(f, " -> {}", quoted_value(target))?;
        }
        f.write_str(",")
    }
}

impl Transition {
    /// Whether what is started may be under another profile, or under none.
    pub fn leaves(&self) -> bool {
        !self.way.eq_ignore_ascii_case("ix")
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(word) = &self.environment {
            write!(f, "{word} ")?;
        }
        f.write_str(&self.way)?;
        self.target.as_ref().map_or(Ok(()), |target| write!(f, " -> {target}"))
    }
}

impl fmt::Display for LinkRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subset = if self.subset { "subset " } else { "" };
        write!(f, "link {subset}{} -> {},", quoted(self.new.text()), quoted(self.target.text()))
    }
}

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

/// Permissions in front of a link's names are rules of their own.
pub(super) fn read(
    tokens: &[Token<'_>],
    allows: bool,
    variables: &Variables,
) -> Result<(Option<FileRule>, Option<LinkRule>), String> {
    let path = |word: &str| pattern::path(word, variables);
    let link = |new: &str, target: &str, subset| {
        Ok::<_, String>(Some(LinkRule { new: path(new)?, target: path(target)?, subset }))
    };
    let tokens = match tokens {
        [Word("link"), Word("subset"), Word(new), Arrow, Word(target)] => {
            return Ok((None, link(new, target, true)?));
        }
        [Word("link"), Word(new), Arrow, Word(target)] => return Ok((None, link(new, target, false)?)),
        [Word("file")] if allows => return Ok((Some(FileRule::All), None)),
        [Word("file")] => return Err("is a denial that the parser refuses".to_owned()),
        [Word("file"), rest @ ..] => rest,
        _ => tokens,
    };
    let (environment, tokens) = match tokens {
        [Word(word @ ("safe" | "unsafe")), rest @ ..] => (Some(*word), rest),
        _ => (None, tokens),
    };
    let files = |paths: &str, letters: &str, target: Option<&str>| {
        let Permissions { access, start } = permissions(letters)?;
        let transition = transition(start, allows, environment, target, variables)?;
        Ok::<_, String>(Some(FileRule::Paths { paths: path(paths)?, access, transition }))
    };
    match tokens {
        [Word(paths), Word(letters)] if is_path(paths) => Ok((files(paths, letters, None)?, None)),
        [Word(paths), Word(letters), Arrow, Word(target)] if is_path(paths) => {
            Ok((files(paths, letters, Some(target))?, None))
        }
        [Word(letters), Word("subset"), Word(new)] if letters.eq_ignore_ascii_case("l") => {
            // Without a target this is what `l` always means.
            Ok((files(new, letters, None)?, None))
        }
        [Word(letters), Word("subset"), Word(new), Arrow, Word(target)]
            if letters.eq_ignore_ascii_case("l") =>
        {
            Ok((None, link(new, target, true)?))
        }
        [Word(letters), Word(paths)] => Ok((files(paths, letters, None)?, None)),
        // With the permissions first, the arrow of a link leads to its target (parser_yacc.y, frule).
        [Word(letters), Word(new), Arrow, Word(target)]
            if letters.contains(['l', 'L']) && environment.is_none() =>
        {
            let others = letters.replace(['l', 'L'], "");
            if others.contains(['x', 'X']) {
                return Err("has one arrow for a link and for a profile".to_owned());
            }
            let others = if others.is_empty() { None } else { files(new, &others, None)? };
            Ok((others, link(new, target, false)?))
        }
        [Word(letters), Word(paths), Arrow, Word(target)] => Ok((files(paths, letters, Some(target))?, None)),
        _ => Err("is no rule about files that is known here".to_owned()),
    }
}

/// An arrow names a profile for what is started. Where nothing is, the parser takes it and drops it: behind `/x l`
/// too, so that `/x l -> /y` allows links to other files than `/y` (seen in its compiled states).
fn transition(
    start: Option<Start<'_>>,
    allows: bool,
    environment: Option<&str>,
    target: Option<&str>,
    variables: &Variables,
) -> Result<Option<Transition>, String> {
    let named = |way: &str| {
        let target = target.map(|target| pattern::value(target, variables)).transpose()?;
        let environment = environment.map(str::to_owned);
        Ok::<_, String>(Transition { environment, way: way.to_owned(), target })
    };
    let refused = match (start, allows) {
        (Some(Start::Bare), true) => "starts programs and says not in which profile",
        (Some(Start::Stays | Start::Leaves(_)), false) => {
            "is a denial that names a profile for what is started"
        }
        (None | Some(Start::Bare), _) if environment.is_some() => {
            "says how programs are started, and starts none"
        }
        (Some(Start::Bare), _) if target.is_some() => "denies programs and names a profile for them",
        (Some(Start::Stays), _) if target.is_some() => "keeps the profile and names another one",
        (Some(Start::Leaves(way)), _) => return named(way).map(Some),
        (Some(Start::Stays), _) if environment.is_some() => return named("ix").map(Some),
        (Some(Start::Bare | Start::Stays) | None, _) => return Ok(None),
    };
    Err(refused.to_owned())
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
