//! A port that does not exist.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::At;

pub static CODE: Code = code!("invalid-port", Error);

pub fn read(port: &At<i64>, found: &mut Findings) -> Option<u16> {
    let number = u16::try_from(port.value).ok().filter(|n| *n > 0);
    if number.is_none() {
        found.add(
            Finding::new(&CODE, port.place, format!("{} is not a port", port.value))
                .help("write a number from 1 to 65535"),
        );
    }
    number
}
