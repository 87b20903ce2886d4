//! `aapol schema`: prints the JSON Schema.

use super::console::Console;
use super::{Failure, Outcome};
use crate::schema;

pub(super) fn run(console: &mut Console) -> Result<Outcome, Failure> {
    console.out_exactly(&schema::text());
    Ok(Outcome::Fine)
}
