//! A denied Unix socket that can be connected to all the same.

use crate::check::Context;
use crate::check::resolved::PathKey;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Posture;

pub static CODE: Code = code!("denied-socket", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let network = &context.resolved.network;
    let is_unix = |family: Option<crate::kernel::Family>| family.is_none_or(|f| f.name() == "unix");
    let granted = network.allow.iter().find(|entry| is_unix(entry.value.family));
    let denied = network.deny.iter().any(|entry| is_unix(entry.value.family) && entry.value.kind.is_none());
    let place = granted.map(|entry| entry.place).or(network.default.place);
    if denied || (granted.is_none() && network.default.value == Posture::Deny) {
        return;
    }
    for entry in &context.resolved.paths {
        let is_denial = matches!(entry.key, PathKey::Deny | PathKey::DenyWrite);
        let name = entry.text.trim_end_matches(['*', '/']);
        if is_denial && (name.ends_with(".sock") || name.ends_with(".socket")) {
            let finding =
                Finding::new(&CODE, entry.place, format!("`{}` can still be connected to", entry.text));
            let finding = match place {
                Some(place) => finding.also(place, "this grants Unix sockets"),
                None => finding,
            };
            found.add(finding.help("keep the socket out of the container, or grant no `unix` sockets"));
        }
    }
}
