//! Reads values: strings of the policy become paths, capabilities, sockets. What cannot be read is reported
//! and left out.

mod paths;
pub(super) mod pod;
mod words;

use super::lints::{invalid_abstraction, invalid_expectation, invalid_limit, invalid_name, invalid_raw_rule};
use super::resolved::{Entry, Expectation, Listed, PathEntry, PathKey, Resolved, Setting};
use crate::diag::Findings;
use crate::kernel::Limit;
use crate::policy::{At, FileDefault, Policy, Posture, Text};

/// Reads the whole policy.
pub(super) fn read(policy: &Policy, found: &mut Findings) -> Resolved {
    let mut refused = Findings::default();
    let mut resolved = values(policy, &mut refused);
    resolved.is_complete = policy.left_out.is_empty() && !refused.has_errors();
    found.append(refused);
    resolved
}

/// The values that can be read. What is found here is about those that cannot.
fn values(policy: &Policy, found: &mut Findings) -> Resolved {
    invalid_name::check(&policy.name, found);
    let description = policy.description.as_ref().filter(|text| words::is_plain(text, "\n", found));
    let posture = setting(policy.default.as_ref());
    let files = files(policy, posture);
    let pod = pod::read(policy, found);
    let mounted = pod::projected_mounts(&pod);
    let projected: Vec<&str> = mounted.iter().map(String::as_str).collect();
    let paths = path_lists(policy)
        .into_iter()
        .flat_map(|(key, list)| list.iter().map(move |text| (key, text)))
        .filter_map(|(key, text)| {
            let deny = key.deny(files.value);
            let glob = paths::read(text, key, !deny.is_empty(), &projected, found)?;
            Some(PathEntry {
                key,
                text: text.value.clone(),
                place: text.place,
                glob,
                grant: key.grant(),
                deny,
            })
        })
        .collect();
    let mut expectations = Vec::new();
    for (list, allowed) in [(&policy.expect.allow, true), (&policy.expect.deny, false)] {
        for text in list {
            let request = invalid_expectation::check(text, found);
            expectations.extend(request.map(|request| Expectation {
                allowed,
                request,
                text: text.value.clone(),
                place: text.place,
            }));
        }
    }
    let (capabilities, network, operations) = (&policy.capabilities, &policy.network, &policy.operations);
    Resolved {
        name: policy.name.clone(),
        description: description.map(|text| text.value.clone()),
        mode: setting(policy.mode.as_ref()),
        audit: setting(policy.audit.as_ref()),
        abi: Setting {
            value: policy.abi.as_ref().map(|abi| **abi).unwrap_or_default().abi(),
            place: policy.abi.as_ref().map(|abi| abi.place),
        },
        baseline: setting(policy.baseline.as_ref()),
        bundles: entries(&policy.bundles, words::bundle, found),
        is_abstract: policy.r#abstract.as_ref().is_some_and(|is| **is),
        abstractions: kept(&policy.abstractions, invalid_abstraction::check, found),
        raw_rules: kept(&policy.raw_rules, invalid_raw_rule::check, found),
        files,
        exec: section(policy.exec.default.as_ref(), posture),
        paths,
        capabilities: Listed {
            default: section(capabilities.default.as_ref(), posture),
            allow: entries(&capabilities.allow, words::capability, found),
            deny: entries(&capabilities.deny, words::capability, found),
        },
        network: Listed {
            default: section(network.default.as_ref(), posture),
            allow: entries(&network.allow, words::socket, found),
            deny: entries(&network.deny, words::socket, found),
        },
        operations: Listed {
            // What opens files and sockets does not open the machine: operations are granted by their own words.
            default: setting(operations.default.as_ref()),
            allow: entries(&operations.allow, words::operation, found),
            deny: entries(&operations.deny, words::operation, found),
        },
        limits: limits(policy, found),
        expectations,
        pod,
        is_complete: true,
    }
}

/// The lists of paths, in the order of the table that gives them their meaning.
fn path_lists(policy: &Policy) -> [(PathKey, &Vec<Text>); 9] {
    PathKey::ALL.map(|key| {
        let list = match key {
            PathKey::ReadOnly => &policy.filesystem.read_only,
            PathKey::ReadWrite => &policy.filesystem.read_write,
            PathKey::WriteOnly => &policy.filesystem.write_only,
            PathKey::List => &policy.filesystem.list,
            PathKey::DenyWrite => &policy.filesystem.deny_write,
            PathKey::Deny => &policy.filesystem.deny,
            PathKey::ExecAllow => &policy.exec.allow,
            PathKey::ExecDeny => &policy.exec.deny,
            PathKey::Library => &policy.exec.libraries,
        };
        (key, list)
    })
}

fn setting<T: Copy + Default>(value: Option<&At<T>>) -> Setting<T> {
    Setting { value: value.map(|at| at.value).unwrap_or_default(), place: value.map(|at| at.place) }
}

/// A section's posture: its own, or the policy's.
fn section(own: Option<&At<Posture>>, policy: Setting<Posture>) -> Setting<Posture> {
    match own {
        Some(_) => setting(own),
        None => policy,
    }
}

fn files(policy: &Policy, posture: Setting<Posture>) -> Setting<FileDefault> {
    match &policy.filesystem.default {
        Some(own) => setting(Some(own)),
        None => Setting {
            value: match posture.value {
                Posture::Deny => FileDefault::Deny,
                Posture::Allow => FileDefault::Allow,
            },
            place: posture.place,
        },
    }
}

fn entries<T>(
    list: &[Text],
    read: fn(&Text, &mut Findings) -> Option<T>,
    found: &mut Findings,
) -> Vec<Entry<T>> {
    list.iter()
        .filter_map(|text| {
            Some(Entry { value: read(text, found)?, text: text.value.clone(), place: text.place })
        })
        .collect()
}

fn kept(list: &[Text], fits: fn(&Text, &mut Findings) -> bool, found: &mut Findings) -> Vec<Text> {
    list.iter().filter(|text| fits(text, found)).cloned().collect()
}

fn limits(policy: &Policy, found: &mut Findings) -> Vec<(Limit, Text)> {
    policy
        .limits
        .set()
        .filter(|(limit, text)| invalid_limit::check(*limit, text, found))
        .map(|(limit, text)| (limit, text.clone()))
        .collect()
}
