//! ConfigMaps whose keys hold whole profiles.
//!
//! Enters: a ConfigMap. Leaves: the text of each key that holds profiles as it is; their names are in it.

use super::kind::called;
use super::{ticked, verbatim};
use crate::foreign::yaml::{Entry, Node};
use crate::foreign::{NotTaken, Remark, Weight, WrittenProfile};

pub(super) fn profiles(object: &Node) -> Vec<Result<WrittenProfile, NotTaken>> {
    let entries = |key: &str| object.get(key).and_then(|entry| entry.value.map()).unwrap_or_default();
    let (data, binary) = (entries("data"), entries("binaryData"));
    let mut out: Vec<Result<WrittenProfile, NotTaken>> = Vec::new();
    let mut others: Vec<&Entry> = Vec::new();
    for entry in data {
        match entry.value.scalar() {
            Some(scalar) if !verbatim::holds_profile(&scalar.text) => others.push(entry),
            Some(_) | None => {
                out.push(verbatim::whole(entry, "").map(|written| from(written, entry, object)))
            }
        }
    }
    let is_empty = out.is_empty() && binary.is_empty();
    let first = out.iter_mut().find_map(|result| result.as_mut().ok());
    match (first, others.first()) {
        (Some(profile), _) => profile.remarks.extend(others.iter().map(|entry| Remark {
            weight: Weight::Dropped,
            line: Some(entry.line),
            text: format!(
                "{} of the ConfigMap holds no AppArmor profile: nothing comes of it",
                ticked(&entry.key)
            ),
        })),
        (None, Some(other)) => out.push(Err(NotTaken {
            line: Some(other.line),
            wrong: format!("{} holds no AppArmor profile in {}", called(object), keys(&others)),
            help: "give a ConfigMap whose `data` holds whole profiles, from `profile NAME {` to `}`"
                .to_owned(),
        })),
        (None, None) if is_empty => out.push(Err(NotTaken {
            line: Some(super::kind::line(object)),
            wrong: format!("{} holds nothing under `data`", called(object)),
            help: "give a ConfigMap whose `data` holds whole profiles".to_owned(),
        })),
        (None, None) => {}
    }
    out.extend(binary.iter().map(|entry| {
        Err(NotTaken {
            line: Some(entry.line),
            wrong: format!("{} is under `binaryData`, which is not read", ticked(&entry.key)),
            help: "move the profile as a text to `data`, behind `|`".to_owned(),
        })
    }));
    out
}

fn keys(entries: &[&Entry]) -> String {
    const MOST: usize = 4;
    let named: Vec<String> = entries.iter().take(MOST).map(|entry| ticked(&entry.key)).collect();
    let more = entries.len().saturating_sub(MOST);
    let behind = if more == 0 { String::new() } else { format!(" and {more} more keys") };
    format!("{}{behind}", named.join(", "))
}

fn from(mut written: WrittenProfile, entry: &Entry, object: &Node) -> WrittenProfile {
    let text = format!("it is {} of {}", ticked(&entry.key), called(object));
    written.remarks.push(Remark { weight: Weight::Note, line: Some(entry.line), text });
    written
}
