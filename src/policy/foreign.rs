//! Keys that other tools have and policies do not, and what does their work here.
//!
//! Enters: an unknown key and its table. Leaves: the key of the same table that it is, or a sentence. Keys of the
//! language stand in the sentences as `{filesystem.read-only}`, which a test looks up.

pub mod forms;

/// What a key of another tool is here.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// A key of the same table that takes the same.
    Key(&'static str),
    /// Something else, in a sentence.
    Help(&'static str),
}

use Meaning::{Help, Key};

/// Words of one meaning.
struct Word {
    /// The table, its names as `*`; empty for the policy itself.
    table: &'static str,
    names: &'static [&'static str],
    meaning: Meaning,
}

const fn word(table: &'static str, names: &'static [&'static str], meaning: Meaning) -> Word {
    Word { table, names, meaning }
}

const POD: &str = "pod";
const VOLUME: &str = "pod.volumes.*";
const CONTAINER: &str = "pod.containers.*";

const FOLLOWS: &str = "the manifest's security context follows from the policy: from {capabilities.allow}, {pod.run-as-user}, \
                       {pod.seccomp} and the paths that may be written";
const PROFILE: &str =
    "a container has this policy's profile unless {pod.containers.*.profile} names another one";

const WORDS: &[Word] = &[
    word("filesystem", &["read", "ro", "readable", "read-only-paths", "readable-paths"], Key("read-only")),
    word("filesystem", &["rw", "writable", "writable-paths", "read-write-paths"], Key("read-write")),
    word(
        "filesystem",
        &["write", "write-paths"],
        Help(
            "{filesystem.read-write} lets files be read and written, {filesystem.write-only} written and not read",
        ),
    ),
    word(
        "filesystem",
        &["append", "append-only"],
        Help(
            "there is no append-only access: with AppArmor's `a` a file opens for appending and then every write fails; use {filesystem.write-only}",
        ),
    ),
    word(
        "filesystem",
        &["allow"],
        Help(
            "files are granted by what may be done with them: {filesystem.read-only}, {filesystem.read-write}, {filesystem.write-only} or {filesystem.list}",
        ),
    ),
    word(
        "filesystem",
        &["allow-exec", "exec", "execute", "executable"],
        Help("programs that may be started stand in {exec.allow}"),
    ),
    word(
        "filesystem",
        &["deny-exec", "no-exec"],
        Help("programs that must not be started stand in {exec.deny}"),
    ),
    word(
        "filesystem",
        &["deny-read", "no-read"],
        Help("{filesystem.deny} keeps files from being opened at all; nothing denies reading alone"),
    ),
    word(
        "filesystem",
        &["log-on-write-paths"],
        Help(
            "to log what is allowed, set {audit} to `\"all\"`: that is for all paths, and what nothing allows is denied and logged anyway",
        ),
    ),
    word("exec", &["allow-exec"], Key("allow")),
    word("exec", &["deny-exec"], Key("deny")),
    word("capabilities", &["add"], Key("allow")),
    word(
        "capabilities",
        &["drop"],
        Help("what {capabilities.allow} does not name is dropped already: take this out"),
    ),
    word(
        "network",
        &["raw"],
        Help(
            "sockets that {network.allow} does not name are denied; raw ones are `inet/raw` and `inet6/raw` there",
        ),
    ),
    word(
        "network",
        &["packet"],
        Help("sockets that {network.allow} does not name are denied; packet sockets are `packet` there"),
    ),
    word(
        "network",
        &["protocols", "protocol"],
        Help(
            "{network.allow} names sockets: TCP is `inet/stream`, UDP `inet/dgram`, ICMP `inet/raw`, and `inet6` stands for IPv6",
        ),
    ),
    word(POD, &["seccomp-profile"], Key("seccomp")),
    word(POD, &["automount-service-account-token"], Key("service-account-token")),
    word(
        POD,
        &["service-account", "service-account-name"],
        Help(
            "no key names the account: add it to the manifest by kustomize, or by a template of your own (README, Templates); {pod.service-account-token} says only whether the pod gets a token",
        ),
    ),
    word(
        POD,
        &["manifest"],
        Help(
            "a manifest that exists is not corrected yet: write the profile alone by `aapol render --only profile`, and name it in the manifest's `appArmorProfile`",
        ),
    ),
    word(
        POD,
        &["volume-claim-templates", "volume-claim-template"],
        Help("{pod.volumes.*.claim-template} of a StatefulSet makes a claim for each pod"),
    ),
    word(
        POD,
        &["init-containers"],
        Help("an init container stands among the others: {pod.containers.*.init} makes it one"),
    ),
    word(POD, &["run-as-non-root"], Help("it is written where {pod.run-as-user} is set and is not 0")),
    word(
        POD,
        &["metadata"],
        Help("what a manifest's metadata hold stands here: {pod.name}, {pod.namespace} and {pod.labels}"),
    ),
    word(
        POD,
        &["spec", "template"],
        Help("there is no table for it: what a pod's `spec` holds stands in `[pod]` itself"),
    ),
    word(POD, &["selector", "match-labels"], Help("a workload selects its pods by {pod.labels}")),
    word(POD, &["security-context"], Help(FOLLOWS)),
    word(POD, &["app-armor-profile", "apparmor", "profile"], Help(PROFILE)),
    word(VOLUME, &["pvc", "persistent-volume-claim", "claim-name"], Key("claim")),
    word(VOLUME, &["secret-name"], Key("secret")),
    word(VOLUME, &["name"], Help("a volume's name is its table's: `[pod.volumes.NAME]`")),
    word(CONTAINER, &["volume-mounts"], Key("mounts")),
    word(
        CONTAINER,
        &["env-from", "env-from-config-map"],
        Help(
            "{pod.containers.*.env-from-secret} takes the names of Secrets; what a ConfigMap would set is written in {pod.containers.*.env}",
        ),
    ),
    word(CONTAINER, &["name"], Help("a container's name is its table's: `[pod.containers.NAME]`")),
    word(CONTAINER, &["security-context", "capabilities"], Help(FOLLOWS)),
    word(CONTAINER, &["app-armor-profile", "apparmor"], Help(PROFILE)),
    word(
        CONTAINER,
        &["privileged", "allow-privilege-escalation"],
        Help("no key gives this: the manifest always has `allowPrivilegeEscalation: false`"),
    ),
    word(
        CONTAINER,
        &["read-only-root-filesystem"],
        Help(
            "it follows from the policy: it is true where every path that may be written lies on one of {pod.containers.*.mounts}",
        ),
    ),
    word(
        CONTAINER,
        &["restart-policy"],
        Help("{pod.restart-policy} is for all containers; a sidecar has {pod.containers.*.restart}"),
    ),
];

/// Keys of manifests that no policy says anything about.
const OF_MANIFESTS: &[&str] = &[
    "active-deadline-seconds",
    "affinity",
    "annotations",
    "backoff-limit",
    "completions",
    "concurrency-policy",
    "csi",
    "default-mode",
    "dns-config",
    "dns-policy",
    "downward-api",
    "enable-service-links",
    "ephemeral-containers",
    "failed-jobs-history-limit",
    "host-aliases",
    "host-ipc",
    "host-network",
    "host-pid",
    "host-users",
    "hostname",
    "image-pull-policy",
    "image-pull-secrets",
    "items",
    "lifecycle",
    "liveness-probe",
    "medium",
    "min-ready-seconds",
    "nfs",
    "node-name",
    "node-selector",
    "optional",
    "parallelism",
    "pod-management-policy",
    "priority-class-name",
    "progress-deadline-seconds",
    "projected",
    "readiness-probe",
    "resources",
    "revision-history-limit",
    "runtime-class-name",
    "scheduler-name",
    "service-name",
    "share-process-namespace",
    "size-limit",
    "startup-probe",
    "stdin",
    "strategy",
    "subdomain",
    "successful-jobs-history-limit",
    "suspend",
    "termination-grace-period-seconds",
    "termination-message-path",
    "time-zone",
    "tolerations",
    "topology-spread-constraints",
    "ttl-seconds-after-finished",
    "tty",
    "update-strategy",
    "volume-devices",
    "working-dir",
];

const NO_KEY: Meaning = Help(
    "no key of a policy holds this: add it to the manifest by kustomize, or by a template of your own (README, Templates)",
);

/// What a key means that a table does not have.
pub fn meaning(table: &[String], name: &str) -> Option<Meaning> {
    let found = WORDS
        .iter()
        .find(|word| is_at(word.table, table) && word.names.iter().any(|known| plain(known) == plain(name)));
    let is_manifests = || {
        table.first().is_some_and(|first| first == POD)
            && OF_MANIFESTS.iter().any(|known| plain(known) == plain(name))
    };
    found.map(|word| word.meaning).or_else(|| is_manifests().then_some(NO_KEY))
}

/// A sentence for the reader of a table: the language's keys are named, with their tables where these are others.
pub fn told(help: &str, table: &[String]) -> String {
    let mut out = String::new();
    let mut rest = help;
    while let Some((before, key, after)) = named(rest) {
        let (home, name) = key.rsplit_once('.').unwrap_or(("", key));
        out.push_str(before);
        out.push_str(&match home {
            _ if is_at(home, table) => format!("`{name}`"),
            "" => format!("`{name}` above the first table"),
            _ => format!("`{name}` of `[{}]`", home_near(home, table)),
        });
        rest = after;
    }
    out + rest
}

/// A table by its pattern, with the names of the one that the reader is in as far as they go together.
fn home_near(pattern: &str, table: &[String]) -> String {
    let mut near = table.iter();
    let mut is_near = true;
    let parts = pattern.split('.').map(|part| {
        let name = near.next().filter(|name| is_near && (part == "*" || part == *name));
        is_near = name.is_some();
        match (part, name) {
            ("*", Some(name)) => name,
            ("*", None) => "NAME",
            (part, _) => part,
        }
    });
    parts.collect::<Vec<&str>>().join(".")
}

/// The first `{key}` of a sentence, with what stands around it. Other braces have blanks in them.
fn named(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('{')?;
        let inner = text.get(start + 1..)?;
        let end = inner.find('}')?;
        let key = inner.get(..end)?;
        if !key.contains([' ', '"']) {
            return Some((text.get(..start)?, key, inner.get(end + 1..)?));
        }
        from = start + 1;
    }
}

/// Whether a table is meant by a pattern of names.
fn is_at(pattern: &str, table: &[String]) -> bool {
    let parts: Vec<&str> = pattern.split('.').filter(|part| !part.is_empty()).collect();
    parts.len() == table.len() && parts.iter().zip(table).all(|(part, name)| *part == "*" || part == name)
}

/// A name in any spelling: `readOnlyPaths`, `ReadOnlyPaths`, `read_only_paths`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::form::form;

    /// Whether the language has a key, by its path.
    pub(super) fn exists(path: &str) -> bool {
        let mut node = Some(form());
        for part in path.split('.') {
            node = node.and_then(|node| match part {
                "*" => node.get("additionalProperties"),
                name => node.get("properties")?.get(name),
            });
        }
        node.is_some_and(|node| node.is_object())
    }

    /// The keys that a sentence names.
    pub(super) fn keys(help: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = help;
        while let Some((_, key, after)) = named(rest) {
            found.push(key);
            rest = after;
        }
        found
    }

    #[test]
    fn every_key_that_is_named_exists_and_no_foreign_one_does() {
        for word in WORDS {
            let here = |name: &str| [word.table, name].join(".").trim_matches('.').to_owned();
            assert!(word.table.is_empty() || exists(word.table), "{}", word.table);
            for name in word.names {
                assert!(!exists(&here(name)), "{} is a key", here(name));
            }
            match word.meaning {
                Key(key) => assert!(exists(&here(key)), "{}", here(key)),
                Help(help) => {
                    for key in keys(help) {
                        assert!(exists(key), "{key}");
                    }
                }
            }
        }
        for name in OF_MANIFESTS {
            for table in [POD, VOLUME, CONTAINER] {
                assert!(!exists(&format!("{table}.{name}")), "{table}.{name} is a key");
            }
        }
    }

    #[test]
    fn a_sentence_names_tables_where_they_are_others() {
        let table = ["filesystem".to_owned()];
        let help = "{filesystem.list}, {exec.allow}, {audit}, {pod.volumes.*.claim}, `{ A = \"b\" }`";
        let expected = "`list`, `allow` of `[exec]`, `audit` above the first table, `claim` of `[pod.volumes.NAME]`, `{ A = \"b\" }`";
        assert_eq!(told(help, &table), expected);
        let inside = ["pod", "containers", "web", "env"].map(str::to_owned);
        let help = "{pod.containers.*.sub-path}, {pod.volumes.*.claim}";
        assert_eq!(
            told(help, &inside),
            "`sub-path` of `[pod.containers.web]`, `claim` of `[pod.volumes.NAME]`"
        );
    }
}
