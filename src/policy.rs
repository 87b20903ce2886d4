//! The policy as its author wrote it, with the place of every value.
//!
//! Enters: TOML. Leaves: a `Policy`, or findings about its form. The types here are the schema, and their
//! doc comments are what editors show. Knows neither AppArmor's syntax nor Kubernetes.

pub mod at;
pub mod codes;
pub mod edit;
pub mod foreign;
pub mod form;
pub mod head;
pub mod left_out;
pub mod lists;
pub mod load;
pub mod outline;
pub mod pod;
pub mod repeats;
pub mod sections;
pub mod shape;
pub mod tree;
pub mod words;

pub use at::At;
pub use left_out::LeftOut;
pub use lists::List;
pub use load::{Loaded, ReadError, Reader, load};
pub use outline::Outline;
pub use pod::{Container, Pod, Volume};
pub use sections::{Capabilities, Exec, Expect, Filesystem, Limits, Network, Operations};
pub use words::{AbiWord, Audit, Baseline, FileDefault, Mode, Posture, Restart, RestartPolicy, WorkloadKind};

use schemars::JsonSchema;
use serde::Deserialize;

/// A string with its place.
pub type Text = At<String>;

/// A text as a policy writes it, whatever it holds.
pub fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    // The one character that JSON writes as it is and TOML refuses.
    json.replace('\u{7f}', "\\u007f")
}

/// A policy: what one container may do. `aapol render` turns it into an AppArmor profile and a Kubernetes
/// manifest that agree.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// The profile's name in the kernel, and `localhostProfile` in the pod.
    ///
    /// Letters, digits, `.`, `_` and `-`, starting with a letter or digit, at most 200. Renders `profile NAME`
    /// and `localhostProfile: NAME`. Required. Example: `name = "web"`
    pub name: Text,

    /// What the container is for. It becomes a comment in both files.
    ///
    /// Renders a comment in both files. Default: none. Example: `description = "Serves static pages."`
    pub description: Option<Text>,

    /// What happens to an access that the policy does not allow.
    ///
    /// Renders the flag `complain` or `kill`; under `"complain"` denials become grants that are logged.
    /// Default: `"enforce"`. Example: `mode = "complain"` while a policy is being tried out.
    pub mode: Option<At<Mode>>,

    /// What the kernel logs.
    ///
    /// Renders denials as `audit deny`, under `"quiet"` as `deny`; under `"all"` the flag `audit` as well.
    /// Default: `"denials"`. Example: `audit = "quiet"`
    pub audit: Option<At<Audit>>,

    /// The AppArmor feature set that the profile is written against. Nodes must have this version or a later
    /// one.
    ///
    /// Renders `abi <abi/3.0>,`. Default: `"3.0"`, which every supported node has. Example: `abi = "4.0"` to
    /// control user namespaces.
    pub abi: Option<At<AbiWord>>,

    /// The rules that every container needs: to be stopped, to load libraries, to look up names.
    ///
    /// Renders the groups of rules headed `baseline`, each with its reason. Default: `"container"`.
    /// Example: `baseline = "none"` for a static program with rules of its own.
    pub baseline: Option<At<Baseline>>,

    /// Sets of grants for kinds of programs: `tls`, `dns`, `jvm`, `python`.
    ///
    /// Renders the rules of each set, with their reasons. Default: none. Example: `bundles = ["tls", "dns"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub bundles: Vec<Text>,

    /// The posture of `[filesystem]`, `[exec]`, `[capabilities]` and `[network]` where they set none themselves.
    ///
    /// What the container runtimes' default profiles deny stays denied. Renders what the `default` of each section does. Default: `"deny"`. Example: `default = "allow"` to list
    /// denials only.
    pub default: Option<At<Posture>>,

    /// Other policies that this one builds on, relative to this file. Lists are united; where both set a single
    /// value, this file's holds.
    ///
    /// Renders what the other policies say, as if it stood here. Default: none. Example: `extends =
    /// ["../base.toml"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub extends: Vec<Text>,

    /// A policy that others extend: it is checked, and not rendered.
    ///
    /// Renders nothing at all. Default: `false`. Example: `abstract = true`
    pub r#abstract: Option<At<bool>>,

    /// Files of AppArmor's `abstractions` folder to include. They vary from node to node.
    ///
    /// Renders `include <abstractions/NAME>`. Default: none. Example: `abstractions = ["nameservice"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub abstractions: Vec<Text>,

    /// Findings, by code, that this policy accepts. Errors cannot be silenced.
    ///
    /// Renders nothing. Default: none. Example: `silence = ["floating-image"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub silence: Vec<Text>,

    /// Rules of the profile language, verbatim, for what this language lacks. Each is one complete rule that
    /// ends in a comma.
    ///
    /// Renders each rule as it stands. Default: none. Example: `raw-rules = ["dbus send bus=system,"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub raw_rules: Vec<Text>,

    /// Files and folders: what may be read, written, and neither. Paths are absolute; a trailing `/` means the
    /// folder and everything beneath it; `*`, `**`, `?`, `[a-z]` and `{a,b}` are patterns.
    ///
    /// Renders file rules. Default: nothing beyond the baseline. Example: `filesystem.read-only = ["/app/"]`
    #[serde(default)]
    pub filesystem: Filesystem,

    /// Programs that the container's own processes may start, and code that they may map. The first program of a
    /// container is started by the runtime and needs no grant.
    ///
    /// Renders file rules with `ix` and `m`. Default: none. Example: `exec.allow = ["/usr/bin/curl"]`
    #[serde(default)]
    pub exec: Exec,

    /// The kernel's capabilities: parts of the root user's power. The pod is given the same set.
    ///
    /// Renders `capability NAME,`, and `capabilities` of each container. Default: none. Example:
    /// `capabilities.allow = ["net_bind_service"]`
    #[serde(default)]
    pub capabilities: Capabilities,

    /// Sockets that the container may make, as `FAMILY`, `FAMILY/TYPE` or `*/TYPE`.
    ///
    /// Renders `network FAMILY TYPE,`. Default: none. Example: `network.allow = ["inet/stream", "inet6/stream"]`
    #[serde(default)]
    pub network: Network,

    /// Kernel operations beyond files, capabilities and sockets, such as `mount`, `ptrace` and `huge-pages`.
    ///
    /// Renders `mount,`, `ptrace,` and so on. Default: none. Example: `operations.allow = ["huge-pages"]`
    #[serde(default)]
    pub operations: Operations,

    /// Resource limits, which the kernel sets when the profile is entered. Each is a string: a number, with a
    /// unit where the limit has one, or `"infinity"`.
    ///
    /// Renders `set rlimit NAME <= VALUE,`. Default: none is set. Example: `limits.nofile = "1024"`
    #[serde(default)]
    pub limits: Limits,

    /// What must be allowed, and what must be denied. `aapol test` says whether it is.
    ///
    /// Renders nothing. Default: none. Example: `expect.deny = ["write /etc/passwd"]`
    #[serde(default)]
    pub expect: Expect,

    /// The Kubernetes manifest, beyond what follows from the other sections.
    ///
    /// Renders the object, its volumes and containers. Default: a Pod with one container. Example: `pod.kind =
    /// "Deployment"`
    pub pod: Option<Pod>,

    #[serde(skip)]
    #[schemars(skip)]
    pub left_out: LeftOut,
}
