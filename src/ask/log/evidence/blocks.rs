//! Where a text may be cut in two, and how many lines it has.

use crate::ask::log::message::is_of_array;

/// The lines of a text.
pub(super) fn count_lines(text: &[u8]) -> u64 {
    let ends = memchr::memchr_iter(b'\n', text).count() as u64;
    ends + u64::from(!text.ends_with(b"\n"))
}

/// Where a block of about a size ends: behind a line, and not within a message that goes on.
pub(super) fn block_end(text: &[u8], size: usize) -> usize {
    let mut at = size;
    while let Some(end) = text.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)) {
        at += end + 1;
        let rest = text.get(at..).unwrap_or_default();
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        if line.is_empty() || !is_of_array(line) {
            return at;
        }
    }
    text.len()
}
