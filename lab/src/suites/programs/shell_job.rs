//! The shell job, whose service is played by OpenSSL behind a name of one address.

use super::program::{Expected, Program};
use super::root::Root;
use crate::Result;

pub(super) const SHELL_JOB: Program = Program {
    name: "shell-job",
    policy: |text, _| text,
    bundles: &[],
    packages: |_| vec!["dash", "coreutils", "curl", "ca-certificates", "openssl"],
    lay,
    files: &[],
    arguments: &[],
    environment: |_| Vec::new(),
    script: concat!(include_str!("upstream.sh"), include_str!("shell-job.sh")),
    facts: &[
        "a stray write: Permission denied",
        "an ungranted program: Permission denied",
        "ended 0",
        "counted 3 sorted.csv",
        "handed on apple,1 pear,2 plum,3",
        "ended 0",
        "handed on apple,1 pear,2 plum,3",
        "left behind: volumes/out: prices.csv volumes/scratch: prices.csv sorted.csv",
    ],
    seconds: 120,
    expected: &[
        Expected::STRAY,
        Expected {
            words: &["operation=\"exec\"", "name=\"/usr/bin/sha256sum\"", "comm=\"sh\""],
            release: None,
            why: "the scenario starts what is not granted",
        },
    ],
    exceptions: &[],
};

fn lay(root: &mut Root, _: &str) -> Result<()> {
    root.file(".lab/pages/today.csv", "pear,2\napple,1\nplum,3\npear,2\n")?;
    root.file("etc/ssl/certs/ca-certificates.crt", "")
}
