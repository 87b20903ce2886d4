//! Redis, with Debian's server at the official image's path.

use super::program::{Expected, Program};
use super::root::Root;
use crate::Result;

pub(super) const REDIS: Program = Program {
    name: "redis",
    policy: |text, _| text,
    bundles: &[],
    packages: |_| vec!["redis-server"],
    lay,
    files: &[],
    arguments: &[],
    environment: |_| Vec::new(),
    script: include_str!("redis.sh"),
    facts: &[
        "PING PONG",
        "SET OK",
        "GET pear",
        "saved",
        "saved after a killed child",
        "rewritten",
        "a stray write: Permission denied",
        "CONFIG REWRITE ERR The server is running without a config file",
        "ended 0",
        "GET pear",
        "ended 0",
    ],
    seconds: 120,
    expected: &[Expected::STRAY],
    exceptions: &[],
};

fn lay(root: &mut Root, _: &str) -> Result<()> {
    root.user("redis", 999)?;
    root.copy("usr/bin/redis-server", "usr/local/bin/redis-server")
}
