//! A port that does not exist.

use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::At;

pub static CODE: Code = Code {
    name: "invalid-port",
    severity: Severity::Error,
    summary: "not a port",
    explanation: "A port is a whole number from 1 to 65535, without quotes. Ports here are for readers and other \
                  objects: neither file keeps the container from listening on others.",
    bad: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\nports = [80800]\n",
    good: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\nports = [8080]\n",
};

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
