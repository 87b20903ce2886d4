//! Names of files: which can stand in a policy, which stand for themselves, and which are made anew each time.
//!
//! Enters: names that were seen in one folder. Leaves: patterns for those that evidence shows to be made anew. What it is
//! done with such files is not known here.

use crate::kernel::glob;
use crate::kernel::request::Shown;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a policy can name a path; if not, why.
pub(super) fn writable(path: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(path)
        .map_err(|_| format!("`{}` is no UTF-8, which a policy cannot name", Shown(path)))?;
    if text.chars().any(char::is_control) {
        return Err(format!("`{}` holds a control character, which a policy cannot name", Shown(path)));
    }
    let mut parts = text.strip_suffix('/').unwrap_or(text).split('/');
    if parts.next() != Some("") || parts.any(|part| matches!(part, "" | "." | "..")) && text != "/" {
        return Err(format!(
            "`{}` is no path as the kernel has it, from `/` on and without `.`, `..` and `//`",
            Shown(path)
        ));
    }
    Ok(text)
}

/// Whether it is the token of the pod's own service account, or lies beside it.
pub(super) fn is_own_token(path: &[u8]) -> bool {
    [
        b"/run/secrets/kubernetes.io/serviceaccount/".as_slice(),
        b"/var/run/secrets/kubernetes.io/serviceaccount/",
    ]
    .iter()
    .any(|folder| path.starts_with(folder))
}

/// A path as an entry of a policy that means it alone: the number of a process is another one tomorrow, and so is the
/// time in the name of the folder below which the kubelet puts the files of a config map.
pub(super) fn entry(path: &str) -> String {
    let is_of_kubelet = |part: &&str| part.starts_with("..2") && part.contains('_');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts: Vec<String> =
        path.split('/').filter(|part| !is_of_kubelet(part)).map(glob::escape).collect();
    if let [_, proc, rest @ ..] = parts.as_mut_slice()
        && proc == "proc"
    {
        if let [first, ..] = rest
            && is_number(first)
        {
            "self".clone_into(first);
        }
        for part in rest.iter_mut().filter(|part| is_number(part)) {
            "[0-9]*".clone_into(part);
        }
    }
    parts.join("/")
}

/// What stands in a name where it is made anew: what comes before it and behind it stays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape<'a> {
    before: &'a str,
    made: Made,
    behind: &'a str,
}

/// How the part that is made anew looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    Digits,
    Hexadecimal,
    /// Letters and digits without sense, as mkstemp and UUIDs have.
    Random,
}

impl Made {
    fn pattern(self) -> &'static str {
        match self {
            Made::Digits => "[0-9]*",
            Made::Hexadecimal => "[0-9a-f]*",
            Made::Random => "*",
        }
    }
}

/// Shorter parts may be a number of a version, or a word.
const LEAST_HEXADECIMAL: usize = 8;
const RANDOM: std::ops::RangeInclusive<usize> = 6..=64;

/// The shapes that a name may have: each part of letters and digits may be the one that is made anew.
fn shapes(name: &str) -> Vec<Shape<'_>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut add = |start: usize, end: usize, made: Made| {
        if let (Some(before), Some(behind)) = (name.get(..start), name.get(end..)) {
            found.push(Shape { before, made, behind });
        }
    };
    if let Some((start, end)) = uuid(name) {
        add(start, end, Made::Random);
    }
    let date = date(name);
    if let Some((start, end)) = date {
        add(start, end, Made::Digits);
    }
    let is_of_date = |at: usize| date.is_some_and(|(start, end)| (start..end).contains(&at));
    for (start, end) in runs(name, is_part).into_iter().filter(|(start, _)| !is_of_date(*start)) {
        let part = name.get(start..end).unwrap_or_default();
        // Numbers within what is made at random say nothing by themselves.
        // What a program chose itself may end in `_`.
        let own = part.rfind('_').map_or(0, |at| at + 1);
        let made = part.get(own..).unwrap_or_default();
        let is_random = RANDOM.contains(&made.len()) && is_senseless(made);
        let has_digit = made.bytes().any(|byte| byte.is_ascii_digit());
        let is_hexadecimal = made.len() >= LEAST_HEXADECIMAL
            && has_digit
            && made.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        // A number alone is a number, however long.
        let is_whole = is_random || is_hexadecimal && !made.bytes().all(|byte| byte.is_ascii_digit());
        let numbers = runs(part, |c| c.is_ascii_digit());
        for (from, to) in numbers.into_iter().filter(|(from, _)| !is_whole || *from < own) {
            add(start + from, start + to, Made::Digits);
        }
        if is_hexadecimal {
            add(start + own, end, Made::Hexadecimal);
        }
        // mkstemp puts six behind what the program chose, Python eight.
        for length in [6, 8] {
            let from = end.saturating_sub(length);
            if from >= start && is_senseless(name.get(from..end).unwrap_or_default()) {
                add(from, end, Made::Random);
            }
        }
        if is_random {
            add(start + own, end, Made::Random);
        }
    }
    found
}

/// Whether no word looks so: digits among letters, or capitals behind small ones.
fn is_senseless(part: &str) -> bool {
    let bytes = part.as_bytes();
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let turns = bytes
        .windows(2)
        .filter(|pair| {
            let kind = |byte: &u8| (is_digit(byte), byte.is_ascii_uppercase());
            matches!(pair, [one, other] if kind(one) != kind(other))
        })
        .count();
    !bytes.iter().all(is_digit) && turns >= 2
}

fn uuid(name: &str) -> Option<(usize, usize)> {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    const WHOLE: usize = 36;
    (0..name.len().saturating_sub(WHOLE - 1)).find_map(|start| {
        let parts: Vec<&str> = name.get(start..start + WHOLE)?.split('-').collect();
        let is_uuid = parts.len() == LENGTHS.len()
            && parts.iter().zip(LENGTHS).all(|(part, length)| {
                part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
        is_uuid.then_some((start, start + WHOLE))
    })
}

/// A day, as `2026-11-28`: all of it is another one some day.
fn date(name: &str) -> Option<(usize, usize)> {
    const WHOLE: usize = 10;
    let is_day = |text: &str| {
        text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => matches!(byte, b'-' | b'_' | b'.'),
            _ => byte.is_ascii_digit(),
        })
    };
    let ends = |end: usize| !name.as_bytes().get(end).is_some_and(u8::is_ascii_digit);
    (0..name.len().saturating_sub(WHOLE - 1)).find_map(|start| {
        let end = start + WHOLE;
        (name.get(start..end).is_some_and(is_day) && ends(end)).then_some((start, end))
    })
}

/// Where characters of one kind stand beside each other.
fn runs(name: &str, is: impl Fn(char) -> bool) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, c) in name.char_indices().filter(|(_, c)| is(*c)) {
        match found.last_mut() {
            Some((_, end)) if *end == at => *end = at + c.len_utf8(),
            Some(_) | None => found.push((at, at + c.len_utf8())),
        }
    }
    found
}

/// A name that was seen in a folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    /// It was made and removed: one is enough to know that it comes anew.
    pub(super) is_fleeting: bool,
}

/// The patterns of names that are made anew, each with the names that it stands for; the others are not among them.
/// At least two names of one shape, or one that was made and removed.
pub(super) fn patterns<'a>(names: &[Name<'a>]) -> BTreeMap<String, BTreeSet<&'a str>> {
    let mut by_shape: BTreeMap<Shape<'a>, BTreeSet<&'a str>> = BTreeMap::new();
    let mut fleeting = BTreeSet::new();
    for name in names {
        if name.is_fleeting {
            fleeting.insert(name.text);
        }
        for shape in shapes(name.text) {
            by_shape.entry(shape).or_default().insert(name.text);
        }
    }
    // Those that hold most names first; of equals, what says most about them.
    let mut all: Vec<(Shape<'a>, BTreeSet<&'a str>)> = by_shape.into_iter().collect();
    // What one name has as its own is not known: then the whole of what looks as if it was made.
    all.sort_by(|(one, names), (other, others)| {
        let said = |shape: &Shape<'_>, names: &BTreeSet<&str>| {
            let said = shape.before.len() + shape.behind.len();
            if names.len() > 1 { (true, said) } else { (false, usize::MAX - said) }
        };
        (others.len(), said(other, others), one.made).cmp(&(names.len(), said(one, names), other.made))
    });
    let mut taken: BTreeSet<&'a str> = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (shape, names) in all {
        let left: BTreeSet<&'a str> = names.difference(&taken).copied().collect();
        let is_shown = left.len() >= 2 || left.iter().any(|name| fleeting.contains(name));
        if !is_shown || left.is_empty() {
            continue;
        }
        taken.extend(&left);
        let pattern = match of_length(&shape, &left) {
            Some(length) => "?".repeat(length),
            None => format!(
                "{}{}{}",
                glob::escape(shape.before),
                shape.made.pattern(),
                glob::escape(shape.behind)
            ),
        };
        found.insert(pattern, left);
    }
    found
}

/// How long all names are of which nothing stays, where they are as long as each other: a star would mean every file there.
fn of_length(shape: &Shape<'_>, names: &BTreeSet<&str>) -> Option<usize> {
    let is_all_made = shape.before.is_empty() && shape.behind.is_empty() && shape.made != Made::Digits;
    let length = names.iter().next()?.len();
    (is_all_made && names.iter().all(|name| name.len() == length)).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Vec<String> {
        let names: Vec<Name<'_>> = names.iter().map(|text| Name { text, is_fleeting: false }).collect();
        patterns(&names).into_keys().collect()
    }

    fn of_one(name: &str) -> Vec<String> {
        patterns(&[Name { text: name, is_fleeting: true }]).into_keys().collect()
    }

    #[test]
    fn names_that_are_made_anew_become_one_pattern() {
        for (names, want) in [
            (["temp-17.rdb", "temp-23.rdb"].as_slice(), vec!["temp-[0-9]*.rdb"]),
            (&["upload-aX3k9Q", "upload-Zt02pp"], vec!["upload-*"]),
            (&["tmp.Ab3dE9", "tmp.x8YY2z"], vec!["tmp.*"]),
            (&["1", "22", "333"], vec!["[0-9]*"]),
            (&["0f3a9c1d", "77aa01bc"], vec!["????????"]),
            (&["0f3a9c1d", "77aa01bc90"], vec!["[0-9a-f]*"]),
            (&["PostgreSQL.1804289383", "PostgreSQL.846930886"], vec!["PostgreSQL.[0-9]*"]),
            (
                &["a-550e8400-e29b-41d4-a716-446655440000.log", "a-9b2d8f00-e29b-41d4-a716-446655440001.log"],
                vec!["a-*.log"],
            ),
            (&["access.log", "error.log"], vec![]),
            (&["static", "config"], vec![]),
            (&["index.html", "style.css", "app.js"], vec![]),
            (&["temp-17.rdb"], vec![]),
            (&["a*17", "a*23"], vec!["a\\*[0-9]*"]),
            (&["2026-11-27.log", "2026-11-28.log"], vec!["[0-9]*.log"]),
            (&["sess_fs72kq9a01lz", "sess_0dk2mm81ah3p"], vec!["sess_*"]),
        ] {
            assert_eq!(found(names), want, "{names:?}");
        }
    }

    #[test]
    fn of_a_fleeting_one_a_single_name_is_enough() {
        assert_eq!(of_one("temp-17.rdb"), ["temp-[0-9]*.rdb"]);
        assert_eq!(of_one("tmp.Ab3dE9"), ["tmp.*"]);
        assert_eq!(of_one("tmp.6anQ3bTz1x"), ["tmp.*"]);
        assert_eq!(of_one("sess_fs72kq9a01lzx83hfq2p"), ["sess_*"]);
        assert_eq!(of_one("cache-d41d8cd98f00b204e9800998ecf8427e"), ["cache-[0-9a-f]*"]);
        assert_eq!(of_one("app-2026-11-28.log"), ["app-[0-9]*.log"]);
        assert_eq!(of_one("nginx.pid"), [""; 0]);
    }

    #[test]
    fn an_entry_means_a_path_alone() {
        for (path, want) in [
            ("/srv/a", "/srv/a"),
            ("/srv/a*b", "/srv/a\\*b"),
            ("/proc/17/status", "/proc/self/status"),
            ("/proc/17/task/18/comm", "/proc/self/task/[0-9]*/comm"),
            ("/etc/app/..2026_11_28_1.2/key", "/etc/app/key"),
        ] {
            assert_eq!(entry(path), want);
        }
    }
}
