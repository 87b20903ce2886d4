//! What the templates see: finished strings in the order in which they stand, and rules as data beside them.
//!
//! The sentence above each field is its line in `docs/templates.md`, which a test compares.

mod manifest;

pub use manifest::template;

use crate::diag::{Place, Sources, shown};
use crate::kernel::{Access, Socket};
use crate::plan::{Plan, Summary};
use crate::policy::{Audit, Baseline, Mode};
use crate::rules::{self, CapabilityRule, FileRule, LimitRule, NetworkRule, Rule};
use manifest::ManifestView;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// What every template sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct View {
    /// What the policy says of itself, its defaults filled in. These are plain texts of one line.
    policy: PolicyView,
    /// The AppArmor profile, in finished lines of the profile language.
    profile: ProfileView,
    /// The Kubernetes manifest, its values quoted for YAML where they need it. A text of several lines is a block,
    /// indented by two.
    manifest: ManifestView,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PolicyView {
    /// The policy's name.
    name: String,
    /// Its description, in one line; none where it has none.
    description: Option<String>,
    /// `enforce`, `complain` or `kill`.
    mode: &'static str,
    /// What is logged: `denials`, `quiet` or `all`.
    audit: &'static str,
    /// The AppArmor version that the profile is written against, such as `3.0`.
    abi: &'static str,
    /// `container` or `none`.
    baseline: &'static str,
    /// The names of its bundles.
    bundles: Vec<&'static str>,
    /// The names of the containers that the profile confines.
    containers: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ProfileView {
    /// The profile's name in the kernel.
    name: String,
    /// What is said at its head, line by line, without `#`. By the first line the file is known again as rendered.
    header: Vec<String>,
    /// As `policy.abi`.
    abi: &'static str,
    /// Its flags, with commas between them.
    flags: String,
    /// Whether `tunables/global` is to be included, since variables are used.
    tunables: bool,
    /// The abstractions to include, by name.
    includes: Vec<String>,
    /// Its rules, group by group.
    groups: Vec<GroupView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct GroupView {
    /// Where the rules come from, and what they are for.
    comment: String,
    /// Its rules; empty where the group is there to say that nothing is granted.
    rules: Vec<RuleView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RuleView {
    /// The finished rule, with its comma.
    line: String,
    // The built-in templates read the line alone: the rest is there where others may.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    data: Option<RuleData>,
}

/// A rule as data.
#[derive(Debug, Serialize, JsonSchema)]
struct RuleData {
    #[serde(flatten)]
    about: About,
    /// `allow` or `deny`; none for a raw rule, whose line alone says it.
    decides: Option<&'static str>,
    /// Whether a denial is logged; none for a raw rule. That all is logged which is allowed is a flag of the profile.
    audit: Option<bool>,
    /// The comment of its group.
    reason: String,
    /// The lines of the policy that it comes from, such as `policy.toml:12`, as seen from the policy's folder; empty
    /// where it is the baseline's.
    places: Vec<String>,
}

/// What a rule is about.
#[derive(Debug, Serialize, JsonSchema)]
struct About {
    /// `file`, `capability`, `network`, `operation`, `signal`, `ptrace`, `limit` or `raw`.
    kind: &'static str,
    /// Of a rule about files: the pattern, without quotes; none where it is about every file.
    path: Option<String>,
    /// Of others: the capability, `FAMILY/TYPE`, the operation's rule, the label of the other process, or the limit; none
    /// where it is about all of them.
    name: Option<String>,
    /// What may be done: letters such as `rwk` for files, words such as `send,receive` between processes, the value of a
    /// limit; none where there is nothing to be chosen.
    access: Option<String>,
}

/// The view of a plan; rules are there as data only where that is asked for.
pub fn view(plan: &Plan, sources: &Sources, with_data: bool) -> View {
    let places = Places { sources, with_data };
    View {
        policy: policy(plan.policy()),
        profile: profile(plan.profile(), &places),
        manifest: manifest::view(plan.pod()),
    }
}

fn policy(policy: &Summary) -> PolicyView {
    let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    PolicyView {
        name: policy.name.clone(),
        description: policy.description.as_ref().map(one_line),
        mode: match policy.mode {
            Mode::Enforce => "enforce",
            Mode::Complain => "complain",
            Mode::Kill => "kill",
        },
        audit: match policy.audit {
            Audit::Denials => "denials",
            Audit::Quiet => "quiet",
            Audit::All => "all",
        },
        abi: policy.abi.name(),
        baseline: match policy.baseline {
            Baseline::Container => "container",
            Baseline::None => "none",
        },
        bundles: policy.bundles.clone(),
        containers: policy.containers.clone(),
    }
}

fn profile(profile: &rules::Profile, places: &Places<'_>) -> ProfileView {
    let rule = |rule: &Rule, reason: &str| RuleView {
        line: rule.to_string(),
        data: places.with_data.then(|| RuleData {
            about: about(rule),
            decides: (!is_raw(rule)).then_some(if rule.allows() { "allow" } else { "deny" }),
            audit: (!is_raw(rule)).then_some(rule.qualifiers.audit),
            reason: reason.to_owned(),
            places: places.lines(&rule.from),
        }),
    };
    let group = |block: &rules::Block| GroupView {
        comment: block.comment.clone(),
        rules: block.rules.iter().map(|one| rule(one, &block.comment)).collect(),
    };
    ProfileView {
        name: profile.name.clone(),
        header: profile.header.clone(),
        abi: profile.abi.name(),
        flags: profile.flags.join(","),
        tunables: profile.tunables,
        includes: profile.abstractions.iter().map(|name| name.value.clone()).collect(),
        groups: profile.blocks.iter().map(group).collect(),
    }
}

fn is_raw(rule: &Rule) -> bool {
    matches!(rule.kind, rules::Kind::Raw(_))
}

/// What a rule is about, as data.
fn about(rule: &Rule) -> About {
    let of = |kind, name: Option<String>, access: Option<String>| About { kind, path: None, name, access };
    match &rule.kind {
        rules::Kind::Limit(LimitRule { limit, value }) => {
            of("limit", Some(limit.name().to_owned()), Some(value.clone()))
        }
        rules::Kind::Capability(CapabilityRule::All) => of("capability", None, None),
        rules::Kind::Capability(CapabilityRule::One(one)) => {
            of("capability", Some(one.name().to_owned()), None)
        }
        rules::Kind::Network(NetworkRule::Sockets { socket: sockets, .. }) => {
            of("network", socket(*sockets), None)
        }
        rules::Kind::Network(NetworkRule::Obsolete(words)) => of("network", Some(words.clone()), None),
        rules::Kind::Unix(_) => of("unix", None, None),
        rules::Kind::Operation(rule) => {
            of("operation", Some(rule.to_string().trim_end_matches(',').to_owned()), None)
        }
        rules::Kind::Process(rule) => {
            let kind = if rule.is_signal() { "signal" } else { "ptrace" };
            of(kind, rule.peer.as_ref().map(|peer| peer.text().to_owned()), rule.access())
        }
        rules::Kind::ChangeProfile(_) => of("change_profile", None, None),
        rules::Kind::File(FileRule::All) => of("file", None, Some(Access::ALL.to_string())),
        rules::Kind::File(FileRule::Paths { paths, access, .. }) => {
            About { path: Some(paths.text().to_owned()), ..of("file", None, Some(access.to_string())) }
        }
        rules::Kind::Link(link) => About { path: Some(link.new.text().to_owned()), ..of("link", None, None) },
        rules::Kind::Everything => of("all", None, None),
        rules::Kind::Child(child) => of("profile", Some(child.head.name.clone()), None),
        rules::Kind::Raw(_) => of("raw", None, None),
    }
}

/// Sockets in a policy's words; none where all are meant.
fn socket(socket: Socket) -> Option<String> {
    let family = socket.family.map(|family| family.name());
    match (family, socket.kind) {
        (None, None) => None,
        (Some(family), None) => Some(family.to_owned()),
        (family, Some(kind)) => Some(format!("{}/{}", family.unwrap_or("*"), kind.name())),
    }
}

/// How lines of the policy are named.
struct Places<'a> {
    sources: &'a Sources,
    with_data: bool,
}

impl Places<'_> {
    /// The lines of some places, in the order of the texts, as the policy's own folder sees their files: wherever that
    /// folder is, the same policy gives the same.
    fn lines(&self, places: &[Place]) -> Vec<String> {
        let own = self.sources.iter().next().and_then(|own| own.path.parent()).unwrap_or(Path::new(""));
        let places: BTreeSet<Place> = places.iter().copied().collect();
        let named = places.into_iter().filter_map(|place| {
            let (source, range) = self.sources.locate(place)?;
            // What comes by a stream has another name each time.
            let is_stream = ["/dev", "/proc"].iter().any(|folder| source.path.starts_with(folder));
            let path = if is_stream { Path::new("-") } else { source.path.as_path() };
            let file = shown::path(path.strip_prefix(own).unwrap_or(path));
            Some(format!("{file}:{}", source.line_of(range.start) + 1))
        });
        let mut lines: Vec<String> = named.collect();
        lines.dedup();
        lines
    }
}
