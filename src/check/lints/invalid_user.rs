//! A user or group that does not exist.

use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::At;

pub static CODE: Code = Code {
    name: "invalid-user",
    severity: Severity::Error,
    summary: "not the number of a user or group",
    explanation: "Kubernetes takes users and groups by number, from 0 to 2147483647.",
    bad: "name = \"web\"\n\n[pod]\nrun-as-user = -1\n",
    good: "name = \"web\"\n\n[pod]\nrun-as-user = 101\n",
};

pub fn check(id: Option<&At<i64>>, key: &str, found: &mut Findings) {
    if let Some(id) = id.filter(|id| !(0..=i64::from(i32::MAX)).contains(&id.value)) {
        found.add(
            Finding::new(&CODE, id.place, format!("`{key}` cannot be {}", id.value))
                .help("write a number from 0 to 2147483647"),
        );
    }
}
