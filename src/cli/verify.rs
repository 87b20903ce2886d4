//! `--verify`: the real parser compiles each profile.

use super::Failure;
use super::bounded::{self, Ended};
use super::codes::parser_refused;
use super::output::reason;
use crate::diag::{Finding, Place, shown};
use crate::kernel::Abi;
use crate::rules::{Kind, Profile, Rule};
use std::os::unix::process::ExitStatusExt as _;
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

/// How much less it may work on a part, when the guilty rule is looked for.
const HURRY: u32 = 10;

/// What the parser ends with when it has lost the process that compiles.
const ECHILD: i32 = 10;

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
        let whole = self.compile(text, profile.abi, self.limit)?;
        let names = match &whole {
            Verdict::Taken(names) => names,
            Verdict::Refused(_) | Verdict::Crashed | Verdict::Endless => {
                let guilty = self.guilty(&whole, profile)?;
                return Ok(Some(self.found(&whole, guilty, profile, place)));
            }
        };
        // Whatever else a template adds, this is the one that the manifest asks for.
        if names.contains(&profile.name) {
            return Ok(None);
        }
        let writes = match names.as_slice() {
            [] => "writes no profile".to_owned(),
            [name] => format!("writes the profile `{name}`"),
            [first, ..] => format!("writes {} profiles, such as `{first}`", names.len()),
        };
        Err(Failure::new(format!("the template `profile.apparmor` {writes}, where `{}` is wanted", profile.name))
            .help("begin it as the built-in one does, with `profile {{ profile.name }}`; `aapol templates --out-dir DIR` writes it out"))
    }

    /// Why the parser does not take a text that somebody else wrote.
    pub(super) fn refusal(&self, text: &str) -> Result<Option<String>, Failure> {
        Ok(match self.compile(text, Abi::V3_0, self.limit)? {
            Verdict::Taken(_) => None,
            Verdict::Refused(said) => Some(said),
            Verdict::Crashed => Some("it crashes on it".to_owned()),
            Verdict::Endless => Some(format!("it does not come to an end within {} s", self.limit.as_secs())),
        })
    }

    /// The first rule that is treated alike without the others. The half is searched that is, and then its half: the
    /// parser takes its time for each rule, and there may be tens of thousands.
    fn guilty<'p>(&self, whole: &Verdict, profile: &'p Profile) -> Result<Option<&'p Rule>, Failure> {
        let rules = profile.blocks.iter().flat_map(|block| &block.rules);
        let rules: Vec<&Rule> =
            rules.filter(|rule| matches!(rule.kind, Kind::File(_) | Kind::Raw(_))).collect();
        let is_alike = |rules: &[&Rule]| -> Result<bool, Failure> {
            let alone = self.compile(&alone(rules, profile), profile.abi, self.limit / HURRY)?;
            Ok(std::mem::discriminant(&alone) == std::mem::discriminant(whole))
        };
        let mut rest = rules.as_slice();
        while let (half, Some(_)) = (rest.len() / 2, rest.get(1)) {
            let (first, second) = rest.split_at(half);
            rest = match is_alike(first)? {
                true => first,
                false if is_alike(second)? => second,
                // It takes rules of both.
                false => return Ok(None),
            };
        }
        match rest {
            // Where there is no other, it has not been tried.
            [only] if rules.len() > 1 || is_alike(rest)? => Ok(Some(only)),
            _ => Ok(None),
        }
    }

    fn compile(&self, text: &str, abi: Abi, limit: Duration) -> Result<Verdict, Failure> {
        let features = Path::new("/etc/apparmor.d/abi").join(abi.name());
        let mut command = Command::new(&self.parser);
        // Neither the kernel nor a cache is touched: compile, and throw away.
        command.args(["--skip-kernel-load", "--skip-cache", "--quiet", "--stdout"]);
        if features.is_file() {
            // Without this a machine that has no AppArmor compiles against no features at all.
            command.arg("--kernel-features").arg(features);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let ended = bounded::run(&mut command, text.as_bytes(), limit).map_err(|error| {
            Failure::new(format!("cannot run `{}`: {}", shown::path(&self.parser), reason(&error)))
        })?;
        let output = match ended {
            Ended::TooLate => return Ok(Verdict::Endless),
            Ended::ByItself(output) if output.status.success() => {
                return Ok(Verdict::Taken(names(&output.stdout)));
            }
            Ended::ByItself(output) => output,
        };
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().map(str::trim).find(|line| !line.is_empty());
        Ok(match line {
            Some(line) => Verdict::Refused(line.to_owned()),
            // It says nothing of a child that crashed, and ends with what the system calls a lost child.
            None if output.status.code() == Some(ECHILD) || output.status.signal().is_some() => {
                Verdict::Crashed
            }
            None => Verdict::Refused("it gave no reason".to_owned()),
        })
    }

    fn found(&self, verdict: &Verdict, rule: Option<&Rule>, profile: &Profile, place: Place) -> Finding {
        let place = rule.and_then(|rule| rule.from.first().copied()).unwrap_or(place);
        let rule = rule.map(ToString::to_string);
        match verdict {
            Verdict::Refused(said) => parser_refused::found(place, rule.as_deref(), said),
            Verdict::Crashed => {
                let rules = profile.blocks.iter().map(|block| block.rules.len()).sum();
                parser_refused::crashed(place, rule.as_deref(), rules)
            }
            Verdict::Taken(_) | Verdict::Endless => {
                let limits = [self.limit, self.limit / HURRY];
                parser_refused::endless(place, rule.as_deref(), limits)
            }
        }
    }
}

/// What the parser does with a profile.
enum Verdict {
    /// With the names of the profiles that it compiled.
    Taken(Vec<String>),
    /// With its words.
    Refused(String),
    Crashed,
    /// It was ended.
    Endless,
}

/// A profile of some rules.
fn alone(rules: &[&Rule], profile: &Profile) -> String {
    let tunables = if profile.tunables { "include <tunables/global>\n" } else { "" };
    let abi = profile.abi.name();
    let rules: String = rules.iter().map(|rule| format!("  {rule}\n")).collect();
    format!("abi <abi/{abi}>,\n{tunables}profile {} {{\n{rules}}}\n", profile.name)
}

/// The names of compiled profiles. Each begins with a field called `profile`, that with a structure, and that with the
/// profile's name: <https://gitlab.com/apparmor/apparmor/-/blob/master/parser/parser_interface.c>.
fn names(compiled: &[u8]) -> Vec<String> {
    const BEGIN: &[u8] = b"\x04\x08\x00profile\x00\x07\x05";
    let begins = compiled.windows(BEGIN.len()).enumerate().filter(|(_, window)| *window == BEGIN);
    let name = |at: usize| {
        // Two bytes say how long it is, with the zero at its end.
        let name = compiled.get(at + BEGIN.len() + 2..)?.split(|byte| *byte == 0).next()?;
        Some(String::from_utf8_lossy(name).into_owned())
    };
    begins.filter_map(|(at, _)| name(at)).collect()
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
                      *) printf '\\004\\010\\000profile\\000\\007\\005\\004\\000web\\000' ;;\nesac\n";
        std::fs::write(&parser, script).unwrap();
        std::fs::set_permissions(&parser, std::fs::Permissions::from_mode(0o755)).unwrap();
        let read = |path: &Path| Ok(File { id: path.to_owned(), text: POLICY.to_owned() });
        let analysis = Analysis::new(Path::new("policy.toml"), &read, &Options::default());
        let profile = analysis.plan().unwrap().profile();
        let verifier = Verifier { parser, limit: Duration::from_secs(1) };
        let name = Place { start: 7, end: 12 };
        let found = verifier.judge("profile web {\n/slow r,\n}\n", profile, name).ok().flatten().unwrap();
        assert_eq!(
            found.message,
            "`apparmor_parser` was stopped after 1 s: the rule `/slow r,` alone takes it more than 1 s"
        );
        assert_eq!(found.place.and_then(|place| POLICY.get(place.start..place.end)), Some("\"/slow r,\""));
        assert!(verifier.judge("profile web {\n/a r,\n}\n", profile, name).ok().flatten().is_none());
    }

    /// A parser which loses its child when there are many lines, and keeps account of its runs.
    #[test]
    fn a_profile_of_too_many_rules_is_not_tried_rule_by_rule() {
        let folder = tempfile::tempdir().unwrap();
        let parser = folder.path().join("parser");
        let script = "#!/bin/sh\nlines=$(grep -c .)\necho run >> \"$0.runs\"\n[ \"$lines\" -lt 9000 ] || exit 10\n\
                      printf '\\004\\010\\000profile\\000\\007\\005\\004\\000web\\000'\n";
        std::fs::write(&parser, script).unwrap();
        std::fs::set_permissions(&parser, std::fs::Permissions::from_mode(0o755)).unwrap();
        let entries: String = (0..10_500).map(|n| format!("\"/srv/{n}\",\n")).collect();
        let policy = format!("name = \"web\"\n[filesystem]\nread-only = [{entries}]\n");
        let read = |path: &Path| Ok(File { id: path.to_owned(), text: policy.clone() });
        let analysis = Analysis::new(Path::new("policy.toml"), &read, &Options::default());
        let profile = analysis.plan().unwrap().profile();
        let text: String = (0..10_500).map(|n| format!("/srv/{n} r,\n")).collect();
        let verifier = Verifier { parser, limit: LIMIT };
        let found = verifier.judge(&text, profile, Place { start: 7, end: 12 }).ok().flatten().unwrap();
        assert!(found.message.contains("crashes on the profile: its 10"), "{}", found.message);
        assert!(found.message.ends_with("rules are too many for one profile"), "{}", found.message);
        // The whole, and each half.
        assert_eq!(std::fs::read_to_string(folder.path().join("parser.runs")).unwrap().lines().count(), 3);
    }
}
