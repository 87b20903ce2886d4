//! Messages out of bytes: each behind a head that holds its length.
//!
//! Enters: what the editor writes. Leaves: the bytes of each message, or what is wrong with them. Behind bytes that are
//! no message the next head is looked for, so that a wrong length costs few messages and not all.

use std::io::{BufRead, ErrorKind, Result};

/// A larger message is passed over: no editor has a policy that large.
const LARGEST: u64 = 1 << 26;

/// So much of a line's end is looked at: enough for a length, also where other bytes stand before it.
const LINE_END: usize = 128;

/// A longer line is none of a head, and neither is one behind so many.
const LONGEST_LINE: usize = 1 << 12;
const MOST_LINES: usize = 64;

const LENGTH: &str = "content-length:";

/// What comes out of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    Bytes(Vec<u8>),
    /// Bytes that are no message: what is wrong, once until there is a message again.
    Broken(&'static str),
    End,
}

/// A reader of messages.
#[derive(Debug)]
pub(super) struct Frames<R> {
    input: R,
    /// Bytes that were taken for a message's and are the next one's, last byte first.
    back: Vec<u8>,
    /// The length that the head has named so far, and how many lines it has.
    length: Option<u64>,
    lines: usize,
    /// What is passed over now has been reported.
    skipping: bool,
}

/// The end of a line, and how long all of it is.
#[derive(Debug, Default)]
struct Line {
    end: Vec<u8>,
    length: usize,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(input: R) -> Frames<R> {
        Frames { input, back: Vec::new(), length: None, lines: 0, skipping: false }
    }

    pub(super) fn next(&mut self) -> Result<Frame> {
        while let Some(line) = self.line()? {
            self.lines += 1;
            let end = String::from_utf8_lossy(&line.end).trim().to_ascii_lowercase();
            let wrong = if let Some((before, number)) = end.rsplit_once(LENGTH) {
                self.length = number.trim().parse().ok();
                match self.length {
                    None => Some("the length of a message is no number"),
                    Some(_) if line.length > LONGEST_LINE => Some("the head of a message does not end"),
                    Some(_) if !before.is_empty() || line.length > LINE_END => {
                        Some("this is no head of a message")
                    }
                    Some(_) => None,
                }
            } else if line.length > LONGEST_LINE || (self.lines > MOST_LINES && !end.is_empty()) {
                Some("the head of a message does not end")
            } else if !end.is_empty() {
                (!end.contains(':')).then_some("this is no head of a message")
            } else {
                let is_head = std::mem::take(&mut self.lines) > 1;
                match self.length.take() {
                    Some(length) if length <= LARGEST => return self.body(length),
                    Some(_) => Some("the message is larger than this server takes (64 MiB)"),
                    None => is_head.then_some("the head of a message names no length"),
                }
            };
            if let (Some(wrong), false) = (wrong, self.skipping) {
                self.skipping = true;
                return Ok(Frame::Broken(wrong));
            }
        }
        Ok(Frame::End)
    }

    /// The bytes of a message are none, from an offset: where its length was wrong, the next head is in them or close
    /// behind them.
    pub(super) fn look_again(&mut self, bytes: &[u8], from: usize) {
        self.skipping = true;
        self.back.extend(bytes.iter().skip(from).rev());
    }

    fn body(&mut self, length: u64) -> Result<Frame> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < length {
            let missing = usize::try_from(length).unwrap_or(usize::MAX) - bytes.len();
            if self.take(|available| {
                let part = available.get(..missing).unwrap_or(available);
                bytes.extend_from_slice(part);
                part.len()
            })? == 0
            {
                return Ok(Frame::End);
            }
        }
        self.skipping = false;
        Ok(Frame::Bytes(bytes))
    }

    /// The next line, or, where it does not end, a part of it; none at the end of all.
    fn line(&mut self) -> Result<Option<Line>> {
        let mut line = Line::default();
        loop {
            let mut is_whole = false;
            let taken = self.take(|available| {
                let part = available.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
                is_whole = part.ends_with(b"\n");
                line.end.extend_from_slice(part);
                part.len()
            })?;
            line.length += taken;
            line.end.drain(..line.end.len().saturating_sub(LINE_END));
            if taken == 0 {
                return Ok(None);
            }
            if is_whole || (line.length > LONGEST_LINE && !self.skipping) {
                return Ok(Some(line));
            }
        }
    }

    /// Hands out the bytes that are there next, and drops as many as were taken. None are there at the end alone.
    fn take(&mut self, take: impl FnOnce(&[u8]) -> usize) -> Result<usize> {
        if let Some(byte) = self.back.last().copied() {
            let taken = take(&[byte]);
            self.back.truncate(self.back.len() - taken.min(1));
            return Ok(taken);
        }
        let available = loop {
            match self.input.fill_buf() {
                Ok(_) => break self.input.fill_buf()?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        let taken = take(available);
        self.input.consume(taken);
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Frames};

    /// All that comes out; what is wrong begins with `!`.
    fn all(bytes: &[u8]) -> Vec<String> {
        let mut frames = Frames::new(bytes);
        let mut all = Vec::new();
        while let Ok(frame) = frames.next() {
            match frame {
                Frame::Bytes(bytes) => all.push(String::from_utf8_lossy(&bytes).into_owned()),
                Frame::Broken(wrong) => all.push(format!("!{wrong}")),
                Frame::End => break,
            }
        }
        all
    }

    #[test]
    fn what_is_no_message_is_told_once_and_the_next_one_is_found() {
        let good = "Content-Length: 1\r\n\r\na";
        let no_head = "!this is no head of a message";
        let endless = "!the head of a message does not end";
        let large = "!the message is larger than this server takes (64 MiB)";
        let cases = [
            (String::new(), ""),
            ("\r\n\r\n\n".to_owned(), ""),
            ("no head\r\n\r\nmore\r\n".to_owned(), no_head),
            ("{}\r\n{}\r\n".to_owned(), no_head),
            ("no head".to_owned(), no_head),
            ("Content-Length: x\r\n\r\n".to_owned(), "!the length of a message is no number"),
            ("Content-Length: -1\r\n\r\n{}".to_owned(), "!the length of a message is no number"),
            ("Content-Type: x\r\n\r\n".to_owned(), "!the head of a message names no length"),
            ("a: b\r\n".repeat(1000), endless),
            (format!("{}\n", "x".repeat(100_000)), endless),
            ("x".repeat(100_000), endless),
            (format!("Content-Length: {}\r\n\r\n{}", (1 << 26) + 1, "x".repeat((1 << 26) + 1)), large),
            (format!("Content-Length: {}\r\n\r\n{{}}", u64::MAX), large),
            (
                "Content-Length: 99999999999999999999\r\n\r\n{}".to_owned(),
                "!the length of a message is no number",
            ),
        ];
        for (bytes, wrong) in cases {
            let shown: String = bytes.chars().take(40).collect();
            let want: Vec<&str> = [wrong, "a", "a"].into_iter().filter(|text| !text.is_empty()).collect();
            assert_eq!(all(format!("{bytes}{good}{good}").as_bytes()), want, "{shown}");
        }
        assert_eq!(all(b"content-length:2\nContent-Type: y\n\n[]"), ["[]"]);
        assert_eq!(all(b"Content-Length: 0\r\n\r\nContent-Length: 1\r\n\r\nb"), ["", "b"]);
    }

    #[test]
    fn what_was_not_a_messages_is_read_again() {
        let mut frames =
            Frames::new("Content-Length: 27\r\n\r\n{}Content-Length: 4\r\n\r\n{\"a\"more".as_bytes());
        let Ok(Frame::Bytes(bytes)) = frames.next() else { panic!("no message") };
        frames.look_again(&bytes, 2);
        assert_eq!(frames.next().ok(), Some(Frame::Bytes(b"{\"a\"".to_vec())));
    }

    #[test]
    fn what_ends_too_early_is_the_end() {
        for bytes in ["Content-Length: 9\r\n\r\n{", "Content-Length: 9", "Content-Length: 9\r\n"] {
            assert_eq!(all(bytes.as_bytes()), [""; 0], "{bytes}");
        }
    }
}
