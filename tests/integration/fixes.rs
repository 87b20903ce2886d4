//! Quick fixes as an editor applies them: what they make of a policy, and when there is none.

use crate::support::session::{POLICY, actions, applied, edits, finish, place, ready};
use crate::support::trial::alone;
use aapol::cli::codes;
use pretty_assertions::assert_eq;
use serde_json::json;
use std::fs;
use std::path::Path;

/// What becomes of policies when all is fixed at once; each must still be TOML.
fn all_mended(cases: &[(&str, &str)]) {
    let mut client = ready();
    client.open(POLICY, "");
    for (index, (before, after)) in cases.iter().enumerate() {
        client.change(POLICY, index.try_into().unwrap(), before);
        let start = json!({ "start": place(0, 0), "end": place(0, 0) });
        let all = actions(&mut client, POLICY, &start, Some(&["source.fixAll"]));
        let fixed = all.first().map_or((*before).to_owned(), |all| applied(before, edits(all, POLICY)));
        assert_eq!(fixed, *after);
        toml::from_str::<toml::Table>(&fixed).unwrap_or_else(|error| panic!("{fixed}: {error}"));
    }
    finish(client);
}

#[test]
fn no_key_is_renamed_to_one_that_is_there() {
    all_mended(&[
        (
            "name = \"web\"\n[filesystem]\nreadonly = [\"/a/\"]\n",
            "name = \"web\"\n[filesystem]\nread-only = [\"/a/\"]\n",
        ),
        (
            "name = \"web\"\n[filesystem]\nreadonly = [\"/a/\"]\nread-only = [\"/b/\"]\n",
            "name = \"web\"\n[filesystem]\nreadonly = [\"/a/\"]\nread-only = [\"/b/\"]\n",
        ),
        (
            "name = \"web\"\n[pod]\nrunAsUser = 1\nrun-as-user = 2\nfsGroup = 3\n",
            "name = \"web\"\n[pod]\nrunAsUser = 1\nrun-as-user = 2\nfs-group = 3\n",
        ),
        (
            "name = \"web\"\npod = { runAsUser = 1, run_as_user = 2 }\n",
            "name = \"web\"\npod = { runAsUser = 1, run_as_user = 2 }\n",
        ),
        (
            "name = \"web\"\n[filesystem]\nread-only = [\"/a/\"]\n[filesytem]\ndeny = [\"/a/b/\"]\n",
            "name = \"web\"\n[filesystem]\nread-only = [\"/a/\"]\n[filesytem]\ndeny = [\"/a/b/\"]\n",
        ),
        ("name = \"web\"\nbundels = [\"tlz\"]\n", "name = \"web\"\nbundles = [\"tls\"]\n"),
    ]);
}

#[test]
fn no_socket_becomes_more_than_was_written() {
    let network = |entry: &str| format!("name = \"web\"\nnetwork.allow = [\"{entry}\"]\n");
    let expect = |entry: &str| format!("name = \"web\"\nexpect.allow = [\"network {entry}\"]\n");
    let cases = [
        ("ipv4/stream", "inet/stream"),
        ("ip6/dgram", "inet6/dgram"),
        ("tcp", "inet/stream"),
        ("inet6/tcp", "inet6/stream"),
        (" inet/stream", "inet/stream"),
        ("inet:stream", "inet/stream"),
        ("tcp/8080", "tcp/8080"),
    ];
    let policies: Vec<(String, String)> = cases
        .iter()
        .flat_map(|(before, after)| [(network(before), network(after)), (expect(before), expect(after))])
        .chain([(network("icmp"), network("icmp")), (network("ipv6"), network("inet6"))])
        .collect();
    let policies: Vec<(&str, &str)> = policies.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    all_mended(&policies);
}

#[test]
fn a_value_of_the_wrong_form_becomes_the_right_one_at_once() {
    let pod =
        |container: &str| format!("name = \"web\"\n[pod.containers.web]\nimage = \"web:1\"\n{container}");
    let cases = [
        ("network = [\n  \"unix\", # why\n]\n", Some("network.allow = [\n  \"unix\", # why\n]\n")),
        ("exec = [\"/bin/dash\"]\n", Some("exec.allow = [\"/bin/dash\"]\n")),
        ("filesystem = [\"/srv/\"]\n", None),
        ("expect = [\"read /a\"]\n", None),
        ("network.allow = [8080]\n", None),
        ("bundles = \"tls dns\"\n", None),
        ("bundles = \"tls\"\n", Some("bundles = [\"tls\"]\n")),
        ("exec.allow = [\"curl\"]\n", None),
        ("exec.allow = [\"bin/dash\"]\n", Some("exec.allow = [\"/bin/dash\"]\n")),
        ("[pod.volumes.run]\nempty-dir = {}\n", Some("[pod.volumes.run]\nempty-dir = true\n")),
        ("[pod.volumes.run]\nemptyDir = {}\n", Some("[pod.volumes.run]\nempty-dir = true\n")),
    ];
    let top = |text: &str| format!("name = \"web\"\n{text}");
    let in_pod = [
        ("command = \"/bin/x -v\"\n", None),
        ("command = \"/bin/x\"\n", Some("command = [\"/bin/x\"]\n")),
        ("args = [8080]\n", Some("args = [\"8080\"]\n")),
        ("ports = 8080\n", Some("ports = [8080]\n")),
        ("ports = \"8080\"\n", Some("ports = [8080]\n")),
        ("ports = [\"8080\"]\n", Some("ports = [8080]\n")),
    ];
    let policies: Vec<(String, String)> = cases
        .iter()
        .map(|(before, after)| (top(before), top(after.unwrap_or(before))))
        .chain(in_pod.iter().map(|(before, after)| (pod(before), pod(after.unwrap_or(before)))))
        .collect();
    let policies: Vec<(&str, &str)> = policies.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    all_mended(&policies);
}

#[test]
fn what_is_almost_right_is_mended() {
    let before = include_str!("../../golden/check/almost-right/policy.toml");
    let fixed = [
        ("\"net_bind\"", "\"net_bind_service\""),
        ("\"sysadm\"", "\"sys_admin\""),
        ("\" chown\"", "\"chown\""),
        ("\"mount \"", "\"mount\""),
        ("read etc/", "read /etc/"),
        ("\" read /etc/hosts\"", "\"read /etc/hosts\""),
        ("network tcp", "network inet/stream"),
        ("capability net_bind\"", "capability net_bind_service\""),
        ("\"srv/data\"", "\"/srv/data\""),
        ("\" nginx:1.27\"", "\"nginx:1.27\""),
        ("{ \"data\" =", "{ \"/data\" ="),
    ];
    let after = fixed.iter().fold(before.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    all_mended(&[(before, &after)]);
}

#[test]
fn nothing_stands_twice_behind_a_fix() {
    let cases = [
        ("filesystem.read-write = [\"/tmp\", \"/tmp/\"]\n", "filesystem.read-write = [\"/tmp/\"]\n"),
        ("filesystem.read-write = [\"/tmp\", \"tmp\"]\n", "filesystem.read-write = [\"/tmp/\"]\n"),
        ("network.allow = [\"inet/stream\", \"tcp\"]\n", "network.allow = [\"inet/stream\"]\n"),
        ("network.allow = [\"tcp\", \"tcp4\", \"unix\"]\n", "network.allow = [\"inet/stream\", \"unix\"]\n"),
        ("capabilities.allow = [\"chwon\", \"CHOWN\"]\n", "capabilities.allow = [\"chown\"]\n"),
        (
            "[pod.containers.web]\nimage = \"web:1\"\nports = [80, \"80\"]\n",
            "[pod.containers.web]\nimage = \"web:1\"\nports = [80]\n",
        ),
        (
            "[pod.containers.Web]\nimage = \"web:1\"\n[pod.containers.web]\nimage = \"web:1\"\n",
            "[pod.containers.Web]\nimage = \"web:1\"\n[pod.containers.web]\nimage = \"web:1\"\n",
        ),
    ];
    let top = |text: &str| format!("name = \"web\"\n{text}");
    let policies: Vec<(String, String)> = cases.iter().map(|(a, b)| (top(a), top(b))).collect();
    let policies: Vec<(&str, &str)> = policies.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    all_mended(&policies);
}

#[test]
fn a_title_says_what_is_done() {
    let mut client = ready();
    let before = "name = \"web\"\nlimits.nofile = 5\nbundles = [\"tlz\", \"tls\"]\nexec.allow = '/bin/dash'\n\
                  [pod]\nrun-as-user = \"5\"\n";
    client.open(POLICY, before);
    let all = json!({ "start": place(0, 0), "end": place(9, 0) });
    let actions = actions(&mut client, POLICY, &all, None);
    let titles: Vec<&str> = actions.iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        [
            "put quotes around `5`",
            "take `tlz` out",
            "put brackets around `/bin/dash`",
            "leave the quotes around `5` out",
            "fix all that aapol is sure about",
        ]
    );
    finish(client);
}

#[test]
fn words_and_forms_of_other_tools_become_those_of_policies() {
    all_mended(&[
        (
            "Name = \"web\"\n[Filesystem]\nReadOnlyPaths = [\"/a/\"]\nWritablePaths = [\"/b/\"]\nAllowExec = [\"/c\"]\n",
            "name = \"web\"\n[filesystem]\nread-only = [\"/a/\"]\nread-write = [\"/b/\"]\nAllowExec = [\"/c\"]\n",
        ),
        (
            "name = \"web\"\n[pod.volumes]\na = { pvc = { claimName = \"a\" } }\n",
            "name = \"web\"\n[pod.volumes]\na = { claim = \"a\" }\n",
        ),
        (
            "name = \"web\"\n[pod.containers.web]\nenv = [{ name = \"A\", value = \"a\" }]\nvolumeMounts = [{ name = \"d\", mountPath = \"/d\" }]\n",
            "name = \"web\"\n[pod.containers.web]\nenv = { A = \"a\" }\nmounts = { \"/d\" = \"d\" }\n",
        ),
        // What would be lost stays.
        (
            "name = \"web\"\n[pod.containers.web]\nenv = [{ name = \"A\", valueFrom = {} }]\n",
            "name = \"web\"\n[pod.containers.web]\nenv = [{ name = \"A\", valueFrom = {} }]\n",
        ),
        // A table with a header is no value that another could stand for.
        (
            "name = \"web\"\n[pod.volumes.tmp.empty-dir]\n[pod.containers.web.env.A]\nvalue = \"a\"\n",
            "name = \"web\"\n[pod.volumes.tmp.empty-dir]\n[pod.containers.web.env.A]\nvalue = \"a\"\n",
        ),
    ]);
}

fn stand_twice(text: &str) -> usize {
    alone(text).findings.iter().filter(|finding| finding.code.name == "duplicate-entry").count()
}

/// Each fix alone, and all at once: TOML stays TOML, and nothing stands twice that did not before.
#[test]
fn no_fix_breaks_a_policy() {
    let mut client = ready();
    client.open(POLICY, "");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/check");
    let (mut policies, mut fixes) = (0, 0);
    let cases = fs::read_dir(golden).unwrap();
    let own = cases.filter_map(|case| fs::read_to_string(case.unwrap().path().join("policy.toml")).ok());
    for text in own.chain(codes::all().map(|code| code.bad().to_owned())) {
        // One is long, to be too much work.
        if text.len() > 4096 {
            continue;
        }
        policies += 1;
        client.change(POLICY, policies, &text);
        let start = json!({ "start": place(0, 0), "end": place(0, 0) });
        let all = actions(&mut client, POLICY, &start, Some(&["source.fixAll"]));
        let mut all_fixed: Vec<String> = all.iter().map(|all| applied(&text, edits(all, POLICY))).collect();
        let analysis = alone(&text);
        for fix in analysis.fixes().iter() {
            let Some(one) = fix.as_one(&text, 0) else { continue };
            let mut fixed = text.clone();
            fixed.replace_range(one.place.start..one.place.end, &one.text);
            all_fixed.push(fixed);
        }
        fixes += all_fixed.len();
        let before = stand_twice(&text);
        let was_toml = toml::from_str::<toml::Table>(&text).is_ok();
        for fixed in all_fixed {
            assert!(!was_toml || toml::from_str::<toml::Table>(&fixed).is_ok(), "{fixed}");
            assert!(stand_twice(&fixed) <= before, "{fixed}");
        }
    }
    assert!(policies > 50 && fixes > 100, "only {policies} policies with {fixes} fixes");
    finish(client);
}
