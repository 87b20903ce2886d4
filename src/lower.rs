//! From a checked policy to its profile: the one place that gives the policy's words their rules.

mod header;
mod held;
mod others;

use crate::baseline::{self, Group, Need};
use crate::check::Checked;
use crate::check::denials::Denied;
use crate::check::resolved::{Entry, Listed, PathKey};
use crate::diag::Place;
use crate::kernel::request::{Contact, Contacts};
use crate::kernel::{Access, Family, Glob, Operation, Socket, glob, path};
use crate::policy::{Audit, Baseline, FileDefault, Mode, Posture};
use crate::rules;
use crate::rules::block::{block, said};
use crate::rules::{
    Block, CapabilityRule, FileRule, Kind, LimitRule, NetworkRule, OperationRule, ProcessRule, Profile,
    Qualifiers, Rule,
};
use header::header;
use others::{operation_rules, process_rules};
use std::collections::BTreeMap;

/// The profile of a policy.
pub fn lower(checked: &Checked) -> Profile {
    let lowering = Lowering { checked };
    let blocks = [
        lowering.limits(),
        lowering.capabilities(),
        lowering.network(),
        lowering.operations(),
        lowering.baseline_processes(),
        lowering.processes(),
        lowering.huge_pages(),
        lowering.file_defaults(),
        lowering.baseline_files(),
        lowering.paths(),
        lowering.raw_rules(),
        lowering.denials(),
        lowering.baseline_denials(),
    ];
    let abstractions = checked.abstractions.clone();
    let uses_variables = checked.raw_rules.iter().any(|rule| rule.contains("@{"));
    Profile {
        name: checked.name.value.clone(),
        header: header(checked),
        abi: checked.abi.value,
        flags: lowering.flags(),
        tunables: uses_variables || !abstractions.is_empty(),
        abstractions,
        blocks: held::without(blocks.into_iter().flatten().collect())
            .into_iter()
            .chain(lowering.watch())
            .collect(),
    }
}

struct Lowering<'a> {
    checked: &'a Checked,
}

impl Lowering<'_> {
    fn flags(&self) -> Vec<&'static str> {
        let mut flags = vec!["attach_disconnected", "mediate_deleted"];
        match self.checked.mode.value {
            Mode::Enforce => {}
            Mode::Complain => flags.push("complain"),
            Mode::Kill => flags.push("kill"),
        }
        if self.checked.audit.value == Audit::All {
            flags.push("audit");
        }
        flags
    }

    fn limits(&self) -> Vec<Block> {
        let rules = self.checked.limits.iter().map(|(limit, value)| {
            let rule = LimitRule { limit: *limit, value: value.value.clone() };
            Rule::allow(Kind::Limit(rule), vec![value.place])
        });
        block("[limits]", rules.collect())
    }

    fn capabilities(&self) -> Vec<Block> {
        let section = &self.checked.capabilities;
        let granted = granted(section, Kind::Capability(CapabilityRule::All), |entry| {
            vec![Kind::Capability(CapabilityRule::One(entry.value))]
        });
        said("[capabilities]", "none is granted", granted)
    }

    fn network(&self) -> Vec<Block> {
        let section = &self.checked.network;
        let all = Socket { family: None, kind: None };
        let policy = granted(section, Kind::Network(NetworkRule::whole(all)), |entry| {
            vec![Kind::Network(NetworkRule::whole(entry.value))]
        });
        let bundles = self.checked.bundles.iter().flat_map(|bundle| {
            bundle.value.groups.iter().flat_map(|group| {
                let rules = group.needs.iter().filter_map(|need| match need {
                    Need::Socket(family, kind) => {
                        let socket = Socket { family: Some(Family::from_name(family)?), kind: Some(*kind) };
                        Some(Rule::allow(Kind::Network(NetworkRule::whole(socket)), vec![bundle.place]))
                    }
                    Need::File(..) | Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => None,
                });
                block(&format!("{}: {}", group.title, group.why), rules.collect())
            })
        });
        let bundles: Vec<Block> = bundles.collect();
        let nothing = if bundles.is_empty() { "no sockets are granted" } else { "" };
        let mut blocks = said("[network]", nothing, policy);
        blocks.extend(bundles);
        blocks
    }

    /// The operations that are granted, each with the places that grant it.
    fn granted_operations(&self) -> BTreeMap<Operation, Vec<Place>> {
        let section = &self.checked.operations;
        let abi = self.checked.abi.value;
        let mut granted: BTreeMap<Operation, Vec<Place>> = BTreeMap::new();
        if section.default.value == Posture::Allow {
            let place: Vec<Place> = section.default.place.into_iter().collect();
            let all = Operation::ALL.into_iter();
            // Granting the whole grants the part.
            granted.extend(all.filter(|o| o.part_of().is_none()).map(|o| (o, place.clone())));
        }
        for entry in &section.allow {
            granted.entry(entry.value).or_default().push(entry.place);
        }
        for denial in &section.deny {
            // Without a grant beside the baseline's these are denied; a rule would deny the baseline's too.
            if denial.value.kept_by_baseline() {
                granted.remove(&denial.value);
            }
        }
        granted.retain(|operation, _| abi.mediates(*operation));
        granted
    }

    fn operations(&self) -> Vec<Block> {
        let granted = self.granted_operations();
        let rules = granted.iter().flat_map(|(operation, from)| {
            let rules = operation_rules(*operation).into_iter();
            rules.map(|rule| Rule::allow(Kind::Operation(rule), from.clone()))
        });
        block("[operations]", rules.collect())
    }

    fn baseline_groups(&self) -> &'static [Group] {
        match self.checked.baseline.value {
            Baseline::Container => baseline::container::GROUPS,
            Baseline::None => &[],
        }
    }

    fn baseline_processes(&self) -> Vec<Block> {
        let name = &self.checked.name.value;
        let groups = self.baseline_groups().iter().flat_map(|group| {
            let rules = group.needs.iter().flat_map(|need| process_rules(need, name));
            baseline_block(group, rules.map(|kind| Rule::allow(kind, Vec::new())).collect())
        });
        groups.collect()
    }

    fn processes(&self) -> Vec<Block> {
        let granted = self.granted_operations();
        let rules = granted.into_iter().filter_map(|(operation, from)| {
            let contacts = match operation {
                Operation::Signal => Contacts::of(&[Contact::SignalSend]),
                Operation::Ptrace => Contacts::PTRACES,
                Operation::HugePages
                | Operation::Mount
                | Operation::Remount
                | Operation::Umount
                | Operation::PivotRoot
                | Operation::Userns
                | Operation::Mqueue
                | Operation::IoUring
                | Operation::Dbus => return None,
            };
            Some(Rule::allow(Kind::Process(ProcessRule::with_any(contacts)), from))
        });
        block("[operations] other processes", rules.collect())
    }

    fn huge_pages(&self) -> Vec<Block> {
        let granted = self.granted_operations().remove(&Operation::HugePages);
        let rules = granted.map(|from| Rule::allow(root(Access::READ | Access::WRITE), from));
        let why = "[operations] huge-pages: the kernel takes shared huge pages for `/`; nothing can be made in it by this";
        block(why, rules.into_iter().collect())
    }

    fn file_defaults(&self) -> Vec<Block> {
        let (files, exec) = (self.checked.files, self.checked.exec);
        let from: Vec<Place> = files.place.into_iter().chain(exec.place).collect();
        if (files.value, exec.value) == (FileDefault::Allow, Posture::Allow) {
            let comment = "[filesystem] and [exec] default: every file may be used in every way, so the baseline adds none";
            return block(comment, vec![Rule::allow(Kind::File(FileRule::All), from)]);
        }
        let reading = match files.value {
            FileDefault::Deny => None,
            FileDefault::Read => Some("[filesystem] default: every file may be read"),
            FileDefault::Allow => Some("[filesystem] default: every file may be read and written"),
        };
        let starting = match exec.value {
            Posture::Deny => None,
            Posture::Allow => Some("[exec] default: every program may be started, and keeps this profile"),
        };
        let words: Vec<&str> = reading.into_iter().chain(starting).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let comment = format!("{}; the baseline adds only what this lacks", words.join("; "));
        block(&comment, vec![Rule::allow(file(&glob::EVERY_PATH, self.checked.default_access()), from)])
    }

    /// What the defaults do not allow already.
    fn baseline_files(&self) -> Vec<Block> {
        let everywhere = self.checked.default_access();
        let needed = |group: &Group, from: &[Place]| -> Vec<Rule> {
            let files = group.files().filter(|need| !everywhere.contains(need.access));
            files.map(|need| Rule::allow(file(need.glob, need.access), from.to_vec())).collect()
        };
        let bundles = self.checked.bundles.iter();
        let bundles =
            bundles.flat_map(|bundle| bundle.value.groups.iter().map(|group| (group, vec![bundle.place])));
        let token = self.checked.pod.token.then_some((&baseline::container::TOKEN, Vec::new()));
        let own = bundles.chain(token).flat_map(|(group, from)| {
            block(&format!("{}: {}", group.title, group.why), needed(group, &from))
        });
        let baseline = self.baseline_groups().iter();
        baseline.flat_map(|group| baseline_block(group, needed(group, &[]))).chain(own).collect()
    }

    fn paths(&self) -> Vec<Block> {
        let lists = [
            (PathKey::ReadOnly, "may be read"),
            (PathKey::WriteOnly, "may be written, and not read"),
            (PathKey::ReadWrite, "may be read, written, made and removed"),
            (PathKey::List, "may be listed, and nothing in it opened by that"),
            (PathKey::ExecAllow, "may be started, and keep this profile"),
            (PathKey::Library, "may be mapped as code"),
        ];
        let blocks = lists.into_iter().flat_map(|(key, meaning)| {
            let entries = self.checked.paths.iter().filter(|entry| entry.key == key);
            let rules = entries.map(|e| Rule::allow(file(&e.glob, e.grant), vec![e.place]));
            block(&format!("[{}] {}: {meaning}", key.section(), key.name()), rules.collect())
        });
        blocks.collect()
    }

    fn raw_rules(&self) -> Vec<Block> {
        let rules = self.checked.raw_rules.iter();
        let rules = rules.map(|text| Rule::allow(Kind::Raw(text.trim().to_owned()), vec![text.place]));
        block("raw-rules", rules.collect())
    }

    /// Unless everything may be started anyway, or something else decides how.
    fn watch(&self) -> Vec<Block> {
        let checked = self.checked;
        let is_wanted = checked.mode.value == Mode::Complain && checked.exec.value == Posture::Deny;
        let is_possible =
            checked.abstractions.is_empty() && checked.raw_rules.iter().all(|raw| rules::may_be_watched(raw));
        let why = "complain mode: what is started keeps this profile, and each start is logged; this grants nothing, and is gone in the other modes";
        block(why, Vec::from_iter((is_wanted && is_possible).then(Rule::watch)))
    }

    /// A denial as a rule. In complain mode it is always logged, since the kernel enforces quiet ones even then.
    fn denial(&self, kind: Kind, from: Vec<Place>) -> Rule {
        let qualifiers = match (self.checked.mode.value, self.checked.audit.value) {
            (Mode::Enforce | Mode::Kill, Audit::Quiet) => Qualifiers::DENY,
            (Mode::Enforce | Mode::Kill, Audit::Denials | Audit::All) | (Mode::Complain, _) => {
                Qualifiers::AUDIT_DENY
            }
        };
        Rule { qualifiers, kind, from }
    }

    /// What the postures would open of the machine, group by group.
    fn baseline_denials(&self) -> Vec<Block> {
        let groups = baseline::denials::GROUPS.iter().chain([&baseline::denials::TOKEN]);
        let blocks = groups.flat_map(|group| {
            let denials = self.checked.baseline_denials().iter();
            let own = denials.filter(|denial| denial.group.title == group.title);
            let rules = own.map(|denial| {
                let kind = match denial.denied {
                    Denied::Files(need) => file(need.glob, need.access),
                    Denied::Family(family) => {
                        Kind::Network(NetworkRule::whole(Socket { family: Some(family), kind: None }))
                    }
                };
                self.denial(kind, Vec::new())
            });
            let comment = format!("baseline, {}: {}; {}", group.title, self.denied(), group.why);
            block(&comment, rules.collect())
        });
        blocks.collect()
    }

    /// What becomes of what a denial names.
    fn denied(&self) -> &'static str {
        match self.checked.mode.value {
            Mode::Complain => "logged instead of denied",
            Mode::Enforce | Mode::Kill => "denied, whatever else allows it",
        }
    }

    fn denials(&self) -> Vec<Block> {
        let heading = self.denied();
        let checked = self.checked;
        let capabilities = checked.capabilities.deny.iter().map(|entry| {
            let rule = CapabilityRule::One(entry.value);
            self.denial(Kind::Capability(rule), vec![entry.place])
        });
        let network = checked
            .network
            .deny
            .iter()
            .map(|entry| self.denial(Kind::Network(NetworkRule::whole(entry.value)), vec![entry.place]));
        let operations = checked.operations.deny.iter().flat_map(|entry| {
            let rules = operation_rules(entry.value).into_iter().map(OperationRule::to_deny);
            let rules = rules.map(Kind::Operation);
            let huge = (entry.value == Operation::HugePages).then(|| root(Access::WRITE));
            rules
                .chain(huge)
                .filter(|_| !entry.value.kept_by_baseline())
                .map(|kind| self.denial(kind, vec![entry.place]))
        });
        let shields = checked.shields().iter().filter_map(|shield| {
            let glob = Glob::parse(&glob::escape(&shield.folder)).ok()?;
            Some(self.denial(file(&glob, Access::WRITE), shield.of.clone()))
        });
        let mut blocks = Vec::new();
        let sections: [(&str, Vec<Rule>); 3] = [
            ("[capabilities] deny", capabilities.collect()),
            ("[network] deny", network.collect()),
            ("[operations] deny", operations.collect()),
        ];
        for (name, rules) in sections {
            blocks.extend(block(&format!("{name}: {heading}"), rules));
        }
        for key in PathKey::ALL {
            let entries = checked.paths.iter().filter(|e| e.key == key && !e.deny.is_empty());
            let rules = entries.map(|e| {
                let writes = e.deny.contains(Access::WRITE);
                let paths = if writes { path::or_folder(&e.glob) } else { e.glob.clone() };
                self.denial(Kind::File(FileRule::new(paths, e.deny)), vec![e.place])
            });
            let title = format!("[{}] {}: {heading}", key.section(), key.name());
            blocks.extend(block(&title, rules.collect()));
        }
        let why =
            "folders above denied paths: renaming one would carry the files out of reach of their denial";
        blocks.extend(block(why, shields.collect()));
        blocks
    }
}

/// The rules of a section: the one for all, or one for each entry.
fn granted<T>(section: &Listed<T>, all: Kind, one: impl Fn(&Entry<T>) -> Vec<Kind>) -> Vec<Rule> {
    match section.default.value {
        Posture::Allow => vec![Rule::allow(all, section.default.place.into_iter().collect())],
        Posture::Deny => {
            let entries = section.allow.iter();
            let rules = entries.flat_map(|entry| one(entry).into_iter().map(|k| (k, entry.place)));
            rules.map(|(kind, place)| Rule::allow(kind, vec![place])).collect()
        }
    }
}

fn file(paths: &Glob, access: Access) -> Kind {
    Kind::File(FileRule::new(paths.clone(), access))
}

/// The root folder itself.
fn root(access: Access) -> Kind {
    file(&glob::ROOT, access)
}

fn baseline_block(group: &Group, rules: Vec<Rule>) -> Vec<Block> {
    block(&format!("baseline, {}: {}", group.title, group.why), rules)
}
