//! What whole logs hold about some profiles: each thing that was asked once, with how often and where.
//!
//! Enters: blocks of whole lines, in any order, and which profiles are meant. Leaves: the distinct records of these,
//! how many lines are about others, what could not be read, and who lost lines. What it keeps grows with what is
//! distinct, not with the lines: of a line that was seen before only its number is taken. Opens no file.

mod blocks;
mod first_lines;
mod line;

use super::{LogError, Logged, Loss, Messages};
use crate::kernel::Request;
use crate::kernel::request::FileVerb;
use blocks::{block_end, count_lines};
pub use first_lines::{FirstLines, LineAt};
use line::{Known, Line};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How often something stands in the logs, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub lines: u64,
    pub first: FirstLines,
}

/// What logs hold.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// In their order, each once.
    pub records: Vec<(Box<Logged>, Seen)>,
    /// Lines about other profiles, by their names; very many names are one.
    pub others: BTreeMap<String, u64>,
    /// Lines about the profiles that are meant, and why nothing can be asked about them.
    pub unreadable: BTreeMap<LogError, Seen>,
    pub losses: BTreeSet<Loss>,
    pub lines: u64,
}

/// Whether a profile is one of those that are meant, by its label without its namespace.
pub type Meant<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// The key of lines that others wrote.
const OTHERS: &[u8] = b"others";
/// More names of other profiles than this tell nothing.
const MOST_NAMES: usize = 1000;
/// What stands for all of them then.
const MANY: &str = "…";

impl Seen {
    fn join(&mut self, other: &Seen) {
        self.lines += other.lines;
        self.first.extend(other.first.as_slice().iter().copied());
    }
}

impl Evidence {
    /// Of a whole log that is in memory.
    pub fn read(text: &[u8], file: usize, meant: &Meant<'_>) -> Evidence {
        let mut reading = Reading::new(file, meant);
        reading.push(text);
        reading.finish()
    }

    /// What two logs hold together; in which order they come makes no difference.
    pub fn merge(&mut self, other: Evidence) {
        if self.records.is_empty() {
            self.records = other.records;
        } else {
            self.records.extend(other.records);
            self.records = in_order(std::mem::take(&mut self.records));
        }
        for (error, seen) in other.unreadable {
            self.unreadable.entry(error).or_default().join(&seen);
        }
        for (name, lines) in other.others {
            *self.others.entry(name).or_default() += lines;
        }
        if self.others.len() > MOST_NAMES || self.others.contains_key(MANY) {
            let lines = self.others.values().sum();
            self.others = BTreeMap::from([(MANY.to_owned(), lines)]);
        }
        self.losses.extend(other.losses);
        self.lines += other.lines;
    }
}

/// A log that comes piece by piece.
pub struct Reading<'a> {
    file: usize,
    meant: &'a Meant<'a>,
    /// One for each block that is read at once: each knows the lines that it has seen.
    readers: Vec<Reader>,
    /// A line that has begun; none where it is too long for a line of a log.
    begun: Option<Vec<u8>>,
    lines: u64,
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("file", &self.file)
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

/// A longer line is no line of a log.
pub const LONGEST: usize = 64 << 10;
/// Smaller blocks are not worth a thread.
const LEAST_BLOCK: usize = 256 << 10;

impl<'a> Reading<'a> {
    pub fn new(file: usize, meant: &'a Meant<'a>) -> Reading<'a> {
        Reading { file, meant, readers: vec![Reader::default()], begun: Some(Vec::new()), lines: 0 }
    }

    /// How many lines have come so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The next piece, which may end anywhere.
    pub fn push(&mut self, piece: &[u8]) {
        let mut rest = piece;
        // What has begun ends with the first line's end.
        if self.begun.as_ref().is_none_or(|begun| !begun.is_empty()) {
            let Some(end) = memchr::memchr(b'\n', rest) else {
                self.begin(rest);
                return;
            };
            let (line, after) = rest.split_at(end + 1);
            rest = after;
            self.begin(line);
            if let Some(line) = self.begun.replace(Vec::new()) {
                self.block(&line);
            } else {
                self.lines += 1;
            }
        }
        let end = memchr::memrchr(b'\n', rest).map_or(0, |end| end + 1);
        let (whole, begun) = rest.split_at(end);
        self.block(whole);
        self.begin(begun);
    }

    fn begin(&mut self, piece: &[u8]) {
        if let Some(begun) = &mut self.begun {
            begun.extend_from_slice(piece);
            if begun.strip_suffix(b"\n").unwrap_or(begun).len() > LONGEST {
                self.begun = None;
            }
        }
    }

    /// Whole lines.
    fn block(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let threads = rayon::current_num_threads();
        let size = (text.len() / threads).max(LEAST_BLOCK);
        let (file, meant) = (self.file, self.meant);
        if let (true, Some(reader)) = (size >= text.len(), self.readers.first_mut()) {
            self.lines = reader.block(text, LineAt { file, line: self.lines }, meant);
            return;
        }
        let mut blocks = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (block, after) = rest.split_at(block_end(rest, size));
            let first = self.lines;
            self.lines += count_lines(block);
            blocks.push((block, first));
            rest = after;
        }
        self.readers.resize_with(self.readers.len().max(blocks.len()), Reader::default);
        self.readers.par_iter_mut().zip(blocks).for_each(|(reader, (block, first))| {
            reader.block(block, LineAt { file, line: first }, meant);
        });
    }

    pub fn finish(mut self) -> Evidence {
        match self.begun.take() {
            Some(line) => self.block(&line),
            None => self.lines += 1,
        }
        let read: Vec<Evidence> = self.readers.into_par_iter().map(Reader::finish).collect();
        let mut all = Evidence { lines: self.lines, ..Evidence::default() };
        let mut records = Vec::new();
        for mut evidence in read {
            records.append(&mut evidence.records);
            all.merge(evidence);
        }
        all.records = in_order(records);
        all
    }
}

/// Records in their order, each once. Most differ in what they ask of one file, which is kept at hand: there may be very
/// many.
fn in_order(records: Vec<(Box<Logged>, Seen)>) -> Vec<(Box<Logged>, Seen)> {
    let keys = (0..).zip(&records).map(|(number, (record, _))| (first_file(record), record, number));
    let mut order: Vec<(_, _, usize)> = keys.collect();
    order.par_sort_unstable();
    let order: Vec<usize> = order.into_iter().map(|(_, _, number)| number).collect();
    let mut records: Vec<Option<(Box<Logged>, Seen)>> = records.into_iter().map(Some).collect();
    let mut sorted: Vec<(Box<Logged>, Seen)> = Vec::with_capacity(records.len());
    for (record, seen) in order.into_iter().filter_map(|number| records.get_mut(number)?.take()) {
        match sorted.last_mut() {
            Some((last, known)) if *last == record => known.join(&seen),
            Some(_) | None => sorted.push((record, seen)),
        }
    }
    sorted
}

/// What comes first in the order of records.
fn first_file(record: &Logged) -> Result<(FileVerb, &[u8]), ()> {
    match record.requests.first() {
        Some(Request::File(verb, path)) => Ok((*verb, path)),
        Some(_) | None => Err(()),
    }
}

/// Reads blocks, one after the other.
#[derive(Default)]
struct Reader {
    messages: Messages,
    /// The lines about the profiles that are meant, without what differs each time.
    known: HashMap<Box<[u8]>, usize>,
    /// What they say, by number.
    all: Vec<(Known, Seen)>,
    /// Whether a profile is meant, by how it is written, and how many lines are about it where not.
    labels: HashMap<Vec<u8>, Label>,
    /// Lines about profiles beyond those, where there are too many.
    beyond: u64,
    losses: BTreeSet<Loss>,
    key: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Label {
    name: String,
    is_meant: bool,
    lines: u64,
}

impl Reader {
    /// `before`: the line before the block's first one. Leaves the number of its last one.
    fn block(&mut self, text: &[u8], before: LineAt, meant: &Meant<'_>) -> u64 {
        let mut at = before;
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', text).chain((!text.ends_with(b"\n")).then_some(text.len()));
        for end in ends {
            at.line += 1;
            let line = text.get(start..end).unwrap_or_default();
            start = end + 1;
            if line.len() <= LONGEST {
                self.line(line, at, meant);
            }
        }
        at.line
    }

    fn line(&mut self, line: &[u8], at: LineAt, meant: &Meant<'_>) {
        if self.messages.is_open() {
            self.message(line, at, meant);
            return;
        }
        let Some(found) = Line::find(line) else {
            if Messages::may_begin(line) {
                self.message(line, at, meant);
            } else if line::may_tell_of_loss(line) {
                self.losses.extend(Loss::told_by(&String::from_utf8_lossy(line)));
            }
            return;
        };
        match found.label() {
            // Written so that it has to be read for it.
            None => self.message(line, at, meant),
            Some(label) => {
                let is_meant = match self.labels.get_mut(label) {
                    Some(known) => {
                        known.lines += u64::from(!known.is_meant);
                        known.is_meant
                    }
                    None => self.label(label, meant),
                };
                if is_meant {
                    self.own(&found, line, at);
                }
            }
        }
    }

    fn label(&mut self, label: &[u8], meant: &Meant<'_>) -> bool {
        let name = String::from_utf8_lossy(label).into_owned();
        let is_meant = super::parts(&name).any(meant);
        if is_meant || self.labels.len() <= MOST_NAMES {
            let lines = u64::from(!is_meant);
            self.labels.insert(label.to_vec(), Label { name, is_meant, lines });
        } else {
            self.beyond += 1;
        }
        is_meant
    }

    /// A line about a profile that is meant.
    fn own(&mut self, found: &Line<'_>, line: &[u8], at: LineAt) {
        let is_of_others = found.is_of_others();
        match is_of_others {
            true => OTHERS.clone_into(&mut self.key),
            false => found.key(&mut self.key),
        }
        let number = match self.known.get(self.key.as_slice()) {
            Some(number) => *number,
            None => {
                let known = match std::str::from_utf8(line) {
                    // Whatever else is wrong with them, they have one key.
                    Ok(_) | Err(_) if is_of_others => Some(Known::of_others()),
                    Ok(line) => Known::of(&self.messages.next(line)),
                    Err(_) => Some(Known::spoiled()),
                };
                let Some(known) = known else { return };
                self.remember(known)
            }
        };
        self.count(number, at);
    }

    fn remember(&mut self, known: Known) -> usize {
        let number = self.all.len();
        self.known.insert(self.key.as_slice().into(), number);
        self.all.push((known, Seen::default()));
        number
    }

    fn count(&mut self, number: usize, at: LineAt) {
        let Some((_, seen)) = self.all.get_mut(number) else { return };
        seen.lines += 1;
        if !seen.first.is_full() {
            seen.first.insert(at);
        }
    }

    /// A line in another form than the kernel's own: its message is read as a whole.
    fn message(&mut self, line: &[u8], at: LineAt, meant: &Meant<'_>) {
        let Ok(text) = std::str::from_utf8(line) else { return };
        let message = self.messages.next(text.trim()).into_owned();
        let message = message.trim();
        let before = message.find("apparmor=").and_then(|mark| message.get(..mark)).unwrap_or_default();
        let Some(known) = Known::of(message) else {
            self.losses.extend(Loss::told_by(message));
            return;
        };
        let Some(label) = known.label() else { return };
        let label = label.as_bytes().to_vec();
        let is_meant = match self.labels.get_mut(&label) {
            Some(known) => {
                known.lines += u64::from(!known.is_meant);
                known.is_meant
            }
            None => self.label(&label, meant),
        };
        if !is_meant {
            return;
        }
        let known = if line::is_written_by_others(before.as_bytes()) { Known::of_others() } else { known };
        self.key.clear();
        self.key.extend_from_slice(&known.identity());
        let number = match self.known.get(self.key.as_slice()) {
            Some(number) => *number,
            None => self.remember(known),
        };
        self.count(number, at);
    }

    /// What it has read; the records are in no order yet.
    fn finish(self) -> Evidence {
        let mut evidence = Evidence { losses: self.losses, ..Evidence::default() };
        let others = self.labels.into_values().filter(|label| !label.is_meant);
        for label in others.map(|label| (label.name, label.lines)) {
            *evidence.others.entry(label.0).or_default() += label.1;
        }
        if self.beyond > 0 {
            *evidence.others.entry(MANY.to_owned()).or_default() += self.beyond;
        }
        for (known, seen) in self.all {
            match known {
                Known::Record(record) => evidence.records.push((record, seen)),
                Known::Unreadable { error, .. } => {
                    evidence.unreadable.entry(error).or_default().join(&seen);
                }
            }
        }
        evidence
    }
}
