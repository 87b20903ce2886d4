//! The policies of KubeArmor.
//!
//! Enters: a `KubeArmorPolicy` or `KubeArmorClusterPolicy`. Leaves: the profile that KubeArmor's AppArmor enforcer writes
//! for a container that this policy alone selects, without its comments and empty lines; of what the profile has nothing
//! for, a remark. Read from `appArmorProfile.go`, `appArmorTemplate.go` and `kubeUpdate.go` of July 2026. Absent on
//! purpose: the further profiles that rules with `fromSource` bring about, and rules with `ownerOnly`.

mod entries;
mod selector;

use super::fields::{Fields, Word};
use super::{ticked, verbatim};
use crate::foreign::draft::Draft;
use crate::foreign::yaml::Node;
use crate::foreign::{NotTaken, Remark, Weight, WrittenProfile};
use entries::RuleKind;
use std::collections::{BTreeMap, BTreeSet};

const TOOL: &str = "KubeArmor";

/// What stands at the end of every profile.
const END: [&str; 15] = [
    "  /lib/x86_64-linux-gnu/{*,**} rm,",
    "  deny @{PROC}/{*,**^[0-9*],sys/kernel/shm*} wkx,",
    "  deny @{PROC}/sysrq-trigger rwklx,",
    "  deny @{PROC}/mem rwklx,",
    "  deny @{PROC}/kmem rwklx,",
    "  deny @{PROC}/kcore rwklx,",
    "  deny mount,",
    "  deny /sys/[^f]*/** wklx,",
    "  deny /sys/f[^s]*/** wklx,",
    "  deny /sys/fs/[^c]*/** wklx,",
    "  deny /sys/fs/c[^g]*/** wklx,",
    "  deny /sys/fs/cg[^r]*/** wklx,",
    "  deny /sys/firmware/efi/efivars/** rwklx,",
    "  deny /sys/kernel/security/** rwklx,",
    "}",
];

/// How far a directory goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    One,
    Directory,
    Tree,
}

/// What a policy says of one path, protocol or capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    line: usize,
    reach: Reach,
    read_only: bool,
    denies: bool,
    allows: bool,
}

impl Rule {
    fn suffix(self) -> &'static str {
        match self.reach {
            Reach::One => "",
            Reach::Directory => "{,*}",
            Reach::Tree => "{,**}",
        }
    }
}

/// All that a policy says, by the four tables that KubeArmor sorts it into.
#[derive(Debug, Default)]
struct Rules {
    files: BTreeMap<String, Rule>,
    processes: BTreeMap<String, Rule>,
    networks: BTreeMap<String, Rule>,
    capabilities: BTreeMap<String, Rule>,
    native: Vec<(usize, String)>,
    /// Of files, network and capabilities the first rule that allows some, even one that is dropped.
    allowing: [Option<usize>; 3],
    /// The first rules that allow a process and a file.
    allowed: [Option<usize>; 2],
    /// Keys of which it was said that the enforcer does not look at them.
    unseen: BTreeSet<&'static str>,
    remarks: Vec<Remark>,
}

impl Rules {
    fn say(&mut self, weight: Weight, line: usize, text: String) {
        self.remarks.push(Remark { weight, line: Some(line), text });
    }

    fn table(&mut self, kind: RuleKind) -> &mut BTreeMap<String, Rule> {
        match kind {
            RuleKind::Process => &mut self.processes,
            RuleKind::File => &mut self.files,
            RuleKind::Network => &mut self.networks,
            RuleKind::Capability => &mut self.capabilities,
        }
    }

    fn is_empty(&self) -> bool {
        let tables = [&self.files, &self.processes, &self.networks, &self.capabilities];
        tables.iter().all(|table| table.is_empty()) && self.native.is_empty()
    }

    /// As `addRuletoMap` does: the first of two alike stays, and of an allowance and a denial both are written.
    fn add(&mut self, kind: RuleKind, subject: String, mut rule: Rule, is_pattern: bool) {
        let before = self.table(kind).get(&subject).copied();
        match before {
            None => {}
            Some(before) if is_pattern || before.denies == rule.denies => {
                if before != (Rule { line: before.line, ..rule }) {
                    let text = format!(
                        "{} stands on line {} already, and KubeArmor takes the first of the two",
                        ticked(&subject),
                        before.line,
                    );
                    self.say(Weight::Ineffective, rule.line, text);
                }
                return;
            }
            Some(before) => {
                let text = format!(
                    "{} is allowed and blocked, here and on line {}: the block wins",
                    ticked(&subject),
                    before.line,
                );
                self.say(Weight::Ineffective, rule.line, text);
                (rule.denies, rule.allows) = (true, true);
            }
        }
        self.table(kind).insert(subject, rule);
    }
}

/// The profile of a policy of some name.
pub(super) fn profile(document: &Node, kind: &str, name: Word<'_>) -> Result<WrittenProfile, NotTaken> {
    if !name.text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
        return Err(NotTaken {
            line: Some(name.line),
            wrong: format!("{} is no name that Kubernetes takes", ticked(name.text)),
            help: "write lower-case letters, digits, `.` and `-`".to_owned(),
        });
    }
    let Some(spec) = document.get("spec") else {
        return Err(NotTaken {
            line: Some(name.line),
            wrong: format!("the `{kind}` has no `spec`"),
            help: "write its rules under `spec`".to_owned(),
        });
    };
    let mut rules = Rules::default();
    let mut known = vec!["spec", "status"];
    known.extend(super::HEAD);
    rules.remarks.extend(Fields::of(document, document.line, &format!("a `{kind}`"))?.strangers(&known));
    let spec = Fields::of(&spec.value, spec.line, "`spec`")?;
    entries::read(&spec, &mut rules)?;
    if let Some(native) = spec.at("apparmor") {
        rules.native = verbatim::rules(native)?;
    }
    if rules.is_empty() {
        return Err(nothing(&rules, name));
    }
    Ok(rules.write(name, selector::note(document, &spec)))
}

/// No profile rather than one that would allow everything, or nothing.
fn nothing(rules: &Rules, name: Word<'_>) -> NotTaken {
    let why = rules.remarks.iter().find(|remark| remark.weight == Weight::Dropped);
    let wrong = match why {
        Some(remark) => format!("{} has no rule that a profile can take: {}", ticked(name.text), remark.text),
        None => format!("{} has no rules", ticked(name.text)),
    };
    NotTaken {
        line: why.and_then(|remark| remark.line).or(Some(name.line)),
        wrong,
        help: "write a policy for the container by hand, or let `aapol learn` make one from its logs"
            .to_owned(),
    }
}

impl Rules {
    fn write(self, name: Word<'_>, selected: Option<Remark>) -> WrittenProfile {
        let mut draft = Draft::default();
        draft.remarks.extend(self.remarks);
        let about = Some(name.line);
        [
            "#include <tunables/global>",
            &format!("profile {} flags=(attach_disconnected,mediate_deleted) {{", name.text),
            "  #include <abstractions/base>",
        ]
        .into_iter()
        .for_each(|line| draft.always(line));
        for (allowing, all) in self.allowing.iter().zip(["  file,", "  network,", "  capability,"]) {
            if allowing.is_none() {
                [all].into_iter().for_each(|line| draft.always(line));
            }
        }
        for (path, rule) in &self.files {
            let path = format!("{path}{}", rule.suffix());
            if rule.denies {
                draft.put(
                    &format!("  deny {path} {},", if rule.read_only { "klw" } else { "klmrw" }),
                    Some(rule.line),
                );
            }
            if rule.allows {
                draft.put(
                    &format!("  {path} {},", if rule.read_only { "klr" } else { "klmrw" }),
                    Some(rule.line),
                );
            }
        }
        for (path, rule) in &self.processes {
            let whole = format!("{path}{}", rule.suffix());
            if rule.denies {
                draft.put(&format!("  deny {whole} x,"), Some(rule.line));
            }
            // KubeArmor takes these for an expression and writes no more than a comment.
            if rule.allows && !is_globbed(path) {
                draft.put(&format!("  {whole} ix,"), Some(rule.line));
            }
        }
        for (protocol, rule) in &self.networks {
            let deny = if protocol == "all" {
                "  deny network,".to_owned()
            } else {
                format!("  deny network {protocol},")
            };
            if rule.denies {
                draft.put(&deny, Some(rule.line));
            }
            if rule.allows {
                draft.put(&format!("  network {protocol},"), Some(rule.line));
            }
        }
        for (capability, rule) in &self.capabilities {
            if rule.denies {
                draft.put(&format!("  deny capability {capability},"), Some(rule.line));
            }
            if rule.allows {
                draft.put(&format!("  capability {capability},"), Some(rule.line));
            }
        }
        for (line, rule) in &self.native {
            draft.put(&format!("  {rule}"), Some(*line));
        }
        END.into_iter().for_each(|line| draft.always(line));
        let mut globbed = self.processes.iter().filter(|(path, rule)| rule.allows && is_globbed(path));
        if let Some((path, rule)) = globbed.next() {
            let more = match globbed.count() {
                0 => String::new(),
                more => format!("; so for {more} more"),
            };
            let text = format!(
                "{} allows nothing: KubeArmor's AppArmor enforcer writes no rule for a process \
                 with `*`, `?`, `+`, `[`, `$` or `|` in its path{more}",
                ticked(path)
            );
            draft.say(Weight::Ineffective, Some(rule.line), text);
        }
        posture(&self.allowing, &self.allowed, &mut draft);
        let written = self.files.values().filter(|rule| rule.allows && !rule.read_only);
        if let Some(line) = written.map(|rule| rule.line).min() {
            let text = "KubeArmor lets each file that may be written be mapped as code as well";
            draft.say(Weight::Note, Some(line), text);
        }
        draft.remarks.extend(selected);
        draft.say(
            Weight::Note,
            about,
            format!(
                "KubeArmor names the profile `kubearmor-NAMESPACE-WORKLOAD-CONTAINER`; here it is called {}",
                ticked(name.text),
            ),
        );
        let text = "for a container that is privileged or adds capabilities KubeArmor also allows mounts, signals, \
                    ptrace, Unix sockets and D-Bus, which is not taken over";
        draft.say(Weight::Note, about, text.to_owned());
        draft.done(name.text)
    }
}

/// What KubeArmor's template takes for an expression.
fn is_globbed(path: &str) -> bool {
    path.contains(['[', '*', '+', '?', '$', '|'])
}

/// What allowing some of a kind does to the rest of it.
fn posture(allowing: &[Option<usize>; 3], allowed: &[Option<usize>; 2], draft: &mut Draft) {
    let kinds: Vec<&str> = ["files and processes", "network", "capabilities"]
        .into_iter()
        .zip(allowing)
        .filter_map(|(kind, line)| line.map(|_| kind))
        .collect();
    if kinds.is_empty() {
        return;
    }
    let text = format!(
        "where something is allowed the rest is denied: KubeArmor does so at the posture `block`, which is \
         taken here for {}; at `audit` it only logs",
        kinds.join(", "),
    );
    draft.say(Weight::Note, allowing.iter().flatten().min().copied(), text);
    if let [Some(process), None] = allowed {
        let text = "KubeArmor has one posture for processes and files: as a process is allowed, every \
                    file that no rule allows is denied too";
        draft.say(Weight::Note, Some(*process), text.to_owned());
    }
}

#[cfg(test)]
mod tests;
