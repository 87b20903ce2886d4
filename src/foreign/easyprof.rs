//! aa-easyprof: a JSON manifest, each profile of which is filled into a template.
//!
//! Enters: the manifest's text. Leaves: for each profile of it what aa-easyprof would print (AppArmor 3.0.8 and 4,
//! utils/apparmor/easyprof.py), with the templates and policy groups that come with it, for a machine that has the
//! abstractions; without empty lines and comments that only tell what is not there. What aa-easyprof refuses is refused.
//! Deliberately absent: templates and policy groups of vendors, which are files of the machine; and what the profile allows.

mod form;
mod json;
mod template;
#[cfg(test)]
mod tests;
mod values;
mod writer;

use super::{NotTaken, Remark, Weight, WrittenProfile};
use crate::diag::one_line;
use json::{Keyed, Node, Value};

/// No manifest is longer; what reads profiles takes no more.
const MOST: usize = 4 << 20;

/// Keys that hardly any other tool has.
const OWN: [&str; 5] = ["abstractions", "policy_groups", "read_path", "write_path", "template_variables"];

/// Whether a text is a manifest of aa-easyprof.
pub fn is_easyprof(text: &str) -> bool {
    if text.len() > MOST || !text.trim_start().starts_with('{') {
        return false;
    }
    match json::read(text) {
        Ok(root) => has_profiles(&root),
        Err(_) => {
            let has = |key: &str| text.contains(&format!("\"{key}\""));
            has("profiles") && OWN.iter().any(|key| has(key))
        }
    }
}

/// Whether each profile is a table, and one has a key of aa-easyprof; within `security` none needs one.
fn has_profiles(root: &Node) -> bool {
    let security = root.get("security");
    let top = security.map_or(root, |entry| &entry.node);
    let Some(profiles) = top.get("profiles").and_then(|entry| entry.node.table()) else { return false };
    let has_key = |profile: &Keyed| {
        let entries = profile.node.table().unwrap_or_default();
        entries.iter().any(|entry| OWN.contains(&entry.key.as_str()))
    };
    profiles.iter().all(|profile| profile.node.table().is_some())
        && (security.is_some() || profiles.iter().any(has_key))
}

/// The profiles that aa-easyprof would write; at least one, or the reason why there is none.
pub fn read(text: &str) -> Vec<Result<WrittenProfile, NotTaken>> {
    let whole = |refusal| vec![Err(refusal)];
    if text.len() > MOST {
        return whole(NotTaken {
            line: None,
            wrong: "more text than is read at once".to_owned(),
            help: "give a manifest of less than 4 MiB".to_owned(),
        });
    }
    let root = match json::read(text) {
        Ok(root) => root,
        Err(refusal) => return whole(refusal),
    };
    let mut remarks = beside(&root, &["security", "profiles"]);
    let mut top = &root;
    if let Some(security) = root.get("security") {
        top = &security.node;
        remarks.extend(beside(top, &["profiles"]));
        // aa-easyprof looks in one of the two places.
        let above = root.get("profiles").map(|entry| passed_over(entry, ", because there is `security`"));
        remarks.extend(above);
    }
    let Some(profiles) = top.get("profiles") else {
        return whole(NotTaken {
            line: Some(top.line),
            wrong: "there is no `profiles` where aa-easyprof looks for it".to_owned(),
            help: "write `{\"security\": {\"profiles\": {\"NAME\": {...}}}}`".to_owned(),
        });
    };
    let entries = match &profiles.node.value {
        Value::Table(entries) if !entries.is_empty() => entries,
        Value::Table(_) | Value::Text(_) | Value::Number(_) | Value::Word(_) | Value::List(_) => {
            return whole(NotTaken {
                line: Some(profiles.line),
                wrong: "`profiles` names no profile".to_owned(),
                help: "write `\"profiles\": {\"NAME\": {...}}`".to_owned(),
            });
        }
    };
    let mut written: Vec<Result<WrittenProfile, NotTaken>> =
        entries.iter().map(|entry| form::read(entry).and_then(writer::write)).collect();
    // What is about none of them is told with the first.
    if let Some(Ok(first)) = written.iter_mut().find(|one| one.is_ok()) {
        remarks.append(&mut first.remarks);
        first.remarks = remarks;
    }
    written
}

/// Keys that stand beside those which lead to the profiles.
fn beside(node: &Node, known: &[&str]) -> Vec<Remark> {
    let entries = node.table().unwrap_or_default();
    let others = entries.iter().filter(|entry| !known.contains(&entry.key.as_str()));
    others.map(|entry| passed_over(entry, "")).collect()
}

fn passed_over(entry: &Keyed, why: &str) -> Remark {
    let key = one_line(entry.key.clone());
    Remark {
        weight: Weight::Dropped,
        line: Some(entry.line),
        text: format!("aa-easyprof passes over `{key}` here{why}"),
    }
}
