//! The profiles of the security-profiles-operator.
//!
//! Enters: an `AppArmorProfile`. Leaves: the profile that the operator's template writes of it, without its comments and
//! empty lines. Read from `crd2armor.go` of August 2026, and from older versions where these took other keys: `policy`
//! until December 2024, `complainMode` and `disabled` until June 2026.

mod clashes;

use super::fields::{Fields, Word};
use super::{fields, ticked, verbatim};
use crate::foreign::draft::Draft;
use crate::foreign::yaml::Node;
use crate::foreign::{NotTaken, Remark, Weight, WrittenProfile};
use crate::kernel::Capability;

const TOOL: &str = "the security-profiles-operator";

/// What the operator denies in every profile that is enforced.
const DENIED: [&str; 9] = [
    "  deny @{PROC}/* w,",
    "  deny @{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w,",
    "  deny @{PROC}/sys/[^k]** w,",
    "  deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w,",
    "  deny @{PROC}/sysrq-trigger rwklx,",
    "  deny @{PROC}/mem rwklx,",
    "  deny @{PROC}/kmem rwklx,",
    "  deny @{PROC}/kcore rwklx,",
    "  deny /sys/firmware/efi/efivars/** rwklx,",
];

/// The profile of an `AppArmorProfile` of some name.
pub(super) fn profile(document: &Node, name: Word<'_>) -> Result<WrittenProfile, NotTaken> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    if !name.text.chars().all(is_plain) {
        return Err(NotTaken {
            line: Some(name.line),
            wrong: format!("{} is no name that {TOOL} takes", ticked(name.text)),
            help: "write letters, digits, `_`, `.`, `/` and `-`".to_owned(),
        });
    }
    let mut draft = Draft::default();
    let mut known = vec!["spec", "status"];
    known.extend(super::HEAD);
    draft.remarks.extend(Fields::of(document, document.line, "an `AppArmorProfile`")?.strangers(&known));
    if document
        .get("metadata")
        .and_then(|at| at.value.get("labels")?.value.get("spo.x-k8s.io/partial"))
        .is_some()
    {
        draft.say(
            Weight::Note,
            Some(name.line),
            "it is one part of a recording, which the operator does not load",
        );
    }
    let Some(spec) = document.get("spec") else {
        return Err(NotTaken {
            line: Some(name.line),
            wrong: "the `AppArmorProfile` has no `spec`".to_owned(),
            help: "write what it allows under `spec.abstract`".to_owned(),
        });
    };
    let spec = Fields::of(&spec.value, spec.line, "`spec`")?;
    draft.remarks.extend(spec.strangers(&[
        "abstract",
        "policy",
        "mode",
        "complainMode",
        "state",
        "disabled",
    ]));
    let complains = complains(&spec)?;
    draft.remarks.extend(disabled(&spec)?);
    if let Some(policy) = spec.at("policy") {
        if let Some(other) = spec.at("abstract") {
            let text =
                "`abstract` is not read beside `policy`, which the operator takes if both come to the same";
            draft.say(Weight::Dropped, Some(other.line), text.to_owned());
        }
        let mut written = verbatim::whole(policy, name.text)?;
        written.remarks.extend(draft.remarks);
        return Ok(written);
    }
    let parts = match spec.section("abstract")? {
        Some(whole) => Parts::read(&whole, &mut draft)?,
        None => Parts::default(),
    };
    parts.write(name.text, complains, &mut draft)?;
    Ok(draft.done(name.text))
}

/// Whether the profile only logs.
fn complains(spec: &Fields<'_>) -> Result<bool, NotTaken> {
    let old = spec.truth("complainMode")?.unwrap_or(false);
    match spec.text("mode")? {
        None => Ok(old),
        Some(Word { text: "Complain", .. }) => Ok(true),
        Some(Word { text: "Enforce", .. }) => Ok(old),
        Some(word) => Err(NotTaken {
            line: Some(word.line),
            wrong: format!("{} is no mode", ticked(word.text)),
            help: "write `Enforce` or `Complain`".to_owned(),
        }),
    }
}

fn disabled(spec: &Fields<'_>) -> Result<Option<Remark>, NotTaken> {
    let state = spec.text("state")?;
    if let Some(word) = state.filter(|word| !["Enabled", "Disabled"].contains(&word.text)) {
        return Err(NotTaken {
            line: Some(word.line),
            wrong: format!("{} is no state", ticked(word.text)),
            help: "write `Enabled` or `Disabled`".to_owned(),
        });
    }
    let line = match (spec.truth("disabled")?, state) {
        (Some(true), _) => spec.at("disabled").map(|entry| entry.line),
        (_, Some(word)) if word.text == "Disabled" => Some(word.line),
        _ => return Ok(None),
    };
    let text = "it is disabled: the operator loads it on no node until it is enabled".to_owned();
    Ok(Some(Remark { weight: Weight::Note, line, text }))
}

/// What an abstract allows.
#[derive(Debug, Default)]
struct Parts<'a> {
    executables: Vec<Word<'a>>,
    libraries: Vec<Word<'a>>,
    read_only: Vec<Word<'a>>,
    write_only: Vec<Word<'a>>,
    read_write: Vec<Word<'a>>,
    network: Option<Network>,
    capabilities: Vec<Word<'a>>,
}

/// Lines of the keys that allow something; of `allowRaw` whether it allows too.
#[derive(Debug)]
struct Network {
    raw: (bool, usize),
    tcp: Option<usize>,
    udp: Option<usize>,
}

impl<'a> Parts<'a> {
    fn read(whole: &Fields<'a>, draft: &mut Draft) -> Result<Parts<'a>, NotTaken> {
        let mut parts = Parts::default();
        draft.remarks.extend(whole.strangers(&["executable", "filesystem", "network", "capability"]));
        if let Some(section) = whole.section("executable")? {
            draft.remarks.extend(section.strangers(&["allowedExecutables", "allowedLibraries"]));
            parts.executables = section.texts("allowedExecutables")?;
            parts.libraries = section.texts("allowedLibraries")?;
        }
        if let Some(section) = whole.section("filesystem")? {
            draft.remarks.extend(section.strangers(&["readOnlyPaths", "writeOnlyPaths", "readWritePaths"]));
            parts.read_only = section.texts("readOnlyPaths")?;
            parts.write_only = section.texts("writeOnlyPaths")?;
            parts.read_write = section.texts("readWritePaths")?;
        }
        if let Some(section) = whole.section("network")? {
            draft.remarks.extend(section.strangers(&["allowRaw", "allowedProtocols"]));
            let raw = match section.truth("allowRaw")? {
                Some(raw) => (raw, section.at("allowRaw").map_or(section.line, |entry| entry.line)),
                None => (false, section.line),
            };
            let protocols = section.section("allowedProtocols")?;
            if let Some(protocols) = &protocols {
                draft.remarks.extend(protocols.strangers(&["allowTcp", "allowUdp"]));
            }
            let allowed = |key: &str| match &protocols {
                Some(of) if of.truth(key)? == Some(true) => Ok(of.at(key).map(|entry| entry.line)),
                Some(_) | None => Ok(None),
            };
            parts.network = Some(Network { raw, tcp: allowed("allowTcp")?, udp: allowed("allowUdp")? });
        }
        if let Some(section) = whole.section("capability")? {
            draft.remarks.extend(section.strangers(&["allowedCapabilities"]));
            parts.capabilities = section.texts("allowedCapabilities")?;
        }
        Ok(parts)
    }

    fn write(&self, name: &str, complains: bool, draft: &mut Draft) -> Result<(), NotTaken> {
        let mode = if complains { "complain" } else { "enforce" };
        [
            "#include <tunables/global>",
            &format!("profile {name} flags=({mode},attach_disconnected,mediate_deleted) {{"),
            "  #include <abstractions/base>",
        ]
        .into_iter()
        .for_each(|line| draft.always(line));
        let raw_io = self.capabilities.iter().find(|word| word.text == "sys_rawio");
        list(draft, &self.executables, "", "ixr")?;
        list(draft, &self.libraries, "", "mr")?;
        if let Some(word) = raw_io {
            draft.put("  /sbin/fsck ixr,", Some(word.line));
            draft.put("  /sbin/fsck.ext4 ixr,", Some(word.line));
        }
        list(draft, &self.read_only, "", "r")?;
        if !complains {
            list(draft, &self.read_only, "deny ", "wlk")?;
        }
        list(draft, &self.write_only, "", "wlk")?;
        if !complains {
            list(draft, &self.write_only, "deny ", "r")?;
        }
        list(draft, &self.read_write, "", "rwlk")?;
        if let Some(network) = &self.network {
            match network.raw {
                (true, line) => draft.put("  network raw,", Some(line)),
                (false, line) if !complains => draft.put("  deny network raw,", Some(line)),
                (false, _) => {}
            }
            for (line, rule) in [(network.tcp, "  network tcp,"), (network.udp, "  network udp,")] {
                if let Some(line) = line {
                    draft.put(rule, Some(line));
                }
            }
        }
        for word in &self.capabilities {
            draft.put(&format!("  capability {},", capability(*word)?), Some(word.line));
        }
        if let Some(word) = raw_io {
            let mounts = ["  mount,", "  remount,", "  umount,"];
            mounts.iter().for_each(|rule| draft.put(rule, Some(word.line)));
            let text = "with `sys_rawio` the operator also allows every mount and `fsck`";
            draft.say(Weight::Note, Some(word.line), text.to_owned());
        }
        if !complains {
            DENIED.into_iter().for_each(|line| draft.always(line));
            draft.remarks.extend(clashes::all(self));
        }
        draft.always("}");
        self.newer(draft);
        Ok(())
    }

    /// What only older versions write.
    fn newer(&self, draft: &mut Draft) {
        let lists = [&self.executables, &self.libraries, &self.read_only, &self.write_only, &self.read_write];
        let is_taken = |word: &Word<'_>| {
            word.text.chars().all(|c| c.is_ascii_alphanumeric() || "/_.*?+@{}-".contains(c))
        };
        let mut paths = lists.into_iter().flatten().filter(|word| ptrace(word.text).is_none());
        if let Some(word) = paths.find(|word| !is_taken(word) || !word.text.starts_with('/')) {
            let text =
                format!("versions from June 2026 on refuse {}, with the whole profile", ticked(word.text));
            draft.say(Weight::Note, Some(word.line), text);
        }
    }
}

/// The rules of a list.
fn list(draft: &mut Draft, words: &[Word<'_>], before: &str, access: &str) -> Result<(), NotTaken> {
    for word in words {
        match ptrace(word.text) {
            Some(rule) => draft.put(&format!("  {before}{rule},"), Some(word.line)),
            None => {
                draft.put(&format!("  {before}{} {access},", fields::path(*word, TOOL)?), Some(word.line))
            }
        }
    }
    Ok(())
}

/// The one rule that the operator lets through in a path: about tracing, with a comment that hides what it puts behind.
fn ptrace(text: &str) -> Option<String> {
    let (access, behind) = text.strip_prefix("ptrace")?.trim_start().strip_prefix('(')?.split_once("),")?;
    let is_comment = |text: &str| {
        text.strip_prefix('#')
            .is_some_and(|text| !text.starts_with("include") && !text.contains(char::is_control))
    };
    let is_word = !access.is_empty() && access.chars().all(|c| c.is_ascii_alphabetic());
    (is_word && is_comment(behind.trim_start())).then(|| format!("ptrace ({access})"))
}

/// As it is written: AppArmor knows capabilities in lower case only.
fn capability(word: Word<'_>) -> Result<&str, NotTaken> {
    let name = word.text.trim();
    let fault = |wrong: String, help: String| NotTaken { line: Some(word.line), wrong, help };
    match (Capability::from_name(name), Capability::from_name(&Capability::bare(name))) {
        (Some(_), _) => Ok(name),
        (None, Some(meant)) => Err(fault(
            format!("{} is no capability to AppArmor as it is written", ticked(word.text)),
            format!("write `{}`", meant.name()),
        )),
        (None, None) => Err(fault(
            format!("{} is no capability", ticked(word.text)),
            "write one such as `net_bind_service`".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests;
