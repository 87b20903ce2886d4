//! A `read-only` path that may be written, or a `write-only` one that may be read.

use super::overlapping_grant;
use crate::check::Context;
use crate::check::resolved::{PathEntry, PathKey};
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Access;

pub static CODE: Code = code!("contradicted-grant", Error);

/// What an entry's word promises not to be possible.
pub fn promised_not(key: PathKey) -> Access {
    match key {
        PathKey::ReadOnly => Access::WRITE,
        PathKey::WriteOnly => Access::READ,
        PathKey::ReadWrite
        | PathKey::List
        | PathKey::DenyWrite
        | PathKey::Deny
        | PathKey::ExecAllow
        | PathKey::ExecDeny
        | PathKey::Library => Access::NONE,
    }
}

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|e| e.deny.is_empty()) else {
            continue;
        };
        let not = promised_not(entry.key);
        if not.is_empty() || cover.is_denied(index, not) {
            continue;
        }
        for other in cover.around(index) {
            let wider = cover.atom(other).and_then(|o| o.entry());
            // To list a folder is not to read what is written in it.
            let is_wider = |wider: &&PathEntry| wider.grant.intersects(not) && wider.key != PathKey::List;
            let Some(wider) = wider.filter(is_wider) else {
                continue;
            };
            if cover.covers(other, index) {
                found.add(finding(entry, wider));
            } else if !cover.covers(index, other) && cover.meets(index, other) {
                let witness = cover.meeting(index, other);
                found.add(overlapping_grant::found(entry, wider, witness.as_deref()));
            }
        }
    }
}

fn finding(entry: &PathEntry, wider: &PathEntry) -> Finding {
    let (can, help) = match entry.key {
        PathKey::WriteOnly => ("be read as well", "narrow the other grant"),
        PathKey::ReadOnly
        | PathKey::ReadWrite
        | PathKey::List
        | PathKey::DenyWrite
        | PathKey::Deny
        | PathKey::ExecAllow
        | PathKey::ExecDeny
        | PathKey::Library => {
            ("be written as well", "narrow the other grant, or write the path under `deny-write` instead")
        }
    };
    let message = format!(
        "`{}` is `{}`, and can {can}: the `{}` of {} covers it",
        entry.text,
        entry.key.name(),
        wider.key.name(),
        wider.named()
    );
    Finding::new(&CODE, entry.place, message)
        .also(wider.place, format!("this `{}` covers it", wider.key.name()))
        .help(help)
}
