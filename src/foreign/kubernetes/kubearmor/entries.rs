//! The rules of a policy, one by one.
//!
//! Enters: the `spec`. Leaves: its rules in their tables, and a remark for each that the profile has nothing for. A rule
//! that allows something and is dropped still denies the rest of its kind: else the profile would allow more.

use super::{Reach, Rule, Rules, TOOL};
use crate::foreign::kubernetes::fields::{Fields, Word};
use crate::foreign::kubernetes::{fields, ticked};
use crate::foreign::{NotTaken, Weight};
use crate::kernel::{Capability, SocketType};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleKind {
    Process,
    File,
    Network,
    Capability,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Allow,
    Block,
    Audit,
}

/// What a list of rules is about.
struct Form {
    section: &'static str,
    kind: RuleKind,
    list: &'static str,
    subject: &'static str,
    others: &'static [&'static str],
}

const FORMS: [Form; 8] = [
    Form {
        section: "process",
        kind: RuleKind::Process,
        list: "matchPaths",
        subject: "path",
        others: &["execname", "ownerOnly", "fromSource", "allowedArgs", "pts"],
    },
    Form {
        section: "process",
        kind: RuleKind::Process,
        list: "matchDirectories",
        subject: "dir",
        others: &["recursive", "ownerOnly", "fromSource", "pts"],
    },
    Form {
        section: "process",
        kind: RuleKind::Process,
        list: "matchPatterns",
        subject: "pattern",
        others: &["ownerOnly"],
    },
    Form {
        section: "file",
        kind: RuleKind::File,
        list: "matchPaths",
        subject: "path",
        others: &["readOnly", "ownerOnly", "fromSource", "pts"],
    },
    Form {
        section: "file",
        kind: RuleKind::File,
        list: "matchDirectories",
        subject: "dir",
        others: &["recursive", "readOnly", "ownerOnly", "fromSource", "pts"],
    },
    Form {
        section: "file",
        kind: RuleKind::File,
        list: "matchPatterns",
        subject: "pattern",
        others: &["readOnly", "ownerOnly"],
    },
    Form {
        section: "network",
        kind: RuleKind::Network,
        list: "matchProtocols",
        subject: "protocol",
        others: &["fromSource", "pts"],
    },
    Form {
        section: "capabilities",
        kind: RuleKind::Capability,
        list: "matchCapabilities",
        subject: "capability",
        others: &["fromSource"],
    },
];

/// What only goes into logs.
const TOLD: [&str; 3] = ["severity", "tags", "message"];

pub(super) fn read(spec: &Fields<'_>, rules: &mut Rules) -> Result<(), NotTaken> {
    let mut told = None;
    let known = [
        "selector",
        "process",
        "file",
        "network",
        "capabilities",
        "syscalls",
        "presets",
        "apparmor",
        "action",
    ];
    rules.remarks.extend(spec.strangers(&[&known[..], &TOLD].concat()));
    note_told(spec, &mut told);
    let whole = action(spec, true)?.unwrap_or(Action::Block);
    for name in ["process", "file", "network", "capabilities"] {
        let Some(section) = spec.section(name)? else { continue };
        note_told(&section, &mut told);
        let mut known = vec!["action"];
        known.extend(TOLD);
        known.extend(FORMS.iter().filter(|form| form.section == name).map(|form| form.list));
        known.extend((name == "network").then_some("matchDNSQueries"));
        rules.remarks.extend(section.strangers(&known));
        let own = action(&section, false)?.unwrap_or(whole);
        for form in FORMS.iter().filter(|form| form.section == name) {
            for node in section.list(form.list)? {
                let entry = Fields::of(node, node.line, &format!("what `{}` has here", form.list))?;
                note_told(&entry, &mut told);
                one(form, &entry, own, rules)?;
            }
        }
    }
    dropped(spec, rules)?;
    if let Some(line) = told {
        let text =
            "`severity`, `tags` and `message` are for KubeArmor's alerts, which a profile does not write";
        rules.say(Weight::Dropped, line, text.to_owned());
    }
    Ok(())
}

/// What AppArmor has no part in.
fn dropped(spec: &Fields<'_>, rules: &mut Rules) -> Result<(), NotTaken> {
    if let Some(network) = spec.section("network")?
        && let Some(entry) = network.at("matchDNSQueries")
    {
        let text = "`matchDNSQueries` is about names that are looked up, which AppArmor does not see: it restricts \
                    nothing";
        rules.say(Weight::Dropped, entry.line, text.to_owned());
    }
    for (key, why) in [
        ("syscalls", "`syscalls` only logs, and AppArmor does not see system calls: it restricts nothing"),
        (
            "presets",
            "`presets` are KubeArmor's own programs in the kernel, which AppArmor has no part in: their \
             restrictions are lost",
        ),
    ] {
        if let Some(entry) = spec.at(key) {
            rules.say(Weight::Dropped, entry.line, why.to_owned());
        }
    }
    Ok(())
}

fn note_told(fields: &Fields<'_>, told: &mut Option<usize>) {
    let first = TOLD.iter().filter_map(|key| fields.at(key)).map(|entry| entry.line).min();
    *told = match (*told, first) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
}

/// KubeArmor takes the lower case for the whole policy only.
fn action(fields: &Fields<'_>, lower: bool) -> Result<Option<Action>, NotTaken> {
    let Some(word) = fields.text("action")? else { return Ok(None) };
    match word.text {
        "Allow" => Ok(Some(Action::Allow)),
        "Block" => Ok(Some(Action::Block)),
        "Audit" => Ok(Some(Action::Audit)),
        "allow" if lower => Ok(Some(Action::Allow)),
        "block" if lower => Ok(Some(Action::Block)),
        "audit" if lower => Ok(Some(Action::Audit)),
        _ => Err(NotTaken {
            line: Some(word.line),
            wrong: format!("{} is no action of KubeArmor", ticked(word.text)),
            help: "write `Allow`, `Block` or `Audit`".to_owned(),
        }),
    }
}

/// One entry of a list.
fn one(form: &Form, entry: &Fields<'_>, own: Action, rules: &mut Rules) -> Result<(), NotTaken> {
    let mut known = vec![form.subject, "action"];
    known.extend(TOLD);
    known.extend(form.others);
    rules.remarks.extend(entry.strangers(&known));
    let subjects = subjects(form, entry)?;
    let Some(first) = subjects.first() else { return Ok(()) };
    let (line, named) = (first.line, ticked(first.text));
    let action = action(entry, false)?.unwrap_or(own);
    let lost = match action {
        Action::Audit => {
            let text = format!("the action of {named} is `Audit`, which only logs: it restricts nothing");
            rules.say(Weight::Dropped, line, text);
            return Ok(());
        }
        Action::Allow => {
            let at = match form.kind {
                RuleKind::Process | RuleKind::File => 0,
                RuleKind::Network => 1,
                RuleKind::Capability => 2,
            };
            if let Some(slot) = rules.allowing.get_mut(at) {
                slot.get_or_insert(line);
            }
            "is not allowed"
        }
        Action::Block => "is not blocked",
    };
    let sources = entry.list("fromSource")?;
    if let Some(source) = sources.first() {
        let from = source.text_at(&["path"]).map_or("some programs".to_owned(), ticked);
        let text = format!(
            "the rule for {named} is for what {from} starts or does alone, which the profile of a \
             container cannot say: {named} {lost}"
        );
        rules.say(Weight::Dropped, line, text);
        return Ok(());
    }
    if entry.truth("ownerOnly")? == Some(true) {
        let text = format!(
            "the rule for {named} is for the owner of the file alone, which is not taken over: {named} {lost}"
        );
        rules.say(Weight::Dropped, line, text);
        return Ok(());
    }
    for (key, what) in [("allowedArgs", "arguments"), ("pts", "terminals")] {
        if let Some(at) = entry.at(key)
            && rules.unseen.insert(key)
        {
            let text = format!("`{key}` does nothing: KubeArmor's AppArmor enforcer does not look at {what}");
            rules.say(Weight::Ineffective, at.line, text);
        }
    }
    if action == Action::Allow {
        match (form.kind, &mut rules.allowed) {
            (RuleKind::Process, [process, _]) => _ = process.get_or_insert(line),
            (RuleKind::File, [_, file]) => _ = file.get_or_insert(line),
            (RuleKind::Network | RuleKind::Capability, _) => {}
        }
    }
    let reach = match (form.subject, entry.truth("recursive")?) {
        ("dir", Some(true)) => Reach::Tree,
        ("dir", _) => Reach::Directory,
        _ => Reach::One,
    };
    let read_only = form.kind == RuleKind::File && entry.truth("readOnly")? == Some(true);
    let (denies, allows) = (action == Action::Block, action == Action::Allow);
    for word in subjects {
        let text = subject(form, entry, word, action)?;
        rules.add(
            form.kind,
            text,
            Rule { line: word.line, reach, read_only, denies, allows },
            form.subject == "pattern",
        );
    }
    Ok(())
}

/// Protocols and capabilities may stand several in one text.
fn subjects<'a>(form: &Form, entry: &Fields<'a>) -> Result<Vec<Word<'a>>, NotTaken> {
    let word = match (entry.text(form.subject)?, form.subject) {
        (None, "path") => entry.text("execname")?,
        (word, _) => word,
    };
    let Some(word) = word else {
        return Err(NotTaken {
            line: Some(entry.line),
            wrong: format!("a rule of `{}` has no `{}`", form.list, form.subject),
            help: format!("write `{}`", form.subject),
        });
    };
    Ok(match form.kind {
        RuleKind::Process | RuleKind::File => vec![word],
        RuleKind::Network | RuleKind::Capability => {
            word.text.split(',').map(|text| Word { text: text.trim(), ..word }).collect()
        }
    })
}

/// What is written of a subject into the profile.
fn subject(form: &Form, entry: &Fields<'_>, word: Word<'_>, action: Action) -> Result<String, NotTaken> {
    let fault =
        |wrong: String, help: &str| Err(NotTaken { line: Some(word.line), wrong, help: help.to_owned() });
    match form.kind {
        RuleKind::Process | RuleKind::File => {
            // A rule with both is about the name.
            let path = match (form.subject, entry.text("execname")?) {
                ("path", Some(name)) if name.text.is_empty() || name.text.contains('/') => {
                    return fault(
                        format!("{} is no name of a program", ticked(name.text)),
                        "write the name without its folder",
                    );
                }
                ("path", Some(name)) => format!("/**/{}", name.text),
                _ => word.text.to_owned(),
            };
            fields::path(Word { text: &path, line: word.line }, TOOL)?;
            match form.subject {
                "path" if path.ends_with('/') => fault(
                    format!("{} ends in `/`, which KubeArmor refuses in `path`", ticked(&path)),
                    "write it as `dir` under `matchDirectories`",
                ),
                "dir" if !path.ends_with('/') => fault(
                    format!("{} does not end in `/`, as KubeArmor asks for in `dir`", ticked(&path)),
                    "write a `/` behind it",
                ),
                _ => Ok(path),
            }
        }
        RuleKind::Network => {
            let lower = word.text.to_ascii_lowercase();
            let name = if lower == "icmpv6" { "icmp" } else { lower.as_str() };
            let is_known = ["tcp", "udp", "icmp"].contains(&name) || SocketType::from_name(name).is_some();
            if is_known || (name == "all" && action == Action::Block) {
                return Ok(name.to_owned());
            }
            fault(
                format!(
                    "KubeArmor writes {} into the profile as it is, where AppArmor refuses it",
                    ticked(name)
                ),
                "write `tcp`, `udp`, `icmp`, `raw`, `stream`, `dgram`, `seqpacket`, `rdm` or `packet`",
            )
        }
        RuleKind::Capability => match Capability::from_name(word.text) {
            Some(capability) => Ok(capability.name().to_owned()),
            None => fault(
                format!("{} is no capability", ticked(word.text)),
                "write one such as `net_raw`, in lower case",
            ),
        },
    }
}
