//! `aapol explain`: allowed or denied, by which line, and the smallest change that makes it otherwise.

use super::asked::{self, Asked, Included};
use super::console::Console;
use super::{Failure, Outcome};
use crate::ask::advice::{self, Change};
use crate::ask::log;
use crate::ask::{Decision, Verdict, words};
use crate::check::expectation;
use crate::diag::one_line;
use crate::kernel::Request;
use crate::policy::{Mode, quoted};
use clap::Args;
use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::path::PathBuf;

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
    let Some(asked) = asked::read(&arguments.policy, &arguments.included, console)? else {
        return Ok(Outcome::Errors);
    };
    let mut told =
        Told { asked: &asked, included: &arguments.included, seen: BTreeSet::new(), outcome: Outcome::Fine };
    for access in &arguments.accesses {
        if access != "-" {
            told.access(access, console);
            continue;
        }
        let mut stdin = std::io::stdin().lock();
        loop {
            let mut bytes = Vec::new();
            let read = std::io::Read::take(&mut stdin, LONGEST).read_until(b'\n', &mut bytes);
            match read {
                Ok(0) => break,
                Ok(_) => told.line(&String::from_utf8_lossy(&bytes), console),
                Err(error) => {
                    return Err(Failure::new(format!("standard input cannot be read: {error}")));
                }
            }
        }
    }
    Ok(told.outcome)
}

/// What has been told so far: a log says the same thing many times.
struct Told<'a> {
    asked: &'a Asked,
    included: &'a Included,
    seen: BTreeSet<Request>,
    outcome: Outcome,
}

impl Told<'_> {
    /// A line of standard input: of a log most are about something else.
    fn line(&mut self, line: &str, console: &mut Console) {
        let line = line.trim();
        if log::read(line).is_some() || expectation::read(line).is_ok() {
            self.access(line, console);
        }
    }

    fn access(&mut self, text: &str, console: &mut Console) {
        match log::read(text) {
            Some(Ok(logged)) => {
                let own = &self.asked.ruleset.name;
                // Programs that complain mode lets pass run under names below the profile's own.
                let is_own = |profile: &str| profile == own || profile.starts_with(&format!("{own}//"));
                if let Some(other) = logged.profile.as_ref().filter(|profile| !is_own(profile)) {
                    console.say(&one_line(format!(
                        "note: the line is about the profile `{other}`, and this is `{own}`"
                    )));
                    console.say("\n");
                }
                for request in &logged.requests {
                    self.request(request, console);
                }
            }
            Some(Err(fault)) => {
                self.fail(&format!("the line of the log cannot be asked about: {fault}"), "", console)
            }
            None => match expectation::read(text) {
                Ok(request) => self.request(&request, console),
                Err(fault) => {
                    let shown: String = text.chars().take(120).collect();
                    self.fail(&format!("the access `{shown}` {}", fault.wrong), &fault.help, console);
                }
            },
        }
    }

    fn fail(&mut self, wrong: &str, help: &str, console: &mut Console) {
        let failure = Failure::new(one_line(wrong.to_owned()));
        console.fail(&if help.is_empty() { failure } else { failure.help(one_line(help.to_owned())) });
        self.outcome = Outcome::CouldNotRun;
    }

    fn request(&mut self, request: &Request, console: &mut Console) {
        if !self.seen.insert(request.clone()) {
            return;
        }
        let ruleset = &self.asked.ruleset;
        let decision = ruleset.decide(request, &mut ruleset.scratch());
        let word = match decision.verdict {
            Verdict::Allowed => "allowed",
            Verdict::Denied if ruleset.mode == Mode::Complain => {
                "denied, but for complain mode, where it is logged and passes"
            }
            Verdict::Denied => "denied",
            Verdict::Unknown => "not known",
        };
        console.out(&format!("{request}: {word}\n  {}\n", words::reason(&decision, ruleset)));
        for line in decision.lines.iter().filter_map(|line| ruleset.line(*line)) {
            // One rule has been named already.
            let rule = match decision.lines.len() {
                1 => String::new(),
                _ => format!("`{}`, ", line.text),
            };
            for origin in self.asked.origins(line) {
                console.out(&one_line(format!("    {rule}from {origin}")));
                console.out("\n");
            }
        }
        if let Some(advice) = self.advice(request, &decision) {
            console.out(&one_line(format!("  {advice}")));
            console.out("\n");
        }
        console.out("\n");
    }

    fn advice(&self, request: &Request, decision: &Decision) -> Option<String> {
        let (wanted, word) = match decision.verdict {
            Verdict::Allowed => (Verdict::Denied, "deny"),
            Verdict::Denied => (Verdict::Allowed, "allow"),
            Verdict::Unknown => return None,
        };
        let policy = self.asked.policy.as_ref()?;
        let changes = advice::advise(policy, request, wanted, &|profile, checked| {
            self.included.ruleset(profile, checked)
        });
        Some(match changes {
            Some(changes) => {
                let steps: Vec<String> = changes.iter().map(|change| self.step(change)).collect();
                format!("to {word} it: {}", steps.join("; "))
            }
            None => format!("no small change of the policy was found that would {word} it"),
        })
    }

    fn step(&self, change: &Change) -> String {
        match change {
            Change::Add { list, entry } => format!("add `{}` to {list}", quoted(entry)),
            Change::Abi(word) => {
                format!("set `abi = \"{}\"`, if every node has it", word.abi().name())
            }
            Change::TakeOut { list, entry, place } => {
                let line = self.asked.sources.line(*place);
                format!("take `{}` out of {list} ({line})", quoted(entry))
            }
        }
    }
}
