//! A user or group that does not exist.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::At;

pub static CODE: Code = code!("invalid-user", Error);

pub fn check(id: Option<&At<i64>>, key: &str, found: &mut Findings) {
    if let Some(id) = id.filter(|id| !(0..=i64::from(i32::MAX)).contains(&id.value)) {
        found.add(
            Finding::new(&CODE, id.place, format!("`{key}` cannot be {}", id.value))
                .help("write a number from 0 to 2147483647"),
        );
    }
}
