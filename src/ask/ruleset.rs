//! A profile that can be asked: its rules with what they decide, and one automaton for all of their paths.

use crate::diag::Place;
use crate::kernel::glob::matcher::{Matcher, Scratch};
use crate::kernel::{Abi, Glob};
use crate::policy::Mode;
use crate::rules;
use crate::rules::profile::{Abstraction, Files};
use crate::rules::reader;
use crate::rules::rule::Unread;
use crate::rules::{Kind, ReadProfile, Rule, Variables};
use std::collections::BTreeSet;

/// A line as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLine {
    /// As the profile has it.
    pub text: String,
    /// The entries of the policy that it stands for; none where it is the baseline's, or from another text.
    pub from: Vec<Place>,
    /// What stands above it in the profile, or the file and line where it stands.
    pub origin: String,
}

/// One rule of a line.
#[derive(Clone, Debug)]
pub struct IndexedRule {
    pub line: usize,
    pub rule: Rule,
}

/// A profile's rules, ready to be asked.
#[derive(Debug)]
pub struct Ruleset {
    pub name: String,
    pub mode: Mode,
    /// None where the profile names none that is known.
    pub abi: Option<Abi>,
    /// Whether everything is logged, what rules allow or deny quietly included.
    pub logs_all: bool,
    /// Those that say what rules are about; not the mode, nor whether what is allowed is logged.
    pub flags: BTreeSet<String>,
    lines: Vec<RuleLine>,
    held: Vec<IndexedRule>,
    /// Lines that could not be read: each may grant or deny anything.
    unread: Vec<(usize, Unread)>,
    matcher: Option<Matcher>,
    /// For each glob of the matcher, its place in `held`.
    numbers: Vec<usize>,
    /// Places in `held` of what is about every path.
    everywhere: Vec<usize>,
}

impl Ruleset {
    pub fn new(name: String, mode: Mode, abi: Option<Abi>) -> Ruleset {
        Ruleset {
            name,
            mode,
            abi,
            logs_all: false,
            flags: BTreeSet::new(),
            lines: Vec::new(),
            held: Vec::new(),
            unread: Vec::new(),
            matcher: None,
            numbers: Vec::new(),
            everywhere: Vec::new(),
        }
    }

    /// Takes the profile's flags. Those that decide are neither the mode, which is compared on its own, nor about the
    /// log, nor what is so without them.
    fn flag<'a>(&mut self, flags: impl Iterator<Item = &'a str>) {
        const OTHERS: [&str; 8] = [
            "enforce",
            "complain",
            "kill",
            "audit",
            "unconfined",
            "default_allow",
            "namespace_relative",
            "no_attach_disconnected",
        ];
        for flag in flags {
            self.logs_all |= flag == "audit";
            if !OTHERS.contains(&flag) {
                self.flags.insert(flag.to_owned());
            }
        }
    }

    pub fn add(&mut self, line: RuleLine, rules: impl IntoIterator<Item = Rule>) {
        let number = self.lines.len();
        self.lines.push(line);
        // What keeps programs in sight in complain mode is no grant.
        let rules = rules.into_iter().filter(|rule| self.mode != Mode::Complain || !rule.is_watch());
        self.held.extend(rules.map(|rule| IndexedRule { line: number, rule }));
    }

    /// The same with more rules.
    pub fn with(mut self, line: RuleLine, rules: impl IntoIterator<Item = Rule>) -> Ruleset {
        self.add(line, rules);
        self.ready()
    }

    /// A line that could not be read, and why.
    pub fn add_unread(&mut self, line: RuleLine, unread: Unread) {
        self.unread.push((self.lines.len(), unread));
        self.lines.push(line);
    }

    /// Includes that no file was found for.
    fn add_missing(&mut self, missing: &[String], line: RuleLine) {
        for name in missing {
            let line = RuleLine { text: format!("include <{name}>"), ..line.clone() };
            let why = "no file of that name was found".to_owned();
            let meaning = Some(line.text.clone());
            self.add_unread(line, Unread { why, meaning });
        }
    }

    fn add_read(&mut self, line: RuleLine, read: rules::Line) {
        match read.unread {
            Some(unread) => self.add_unread(line, unread),
            None => self.add(line, read.rules),
        }
    }

    /// To be called when all lines are there.
    pub fn ready(mut self) -> Ruleset {
        let all = self.held.iter().enumerate();
        let globs = all.filter_map(|(number, held)| Some((number, held.rule.paths()?)));
        let globs: Vec<(usize, &Glob)> = globs.collect();
        let numbers = globs.iter().map(|(number, _)| *number).collect();
        let matcher = Matcher::new(globs.into_iter().map(|(_, glob)| glob));
        let all = self.held.iter().enumerate().filter(|(_, held)| held.rule.is_about_every_path());
        self.everywhere = all.map(|(number, _)| number).collect();
        self.numbers = numbers;
        self.matcher = matcher;
        self
    }

    pub fn line(&self, number: usize) -> Option<&RuleLine> {
        self.lines.get(number)
    }

    pub fn lines(&self) -> &[RuleLine] {
        &self.lines
    }

    pub fn held(&self) -> &[IndexedRule] {
        &self.held
    }

    pub fn unread(&self) -> &[(usize, Unread)] {
        &self.unread
    }

    pub fn scratch(&self) -> Scratch {
        Scratch::new(self.matcher.as_ref())
    }

    /// Each rule about files that is about this path; none where that could not be found out.
    pub(super) fn at(&self, path: &[u8], scratch: &mut Scratch) -> Option<Vec<&IndexedRule>> {
        let held = |number: &usize| self.held.get(*number);
        let mut found: Vec<&IndexedRule> = self.everywhere.iter().filter_map(held).collect();
        let matcher = self.matcher.as_ref()?;
        let is_told = matcher.each(path, scratch, |number| {
            found.extend(self.numbers.get(number).and_then(held));
        });
        is_told.then_some(found)
    }

    /// Whether a denial by these lines holds even in complain mode, which lets pass what is logged: with the flag
    /// `audit` that is everything.
    pub fn blocks_in_complain(&self, lines: &[usize]) -> bool {
        !self.logs_all
            && self
                .held
                .iter()
                .any(|held| held.rule.qualifiers.is_quiet_denial() && lines.contains(&held.line))
    }

    /// The lines of rules that grant something about a path.
    pub(super) fn granting(&self, path: &[u8]) -> Vec<usize> {
        let rules = self.at(path, &mut self.scratch()).unwrap_or_default();
        rules.into_iter().filter(|held| held.rule.allows()).map(|held| held.line).collect()
    }
}

/// The rules of a policy's own profile, with what its abstractions hold.
pub fn typed(profile: &rules::Profile, mode: Mode, files: &Files<'_>) -> Ruleset {
    let mut ruleset = Ruleset::new(profile.name.clone(), mode, Some(profile.abi));
    ruleset.flag(profile.flags.iter().copied());
    let variables = match profile.tunables.then(|| reader::variables(&profile.name, files)) {
        Some(Ok(variables)) => variables,
        // What needs the others cannot be read then.
        Some(Err(_)) | None => Variables::of_profile(&profile.name),
    };
    for abstraction in &profile.abstractions {
        let file = format!("abstractions/{}", abstraction.value);
        let origin = |line: &str| RuleLine {
            text: line.to_owned(),
            from: vec![abstraction.place],
            origin: file.clone(),
        };
        match reader::abstraction(&file, &profile.name, files) {
            Ok(Abstraction { lines, missing }) => {
                ruleset.add_missing(&missing, origin(""));
                for line in lines {
                    ruleset.add_read(origin(&line.text), line);
                }
            }
            Err(fault) => {
                let unread = Unread { why: fault.to_string(), meaning: None };
                ruleset.add_unread(origin(&format!("include <{file}>")), unread);
            }
        }
    }
    for block in &profile.blocks {
        for rule in &block.rules {
            let line =
                RuleLine { text: rule.to_string(), from: rule.from.clone(), origin: block.comment.clone() };
            if matches!(rule.kind, Kind::Raw(_)) {
                let read = rules::Line::read(&line.text, &variables);
                ruleset.add_read(line, read);
            } else {
                ruleset.add(line, [rule.clone()]);
            }
        }
    }
    ruleset.ready()
}

/// The rules of a profile as somebody wrote it.
pub fn written(profile: ReadProfile) -> Ruleset {
    let has = |flag: &str| profile.head.flags.iter().any(|one| one == flag);
    let mode = match (has("complain"), has("kill")) {
        (true, _) => Mode::Complain,
        (false, true) => Mode::Kill,
        (false, false) => Mode::Enforce,
    };
    let named = |abi: &Abi| profile.abi.as_ref().is_some_and(|text| text.ends_with(abi.name()));
    let mut ruleset = Ruleset::new(profile.head.name.clone(), mode, Abi::ALL.into_iter().find(named));
    ruleset.flag(profile.head.flags.iter().map(String::as_str));
    let origin = RuleLine { text: String::new(), from: Vec::new(), origin: "the profile".to_owned() };
    // The one refuses only what it denies, the other nothing.
    if has("unconfined") || has("default_allow") {
        let flag = if has("unconfined") { "unconfined" } else { "default_allow" };
        let line = RuleLine { text: format!("flags=({flag})"), ..origin.clone() };
        ruleset.add(line, [Rule::allow(Kind::Everything, Vec::new())]);
        if has("unconfined") {
            return ruleset.ready();
        }
    }
    ruleset.add_missing(&profile.missing, origin);
    for line in profile.lines {
        let origin = match &line.file {
            Some(file) => format!("{file}, line {}", line.number),
            None => format!("line {}", line.number),
        };
        let shown = RuleLine { text: line.text.clone(), from: Vec::new(), origin };
        ruleset.add_read(shown, line);
    }
    ruleset.ready()
}
