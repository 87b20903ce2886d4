//! A capability that the policy's ABI does not know.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "capability-not-known",
    severity: Severity::Error,
    summary: "a capability that the policy's `abi` does not know",
    explanation: "ABI 3.0 does not know `checkpoint_restore`. AppArmor's parser then puts `sys_admin` in its place, of which it \
                  was once a part: a grant would give close to all of root's power, and a denial would take it. Set `abi = \
                  \"4.0\"` where every node has it.",
    bad: "name = \"criu\"\n\n[capabilities]\nallow = [\"checkpoint_restore\"]\n",
    good: "name = \"criu\"\nabi = \"4.0\"\n\n[capabilities]\nallow = [\"checkpoint_restore\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let abi = subject.draft.abi;
    let section = &subject.draft.capabilities;
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
