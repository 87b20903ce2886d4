//! `--verify`: the real parser compiles each profile.

use super::Failure;
use super::bounded::{self, Ended};
use super::codes::parser_refused;
use super::output::reason;
use crate::diag::{Finding, Place, shown};
use crate::kernel::Abi;
use crate::rules::{Kind, Profile, Rule};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The parser that was found.
pub(super) struct Verifier {
    parser: PathBuf,
    limit: Duration,
}

/// What the parser may work on one profile. The largest of people's take it a second.
const LIMIT: Duration = Duration::from_secs(20);

/// Where distributions put it; `sbin` is not in every user's PATH.
const USUAL: [&str; 2] = ["/usr/sbin/apparmor_parser", "/sbin/apparmor_parser"];

impl Verifier {
    pub(super) fn find() -> Result<Verifier, Failure> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path = std::env::split_paths(&path).map(|folder| folder.join("apparmor_parser"));
        let found = on_path.chain(USUAL.iter().map(PathBuf::from)).find(|candidate| candidate.is_file());
        match found {
            Some(parser) => Ok(Verifier { parser, limit: LIMIT }),
            None => Err(Failure::new("`--verify` needs `apparmor_parser`, which is not installed")
                .help("install the package `apparmor`, or leave `--verify` out")),
        }
    }

    /// Compiles a profile against the features of its ABI, and says what the parser refused, or never ended on.
    pub(super) fn judge(
        &self,
        text: &str,
        profile: &Profile,
        place: Place,
    ) -> Result<Option<Finding>, Failure> {
        let whole = self.compile(text, profile.abi)?;
        if matches!(whole, Verdict::Taken) {
            return Ok(None);
        }
        // The rule that is treated alike when it is alone is the one.
        for rule in profile.blocks.iter().flat_map(|block| &block.rules) {
            if !matches!(rule.kind, Kind::File(_) | Kind::Raw(_)) {
                continue;
            }
            let alone = self.compile(&alone(rule, profile), profile.abi)?;
            if std::mem::discriminant(&alone) == std::mem::discriminant(&whole) {
                return Ok(Some(found(&whole, Some(rule), place, self.limit)));
            }
        }
        Ok(Some(found(&whole, None, place, self.limit)))
    }

    fn compile(&self, text: &str, abi: Abi) -> Result<Verdict, Failure> {
        let features = Path::new("/etc/apparmor.d/abi").join(abi.name());
        let mut command = Command::new(&self.parser);
        // Neither the kernel nor a cache is touched: compile, and throw away.
        command.args(["--skip-kernel-load", "--skip-cache", "--quiet", "--stdout"]);
        if features.is_file() {
            // Without this a machine that has no AppArmor compiles against no features at all.
            command.arg("--kernel-features").arg(features);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let ended = bounded::run(&mut command, text.as_bytes(), self.limit).map_err(|error| {
            Failure::new(format!("cannot run `{}`: {}", shown::path(&self.parser), reason(&error)))
        })?;
        let output = match ended {
            Ended::TooLate => return Ok(Verdict::Endless),
            // It is content when the child that compiles was ended: then it has nothing to write.
            Ended::ByItself(output) if output.status.success() && output.stdout.is_empty() => {
                return Ok(Verdict::Endless);
            }
            Ended::ByItself(output) if output.status.success() => return Ok(Verdict::Taken),
            Ended::ByItself(output) => output,
        };
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().map(str::trim).find(|line| !line.is_empty());
        Ok(Verdict::Refused(line.unwrap_or("it gave no reason").to_owned()))
    }
}

/// What the parser does with a profile.
enum Verdict {
    Taken,
    /// With its words.
    Refused(String),
    /// It was ended.
    Endless,
}

/// A profile of one rule.
fn alone(rule: &Rule, profile: &Profile) -> String {
    let tunables = if profile.tunables { "include <tunables/global>\n" } else { "" };
    let abi = profile.abi.name();
    format!("abi <abi/{abi}>,\n{tunables}profile {} {{\n  {rule}\n}}\n", profile.name)
}

fn found(verdict: &Verdict, rule: Option<&Rule>, place: Place, limit: Duration) -> Finding {
    let place = rule.and_then(|rule| rule.from.first().copied()).unwrap_or(place);
    let rule = rule.map(ToString::to_string);
    match verdict {
        Verdict::Refused(said) => parser_refused::found(place, rule.as_deref(), said),
        Verdict::Taken | Verdict::Endless => parser_refused::endless(place, rule.as_deref(), limit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analysis, Options};
    use crate::policy::load::File;
    use std::os::unix::fs::PermissionsExt as _;

    const POLICY: &str = "name = \"web\"\nraw-rules = [\"/a r,\", \"/slow r,\"]\n";

    #[test]
    fn ends_what_does_not_end_and_names_the_rule() {
        let folder = tempfile::tempdir().unwrap();
        let parser = folder.path().join("parser");
        // A program in the parser's place which never ends on a rule: by a child, as the parser does.
        let script = "#!/bin/sh\ncase \"$(cat)\" in\n*'/slow r,'*) sh -c 'while :; do :; done'; true ;;\n\
                      *) echo policy ;;\nesac\n";
        std::fs::write(&parser, script).unwrap();
        std::fs::set_permissions(&parser, std::fs::Permissions::from_mode(0o755)).unwrap();
        let read = |path: &Path| Ok(File { id: path.to_owned(), text: POLICY.to_owned() });
        let analysis = Analysis::new(Path::new("policy.toml"), &read, &Options::default());
        let profile = analysis.plan().unwrap().profile();
        let verifier = Verifier { parser, limit: Duration::from_secs(1) };
        let name = Place { start: 7, end: 12 };
        let found = verifier.judge("profile web {\n/slow r,\n}\n", profile, name).ok().flatten().unwrap();
        assert_eq!(found.message, "`apparmor_parser` was stopped after 1 s on the rule `/slow r,`");
        assert_eq!(found.place.and_then(|place| POLICY.get(place.start..place.end)), Some("\"/slow r,\""));
        assert!(verifier.judge("profile web {\n/a r,\n}\n", profile, name).ok().flatten().is_none());
    }
}
