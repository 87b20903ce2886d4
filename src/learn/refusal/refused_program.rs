//! Programs that may be an intruder's: those that the container can write, and shells of servers.

use super::{Context, Refusal};
use crate::diag::{Code, code, shown};
use crate::kernel::Access;
use crate::learn::asked::Trace;

pub(super) static CODE: Code = code!("refused-program", Error);

const SHELLS: [&str; 9] = ["ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "sh", "zsh"];

/// Programs that are there to start others, by what the kernel calls them; a script has its file's name.
const STARTERS: [&str; 14] = [
    "catatonit",
    "dumb-init",
    "env",
    "find",
    "gosu",
    "make",
    "nice",
    "runc:[2:INIT]",
    "setpriv",
    "su-exec",
    "sudo",
    "timeout",
    "tini",
    "xargs",
];

pub(super) fn of(path: &[u8], needs: Access, trace: &Trace, context: &Context<'_>) -> Option<Refusal> {
    let is_started = needs.intersects(Access::EXEC);
    if (is_started || needs.intersects(Access::MAP)) && (context.writes)(path) {
        let done = if is_started { "started" } else { "mapped as code" };
        let why = format!("the container may write it, so whatever stands in it then would be {done}");
        return Some(Refusal::new(&CODE, why));
    }
    if !is_started || !context.is_server || !is_shell(path) {
        return None;
    }
    let starter = trace.programs.iter().find(|program| !starts_others(program))?;
    let starter = shown::one_line(starter.clone());
    let why = format!(
        "`{starter}`, in a container that others reach over the network, started a shell: that is what intruders do first"
    );
    Some(Refusal::new(&CODE, why))
}

fn is_shell(path: &[u8]) -> bool {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    SHELLS.iter().any(|shell| shell.as_bytes() == name)
}

/// Whether it is a shell itself, a script, or there to start others. The kernel cuts names off behind 15 letters.
fn starts_others(program: &str) -> bool {
    let is_script =
        program.contains(".sh") || program.ends_with("entrypoi") || program.ends_with("entrypoint");
    is_script || SHELLS.contains(&program) || STARTERS.contains(&program)
}
