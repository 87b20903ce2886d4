//! One line, looked at without being read: where its record begins and ends, whose it is, and what of it differs each
//! time.

use crate::ask::log::fields::Fields;
use crate::ask::log::message::{is_in_message, is_of_others, writer};
use crate::ask::log::{self, LogError, Logged};
use memchr::memmem::Finder;
use std::sync::LazyLock;

macro_rules! finder {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new($text));
    };
}

finder!(MARK, "apparmor=");
finder!(PROFILE, " profile=");
finder!(SUPPRESSED, "uppressed");
finder!(LOST, "audit_lost=");
finder!(EXCEEDED, "limit exceeded");

/// Whether a line may be a notice of lost lines.
pub(super) fn may_tell_of_loss(line: &[u8]) -> bool {
    [&SUPPRESSED, &LOST, &EXCEEDED].iter().any(|finder| finder.find(line).is_some())
}

/// Fields whose values say nothing about what was asked.
const CHANGING: [&[u8]; 8] =
    [b"pid=", b"peer_pid=", b"laddr=", b"lport=", b"faddr=", b"fport=", b"saddr=", b"daddr="];

/// The record of a line, as it stands there.
pub(super) struct Line<'a> {
    /// What stands before it.
    before: &'a [u8],
    /// From its mark on; what stands behind the record may follow.
    record: &'a [u8],
    /// How quotes are written: `"`, or `\"` within JSON.
    quote: &'static [u8],
}

impl<'a> Line<'a> {
    /// None where the line holds none, or tells only of profiles that came and went.
    pub(super) fn find(line: &'a [u8]) -> Option<Line<'a>> {
        let mut places = MARK.find_iter(line);
        let found = |start: usize| {
            let record = line.get(start..)?;
            let quote: &[u8] = match record.get(b"apparmor=".len()..)? {
                [b'"', ..] => b"\"",
                [b'\\', b'"', ..] => b"\\\"",
                _ => b"",
            };
            Some(Line { before: line.get(..start)?, record, quote })
        };
        let first = places.next()?;
        let line_found = found(first)?;
        if line_found.quote.len() < 2 {
            return Some(line_found);
        }
        if is_of_others(line) {
            return None;
        }
        // Within JSON only the message is the kernel's.
        let mut all = std::iter::once(first).chain(places);
        all.find(|at| is_in_message(line, *at)).and_then(found)
    }

    fn is_status(&self) -> bool {
        let value = self.record.get(b"apparmor=".len() + self.quote.len()..).unwrap_or_default();
        value.starts_with(b"STATUS")
    }

    /// The profile's label as it is written; none where that has to be decoded, or is not there.
    pub(super) fn label(&self) -> Option<&'a [u8]> {
        if self.quote.is_empty() || self.is_status() {
            return None;
        }
        let is_json = self.quote.len() > 1;
        let record = if is_json { ended(self.record, self.quote) } else { self.record };
        let start = PROFILE.find(record)? + b" profile=".len();
        // Behind the record, where auditd adds to it.
        if memchr::memchr(END, record.get(..start)?).is_some() {
            return None;
        }
        let value = record.get(start..)?.strip_prefix(self.quote)?;
        let end = match is_json {
            true => memchr::memmem::find(value, self.quote)?,
            false => memchr::memchr(b'"', value)?,
        };
        value.get(..end).filter(|label| !label.contains(&b'\\'))
    }

    /// Whether it says that another program than the kernel wrote it.
    pub(super) fn is_of_others(&self) -> bool {
        self.quote.len() < 2 && is_written_by_others(self.before)
    }

    /// What of the record says what was asked.
    pub(super) fn key(&self, key: &mut Vec<u8>) {
        key.clear();
        let mut rest = ended(self.record, self.quote);
        while !rest.is_empty() {
            let end = memchr::memchr(b' ', rest).map_or(rest.len(), |end| end + 1);
            let (token, after) = rest.split_at(end);
            if !is_changing(token) {
                key.extend_from_slice(token);
            }
            rest = after;
        }
    }
}

/// Whether a field says nothing about what was asked. Each field of each line is asked: most by their first letter alone.
fn is_changing(field: &[u8]) -> bool {
    matches!(field, [b'p' | b'l' | b'f' | b's' | b'd', ..])
        && CHANGING.iter().any(|changing| field.starts_with(changing))
}

/// Whether what stands before a record names another program than those that write the kernel's records.
pub(super) fn is_written_by_others(before: &[u8]) -> bool {
    std::str::from_utf8(before).map_or(true, |before| writer(before).is_some())
}

/// Behind it auditd writes in words what the record has in numbers.
const END: u8 = 0x1d;

/// The record without what stands behind it: the rest of a JSON object, or what auditd adds.
fn ended<'a>(record: &'a [u8], quote: &[u8]) -> &'a [u8] {
    let record = match memchr::memchr(END, record) {
        Some(end) => record.get(..end).unwrap_or(record),
        None => record,
    };
    if quote.len() < 2 {
        return record;
    }
    // The string that holds it ends with the first quote that is not escaped.
    let mut quotes = memchr::memchr_iter(b'"', record);
    let is_plain = |at: &usize| at.checked_sub(1).and_then(|before| record.get(before)) != Some(&b'\\');
    quotes.find(is_plain).and_then(|end| record.get(..end)).unwrap_or(record)
}

/// What a line says.
pub(super) enum Known {
    Record(Box<Logged>),
    /// It is about a profile, and nothing can be asked about it.
    Unreadable {
        label: Option<String>,
        error: LogError,
    },
}

impl Known {
    /// None where a message is none of AppArmor's.
    pub(super) fn of(message: &str) -> Option<Known> {
        let fields = Fields::of(message)?;
        Some(match log::of_fields(&fields)? {
            Ok(logged) => Known::Record(Box::new(logged)),
            Err(error) => Known::Unreadable { label: log::profile(&fields), error },
        })
    }

    /// A line that another program than the kernel wrote.
    pub(super) fn of_others() -> Known {
        let error = LogError::new("another program than the kernel wrote the line");
        Known::Unreadable { label: None, error }
    }

    /// A line with bytes that the kernel would have written in hexadecimal.
    pub(super) fn spoiled() -> Known {
        let error = LogError::new("the line is no UTF-8, so it is not as the kernel wrote it");
        Known::Unreadable { label: None, error }
    }

    pub(super) fn label(&self) -> Option<&str> {
        match self {
            Known::Record(record) => record.profile.as_deref(),
            Known::Unreadable { label, .. } => label.as_deref(),
        }
    }

    /// What tells it from others.
    pub(super) fn identity(&self) -> Vec<u8> {
        match self {
            Known::Record(record) => format!("{record:?}").into_bytes(),
            Known::Unreadable { label, error } => format!("{label:?} {error}").into_bytes(),
        }
    }
}
