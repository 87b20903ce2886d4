//! What no entry of a policy can let through.

use super::{Context, Refusal};
use crate::diag::{Code, code};
use crate::kernel::request::Contact;

pub(super) static CODE: Code = code!("not-learned", Error);

/// A link may do what its file may, and the other way round: a file that nobody writes would be written.
pub(super) fn of_link(target: &[u8], context: &Context<'_>) -> Option<Refusal> {
    let why = "a link to a file that the program does not write itself would let it write that file";
    (!(context.writes)(target)).then(|| Refusal::new(&CODE, why))
}

pub(super) fn of_process(contact: Contact) -> Refusal {
    Refusal::new(&CODE, format!("no word of a policy grants {}", contact.doing()))
}
