//! Disks, memory, and the sockets by which container runtimes are told what to do.

use super::Refusal;
use crate::diag::{Code, code};
use crate::kernel::risk;

pub(super) static CODE: Code = code!("refused-device", Error);

pub(super) fn of(path: &[u8]) -> Option<Refusal> {
    risk::path(path).map(|can| Refusal::new(&CODE, format!("with it the container can {can}")))
}
