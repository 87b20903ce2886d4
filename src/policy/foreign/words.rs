//! The keys of other tools: bane's, Kubernetes', and the words of people.

use super::Meaning;
use Meaning::{Help, Key};

/// Words of one meaning.
pub(super) struct Word {
    /// The table, its names as `*`; empty for the policy itself.
    pub(super) table: &'static str,
    pub(super) names: &'static [&'static str],
    pub(super) meaning: Meaning,
}

const fn word(table: &'static str, names: &'static [&'static str], meaning: Meaning) -> Word {
    Word { table, names, meaning }
}

pub(super) const POD: &str = "pod";
pub(super) const VOLUME: &str = "pod.volumes.*";
pub(super) const CONTAINER: &str = "pod.containers.*";

const FOLLOWS: &str = "the manifest's security context follows from the policy: from {capabilities.allow}, {pod.run-as-user}, \
                       {pod.seccomp} and the paths that may be written";
const PROFILE: &str =
    "a container has this policy's profile unless {pod.containers.*.profile} names another one";

pub(super) const WORDS: &[Word] = &[
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
    word("expect", &["allowed", "permit", "permitted"], Key("allow")),
    word("expect", &["denied", "forbid", "forbidden"], Key("deny")),
    word("exec", &["allowed", "permit", "permitted"], Key("allow")),
    word("exec", &["denied", "forbid", "forbidden"], Key("deny")),
    word("capabilities", &["allowed", "permit", "permitted"], Key("allow")),
    word("capabilities", &["denied", "forbid", "forbidden"], Key("deny")),
    word("network", &["allowed", "permit", "permitted"], Key("allow")),
    word("network", &["denied", "forbid", "forbidden"], Key("deny")),
    word("operations", &["allowed", "permit", "permitted"], Key("allow")),
    word("operations", &["denied", "forbid", "forbidden"], Key("deny")),
    word("filesystem", &["denied", "forbid", "forbidden"], Key("deny")),
    word(
        "limits",
        &["memory", "mem", "cpus", "ephemeral-storage"],
        Help(
            "what a container may use of a node is a Kubernetes resource, which no key of a policy holds: add `resources` to the manifest by kustomize, or by a template of your own (README, Templates); a limit of the kernel is one process's: {limits.as} is its address space, {limits.cpu} its time on a processor",
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
        &["service", "services", "service-name"],
        Help(
            "a `StatefulSet` has `serviceName` with its own name; no policy makes a Service: write the headless one of that name beside the manifest",
        ),
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
pub(super) const OF_MANIFESTS: &[&str] = &[
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

pub(super) const NO_KEY: Meaning = Help(
    "no key of a policy holds this: add it to the manifest by kustomize, or by a template of your own (README, Templates)",
);
