//! Operations that reach beyond the container's own files and processes.

use super::Refusal;
use crate::diag::{Code, code, shown};
use crate::kernel::Operation;

pub(super) static CODE: Code = code!("refused-operation", Error);

pub(super) fn of(operation: Operation) -> Option<Refusal> {
    match operation {
        Operation::HugePages | Operation::Mqueue => None,
        Operation::Mount
        | Operation::Remount
        | Operation::Umount
        | Operation::PivotRoot
        | Operation::Ptrace
        | Operation::Signal
        | Operation::Userns
        | Operation::IoUring
        | Operation::Dbus => {
            let can = operation.risk().unwrap_or("reach beyond its own files and processes");
            Some(Refusal::new(&CODE, format!("with it the container can {can}")))
        }
    }
}

/// Signals to other profiles and tracing of them.
pub(super) fn of_process(peer: &str) -> Refusal {
    let peer = shown::one_line(peer.to_owned());
    Refusal::new(&CODE, format!("it reaches into processes outside of the container, here `{peer}`"))
}
