//! `--verify`: the real parser compiles each profile.

use super::Failure;
use super::codes::parser_refused;
use super::output::reason;
use crate::diag::{Finding, Place};
use crate::kernel::Abi;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The parser that was found.
pub(super) struct Verifier {
    parser: PathBuf,
}

/// Where distributions put it; `sbin` is not in every user's PATH.
const USUAL: [&str; 2] = ["/usr/sbin/apparmor_parser", "/sbin/apparmor_parser"];

impl Verifier {
    pub(super) fn find() -> Result<Verifier, Failure> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path = std::env::split_paths(&path).map(|folder| folder.join("apparmor_parser"));
        let found = on_path.chain(USUAL.iter().map(PathBuf::from)).find(|candidate| candidate.is_file());
        match found {
            Some(parser) => Ok(Verifier { parser }),
            None => Err(Failure::new("`--verify` needs `apparmor_parser`, which is not installed")
                .help("install the package `apparmor`, or leave `--verify` out")),
        }
    }

    /// Compiles a profile against the features of its ABI, and says what the parser refused.
    pub(super) fn judge(&self, profile: &str, abi: Abi, place: Place) -> Result<Option<Finding>, Failure> {
        let features = Path::new("/etc/apparmor.d/abi").join(abi.name());
        let mut command = Command::new(&self.parser);
        // Neither the kernel nor a cache is touched: compile, and throw away.
        command.args(["--skip-kernel-load", "--skip-cache", "--quiet"]);
        if features.is_file() {
            // Without this a machine that has no AppArmor compiles against no features at all.
            command.arg("--kernel-features").arg(features);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let failed = |error: std::io::Error| {
            Failure::new(format!("cannot run `{}`: {}", self.parser.display(), reason(&error)))
        };
        let mut child = command.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A parser that refuses early closes its input; its own words tell why.
            let _ = stdin.write_all(profile.as_bytes());
        }
        let output = child.wait_with_output().map_err(failed)?;
        if output.status.success() {
            return Ok(None);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().map(str::trim).find(|line| !line.is_empty());
        Ok(Some(parser_refused::found(place, line.unwrap_or("it gave no reason"))))
    }
}
