//! A capability that the policy's ABI does not know.

use crate::check::Context;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("capability-not-known", Error);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let abi = context.resolved.abi;
    let section = &context.resolved.capabilities;
    for entry in section.allow.iter().chain(&section.deny) {
        let since = entry.value.since();
        if since <= abi.value {
            continue;
        }
        let message = format!(
            "under abi {} the parser would put `sys_admin` in the place of `{}`",
            abi.value.name(),
            entry.text
        );
        let finding = Finding::new(&CODE, entry.place, message);
        let finding = match abi.place {
            Some(place) => finding.also(place, "decided here"),
            None => finding,
        };
        found.add(finding.help(format!("set `abi = \"{}\"` if every node has it", since.name())));
    }
}
