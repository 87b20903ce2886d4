//! What no entry of a policy can let through.

use super::Refusal;
use crate::diag::{Code, code};
use crate::kernel::request::Contact;

pub(super) static CODE: Code = code!("not-learned", Error);

pub(super) fn of_process(contact: Contact) -> Refusal {
    Refusal::new(&CODE, format!("no word of a policy grants {}", contact.doing()))
}
