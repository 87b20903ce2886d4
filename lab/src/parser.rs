//! A generation's `apparmor_parser`, run from its unpacked packages with its own C library.

use crate::debian::PACKAGES;
use crate::{Fail, Result};
use aapol::cli::bounded::{self, Ended};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// What it may work on a profile, or on many at once.
const LIMIT: Duration = Duration::from_secs(60);

/// What is said of every rule about Unix sockets on a kernel that mediates them as a family and not by address.
/// The family's rule is compiled all the same, and no policy of ours names an address, so nothing is lost: the
/// suite `matrix` shows that sockets are granted and denied as written.
///
/// And of what the kernel does not decide about: Debian's know neither D-Bus nor message queues (which they take
/// for files), and 6.1 none of what later ABIs brought. The docs' list of limits says so.
const HARMLESS: [&str; 6] = [
    "dbus rules not enforced",
    "mqueue rules not enforced",
    "userns rules not enforced",
    "io_uring rules not enforced",
    "deny unix socket rule not enforced, can't be downgraded to generic network rule",
    "downgrading extended network unix socket rule to generic network rule",
];

#[derive(Clone, Debug)]
pub(crate) struct Parser {
    /// Such as 3.0.8.
    pub(crate) version: String,
    /// Debian's version of it, such as 3.0.8-3.
    pub(crate) package: String,
    root: PathBuf,
    /// The features of a real kernel.
    features: PathBuf,
}

/// What a profile that names no ABI is compiled against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settings {
    /// Debian's own.
    Debian,
    /// None, as upstream ships it.
    Bare,
}

/// Whether it is asked to tell of every rule that will not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warnings {
    Asked,
    /// As it runs for a user.
    Usual,
}

impl Parser {
    pub(crate) fn new(root: &Path, features: &Path) -> Result<Parser> {
        let mut parser = Parser {
            version: String::new(),
            package: package(root)?,
            root: root.to_owned(),
            features: features.to_owned(),
        };
        let output = parser.command().arg("--version").output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = text.split_whitespace().skip_while(|word| *word != "version").nth(1);
        parser.version = version.ok_or_else(|| Fail::of("apparmor_parser --version", &output))?.to_owned();
        Ok(parser)
    }

    /// Another release's parser with the features of this one's kernel.
    pub(crate) fn replaced(&self, root: &Path) -> Result<Parser> {
        Parser::new(root, &self.features)
    }

    /// Whether it has the feature set of an ABI.
    pub(crate) fn knows(&self, abi: &str) -> bool {
        self.root.join("etc/apparmor.d/abi").join(abi).is_file()
    }

    /// The folder of the distribution's own profiles.
    pub(crate) fn profiles(&self) -> PathBuf {
        self.root.join("etc/apparmor.d")
    }

    /// The compiled policy. A warning is a failure: it tells of a rule that the kernel will not enforce.
    pub(crate) fn compile(&self, profile: &str) -> std::result::Result<Vec<u8>, String> {
        self.compile_with(profile, Settings::Debian)
    }

    pub(crate) fn compile_with(
        &self,
        profile: &str,
        settings: Settings,
    ) -> std::result::Result<Vec<u8>, String> {
        let output = self.run(profile, settings, Warnings::Asked).map_err(|error| error.to_string())?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        let lines = stderr.lines().filter(|line| {
            !line.trim().is_empty() && !HARMLESS.iter().any(|harmless| line.ends_with(harmless))
        });
        let said: Vec<&str> = lines.collect();
        if output.status.success() && said.is_empty() && !output.stdout.is_empty() {
            return Ok(output.stdout);
        }
        Err(format!("{} ({})", said.join("; "), output.status))
    }

    /// What it writes and says, whatever that is.
    pub(crate) fn run(&self, profile: &str, settings: Settings, warnings: Warnings) -> Result<Output> {
        let mut command = self.command();
        command.args(["-Q", "-S", "-T", "-K"]);
        if warnings == Warnings::Asked {
            command.args(["--warn=rule-not-enforced", "--warn=rule-downgraded"]);
        }
        command.arg("--base").arg(self.root.join("etc/apparmor.d"));
        command.arg("--kernel-features").arg(&self.features);
        command.arg("--config-file").arg("/dev/null");
        if settings == Settings::Debian {
            command.arg("--policy-features").arg(self.root.join("usr/share/apparmor-features/features"));
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        match bounded::run(&mut command, profile.as_bytes(), LIMIT)? {
            Ended::ByItself(output) => Ok(output),
            Ended::TooLate => Err(Fail::new(&format!("parser {} came to no end in {LIMIT:?}", self.version))),
        }
    }

    fn command(&self) -> Command {
        let libraries = self.root.join("usr/lib/x86_64-linux-gnu");
        let mut command = Command::new(libraries.join("ld-linux-x86-64.so.2"));
        command.arg("--library-path").arg(libraries).arg(self.root.join("usr/sbin/apparmor_parser"));
        command.env("LC_ALL", "C");
        command
    }
}

/// Debian's version of the parser that lies below a folder, from the names of the packages it was made of.
fn package(root: &Path) -> Result<String> {
    let names = std::fs::read_to_string(root.join(PACKAGES))?;
    let files = names.lines().filter_map(|line| Path::new(line).file_name()?.to_str());
    let found = files.filter_map(|name| name.strip_prefix("apparmor_")?.split('_').next()).next();
    found.map(str::to_owned).ok_or_else(|| Fail::new(&format!("{} holds no parser", root.display())))
}
