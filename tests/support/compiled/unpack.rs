//! From the stream to a profile, value by value in the parser's order (security/apparmor/policy_unpack.c).
//!
//! What is not asked for is read all the same and left: a value out of its order is an error.

use super::machine::{Machine, START};
use super::permissions::Row;
use super::stream::Stream;
use super::{Compiled, Mode, Rules};

/// `unpack_profile`
pub(super) fn profile(stream: &mut Stream<'_>, version: u32) -> Result<Compiled, String> {
    stream.group("profile").ok_or_else(|| stream.wants("a profile"))?;
    let name = stream.string(None).ok_or_else(|| stream.wants("a name"))?;
    for optional in ["rename", "attach"] {
        stream.string(Some(optional));
    }
    if rules(stream)?.machine.is_some() {
        stream.u32(None).ok_or_else(|| stream.wants("the attachment's length"))?;
    }
    stream.string(Some("disconnected"));
    stream.group("flags").ok_or_else(|| stream.wants("the flags"))?;
    let [_, mode, _] = words(stream, "flags")?;
    stream.group_end().ok_or_else(|| stream.wants("the end of the flags"))?;
    stream.u32(Some("path_flags"));
    let [allowed, _, quiet, _] = words(stream, "capabilities")?;
    let [more_allowed, _, more_quiet, _] = match stream.group("caps64") {
        Some(()) => ended(stream, words)?,
        None => [0; 4],
    };
    if stream.group("capsx").is_some() {
        let [_, _] = ended(stream, words)?;
    }
    if stream.group("xattrs").is_some() {
        ended(stream, |stream, _| strings(stream))?;
    }
    let limits = match stream.group("rlimits") {
        Some(()) => ended(stream, |stream, _| limits(stream))?,
        None => Vec::new(),
    };
    let policy = match stream.group("policydb") {
        Some(()) => ended(stream, |stream, _| rules(stream))?,
        None => Rules::default(),
    };
    let files = rules(stream)?;
    if stream.group("data").is_some() {
        return Err("the profile has data, which is not read".to_owned());
    }
    stream.group_end().ok_or_else(|| stream.wants("the end of the profile"))?;
    let both = |low: u32, high: u32| u64::from(high) << 32 | u64::from(low);
    Ok(Compiled {
        name: String::from_utf8_lossy(name).into_owned(),
        mode: match mode {
            0 => Mode::Enforce,
            1 => Mode::Complain,
            2 => Mode::Kill,
            3 => Mode::Unconfined,
            4 => Mode::Prompt,
            _ => return Err(format!("a profile has the unknown mode {mode}")),
        },
        limits,
        version,
        allowed: both(allowed, more_allowed),
        quiet: both(quiet, more_quiet),
        policy,
        files,
    })
}

/// What is in a group that was opened.
fn ended<'a, T>(
    stream: &mut Stream<'a>,
    read: impl FnOnce(&mut Stream<'a>, &str) -> Result<T, String>,
) -> Result<T, String> {
    let inside = read(stream, "a group")?;
    stream.group_end().ok_or_else(|| stream.wants("the end of a group"))?;
    Ok(inside)
}

fn words<const N: usize>(stream: &mut Stream<'_>, of: &str) -> Result<[u32; N], String> {
    let mut words = [0; N];
    for word in &mut words {
        *word = stream.u32(None).ok_or_else(|| stream.wants(&format!("a number of {of}")))?;
    }
    Ok(words)
}

fn strings(stream: &mut Stream<'_>) -> Result<Vec<String>, String> {
    let count = stream.list().ok_or_else(|| stream.wants("a list"))?;
    let strings: Option<Vec<_>> = (0..count).map(|_| stream.string(None)).collect();
    let strings = strings.ok_or_else(|| stream.wants("a text"))?;
    stream.list_end().ok_or_else(|| stream.wants("the end of a list"))?;
    Ok(strings.into_iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect())
}

fn limits(stream: &mut Stream<'_>) -> Result<Vec<Option<u64>>, String> {
    let [set] = words(stream, "limits")?;
    let count = stream.list().ok_or_else(|| stream.wants("the limits"))?;
    let all: Option<Vec<u64>> = (0..count).map(|_| stream.u64(None)).collect();
    let all = all.ok_or_else(|| stream.wants("a limit"))?;
    stream.list_end().ok_or_else(|| stream.wants("the end of the limits"))?;
    Ok(all.into_iter().enumerate().map(|(at, limit)| (set >> at & 1 != 0).then_some(limit)).collect())
}

/// `unpack_pdb`: all of it is optional.
fn rules(stream: &mut Stream<'_>) -> Result<Rules, String> {
    let rows = match stream.group("perms") {
        Some(()) => ended(stream, |stream, _| rows(stream))?,
        None => Vec::new(),
    };
    // Since its version 3 the second words are flags.
    stream.u32(Some("permsv"));
    let Some(bytes) = stream.machine() else { return Ok(Rules::default()) };
    let machine = Machine::read(bytes)?;
    if rows.is_empty() && !machine.has_second_words() {
        return Err("permissions are nowhere".to_owned());
    }
    let start = stream.u32(Some("start"));
    let start = stream.u32(Some("dfa_start")).or(start).map_or(START, |start| start as usize);
    if start >= machine.states() {
        return Err(format!("state {start} is the first of {}", machine.states()));
    }
    let names = match stream.group("xtable") {
        Some(()) => ended(stream, |stream, _| strings(stream))?,
        None => Vec::new(),
    };
    Ok(Rules { machine: Some(machine), rows, start, names })
}

fn rows(stream: &mut Stream<'_>) -> Result<Vec<Row>, String> {
    let version = stream.u32(Some("version"));
    if version != Some(1) {
        return Err(format!("a permission table is of version {version:?}"));
    }
    let count = stream.list().ok_or_else(|| stream.wants("a permission table"))?;
    let mut rows = Vec::new();
    for _ in 0..count {
        // reserved, allow, deny, subtree, cond, kill, complain, prompt, audit, quiet, hide, xindex, tag, label
        let [_, allow, deny, _, _, _, _, _, _, quiet, _, transition, _, _] = words(stream, "permissions")?;
        rows.push(Row { allow, deny, quiet, transition });
    }
    stream.list_end().ok_or_else(|| stream.wants("the end of a permission table"))?;
    Ok(rows)
}
