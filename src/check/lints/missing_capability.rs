//! A grant that the kernel refuses without a capability.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::kernel::{Capability, SocketType};
use crate::policy::Posture;

pub static CODE: Code = code!("missing-capability", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let resolved = context.resolved;
    if !context.resolved.is_complete || resolved.has_foreign_rules() {
        return;
    }
    for entry in &resolved.operations.allow {
        if let Some(capability) = entry.value.needs() {
            require(context, capability, &entry.text, entry.place, found);
        }
    }
    for entry in &resolved.network.allow {
        let family = entry.value.family.map(|f| f.name());
        let ip = matches!(family, Some("inet" | "inet6"));
        let raw = family == Some("packet") || (ip && entry.value.kind == Some(SocketType::Raw));
        if let (true, Some(capability)) = (raw, Capability::from_name("net_raw")) {
            require(context, capability, &entry.text, entry.place, found);
        }
    }
}

fn require(context: &Context<'_>, capability: Capability, text: &str, place: Place, found: &mut Findings) {
    let section = &context.resolved.capabilities;
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
