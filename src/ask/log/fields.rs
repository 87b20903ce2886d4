//! The fields of an audit line: `key="value"`, `key=value` and `key=HEX`.
//!
//! Enters: a line, whatever stands before its fields. Leaves: the fields from `apparmor=` on, by name. Each
//! character is looked at a fixed number of times. What a field means is not known here.

use crate::kernel::request::Shown;
use std::fmt;

/// Why nothing can be asked about a line, on one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogError(String);

impl LogError {
    pub(super) fn new(message: impl Into<String>) -> LogError {
        LogError(message.into())
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LogError {}

#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    /// As it is: the kernel puts nothing in quotes that would have to be escaped.
    Quoted(&'a str),
    Bare(&'a str),
}

/// The fields of one line in its order.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    all: Vec<(&'a str, Value<'a>)>,
    /// The field in whose quotes the line ends.
    cut: Option<&'a str>,
}

impl<'a> Fields<'a> {
    /// Nothing where the line has no `apparmor=`.
    pub(super) fn of(line: &'a str) -> Option<Fields<'a>> {
        let mut rest = line.match_indices("apparmor=").find_map(|(at, _)| {
            let (before, rest) = line.split_at_checked(at)?;
            before.chars().next_back().is_none_or(|c| is_gap(c) || c == '\'' || c == '"').then_some(rest)
        })?;
        let mut fields = Fields { all: Vec::new(), cut: None };
        loop {
            rest = rest.trim_start_matches(is_gap);
            let end = rest.find(|c| c == '=' || is_gap(c)).unwrap_or(rest.len());
            let Some((key, after)) = rest.split_at_checked(end) else { break };
            let Some(after) = after.strip_prefix('=') else {
                if after.is_empty() {
                    break;
                }
                rest = after;
                continue;
            };
            // Another record on the same line would lend this one what it lacks.
            if key == "apparmor" && !fields.all.is_empty() {
                break;
            }
            if let Some(quoted) = after.strip_prefix('"') {
                let Some((value, after)) = quoted.split_once('"') else {
                    fields.cut = Some(key);
                    break;
                };
                fields.all.push((key, Value::Quoted(value)));
                rest = after;
            } else {
                // `ausearch -i` takes the quotes away and decodes what was in hexadecimal, the first field's too.
                let is_plain =
                    matches!(fields.all.first(), Some((_, Value::Bare(_)))) && TEXTS.contains(&key);
                let end = if is_plain { text_end(after) } else { after.find(is_gap) };
                let Some((value, after)) = after.split_at_checked(end.unwrap_or(after.len())) else { break };
                // auditd has `msg='…'` around the words of a bus daemon.
                let value = value.strip_suffix('\'').unwrap_or(value);
                fields.all.push((key, if is_plain { Value::Quoted(value) } else { Value::Bare(value) }));
                rest = after;
            }
        }
        Some(fields)
    }

    /// A line that was cut short may say less than the kernel did.
    pub(super) fn whole(&self) -> Result<(), LogError> {
        self.cut.map_or(Ok(()), |key| {
            Err(LogError::new(format!("the line is cut off within `{}`", Shown(key.as_bytes()))))
        })
    }

    fn value(&self, key: &str) -> Option<Value<'a>> {
        self.all.iter().find(|(k, _)| *k == key).map(|(_, value)| *value)
    }

    /// A value that the kernel never encodes.
    pub(super) fn word(&self, key: &str) -> Option<&'a str> {
        self.value(key).map(|value| match value {
            Value::Quoted(text) | Value::Bare(text) => text,
        })
    }

    /// A value that the kernel writes in hexadecimal where it has spaces, quotes, or what is not printable
    /// ASCII (audit_log_untrustedstring in kernel/audit.c).
    pub(super) fn bytes(&self, key: &str) -> Option<Vec<u8>> {
        self.value(key).map(|value| match value {
            Value::Quoted(text) => text.as_bytes().to_vec(),
            Value::Bare(text) => decoded(text).unwrap_or_else(|| text.as_bytes().to_vec()),
        })
    }
}

/// Fields that hold a text, which may have spaces.
const TEXTS: [&str; 9] =
    ["profile", "name", "comm", "target", "peer", "info", "label", "peer_label", "srcname"];

/// The keys that the kernel and the buses write behind them.
const KEYS: [&str; 50] = [
    "apparmor",
    "operation",
    "class",
    "info",
    "error",
    "namespace",
    "profile",
    "name",
    "pid",
    "comm",
    "requested_mask",
    "denied_mask",
    "requested",
    "denied",
    "fsuid",
    "ouid",
    "target",
    "peer",
    "signal",
    "capability",
    "capname",
    "family",
    "sock_type",
    "protocol",
    "addr",
    "peer_addr",
    "laddr",
    "lport",
    "faddr",
    "fport",
    "saddr",
    "src",
    "daddr",
    "dest",
    "fstype",
    "srcname",
    "flags",
    "label",
    "peer_label",
    "peer_pid",
    "bus",
    "path",
    "interface",
    "member",
    "mask",
    "rlimit",
    "exe",
    "sauid",
    "hostname",
    "terminal",
];

/// Where a text without quotes ends: before the next key that is known, or what auditd adds.
fn text_end(text: &str) -> Option<usize> {
    let mut after_gap = false;
    text.char_indices().find_map(|(at, c)| {
        let is_first = !std::mem::replace(&mut after_gap, is_gap(c)) && is_gap(c);
        let rest = text.get(at..).filter(|_| is_first)?.trim_start_matches(is_gap);
        let word = rest.split(|c| c == '=' || is_gap(c)).next().unwrap_or("");
        let is_key = rest.get(word.len()..).is_some_and(|rest| rest.starts_with('=')) && KEYS.contains(&word);
        (c == '\u{1d}' || rest.is_empty() || rest.starts_with('\'') || is_key).then_some(at)
    })
}

/// The last one stands between a record and what auditd adds to it (`log_format = ENRICHED`).
fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == '\u{1d}'
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits = text.as_bytes().iter().map(digit).collect::<Option<Vec<u8>>>()?;
    let (pairs, odd) = digits.as_chunks::<2>();
    odd.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_whatever_is_around_them() {
        let fields =
            Fields::of("x: msg='apparmor=\"DENIED\"  info=\"two words\"a=1 lost b=\"\" c=?'").unwrap();
        assert_eq!(fields.word("apparmor"), Some("DENIED"));
        assert_eq!(fields.word("info"), Some("two words"));
        assert_eq!(fields.word("a"), Some("1"));
        assert_eq!(fields.word("b"), Some(""));
        assert_eq!(fields.word("c"), Some("?"));
        assert_eq!(fields.word("lost"), None);
        assert_eq!(fields.whole(), Ok(()));
    }

    #[test]
    fn only_bare_values_are_decoded() {
        let fields = Fields::of("apparmor=x a=2F6120FF b=\"2F61\" c=2F6 d=/etc e= f=2f").unwrap();
        assert_eq!(fields.bytes("a").unwrap(), b"/a \xff");
        assert_eq!(fields.bytes("b").unwrap(), b"2F61");
        assert_eq!(fields.bytes("c").unwrap(), b"2F6");
        assert_eq!(fields.bytes("d").unwrap(), b"/etc");
        assert_eq!(fields.bytes("e").unwrap(), b"");
        assert_eq!(fields.bytes("f").unwrap(), b"/");
    }

    #[test]
    fn a_text_without_quotes_ends_before_the_next_key() {
        let fields = Fields::of(
            "apparmor=DENIED operation=open profile=my web name=/tmp/a b=c d pid=7 comm=a b fsuid=0 x=y",
        )
        .unwrap();
        assert_eq!(fields.bytes("profile").unwrap(), b"my web");
        assert_eq!(fields.bytes("name").unwrap(), b"/tmp/a b=c d");
        assert_eq!(fields.bytes("comm").unwrap(), b"a b");
        assert_eq!(fields.word("fsuid"), Some("0"));
        let last = Fields::of("apparmor=DENIED name=/tmp/a b\u{1d}FSUID=x").unwrap();
        assert_eq!(last.bytes("name").unwrap(), b"/tmp/a b");
    }

    #[test]
    fn the_first_record_is_read_alone_and_the_first_of_two_fields_counts() {
        let fields = Fields::of("apparmor=\"DENIED\" a=1 a=2 apparmor=\"ALLOWED\" b=3").unwrap();
        assert_eq!(fields.word("a"), Some("1"));
        assert_eq!(fields.word("b"), None);
        assert!(Fields::of("operation=open").is_none());
        assert!(Fields::of("noapparmor=\"DENIED\"").is_none());
    }
}
