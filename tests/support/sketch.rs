//! Policies made up at random from the language's own words, most of them without errors, with values that
//! are hard to write.

use crate::support::nasty::{as_path, odd_name, text};
use aapol::policy::quoted;
use proptest::collection::{btree_map, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeMap;
use std::fmt;

/// A value of a key.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Flag(bool),
    Number(i64),
    Text(String),
    Texts(Vec<String>),
    Numbers(Vec<i64>),
    Map(Vec<(String, String)>),
}

/// A table: its header (empty at the top), its keys.
pub(crate) type Table = (String, Vec<(String, Value)>);

/// A policy before it is written down.
#[derive(Clone)]
pub(crate) struct Sketch(Vec<Table>);

/// As the policy, so that a failure can be tried by hand.
impl fmt::Debug for Sketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.toml())
    }
}

impl Value {
    fn toml(&self) -> String {
        let list = |items: Vec<String>| format!("[{}]", items.join(", "));
        match self {
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => quoted(text),
            Value::Texts(texts) => list(texts.iter().map(|text| quoted(text)).collect()),
            Value::Numbers(numbers) => list(numbers.iter().map(ToString::to_string).collect()),
            Value::Map(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(key, value)| format!("{} = {}", quoted(key), quoted(value))).collect();
                format!("{{ {} }}", pairs.join(", "))
            }
        }
    }
}

impl Sketch {
    /// The policy as TOML; the table without a header is first, wherever it stands.
    pub(crate) fn toml(&self) -> String {
        let (top, tables): (Vec<&Table>, Vec<&Table>) = self.0.iter().partition(|(name, _)| name.is_empty());
        let mut text = String::new();
        for (name, keys) in top.into_iter().chain(tables) {
            if !name.is_empty() {
                text.push_str(&format!("[{name}]\n"));
            }
            for (key, value) in keys {
                text.push_str(&format!("{key} = {}\n", value.toml()));
            }
        }
        text
    }

    /// The same policy with its tables, keys and maps in another order.
    pub(crate) fn shuffled(&self) -> impl Strategy<Value = Sketch> + use<> {
        let tables: Vec<_> = self
            .0
            .iter()
            .map(|(name, keys)| {
                let keys: Vec<(String, Value)> = keys
                    .iter()
                    .map(|(key, value)| {
                        let mut value = value.clone();
                        // Variables may refer to those before them.
                        if let (true, Value::Map(pairs)) = (key != "env", &mut value) {
                            pairs.reverse();
                        }
                        (key.clone(), value)
                    })
                    .collect();
                (Just(name.clone()), Just(keys).prop_shuffle())
            })
            .collect();
        tables.prop_flat_map(|tables| Just(tables).prop_shuffle()).prop_map(Sketch)
    }

    pub(crate) fn tables(&self) -> &[Table] {
        &self.0
    }

    /// A container's value of a key.
    pub(crate) fn value(&self, table: &str, key: &str) -> Option<&Value> {
        let (_, keys) = self.0.iter().find(|(name, _)| name == table)?;
        keys.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// A component of a pattern.
fn component() -> impl Strategy<Value = String> + Clone {
    const PLAIN: &[&str] = &["app", "data", "conf.d", "x", "lib", "run", "cache", "self"];
    const GLOBS: &[&str] = &[
        "*",
        "**",
        "*.conf",
        "?",
        "a?",
        "[a-c]x",
        "[^a]*",
        "{a,b}",
        "{,x}y",
        "{a,{b,c}d}",
        "[ -\\\\]",
        "x*y",
        "**.so",
        "[0-9]*",
    ];
    prop_oneof![
        4 => select(PLAIN).prop_map(str::to_owned),
        1 => odd_name().prop_map(|name| as_path(&name)),
        1 => select(GLOBS).prop_map(str::to_owned),
    ]
}

/// A pattern below one of some folders.
fn pattern(below: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    (select(below), vec(component(), 1..4), any::<bool>()).prop_map(|(below, parts, is_folder)| {
        let end = if is_folder { "/" } else { "" };
        format!("{below}/{}{end}", parts.join("/"))
    })
}

fn patterns(below: &'static [&'static str]) -> impl Strategy<Value = Value> + Clone {
    vec(pattern(below), 1..3).prop_map(Value::Texts)
}

fn words(all: &'static [&'static str]) -> impl Strategy<Value = Value> + Clone {
    subsequence(all, 1..=all.len().min(3))
        .prop_map(|words| Value::Texts(words.into_iter().map(str::to_owned).collect()))
}

fn word(all: &'static [&'static str]) -> impl Strategy<Value = Value> + Clone {
    select(all).prop_map(|word| Value::Text(word.to_owned()))
}

fn number(range: std::ops::Range<i64>) -> impl Strategy<Value = Value> + Clone {
    range.prop_map(Value::Number)
}

type Key = (&'static str, f64, BoxedStrategy<Value>);

/// A table of keys, each there or not.
fn table(keys: Vec<Key>) -> impl Strategy<Value = Vec<(String, Value)>> + Clone {
    let keys: Vec<_> = keys
        .into_iter()
        .map(|(key, often, value)| weighted(often, (Just(key.to_owned()), value)).boxed())
        .collect();
    keys.prop_map(|keys| keys.into_iter().flatten().collect())
}

const POSTURES: &[&str] = &["deny", "allow"];
const ALLOWED: &[&str] = &["/srv", "/opt", "/var/lib", "/usr/share", "/run", "/bin", "/proc", "/a b"];
const DENIED: &[&str] = &["/srv/private", "/etc/secret", "/usr/bin", "/opt/x"];
const SOCKETS: &[&str] =
    &["inet", "inet/stream", "inet6/dgram", "unix", "unix/stream", "netlink/raw", "*/dgram", "*/seqpacket"];
const CAPABILITIES: &[&str] =
    &["chown", "setuid", "setgid", "net_bind_service", "kill", "sys_admin", "net_raw"];
const OPERATIONS: &[&str] = &["mount", "umount", "ptrace", "signal", "huge-pages", "dbus", "pivot-root"];

fn sections() -> impl Strategy<Value = Vec<Table>> + Clone {
    let filesystem = table(vec![
        ("default", 0.3, word(&["deny", "read", "allow"]).boxed()),
        ("read-only", 0.5, patterns(ALLOWED).boxed()),
        ("read-write", 0.5, patterns(&["/var/cache", "/data", "/run/x"]).boxed()),
        ("write-only", 0.1, patterns(&["/var/log"]).boxed()),
        ("list", 0.2, patterns(&["/srv", "/var/lib", "/run"]).boxed()),
        ("deny-write", 0.2, patterns(DENIED).boxed()),
        ("deny", 0.2, patterns(DENIED).boxed()),
    ]);
    let exec = table(vec![
        ("default", 0.2, word(POSTURES).boxed()),
        ("allow", 0.4, patterns(&["/usr/local/bin", "/app", "/bin"]).boxed()),
        ("deny", 0.2, patterns(&["/usr/sbin", "/opt/tools"]).boxed()),
        ("libraries", 0.2, patterns(&["/usr/lib/x", "/opt/lib"]).boxed()),
    ]);
    let listed = |all| {
        table(vec![
            ("default", 0.2, word(POSTURES).boxed()),
            ("allow", 0.4, words(all).boxed()),
            ("deny", 0.1, words(all).boxed()),
        ])
    };
    let limits = table(vec![
        ("nofile", 0.5, word(&["0", "1024", "infinity"]).boxed()),
        ("fsize", 0.5, word(&["10K", "3M", "1G"]).boxed()),
        ("cpu", 0.5, word(&["90", "2min", "1h"]).boxed()),
        ("nice", 0.5, word(&["-20", "0", "19"]).boxed()),
    ]);
    let all =
        (filesystem, exec, listed(CAPABILITIES), listed(SOCKETS), listed(OPERATIONS), weighted(0.3, limits));
    all.prop_map(|(filesystem, exec, capabilities, network, operations, limits)| {
        [
            ("filesystem", Some(filesystem)),
            ("exec", Some(exec)),
            ("capabilities", Some(capabilities)),
            ("network", Some(network)),
            ("operations", Some(operations)),
            ("limits", limits),
        ]
        .into_iter()
        .filter_map(|(name, keys)| Some((name.to_owned(), keys?)))
        .collect()
    })
}

fn map(
    keys: &'static [&'static str],
    value: impl Strategy<Value = String> + Clone + 'static,
) -> impl Strategy<Value = Value> + Clone {
    btree_map(select(keys).prop_map(str::to_owned), value, 1..4)
        .prop_map(|map: BTreeMap<String, String>| Value::Map(map.into_iter().collect()))
}

fn container() -> impl Strategy<Value = Vec<(String, Value)>> + Clone {
    const ENV: &[&str] = &["TZ", "NAME", "y", "NO", "A.B-c", "_"];
    let volume = select(&["cache", "conf"][..]).prop_map(str::to_owned);
    table(vec![
        ("image", 0.9, word(&["nginx:1.27", "registry.example/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"]).boxed()),
        ("command", 0.5, vec(text(), 1..4).prop_map(Value::Texts).boxed()),
        ("args", 0.5, vec(text(), 1..4).prop_map(Value::Texts).boxed()),
        ("env", 0.7, map(ENV, text()).boxed()),
        ("env-from-secret", 0.2, words(&["database", "no", "1e3"]).boxed()),
        ("ports", 0.3, subsequence(vec![80, 443, 8080], 1..3).prop_map(Value::Numbers).boxed()),
        ("mounts", 0.5, map(&["/data", "/var/cache", "/etc/app", "/a b/#c", "/yes"], volume).boxed()),
        ("profile", 0.1, word(&["runtime-default", "unconfined", "localhost/other"]).boxed()),
    ])
}

/// The keys that go with a kind.
fn pod() -> impl Strategy<Value = Vec<(String, Value)>> + Clone {
    const KINDS: &[&str] = &["Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
    const LABELS: &[&str] = &["app", "app.kubernetes.io/name", "y", "tier", "1"];
    let label =
        select(&["web", "", "yes", "1", "1.5", "a_b.c-d", "null", "0x1f"][..]).prop_map(str::to_owned);
    let common = table(vec![
        ("name", 0.5, word(&["web", "no", "1e3", "a-b.c", "0"]).boxed()),
        ("namespace", 0.3, word(&["shop", "yes", "123"]).boxed()),
        ("labels", 0.5, map(LABELS, label).boxed()),
        ("kubernetes", 0.3, word(&["1.28", "1.29", "1.31"]).boxed()),
        ("run-as-user", 0.3, number(0..3000).boxed()),
        ("run-as-group", 0.3, number(0..3000).boxed()),
        ("fs-group", 0.3, number(0..3000).boxed()),
        ("seccomp", 0.3, word(&["runtime-default", "unconfined", "localhost/web.json"]).boxed()),
        ("service-account-token", 0.3, any::<bool>().prop_map(Value::Flag).boxed()),
    ]);
    (select(KINDS), common, 0..5i64).prop_map(|(kind, mut keys, replicas)| {
        keys.push(("kind".to_owned(), Value::Text(kind.to_owned())));
        match kind {
            "Deployment" | "StatefulSet" => keys.push(("replicas".to_owned(), Value::Number(replicas))),
            "CronJob" => keys.push(("schedule".to_owned(), Value::Text("0 3 * * *".to_owned()))),
            _ => {}
        }
        keys
    })
}

/// A whole policy.
pub(crate) fn sketch() -> impl Strategy<Value = Sketch> + Clone {
    const NAMES: &[&str] = &["web", "A_b.c", "deny", "1e3", "no", "yes", "0"];
    let top = table(vec![
        ("description", 0.3, text().prop_map(Value::Text).boxed()),
        ("mode", 0.3, word(&["enforce", "complain", "kill"]).boxed()),
        ("audit", 0.3, word(&["denials", "quiet", "all"]).boxed()),
        ("baseline", 0.2, word(&["container", "none"]).boxed()),
        ("bundles", 0.2, words(&["tls", "dns", "jvm", "python"]).boxed()),
        ("default", 0.2, word(POSTURES).boxed()),
        ("raw-rules", 0.1, words(&["dbus send bus=system,", "change_profile -> other,"]).boxed()),
    ]);
    let workload = weighted(0.7, (pod(), container(), weighted(0.3, container())));
    (word(NAMES), top, sections(), workload).prop_map(|(name, mut top, sections, workload)| {
        top.push(("name".to_owned(), name));
        let mut tables = vec![(String::new(), top)];
        tables.extend(sections);
        if let Some((pod, first, second)) = workload {
            let volume = |key: &str, value| vec![(key.to_owned(), value)];
            tables.push(("pod".to_owned(), pod));
            tables.push(("pod.volumes.cache".to_owned(), volume("empty-dir", Value::Flag(true))));
            let source = Value::Text("web-config".to_owned());
            tables.push(("pod.volumes.conf".to_owned(), volume("config-map", source)));
            tables.push(("pod.containers.web".to_owned(), first));
            tables.extend(second.map(|mut keys| {
                keys.push(("init".to_owned(), Value::Number(1)));
                ("pod.containers.first".to_owned(), keys)
            }));
        }
        Sketch(tables)
    })
}
