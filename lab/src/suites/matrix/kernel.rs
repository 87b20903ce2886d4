//! Capabilities, sockets, operations and limits: each granted, not granted, and denied where all are granted.

use super::Plan;
use crate::Result;
use crate::access::{self, words};
use crate::check::{Check, Judge, allowed_is};
use aapol::kernel::{Capability, Family, Operation};
use probe::{Outcome, Trial};

/// What trying a capability needs besides: files that only it opens, sockets that only it binds.
const BESIDES: &str = "[filesystem]\nread-only = [\"/proc/kcore\", \"/proc/kmsg\", \"/proc/[0-9]*/exe\"]\nread-write = [\"/tmp/\"]\n\
                       [network]\nallow = [\"inet\", \"unix\"]\n";

pub(super) fn plan(plan: &mut Plan<'_>) -> Result<()> {
    capabilities(plan)?;
    sockets(plan)?;
    operations(plan)?;
    limits(plan)
}

fn capabilities(plan: &mut Plan<'_>) -> Result<()> {
    let kernel = plan.generation.kernel_version.as_str();
    let names: Vec<&str> = Capability::all().map(Capability::name).collect();
    let tried: Vec<&str> =
        names.into_iter().filter(|name| access::trial("", &format!("capability {name}")).is_some()).collect();
    for (number, name) in tried.iter().enumerate() {
        let others = [tried.get(number + 1), tried.get(number + 7), tried.first()];
        let neighbours: Vec<&str> =
            others.into_iter().flatten().copied().filter(|other| other != name).collect();
        for (section, own, other) in [
            (format!("allow = [\"{name}\"]"), true, false),
            (String::new(), false, false),
            (format!("default = \"allow\"\ndeny = [\"{name}\"]"), false, true),
        ] {
            let Some(policy) = plan.policy(&format!("{BESIDES}[capabilities]\n{section}\n"))? else {
                continue;
            };
            let mut one = |capability: &str, allowed: bool| {
                if let Some(trial) = access::trial(&policy, &format!("capability {capability}")) {
                    let what = format!("capabilities {section:?}: {capability}");
                    plan.add(Check::trial(what, &policy, trial, allowed_is(allowed)));
                }
            };
            one(name, own || other && stands_in(name, kernel).is_some());
            for neighbour in &neighbours {
                one(neighbour, other || own && stands_in(neighbour, kernel) == Some(name));
            }
        }
    }
    Ok(())
}

/// The capability that the kernel takes in place of this one.
fn stands_in(capability: &str, kernel: &str) -> Option<&'static str> {
    match capability {
        "dac_read_search" => Some("dac_override"),
        // Of old; later kernels have dropped it.
        "syslog" if kernel == "6.1" => Some("sys_admin"),
        _ => None,
    }
}

fn sockets(plan: &mut Plan<'_>) -> Result<()> {
    let families: Vec<Family> = Family::all().collect();
    for (number, family) in families.iter().enumerate() {
        let name = family.name();
        let kinds: Vec<String> =
            family.types().iter().map(|kind| format!("{name}/{}", kind.name())).collect();
        let next = families.get(number + 1).or(families.first()).unwrap_or(family);
        let neighbour = next.types().first().map(|kind| format!("{}/{}", next.name(), kind.name()));
        for (section, own, other) in [
            (format!("allow = [\"{name}\"]"), true, false),
            (format!("default = \"allow\"\ndeny = [\"{name}\"]"), false, true),
        ] {
            // Where all sockets are open, the baseline denies the kernel's cryptography.
            let beside = other && next.name() != "alg";
            let pairs =
                kinds.iter().map(|kind| (kind, own)).chain(neighbour.iter().map(|kind| (kind, beside)));
            section_of_sockets(plan, &section, pairs)?;
        }
        // One type of the family, and its others.
        if let (Some(first), true) = (kinds.first(), kinds.len() > 1) {
            let granted = kinds.iter().map(|kind| (kind, kind == first));
            section_of_sockets(plan, &format!("allow = [\"{first}\"]"), granted)?;
            let denied = kinds.iter().map(|kind| (kind, kind != first));
            section_of_sockets(plan, &format!("default = \"allow\"\ndeny = [\"{first}\"]"), denied)?;
        }
    }
    let pairs = ["inet/stream", "inet6/stream", "inet/dgram", "inet6/dgram", "unix/stream", "unix/dgram"];
    for pair in pairs {
        let Some(policy) = plan.policy(&format!("[network]\nallow = [\"{pair}\"]\n"))? else { continue };
        for other in pairs {
            let trial = Trial { profile: policy.clone(), words: words(&["talk", other]), ..Trial::default() };
            plan.add(Check::trial(
                format!("allow {pair}: talk {other}"),
                &policy,
                trial,
                allowed_is(pair == other),
            ));
        }
    }
    let every: Vec<(String, bool)> = ["inet/raw", "inet6/raw", "packet/raw", "inet/stream", "unix/dgram"]
        .iter()
        .map(|pair| ((*pair).to_owned(), pair.ends_with("/raw")))
        .collect();
    section_of_sockets(plan, "allow = [\"*/raw\"]", every.iter().map(|(pair, allowed)| (pair, *allowed)))
}

fn section_of_sockets<'s>(
    plan: &mut Plan<'_>,
    section: &str,
    pairs: impl Iterator<Item = (&'s String, bool)>,
) -> Result<()> {
    let Some(policy) = plan.policy(&format!("[network]\n{section}\n"))? else { return Ok(()) };
    for (pair, allowed) in pairs {
        if let Some(trial) = access::trial(&policy, &format!("network {pair}")) {
            plan.add(Check::trial(
                format!("network {section:?}: {pair}"),
                &policy,
                trial,
                allowed_is(allowed),
            ));
        }
    }
    Ok(())
}

fn operations(plan: &mut Plan<'_>) -> Result<()> {
    for operation in Operation::ALL {
        let name = operation.name();
        if access::trial("", &format!("operation {name}")).is_none() {
            continue;
        }
        let besides = format!(
            "abi = \"{}\"\n[capabilities]\nallow = [\"sys_admin\", \"sys_ptrace\"]\n",
            operation.since().name()
        );
        for (section, allowed) in [
            (format!("allow = [\"{name}\"]"), true),
            (String::new(), false),
            (format!("default = \"allow\"\ndeny = [\"{name}\"]"), false),
        ] {
            // Denying remounts beside granted mounts is an error: kernel 6.1 cannot keep them apart.
            if operation == Operation::Remount && section.starts_with("default") {
                continue;
            }
            let Some(policy) = plan.policy(&format!("{besides}[operations]\n{section}\n"))? else { continue };
            for other in Operation::ALL {
                let Some(trial) = access::trial(&policy, &format!("operation {}", other.name())) else {
                    continue;
                };
                let judged = if plan.generation.mediates(other) {
                    judge(operation, other, allowed, section.starts_with("default"))
                } else {
                    // A message queue is a file then, by the name `/NAME`, and nothing grants that here.
                    Some(other != Operation::Mqueue)
                };
                if let Some(allowed) = judged {
                    let what = format!("operations {section:?}: {}", other.name());
                    plan.add(Check::trial(what, &policy, trial, allowed_is(allowed)));
                }
            }
        }
    }
    Ok(())
}

/// Whether `other` is allowed beside a section about `own`; None where the section's ABI does not decide.
fn judge(own: Operation, other: Operation, allowed: bool, rest: bool) -> Option<bool> {
    if other.since() > own.since() {
        return None;
    }
    if own == other || other.part_of() == Some(own) {
        return Some(allowed);
    }
    Some(rest)
}

fn limits(plan: &mut Plan<'_>) -> Result<()> {
    for (name, value, want) in [
        ("nofile", "64", "64 64"),
        ("nproc", "100", "100 100"),
        ("fsize", "1M", "1048576 1048576"),
        ("core", "0", "0 0"),
        // The kernel puts this one back to what it was whenever a program starts (see finalize_exec).
        ("stack", "1M", "8388608 18446744073709551615"),
        ("data", "512M", "536870912 536870912"),
        ("memlock", "64K", "65536 65536"),
        ("cpu", "10min", "600 600"),
        ("sigpending", "7", "7 7"),
        ("rtprio", "0", "0 0"),
    ] {
        let text = format!("[capabilities]\nallow = [\"sys_resource\"]\n[limits]\n{name} = \"{value}\"\n");
        let Some(policy) = plan.policy(&text)? else { continue };
        let trial =
            |verb: &str| Trial { profile: policy.clone(), words: words(&[verb, name]), ..Trial::default() };
        plan.add(Check::trial(format!("limits {name} = {value}"), &policy, trial("limit"), saw(want)));
        // The capability alone would raise it.
        let what = format!("limits {name} = {value}: raising it");
        plan.add(Check::trial(what, &policy, trial("raise-limit"), allowed_is(false)));
    }
    Ok(())
}

/// It must be done, and see this.
pub(super) fn saw(want: &'static str) -> Judge {
    Box::new(move |answer| {
        let is_seen = matches!(&answer.outcome, Outcome::Done(seen) if seen == want);
        if is_seen { Ok(()) } else { Err(format!("must see `{want}`, and was {:?}", answer.outcome)) }
    })
}
