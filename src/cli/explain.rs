//! `aapol explain`: allowed or denied, by which line, and the smallest change that makes it otherwise.

use super::console::Console;
use super::target::{self, Included, Target};
use super::{Failure, Outcome};
use crate::analysis;
use crate::ask::advice::{self, PolicyChange};
use crate::ask::log;
use crate::ask::{Because, Decision, Verdict, words};
use crate::check::expectation;
use crate::diag::one_line;
use crate::kernel::Request;
use crate::kernel::glob::matcher::Scratch;
use crate::kernel::request::FileVerb;
use crate::policy::{Mode, Policy, quoted};
use clap::Args;
use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

/// A longer line is no line of a log.
const LONGEST: u64 = 64 << 10;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A policy (`*.toml`, or `-` for standard input), or a profile
    policy: PathBuf,
    /// What is asked about: `write /etc/passwd`, `network inet/stream`, `capability chown`, a line of the kernel's audit
    /// log; or `-`, to read lines of a log, or accesses, from standard input
    #[arg(required = true, value_name = "ACCESS")]
    accesses: Vec<String>,
    #[command(flatten)]
    included: Included,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    let Some(target) = target::read(&arguments.policy, &arguments.included, console)? else {
        return Ok(Outcome::Errors);
    };
    let mut told = Told {
        target: &target,
        included: &arguments.included,
        seen: BTreeSet::new(),
        scratch: target.ruleset.scratch(),
        outcome: Outcome::Fine,
    };
    for access in &arguments.accesses {
        if access != "-" {
            told.access(access, None, console);
            continue;
        }
        told.log(console)?;
    }
    Ok(told.outcome)
}

/// What has been told so far: a log says the same thing many times.
struct Told<'a> {
    target: &'a Target,
    included: &'a Included,
    seen: BTreeSet<Vec<Request>>,
    scratch: Scratch,
    outcome: Outcome,
}

impl Told<'_> {
    /// Standard input: of a log most lines are about something else, or about other profiles.
    fn log(&mut self, console: &mut Console) -> Result<(), Failure> {
        let mut stdin = std::io::stdin().lock();
        let (mut number, mut asked, mut others, mut foreign) = (0, 0, 0, 0);
        let mut messages = log::Messages::default();
        let mut lost = BTreeSet::new();
        loop {
            let mut bytes = Vec::new();
            match std::io::Read::take(&mut stdin, LONGEST).read_until(b'\n', &mut bytes) {
                Ok(0) => break,
                Ok(_) => number += 1,
                Err(error) => {
                    return Err(Failure::new(format!("standard input cannot be read: {error}")));
                }
            }
            let line = String::from_utf8_lossy(&bytes);
            let message = messages.next(line.trim());
            let line = message.trim();
            match log::read(line) {
                Some(Ok(logged)) if self.other(&logged).is_some() => foreign += 1,
                None if expectation::read(line).is_err() => {
                    lost.extend(log::Loss::told_by(line));
                    others += usize::from(!line.is_empty());
                }
                Some(_) | None => {
                    asked += 1;
                    self.access(line, Some(number), console);
                }
            }
        }
        let counted = |count: usize| if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
        let mut summary = format!("{} of {} asked about", asked, counted(number));
        for (count, about) in
            [(foreign, "about other profiles"), (others, "no access and no line of AppArmor's")]
        {
            if count > 0 {
                summary.push_str(&format!(", {count} {about}"));
            }
        }
        console.say(&format!("{summary}\n"));
        if !lost.is_empty() {
            let remedies: Vec<&str> = lost.into_iter().map(log::Loss::remedy).collect();
            console.say_line(format!(
                "note: the log is not complete, lines of it were lost: {}",
                remedies.join("; ")
            ));
        }
        Ok(())
    }

    /// The profile that a line is about, where it is another one.
    fn other<'b>(&self, logged: &'b log::Logged) -> Option<&'b str> {
        logged.profile.as_deref().filter(|_| !logged.is_about(&self.target.ruleset.name))
    }

    fn access(&mut self, text: &str, line: Option<usize>, console: &mut Console) {
        let place = line.map_or(String::new(), |line| format!("line {line}: "));
        match log::read(text) {
            Some(Ok(logged)) => {
                if let Some(other) = self.other(&logged) {
                    let own = &self.target.ruleset.name;
                    console.say_line(format!(
                        "note: the line is about the profile `{other}`, and this is `{own}`"
                    ));
                }
                let denied = matches!(logged.verdict, log::AuditType::Denied | log::AuditType::Killed);
                let own = self.target.ruleset.name.clone();
                let settle = |mut request: Request| {
                    if let Request::Process { peer, .. } = &mut request
                        && peer.starts_with(&format!("{own}//null-"))
                    {
                        peer.clone_from(&own);
                    }
                    request
                };
                let about = logged.about();
                let requests: Vec<Request> = logged.requests.into_iter().map(settle).collect();
                self.requests(&requests, denied.then_some(about.as_str()), console);
            }
            Some(Err(fault)) => {
                self.fail(&format!("{place}the line of the log cannot be asked about: {fault}"), "", console);
            }
            None => match expectation::read(text) {
                Ok(request) => self.requests(&[request], None, console),
                Err(fault) => {
                    let shown: String = text.chars().take(120).collect();
                    // A word that is a file's name is no access, and is most likely a log.
                    let is_file = line.is_none() && Path::new(text).is_file();
                    let help = match is_file {
                        true => {
                            "a log is read from standard input: put `-` for the access, and `< FILE` behind it"
                        }
                        false => &fault.help,
                    };
                    self.fail(&format!("{place}the access `{shown}` {}", fault.wrong), help, console);
                }
            },
        }
    }

    fn fail(&mut self, wrong: &str, help: &str, console: &mut Console) {
        let failure = Failure::new(wrong);
        console.fail(&if help.is_empty() { failure } else { failure.help(help) });
        self.outcome = Outcome::CouldNotRun;
    }

    /// Accesses that belong together; `logged` is what a log says of them, where it says that they were denied.
    fn requests(&mut self, requests: &[Request], logged: Option<&str>, console: &mut Console) {
        if !self.seen.insert(requests.to_vec()) {
            return;
        }
        let ruleset = &self.target.ruleset;
        let mut verdicts = Vec::new();
        // What every container needs is not to be denied.
        let mut is_baseline = false;
        let mut as_folder = None;
        for request in requests {
            let decision = ruleset.decide(request, &mut self.scratch);
            self.decision(request, &decision, console);
            verdicts.push(decision.verdict);
            if let ([Request::File(verb, path)], Because::Ungranted(_)) = (requests, &decision.because) {
                as_folder = self.as_folder(*verb, path);
            }
            let mut lines = decision.lines.iter().filter_map(|line| ruleset.line(*line));
            is_baseline |= lines.any(|line| line.from.is_empty());
        }
        let is_all = |verdict: Verdict| verdicts.iter().all(|one| *one == verdict);
        let advice = match (is_all(Verdict::Allowed), verdicts.contains(&Verdict::Unknown), logged) {
            (true, _, Some(about)) => Some(format!(
                "the log says that it was denied ({about}): the node may have another version of the profile, or something \
                 else than a rule decided"
            )),
            (_, true, _) => None,
            (true, false, None) if is_baseline => None,
            (true, false, None) => self.advice(requests, Verdict::Denied, "deny"),
            (false, false, _) => match as_folder {
                Some(folder) => Some(folder),
                None => self.advice(requests, Verdict::Allowed, "allow"),
            },
        };
        for line in advice.iter().flat_map(|advice| advice.lines()) {
            console.out_line(format!("  {line}"));
        }
        console.out("\n");
    }

    fn decision(&self, request: &Request, decision: &Decision, console: &mut Console) {
        let ruleset = &self.target.ruleset;
        let word = match decision.verdict {
            Verdict::Allowed => "allowed",
            Verdict::Denied if ruleset.mode == Mode::Complain => {
                match decision.because == Because::Refused && ruleset.blocks_in_complain(&decision.lines) {
                    true => "denied, in complain mode too: the kernel enforces denials that are not logged",
                    false => "would be denied; in complain mode it is logged and passes",
                }
            }
            Verdict::Denied => "denied",
            Verdict::Unknown => "not known",
        };
        console.out_line(format!("{request}: {word}"));
        console.out_line(format!("  {}", words::reason(decision, ruleset)));
        const MOST: usize = 6;
        for line in decision.lines.iter().take(MOST).filter_map(|line| ruleset.line(*line)) {
            // One rule has been named already.
            let rule = match decision.lines.len() {
                1 => String::new(),
                _ => format!("`{}`, ", line.text),
            };
            for origin in self.target.origins(line) {
                console.out_line(format!("    {rule}from {origin}"));
            }
        }
    }

    /// Whether it is a folder that was meant: the kernel writes a slash behind a folder's name, and behind no other.
    fn as_folder(&mut self, verb: FileVerb, path: &[u8]) -> Option<String> {
        let folder = Request::File(verb, [path, b"/"].concat());
        let is_of_folders = match verb {
            FileVerb::Read | FileVerb::Create | FileVerb::Delete => !path.ends_with(b"/"),
            FileVerb::Write | FileVerb::Lock | FileVerb::Map | FileVerb::Exec => false,
        };
        let decision = self.target.ruleset.decide(&folder, &mut self.scratch);
        (is_of_folders && decision.verdict == Verdict::Allowed).then(|| {
            format!("the folder of this name is written with a slash at its end: `{folder}` is allowed")
        })
    }

    fn advice(&self, requests: &[Request], wanted: Verdict, word: &str) -> Option<String> {
        let policy = self.target.policy()?;
        let read = |policy: &Policy| analysis::ruleset_of(policy, &|name: &str| self.included.read(name));
        Some(match advice::advise(policy, requests, wanted, &read) {
            Some(advice) => {
                let changes = &advice.changes;
                let steps: Vec<String> = changes.iter().map(|change| self.step(change)).collect();
                let risks: BTreeSet<&str> = changes.iter().filter_map(PolicyChange::risk).collect();
                let risks = risks.into_iter().map(|can| format!("; the container can then {can}"));
                let mut told = format!("to {word} it: {}{}", steps.join(", and "), risks.collect::<String>());
                for doubt in advice.doubts(policy, &analysis::findings_of) {
                    let help = doubt.help.map_or(String::new(), |help| format!("; {help}"));
                    told.push_str(&format!("\n{}", one_line(format!("but {}{help}", doubt.message))));
                }
                told
            }
            None => format!("no small change of the policy was found that would {word} it"),
        })
    }

    fn step(&self, change: &PolicyChange) -> String {
        match change {
            PolicyChange::Add { list, entry } => format!("add `{}` to {list}", quoted(entry)),
            PolicyChange::Abi(word) => {
                format!("set `abi = \"{}\"`, if every node has it", word.abi().name())
            }
            PolicyChange::TakeOut { list, entry, place } => {
                let line = self.target.sources().line(*place);
                format!("take `{}` out of {list} ({line})", quoted(entry))
            }
        }
    }
}
