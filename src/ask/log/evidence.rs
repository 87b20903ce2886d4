//! (to be replaced)
use super::{LogError, Logged, Loss, Messages};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineAt {
    pub file: usize,
    pub line: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    pub logged: Logged,
    pub operation: String,
    pub info: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub lines: u64,
    pub first: Vec<LineAt>,
}

#[derive(Debug, Default)]
pub struct Evidence {
    pub records: BTreeMap<Record, Seen>,
    pub profiles: BTreeMap<String, u64>,
    pub unreadable: BTreeMap<LogError, Seen>,
    pub losses: BTreeSet<Loss>,
    pub lines: u64,
}

impl Evidence {
    pub fn read(text: &[u8], file: usize, is_own: &(dyn Fn(&Logged) -> bool + Sync)) -> Evidence {
        let mut evidence = Evidence::default();
        let mut messages = Messages::default();
        let text = String::from_utf8_lossy(text);
        for (number, line) in text.lines().enumerate() {
            evidence.lines += 1;
            let at = LineAt { file, line: number as u64 + 1 };
            let message = messages.next(line);
            match super::read(&message) {
                Some(Ok(logged)) if is_own(&logged) => {
                    let operation = message
                        .split_once("operation=\"")
                        .and_then(|(_, rest)| rest.split_once('"'))
                        .map(|(w, _)| w.to_owned())
                        .unwrap_or_default();
                    let seen = evidence.records.entry(Record { logged, operation, info: None }).or_default();
                    seen.lines += 1;
                    if seen.first.len() < 5 {
                        seen.first.push(at);
                    }
                }
                Some(Ok(logged)) => {
                    *evidence.profiles.entry(logged.profile.unwrap_or_default()).or_default() += 1
                }
                Some(Err(error)) => evidence.unreadable.entry(error).or_default().lines += 1,
                None => evidence.losses.extend(Loss::told_by(&message)),
            }
        }
        evidence
    }

    pub fn is_link_name(&self, _name: &[u8]) -> bool {
        false
    }

    pub fn merge(&mut self, other: Evidence) {
        self.lines += other.lines;
        for (record, seen) in other.records {
            let own = self.records.entry(record).or_default();
            own.lines += seen.lines;
            own.first.extend(seen.first);
            own.first.sort();
            own.first.truncate(5);
        }
        for (name, lines) in other.profiles {
            *self.profiles.entry(name).or_default() += lines;
        }
        for (error, seen) in other.unreadable {
            self.unreadable.entry(error).or_default().lines += seen.lines;
        }
        self.losses.extend(other.losses);
    }
}
