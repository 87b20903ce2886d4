//! A denied interpreter that scripts start all the same.

use super::symlinked_program;
use crate::check::Context;
use crate::check::resolved::PathKey;
use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Access;

pub static CODE: Code = code!("interpreter-denial", Warning);

const INTERPRETERS: [&str; 14] = [
    "sh", "bash", "dash", "ash", "zsh", "ksh", "busybox", "python", "perl", "ruby", "node", "php", "lua",
    "awk",
];

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let can_start = context.resolved.default_access().contains(Access::EXEC)
        || context.resolved.paths.iter().any(|e| e.key == PathKey::ExecAllow);
    if !can_start {
        return;
    }
    let entries = context.resolved.paths.iter();
    for entry in entries.filter(|entry| entry.key == PathKey::ExecDeny) {
        let name = symlinked_program::last_component(&entry.text);
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || ".*?".contains(c));
        if INTERPRETERS.contains(&name) {
            found.add(
                Finding::new(
                    &CODE,
                    entry.place,
                    format!("a script that may run starts `{}` all the same", entry.text),
                )
                .label("scripts start it all the same")
                .gathered("a script that may run starts these interpreters all the same")
                .help("allow no scripts in `exec.allow`, or take the interpreter out of the image"),
            );
        }
    }
}
