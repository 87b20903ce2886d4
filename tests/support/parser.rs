//! The real parser: compiles a profile's text and hands back what the kernel would load, loading nothing.
//!
//! Two variables of the environment: `AAPOL_PROOF=require` makes its absence a failure, and `AAPOL_APPARMOR_D`
//! names the `apparmor.d` folder of a parser that is first in PATH and was not installed in the usual place.

use crate::support::say::say;
use aapol::cli::bounded::{self, Ended};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// Where distributions put it; `sbin` is not in every user's PATH.
const USUAL: [&str; 2] = ["/usr/sbin", "/sbin"];

/// What it may work on a profile, or on many at once.
const LIMIT: Duration = Duration::from_secs(30);

/// Said of every denial of Unix sockets where the feature set mediates them as a family and not by address.
/// The family's rule beside it is compiled all the same (the bytes change), so nothing is lost.
const HARMLESS: &str = "deny unix socket rule not enforced, can't be downgraded to generic network rule";

/// An `apparmor_parser` that was found.
#[derive(Debug)]
pub(crate) struct Parser {
    program: PathBuf,
    /// The folder of the feature sets.
    features: PathBuf,
}

impl Parser {
    /// The machine's parser. Without one, says so once, or fails where the proof is required.
    pub(crate) fn find() -> Option<&'static Parser> {
        static FOUND: OnceLock<Option<Parser>> = OnceLock::new();
        FOUND
            .get_or_init(|| {
                let path = std::env::var_os("PATH").unwrap_or_default();
                let folders = std::env::split_paths(&path).chain(USUAL.iter().map(PathBuf::from));
                let mut programs = folders.map(|folder| folder.join("apparmor_parser"));
                let own = std::env::var_os("AAPOL_APPARMOR_D").unwrap_or_else(|| "/etc/apparmor.d".into());
                let features = Path::new(&own).join("abi");
                let found = programs.find(|program| program.is_file());
                let found = found.map(|program| Parser { program, features });
                if found.is_none() {
                    assert!(!is_required(), "AAPOL_PROOF=require, and apparmor_parser is not installed");
                    say("skipped: apparmor_parser is not installed");
                }
                found
            })
            .as_ref()
    }

    /// Whether the machine has the feature set of an ABI; says so where it has not.
    pub(crate) fn knows(&self, abi: &str) -> bool {
        let known = self.features.join(abi).is_file();
        if !known {
            say(&format!("skipped: abi {abi} is not in {}", self.features.display()));
        }
        known
    }

    /// Whether equal policies come out in equal bytes. Tried on thousands: always so of 3.0, not of 4.1, which
    /// now and then keeps a state that means nothing.
    pub(crate) fn is_canonical(&self) -> bool {
        static VERSION: OnceLock<String> = OnceLock::new();
        let version = VERSION.get_or_init(|| {
            let output = Command::new(&self.program).arg("--version").output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
        });
        version.contains("version 3.")
    }

    /// The compiled policy, or what the parser said. A warning is a failure: it tells of a rule that the
    /// kernel will not enforce as it is written.
    pub(crate) fn compile(&self, profile: &str, abi: &str) -> Result<Vec<u8>, String> {
        self.compile_within(LIMIT, profile, abi)
    }

    /// The same, in a time that the parser works.
    pub(crate) fn compile_within(
        &self,
        limit: Duration,
        profile: &str,
        abi: &str,
    ) -> Result<Vec<u8>, String> {
        self.run(limit, profile, abi, &["--warn=rule-not-enforced", "--warn=rule-downgraded"])
    }

    /// The compiled policy of somebody else's profile, whatever the parser warns of.
    pub(crate) fn compile_foreign(&self, profile: &str, abi: &str) -> Result<Vec<u8>, String> {
        self.run(LIMIT, profile, abi, &["--quiet"])
    }

    fn run(&self, limit: Duration, profile: &str, abi: &str, more: &[&str]) -> Result<Vec<u8>, String> {
        let mut command = Command::new(&self.program);
        command
            // `-Q` keeps it from the kernel, `-S` prints the result. Without a feature set, a kernel that has
            // no AppArmor makes the parser drop most rules and say nothing.
            .args(["-Q", "-S", "-T", "-K"])
            .args(more)
            .arg("--kernel-features")
            .arg(self.features.join(abi))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let output = match bounded::run(&mut command, profile.as_bytes(), limit) {
            // It is content when the child that compiles was ended: then it has nothing to write.
            Ok(Ended::ByItself(output)) if !output.status.success() || !output.stdout.is_empty() => output,
            Ok(Ended::ByItself(_) | Ended::TooLate) => return Err("it does not end".to_owned()),
            Err(error) => return Err(error.to_string()),
        };
        let stderr = String::from_utf8_lossy(&output.stderr);
        let lines = stderr.lines().filter(|line| !line.trim().is_empty() && !line.ends_with(HARMLESS));
        let said: Vec<&str> = lines.collect();
        if output.status.success() && said.is_empty() && !output.stdout.is_empty() {
            return Ok(output.stdout);
        }
        Err(format!("{} ({})", said.join("; "), output.status))
    }
}

fn is_required() -> bool {
    std::env::var_os("AAPOL_PROOF").is_some_and(|word| word == "require")
}
