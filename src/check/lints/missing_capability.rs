//! A grant that the kernel refuses without a capability.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::{Capability, SocketType};
use crate::policy::Posture;

pub static CODE: Code = code!("missing-capability", Warning);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let draft = subject.draft;
    if !subject.draft.is_complete || draft.has_foreign_rules() {
        return;
    }
    for entry in &draft.operations.allow {
        if let Some(capability) = entry.value.needs() {
            require(subject, capability, &entry.text, entry.place, found);
        }
    }
    for entry in &draft.network.allow {
        let family = entry.value.family.map(|f| f.name());
        let ip = matches!(family, Some("inet" | "inet6"));
        let raw = family == Some("packet") || (ip && entry.value.kind == Some(SocketType::Raw));
        if let (true, Some(capability)) = (raw, Capability::from_name("net_raw")) {
            require(subject, capability, &entry.text, entry.place, found);
        }
    }
}

fn require(subject: &Subject<'_>, capability: Capability, text: &str, place: Place, found: &mut Findings) {
    let section = &subject.draft.capabilities;
    let listed = section.allow.iter().any(|entry| entry.value == capability);
    let denied = section.deny.iter().find(|entry| entry.value == capability);
    let granted = listed || section.default.value == Posture::Allow;
    if granted && denied.is_none() {
        return;
    }
    let finding = Finding::new(
        &CODE,
        place,
        format!("`{text}` is useless without the capability `{}`", capability.name()),
    );
    let finding = match denied {
        Some(denied) => finding.also(denied.place, "denied here"),
        None => finding,
    };
    found.add(finding.help(format!("add `{}` to `capabilities.allow`, or take this out", capability.name())));
}
