//! Operations that reach beyond the container's own files and processes.

use super::Refusal;
use crate::diag::{Code, code, shown};
use crate::kernel::Operation;
use crate::kernel::request::Contact;

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

/// Signals to other profiles and tracing of them, or by them.
pub(super) fn of_process(contact: Contact, peer: &str) -> Refusal {
    let peer = shown::one_line(peer.to_owned());
    let why = match contact {
        Contact::PtraceReadBy | Contact::PtraceTracedBy => {
            format!("a process of another profile, here `{peer}`, reaches into the container")
        }
        Contact::SignalSend | Contact::SignalReceive | Contact::PtraceRead | Contact::PtraceTrace => {
            format!("it reaches into processes of another profile, here `{peer}`")
        }
    };
    Refusal::new(&CODE, why)
}
