//! The first law: a key that changes nothing is never silent. Taking out an entry changes the compiled
//! profile or the manifest, or `check` had said at its line why it need not be there.

use crate::support::entries::{Entry, entries};
use crate::support::law;
use crate::support::policies::policies_below;
use crate::support::trial::Trial;
use aapol::policy::form::form;
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::collections::BTreeSet;

/// For every key of the schema a policy that has it; `*` stands for a name that the author chooses. A case
/// shows the least that gives the key something to change.
const CASES: &[(&str, &str)] = &[
    ("name", "name = 'web'"),
    ("mode", "name = 'web'\nmode = 'kill'"),
    ("audit", "name = 'web'\naudit = 'quiet'\n[capabilities]\ndeny = ['sys_admin']"),
    ("abi", "name = 'web'\nabi = '4.0'"),
    ("baseline", "name = 'web'\nbaseline = 'none'"),
    ("bundles", "name = 'web'\nbundles = ['tls']"),
    ("default", "name = 'web'\ndefault = 'allow'"),
    ("extends", "name = 'web'\nextends = ['base.toml']"),
    ("abstract", "name = 'web'\nabstract = true"),
    ("abstractions", "name = 'web'\nabstractions = ['nameservice']"),
    ("silence", "name = 'web'\nsilence = ['placeholder-image']"),
    ("raw-rules", "name = 'web'\nraw-rules = ['dbus send bus=system,']"),
    ("filesystem.default", "name = 'web'\n[filesystem]\ndefault = 'read'"),
    ("filesystem.read-only", "name = 'web'\n[filesystem]\nread-only = ['/srv/']"),
    ("filesystem.read-write", "name = 'web'\n[filesystem]\nread-write = ['/srv/']"),
    ("filesystem.write-only", "name = 'web'\n[filesystem]\nwrite-only = ['/srv/']"),
    ("filesystem.list", "name = 'web'\n[filesystem]\nlist = ['/srv/']"),
    ("filesystem.deny-write", "name = 'web'\n[filesystem]\ndeny-write = ['/srv/']"),
    ("filesystem.deny", "name = 'web'\n[filesystem]\ndeny = ['/srv/']"),
    ("exec.default", "name = 'web'\n[exec]\ndefault = 'allow'"),
    ("exec.allow", "name = 'web'\n[exec]\nallow = ['/opt/app']"),
    ("exec.deny", "name = 'web'\n[exec]\ndeny = ['/opt/app']"),
    ("exec.libraries", "name = 'web'\n[exec]\nlibraries = ['/opt/lib/']"),
    ("capabilities.default", "name = 'web'\n[capabilities]\ndefault = 'allow'"),
    ("capabilities.allow", "name = 'web'\n[capabilities]\nallow = ['chown']"),
    ("capabilities.deny", "name = 'web'\n[capabilities]\ndeny = ['chown']"),
    ("network.default", "name = 'web'\n[network]\ndefault = 'allow'"),
    ("network.allow", "name = 'web'\n[network]\nallow = ['inet/stream']"),
    ("network.deny", "name = 'web'\n[network]\ndeny = ['inet/stream']"),
    ("operations.default", "name = 'web'\n[operations]\ndefault = 'allow'"),
    ("operations.allow", "name = 'web'\n[operations]\nallow = ['ptrace']"),
    ("operations.deny", "name = 'web'\n[operations]\ndeny = ['mount']"),
    ("limits.as", "name = 'web'\n[limits]\nas = '2G'"),
    ("limits.core", "name = 'web'\n[limits]\ncore = '0'"),
    ("limits.cpu", "name = 'web'\n[limits]\ncpu = '10min'"),
    ("limits.data", "name = 'web'\n[limits]\ndata = '1G'"),
    ("limits.fsize", "name = 'web'\n[limits]\nfsize = '100M'"),
    ("limits.locks", "name = 'web'\n[limits]\nlocks = '100'"),
    ("limits.memlock", "name = 'web'\n[limits]\nmemlock = '64K'"),
    ("limits.msgqueue", "name = 'web'\n[limits]\nmsgqueue = '800K'"),
    ("limits.nice", "name = 'web'\n[limits]\nnice = '0'"),
    ("limits.nofile", "name = 'web'\n[limits]\nnofile = '1024'"),
    ("limits.nproc", "name = 'web'\n[limits]\nnproc = '100'"),
    ("limits.rss", "name = 'web'\n[limits]\nrss = '1G'"),
    ("limits.rtprio", "name = 'web'\n[limits]\nrtprio = '0'"),
    ("limits.rttime", "name = 'web'\n[limits]\nrttime = '200ms'"),
    ("limits.sigpending", "name = 'web'\n[limits]\nsigpending = '1000'"),
    ("limits.stack", "name = 'web'\n[limits]\nstack = '8M'"),
    ("pod.kind", "name = 'web'\n[pod]\nkind = 'DaemonSet'"),
    ("pod.name", "name = 'web'\n[pod]\nname = 'shop'"),
    ("pod.namespace", "name = 'web'\n[pod]\nnamespace = 'shop'"),
    ("pod.labels.*", "name = 'web'\n[pod]\nlabels = { tier = 'front' }"),
    ("pod.kubernetes", "name = 'web'\n[pod]\nkubernetes = '1.28'"),
    ("pod.replicas", "name = 'web'\n[pod]\nkind = 'Deployment'\nreplicas = 3"),
    ("pod.schedule", "name = 'web'\n[pod]\nkind = 'CronJob'\nschedule = '0 3 * * *'"),
    ("pod.restart-policy", "name = 'web'\n[pod]\nrestart-policy = 'never'"),
    ("pod.run-as-user", "name = 'web'\n[pod]\nrun-as-user = 101"),
    ("pod.run-as-group", "name = 'web'\n[pod]\nrun-as-group = 101"),
    ("pod.fs-group", "name = 'web'\n[pod]\nfs-group = 101"),
    ("pod.seccomp", "name = 'web'\n[pod]\nseccomp = 'localhost/web.json'"),
    ("pod.service-account-token", "name = 'web'\n[pod]\nservice-account-token = true"),
    ("pod.volumes.*.empty-dir", "name = 'web'\n[pod.volumes.data]\nempty-dir = true"),
    ("pod.volumes.*.config-map", "name = 'web'\n[pod.volumes.data]\nconfig-map = 'web'"),
    ("pod.volumes.*.secret", "name = 'web'\n[pod.volumes.data]\nsecret = 'web'"),
    ("pod.volumes.*.claim", "name = 'web'\n[pod.volumes.data]\nclaim = 'web'"),
    (
        "pod.volumes.*.claim-template",
        "name = 'web'\n[pod]\nkind = 'StatefulSet'\n[pod.volumes.data]\nclaim-template = '1Gi'",
    ),
    ("pod.volumes.*.host-path", "name = 'web'\n[pod.volumes.data]\nhost-path = '/srv'"),
    ("pod.containers.*.image", "name = 'web'\n[pod.containers.web]\nimage = 'nginx:1.27'"),
    ("pod.containers.*.command", "name = 'web'\n[pod.containers.web]\ncommand = ['/app']"),
    ("pod.containers.*.args", "name = 'web'\n[pod.containers.web]\nargs = ['-v']"),
    ("pod.containers.*.env.*", "name = 'web'\n[pod.containers.web]\nenv = { TZ = 'UTC' }"),
    (
        "pod.containers.*.env-from-secret",
        "name = 'web'\n[pod.containers.web]\nenv-from-secret = ['database']",
    ),
    ("pod.containers.*.ports", "name = 'web'\n[pod.containers.web]\nports = [8080]"),
    (
        "pod.containers.*.mounts.*",
        "name = 'web'\n[pod.volumes.data]\nempty-dir = true\n[pod.containers.web]\nmounts = { '/srv' = 'data' }",
    ),
    (
        "pod.containers.*.sub-path.*",
        "name = 'web'\n[pod.volumes.data]\nempty-dir = true\n[pod.containers.web]\nmounts = { '/srv' = 'data' }\n\
         sub-path = { '/srv' = 'part' }",
    ),
    (
        "pod.containers.*.profile",
        "name = 'web'\n[pod.containers.web]\n[pod.containers.logger]\nprofile = 'runtime-default'",
    ),
    ("pod.containers.*.init", "name = 'web'\n[pod.containers.web]\n[pod.containers.first]\ninit = 1"),
    (
        "pod.containers.*.restart",
        "name = 'web'\n[pod.containers.web]\n[pod.containers.proxy]\ninit = 1\nrestart = 'always'",
    ),
];

/// What the cases extend.
const BASE: (&str, &str) = ("base.toml", "name = 'base'\nabstract = true\n[capabilities]\nallow = ['chown']");

fn trial(text: &str) -> Trial {
    Trial::among(&[("policy.toml", text), BASE])
}

/// The keys that hold values, of every table.
fn keys(node: &Value, path: &str, found: &mut BTreeSet<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let properties = node["properties"].as_object();
    let others = node.get("additionalProperties").filter(|others| others.is_object());
    for (name, inner) in properties.into_iter().flatten() {
        keys(inner, &below(name), found);
    }
    if let Some(others) = others {
        keys(others, &below("*"), found);
    }
    if properties.is_none() && others.is_none() {
        found.insert(path.to_owned());
    }
}

/// Whether an entry is the whole of a key.
fn is(entry: &Entry, key: &str) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    entry.element.is_none()
        && entry.path.len() == parts.len()
        && parts.iter().zip(&entry.path).all(|(part, name)| *part == "*" || part == name)
}

#[test]
fn every_key_has_a_case() {
    let mut known = BTreeSet::new();
    keys(form(), "", &mut known);
    let tried: BTreeSet<String> =
        CASES.iter().map(|(key, _)| *key).chain(law::EXEMPT).map(str::to_owned).collect();
    assert_eq!(tried, known, "the cases and the schema's keys");
}

#[test]
fn no_key_changes_nothing_in_silence() {
    let mut silent = Vec::new();
    for (key, policy) in CASES {
        let full = trial(policy);
        full.files();
        let found = entries(policy).into_iter().find(|entry| is(entry, key));
        let entry = found.unwrap_or_else(|| panic!("the case of `{key}` has the key"));
        let without = trial(&entry.taken_out(policy));
        // What is silenced is what the key changes.
        let silences = *key == "silence" && full.codes() != without.codes();
        if !silences && !law::Whole::new(&full, trial(policy)).misses(&without, &entry) {
            silent.push(key);
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

/// Entries that something of another section makes superfluous, found by `random.rs`.
const BESIDE: [(&str, &str); 4] = [
    (
        "name = 'web'\n[filesystem]\ndefault = 'allow'\n[operations]\nallow = ['huge-pages']",
        "operations.allow[0]",
    ),
    ("name = 'web'\nbundles = ['dns']\n[network]\nallow = ['inet/dgram']", "network.allow[0]"),
    (
        "name = 'web'\n[filesystem]\nread-write = ['/']\n[operations]\nallow = ['huge-pages']",
        "operations.allow[0]",
    ),
    ("name = 'web'\naudit = 'quiet'", "audit"),
];

#[test]
fn no_entry_beside_another_changes_nothing_in_silence() {
    let mut silent = Vec::new();
    for (policy, name) in BESIDE {
        let all = entries(policy);
        let entry = all.iter().find(|entry| entry.name() == name).expect("the case has the entry");
        let full = trial(policy);
        full.files();
        if !law::Whole::new(&full, trial(policy)).misses(&trial(&entry.taken_out(policy)), entry) {
            silent.push(policy);
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn no_entry_of_an_example_changes_nothing_in_silence() {
    let mut silent = Vec::new();
    let mut count = 0;
    for path in policies_below("examples") {
        let text = std::fs::read_to_string(&path).expect("the example can be read");
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path).display();
        let full = Trial::beside(&path, &text, str::to_owned);
        full.files();
        // It writes nothing itself: its entries are for the policies that extend it.
        if full.is_abstract() {
            continue;
        }
        let whole = law::Whole::new(&full, Trial::beside(&path, &text, law::loud));
        let own = entries(&text);
        for entry in own.iter().filter(|entry| !law::is_exempt(entry, &own)) {
            count += 1;
            let without = Trial::beside(&path, &entry.taken_out(&text), str::to_owned);
            if !whole.misses(&without, entry) {
                silent.push(format!("{name}: {} {}", entry.name(), entry.text));
            }
        }
    }
    assert!(count > 0, "there are examples");
    assert!(silent.is_empty(), "{silent:#?}");
}
