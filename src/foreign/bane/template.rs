//! bane's template, filled in.
//!
//! Enters: what a file says. Leaves: the profile; or the first entry that the parser would refuse, or that would not stay
//! within its rule.

use super::form::{Entry, Form, List};
use super::remarks;
use crate::diag::one_line;
use crate::foreign::bare;
use crate::foreign::draft::Draft;
use crate::foreign::{NotTaken, WrittenProfile};
use crate::kernel::{Capability, SocketType};

/// What bane denies always, behind all else.
const TAIL: [&str; 16] = [
    "deny @{PROC}/* w,",
    "deny @{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w,",
    "deny @{PROC}/sys/[^k]** w,",
    "deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w,",
    "deny @{PROC}/sysrq-trigger rwklx,",
    "deny @{PROC}/mem rwklx,",
    "deny @{PROC}/kmem rwklx,",
    "deny @{PROC}/kcore rwklx,",
    "deny mount,",
    "deny /sys/[^f]*/** wklx,",
    "deny /sys/f[^s]*/** wklx,",
    "deny /sys/fs/[^c]*/** wklx,",
    "deny /sys/fs/c[^g]*/** wklx,",
    "deny /sys/fs/cg[^r]*/** wklx,",
    "deny /sys/firmware/efi/efivars/** rwklx,",
    "deny /sys/kernel/security/** rwklx,",
];

/// The profile of a file.
pub(super) fn write(form: &Form) -> Result<WrittenProfile, NotTaken> {
    let (name, line) = name(form.name.as_ref())?;
    let mut out = Draft::default();
    for entry in &form.imports.entries {
        out.put(import(entry, "Imports", true)?, Some(entry.line));
    }
    out.always("#include <tunables/global>");
    out.always("");
    out.put(&format!("profile {name} flags=(attach_disconnected,mediate_deleted) {{"), line);
    for entry in &form.inner_imports.entries {
        out.put(&format!("  {}", import(entry, "InnerImports", false)?), Some(entry.line));
    }
    out.always("  #include <abstractions/base>");
    network(form, &mut out)?;
    out.always("  file,");
    out.always("  umount,");
    paths(&form.read_only, "ReadOnlyPaths", &mut out, |path| format!("deny {path} wl,"))?;
    paths(&form.log_on_write, "LogOnWritePaths", &mut out, |path| format!("audit {path} w,"))?;
    paths(&form.writable, "WritablePaths", &mut out, |path| format!("{path} w,"))?;
    paths(&form.allow_exec, "AllowExec", &mut out, |path| format!("{path} ix,"))?;
    paths(&form.deny_exec, "DenyExec", &mut out, |path| format!("deny {path} mrwklx,"))?;
    capabilities(form, &mut out)?;
    for line in TAIL {
        out.always(&format!("  {line}"));
    }
    out.always("}");
    out.remarks = remarks::of(form);
    Ok(out.done(name))
}

fn network(form: &Form, out: &mut Draft) -> Result<(), NotTaken> {
    let Form { protocols, raw, packet, .. } = form;
    for entry in &protocols.entries {
        let word = entry.text.as_str();
        if !matches!(word, "tcp" | "udp" | "icmp") && SocketType::from_name(word).is_none() {
            return Err(NotTaken {
                line: Some(entry.line),
                wrong: format!(
                    "`{}` of `Protocols` is nothing that a network rule can name, so that the parser refuses the profile",
                    shown(word)
                ),
                help: "write `tcp`, `udp`, `icmp` or a type of sockets such as `stream`".to_owned(),
            });
        }
        out.put(&format!("  network inet {word},"), Some(entry.line));
    }
    if protocols.entries.is_empty() {
        out.put("  network,", protocols.line.or(form.network));
    }
    for (flag, word) in [(raw, "raw"), (packet, "packet")] {
        if !flag.is_some_and(|(flag, _)| flag) {
            out.put(&format!("  deny network {word},"), flag.map(|(_, line)| line));
        }
    }
    Ok(())
}

fn paths(list: &List, key: &str, out: &mut Draft, rule: impl Fn(&str) -> String) -> Result<(), NotTaken> {
    for entry in &list.entries {
        if let Some(fault) = bare::path_or_quoted(&entry.text) {
            return Err(NotTaken {
                line: Some(entry.line),
                wrong: format!("`{}` of `{key}` {}", shown(&entry.text), fault.is),
                help: fault.help.to_owned(),
            });
        }
        out.put(&format!("  {}", rule(&entry.text)), Some(entry.line));
    }
    Ok(())
}

/// `Allow` is written only where `Deny` is empty.
fn capabilities(form: &Form, out: &mut Draft) -> Result<(), NotTaken> {
    let (list, key, rule) = if form.deny.entries.is_empty() {
        (&form.allow, "Allow", "capability")
    } else {
        out.put("  capability,", form.deny.line);
        (&form.deny, "Deny", "deny capability")
    };
    for entry in &list.entries {
        if Capability::from_name(&entry.text).is_none() {
            return Err(no_capability(entry, key));
        }
        out.put(&format!("  {rule} {},", entry.text), Some(entry.line));
    }
    Ok(())
}

fn no_capability(entry: &Entry, key: &str) -> NotTaken {
    let help = match Capability::from_name(&Capability::bare(&entry.text)) {
        Some(known) => format!("write `{}`, as AppArmor does", known.name()),
        None => "take it out, or write the name of a capability, such as `chown`".to_owned(),
    };
    NotTaken {
        line: Some(entry.line),
        wrong: format!(
            "`{}` of `{key}` is no capability to AppArmor, so that the parser refuses the profile",
            shown(&entry.text)
        ),
        help,
    }
}

/// The name in the kernel, and its line.
fn name(given: Option<&Entry>) -> Result<(String, Option<usize>), NotTaken> {
    let text = given.map_or("", |entry| entry.text.as_str());
    let line = given.map(|entry| entry.line);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._+~-".contains(c);
    if text.len() > 200 || !text.chars().all(is_plain) {
        return Err(NotTaken {
            line,
            wrong: format!("`{}` is no name that bane can give a profile", shown(text)),
            help: "write letters, digits, `.`, `_`, `+`, `~` and `-` alone, at most 200 of them".to_owned(),
        });
    }
    Ok((if text.starts_with("docker-") { text.to_owned() } else { format!("docker-{text}") }, line))
}

/// A line that bane copies as it is: an include, or above the profile the abi.
fn import<'e>(entry: &'e Entry, key: &str, above: bool) -> Result<&'e str, NotTaken> {
    let text = entry.text.as_str();
    let include = text.strip_prefix('#').unwrap_or(text).strip_prefix("include ");
    let include = include.map(|rest| rest.strip_prefix("if exists ").unwrap_or(rest));
    let abi = text.strip_prefix("abi ").and_then(|rest| rest.strip_suffix(',')).filter(|_| above);
    let file =
        include.or(abi).and_then(|rest| rest.strip_prefix('<')).and_then(|rest| rest.strip_suffix('>'));
    let is_file = |file: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/+-".contains(c);
        !file.is_empty() && !file.starts_with('/') && !file.contains("..") && file.chars().all(is_plain)
    };
    if file.is_some_and(is_file) {
        return Ok(text);
    }
    Err(NotTaken {
        line: Some(entry.line),
        wrong: format!("`{}` of `{key}` is copied into the profile as it is, and is no include", shown(text)),
        help:
            "write `#include <abstractions/NAME>`, or take it out and give its rules to the policy afterwards"
                .to_owned(),
    })
}

fn shown(text: &str) -> String {
    one_line(text.chars().take(200).collect())
}
