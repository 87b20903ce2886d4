//! What is answered is what the kernel would decide: the same accesses put to the evaluator and to the compiled policy.
//!
//! Each profile is asked three ways: by its typed rules, by its text read again, and by what `apparmor_parser` made of
//! it. A file may belong to the process's user or not: where that decides, the answer has to be that it is not known.

use crate::support::compiled::permissions::{EXEC, LOCK, MAP, READ, WRITE};
use crate::support::compiled::{Class, Compiled, Ptrace, Signal};
use crate::support::hard_globs::{Dice, path, pattern};
use crate::support::parser::Parser;
use crate::support::policies::policies_below;
use crate::support::sketch;
use crate::support::trial::Trial;
use aapol::ask::ruleset::IndexedRule;
use aapol::ask::{Ruleset, Verdict, ruleset};
use aapol::kernel::request::{Contact, FileVerb};
use aapol::kernel::{Capability, Family, Glob, Operation, Request, Socket, SocketType};
use aapol::rules::reader;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// What has been asked so far.
#[derive(Debug, Default)]
struct Asked {
    count: usize,
    allowed: usize,
    wrong: Vec<String>,
}

impl Asked {
    /// One access, and whether the compiled policy permits it with the user's own files, and with others'.
    fn ask(
        &mut self,
        place: &str,
        ruleset: &Ruleset,
        scratch: &mut Scratch,
        request: &Request,
        right: [bool; 2],
    ) {
        let wanted = match right {
            [true, true] => Verdict::Allowed,
            [false, false] => Verdict::Denied,
            [true, false] | [false, true] => Verdict::Unknown,
        };
        let decision = ruleset.decide(request, scratch);
        self.count += 1;
        self.allowed += usize::from(right == [true, true]);
        if decision.verdict != wanted {
            let lines = decision.lines.iter().filter_map(|line| ruleset.line(*line)).take(4);
            let lines: Vec<&str> = lines.map(|line| line.text.as_str()).collect();
            self.wrong.push(format!("{request}: {decision:?}, not {wanted:?} {lines:?} in {place}"));
        }
    }

    fn settle(&self, least: usize) {
        let shown = &self.wrong[..self.wrong.len().min(30)];
        assert!(self.wrong.is_empty(), "{} of {} differ: {shown:#?}", self.wrong.len(), self.count);
        assert!(self.count >= least, "only {} were asked", self.count);
        assert!(self.allowed * 20 > self.count, "only {} of {} were allowed", self.allowed, self.count);
    }
}

type Scratch = aapol::kernel::glob::matcher::Scratch;

/// Paths that rules of a profile match, or nearly.
fn paths(ruleset: &Ruleset, dice: &mut Dice, each: usize) -> Vec<Vec<u8>> {
    let globs = ruleset.held().iter().filter_map(|held| held.rule.paths());
    let globs: Vec<&Glob> = globs.collect();
    let found = globs.iter().flat_map(|glob| (0..each).map(|_| path(dice, glob.parts())).collect::<Vec<_>>());
    // The kernel's paths begin with a slash, and hold no NUL.
    found.filter(|path| path.starts_with(b"/") && !path.contains(&0)).collect()
}

/// Everything about files: each verb, renames and links among them.
fn files(asked: &mut Asked, place: &str, ruleset: &Ruleset, policy: &Compiled, dice: &mut Dice, each: usize) {
    let mut scratch = ruleset.scratch();
    let all = paths(ruleset, dice, each);
    let permits = |path: &[u8], bits: u32, is_owner: bool| policy.file(path, is_owner).allows(bits);
    // A class that is negated matches the NUL between the two names of a link as well: with it a rule about one name
    // reaches into the next, and what its letters mean there is the parser's secret. The kernel refuses more then.
    let is_negated =
        |held: &IndexedRule| ruleset.line(held.line).is_some_and(|line| line.text.contains("[^"));
    let pairs_run_over = ruleset.held().iter().any(is_negated);
    let both = |test: &dyn Fn(bool) -> bool| [test(true), test(false)];
    for path in &all {
        for verb in FileVerb::ALL {
            let right = both(&|own| match verb {
                FileVerb::Read => permits(path, READ, own),
                FileVerb::Write | FileVerb::Create | FileVerb::Delete => permits(path, WRITE, own),
                FileVerb::Lock => {
                    permits(path, LOCK, own) && (permits(path, READ, own) || permits(path, WRITE, own))
                }
                FileVerb::Map => permits(path, READ | MAP, own),
                FileVerb::Exec => permits(path, EXEC, own),
            });
            asked.ask(place, ruleset, &mut scratch, &Request::File(verb, path.clone()), right);
        }
    }
    for _ in 0..all.len() * 2 {
        let (one, other) = (&all[dice.below(all.len())], &all[dice.below(all.len())]);
        let right = both(&|own| permits(one, READ | WRITE, own) && permits(other, WRITE, own));
        let rename = Request::Rename { old: one.clone(), new: other.clone() };
        asked.ask(place, ruleset, &mut scratch, &rename, right);
        if pairs_run_over {
            continue;
        }
        let right = both(&|own| policy.link(one, other, own));
        let link = Request::Link { new: one.clone(), target: other.clone() };
        asked.ask(place, ruleset, &mut scratch, &link, right);
    }
}

/// As the kernel counts them (include/linux/socket.h, include/linux/net.h).
const FAMILIES: [(&str, u16); 12] = [
    ("unix", 1),
    ("inet", 2),
    ("ax25", 3),
    ("inet6", 10),
    ("key", 15),
    ("netlink", 16),
    ("packet", 17),
    ("can", 29),
    ("tipc", 30),
    ("bluetooth", 31),
    ("alg", 38),
    ("vsock", 40),
];

fn kind(kind: SocketType) -> u16 {
    match kind {
        SocketType::Stream => 1,
        SocketType::Dgram => 2,
        SocketType::Raw => 3,
        SocketType::Rdm => 4,
        SocketType::Seqpacket => 5,
        SocketType::Packet => 10,
    }
}

/// Everything that is no file.
fn others(asked: &mut Asked, place: &str, ruleset: &Ruleset, policy: &Compiled) {
    let mut scratch = ruleset.scratch();
    for (number, capability) in (0..).zip(Capability::all()) {
        let right = [policy.capability(number); 2];
        asked.ask(place, ruleset, &mut scratch, &Request::Capability(capability), right);
    }
    for (name, number) in FAMILIES.into_iter().filter(|_| !policy.mediates(Class::Address)) {
        let Some(family) = Family::from_name(name) else { panic!("{name}") };
        for one in family.types() {
            let socket = Socket { family: Some(family), kind: Some(*one) };
            let right = [policy.network(number, kind(*one)); 2];
            asked.ask(place, ruleset, &mut scratch, &Request::Network(socket), right);
        }
    }
    let own = &policy.name;
    let stacked = [format!("{own}//&x"), format!("x//&{own}"), format!("{own}2")];
    let peers = ["unconfined", "runc", "crun", "/usr/bin/runc", "docker-default", "x", own];
    for peer in peers.into_iter().chain(stacked.iter().map(String::as_str)) {
        for (signal, number) in [("hup", 1), ("kill", 9), ("term", 15), ("cont", 18)] {
            for (contact, way) in
                [(Contact::SignalSend, Signal::Send), (Contact::SignalReceive, Signal::Receive)]
            {
                let request =
                    Request::Process { contact, signal: Some(signal.to_owned()), peer: peer.to_owned() };
                let right = [policy.signal(way, number, peer); 2];
                asked.ask(place, ruleset, &mut scratch, &request, right);
            }
        }
        for (contact, way) in [
            (Contact::PtraceRead, Ptrace::Read),
            (Contact::PtraceTrace, Ptrace::Trace),
            (Contact::PtraceReadBy, Ptrace::ReadBy),
            (Contact::PtraceTracedBy, Ptrace::TracedBy),
        ] {
            let request = Request::Process { contact, signal: None, peer: peer.to_owned() };
            asked.ask(place, ruleset, &mut scratch, &request, [policy.ptrace(way, peer); 2]);
        }
    }
    let operations = [
        (Operation::Mount, policy.mount("/dev/sda", "/mnt", "ext4", 0, "")),
        (Operation::Umount, policy.umount("/mnt")),
        (Operation::PivotRoot, policy.pivot_root("/new", "/new/old")),
        (Operation::Userns, !policy.mediates(Class::Userns) || policy.userns()),
    ];
    for (operation, right) in operations {
        asked.ask(place, ruleset, &mut scratch, &Request::Operation(operation), [right; 2]);
    }
}

/// A policy's profile: by its types, by its text, and compiled.
fn policy(asked: &mut Asked, place: &str, trial: &Trial, dice: &mut Dice, each: usize) {
    let Some(parser) = Parser::find() else { return };
    let (Some(rendered), Some(plan)) = (&trial.rendered, trial.plan()) else { return };
    // What an abstraction holds is the machine's, and complain mode compiles its denials to grants.
    let is_asked = plan.profile().abstractions.is_empty() && !plan.profile().flags.contains(&"complain");
    if trial.is_abstract() || !is_asked || !parser.knows(trial.abi()) {
        return;
    }
    let bytes = match parser.compile(&rendered.profile, trial.abi()) {
        Ok(bytes) => bytes,
        // One golden policy is about just that.
        Err(_) if place.contains("parser-refused") => return,
        Err(said) => panic!("{place}: {said}"),
    };
    let compiled = Compiled::read(&bytes).unwrap_or_else(|wrong| panic!("{place}: {wrong}"));
    let nothing = |_: &str| None;
    let typed = trial.ruleset();
    let read =
        reader::profiles(&rendered.profile, &nothing).unwrap_or_else(|fault| panic!("{place}: {fault}"));
    let written = read.into_iter().next().map(ruleset::written);
    for ruleset in [typed, written].into_iter().flatten().filter(|ruleset| ruleset.unread().is_empty()) {
        files(asked, place, &ruleset, &compiled, dice, each);
        others(asked, place, &ruleset, &compiled);
    }
}

#[test]
fn examples_and_golden_policies_are_decided_about_as_they_are_compiled() {
    if Parser::find().is_none() {
        return;
    }
    let (mut asked, dice) = (Asked::default(), &mut Dice::new(1));
    let mut seen = BTreeSet::new();
    for file in policies_below("examples").into_iter().chain(policies_below("golden")) {
        let trial = Trial::on_disk(&file);
        let Some(rendered) = &trial.rendered else { continue };
        // Many golden cases are about something else than the profile.
        if seen.insert(rendered.profile.clone()) {
            policy(&mut asked, &file.display().to_string(), &trial, dice, 4);
        }
    }
    asked.settle(100_000);
}

#[test]
fn random_policies_are_decided_about_as_they_are_compiled() {
    if Parser::find().is_none() {
        return;
    }
    let (mut asked, dice) = (Asked::default(), &mut Dice::new(2));
    let mut runner = TestRunner::deterministic();
    for number in 0..60 {
        let tree = sketch::sketch().new_tree(&mut runner).unwrap_or_else(|reason| panic!("{reason}"));
        let text = tree.current().toml();
        policy(&mut asked, &format!("random policy {number}:\n{text}"), &Trial::of(&text), dice, 4);
    }
    asked.settle(20_000);
}

/// What rules about hard patterns grant and deny.
const RULES: [&str; 12] = [
    "{} r,",
    "{} rw,",
    "{} rwlk,",
    "{} mr,",
    "{} mrix,",
    "{} k,",
    "owner {} rw,",
    "owner {} l,",
    "deny {} w,",
    "deny {} rwlkmx,",
    "audit deny {} x,",
    "deny owner {} r,",
];

#[test]
fn hard_patterns_that_meet_are_decided_about_as_they_are_compiled() {
    let Some(parser) = Parser::find() else { return };
    let (mut asked, dice) = (Asked::default(), &mut Dice::new(3));
    for number in 0..120 {
        let globs = std::iter::repeat_with(|| Glob::parse(&pattern(dice)).ok()).flatten();
        let globs: Vec<Glob> = globs.take(10).collect();
        let rules: Vec<String> = globs
            .iter()
            .map(|glob| {
                let text = aapol::rules::text::quoted(glob.text());
                format!("  {}\n", RULES[dice.below(RULES.len())].replace("{}", &text))
            })
            .collect();
        let text = format!("abi <abi/3.0>,\nprofile web {{\n{}}}\n", rules.concat());
        let Ok(bytes) = parser.compile(&text, "3.0") else { continue };
        let compiled = Compiled::read(&bytes).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
        let read = reader::profiles(&text, &|_| None).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let Some(profile) = read.into_iter().next() else { panic!("{text}") };
        let ruleset = ruleset::written(profile);
        assert!(ruleset.unread().is_empty(), "{text}: {:?}", ruleset.unread());
        files(&mut asked, &format!("hard patterns {number}:\n{text}"), &ruleset, &compiled, dice, 12);
    }
    asked.settle(80_000);
}
