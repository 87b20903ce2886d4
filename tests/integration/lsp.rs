//! The language server as an editor meets it: the program itself, over its standard streams.

use crate::support::client::{Client, uri};
use crate::support::session::{
    NGINX, POLICY, actions, applied, codes, edits, finish, offset_of, place, place_of, ready, started, with,
};
use crate::support::trial::alone;
use aapol::diag::Code;
use aapol::editor::session::Session;
use aapol::policy::ReadError;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

#[test]
fn it_says_what_it_can_and_ends_when_it_is_told() {
    let mut client = started();
    let answer = client.initialize(Path::new("/"), json!({}), Value::Null);
    assert_eq!(answer["serverInfo"]["name"], "aapol");
    let can = &answer["capabilities"];
    assert_eq!(can["positionEncoding"], "utf-16");
    assert_eq!(can["textDocumentSync"]["change"], 1);
    assert_eq!(can["codeActionProvider"]["codeActionKinds"], json!(["quickfix", "source.fixAll.aapol"]));
    finish(client);
}

#[test]
fn findings_come_while_one_types_and_go_again() {
    let mut client = ready();
    let text = "name = \"web\"\n[capabilities]\nallow = [\"chwon\"]\n";
    client.open(POLICY, text);
    let found = client.diagnostics(POLICY);
    assert_eq!(codes(&found), ["not-restricted", "placeholder-image", "unknown-capability"]);
    let wrong = &found[2];
    assert_eq!(wrong["range"], json!({ "start": place(2, 9), "end": place(2, 16) }));
    assert_eq!(wrong["severity"], 1);
    assert_eq!(wrong["source"], "aapol");
    assert_eq!(wrong["message"], "`chwon` is not a capability\nhelp: did you mean `chown`?");
    assert_eq!(found[0]["severity"], 3);
    client.change(POLICY, 2, &text.replace("chwon", "chown"));
    let params = client.notification("textDocument/publishDiagnostics");
    assert_eq!(params["version"], 2);
    let fixed = codes(params["diagnostics"].as_array().unwrap());
    assert_eq!(fixed, ["not-restricted", "not-restricted", "placeholder-image"]);
    // The same findings are not told again: what comes next is what closing takes away.
    client.change(POLICY, 3, &format!("{}# more\n", text.replace("chwon", "chown")));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": POLICY } }));
    assert_eq!(client.diagnostics(POLICY), [Value::Null; 0]);
    finish(client);
}

#[test]
fn a_document_that_stops_being_a_policy_has_no_findings() {
    let mut client = ready();
    client.open(POLICY, "#:schema x/policy.schema.json\nname = web\n");
    assert_eq!(codes(&client.diagnostics(POLICY)), ["invalid-toml"]);
    client.change(POLICY, 2, "#:schema other.json\nname = web\n");
    assert_eq!(client.diagnostics(POLICY), [Value::Null; 0]);
    client.change(POLICY, 3, "name = web\n");
    assert_eq!(codes(&client.diagnostics(POLICY)), ["invalid-toml"]);
    finish(client);
}

#[test]
fn other_documents_get_nothing() {
    let mut client = ready();
    let cargo = "file:///code/Cargo.toml";
    client.open(cargo, "name = \"x\n[network]\nallow = [\"\"]\n");
    assert_eq!(client.complete(cargo, 2, 10), [Value::Null; 0]);
    assert_eq!(client.hover(cargo, 2, 1), Value::Null);
    let all = json!({ "start": place(0, 0), "end": place(9, 0) });
    assert_eq!(actions(&mut client, cargo, &all, None), [Value::Null; 0]);
    let strange = "file:///nowhere/policy.toml";
    assert_eq!(client.hover(strange, 0, 0), Value::Null);
    assert_eq!(client.complete(strange, 0, 0), [Value::Null; 0]);
    client.change(strange, 4, "name = 1");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": strange } }));
    // Had it published anything, it would be the first.
    client.open(POLICY, "name = 1\n");
    assert_eq!(client.notification("textDocument/publishDiagnostics")["uri"], POLICY);
    finish(client);
}

#[test]
fn a_folder_of_policies_is_one_that_the_editor_names() {
    let text = "name = \"web\"\nmode = \"klil\"\n";
    let mut client = with(json!({}), json!({ "policies": ["shop", "../srv/policies", "/etc/aapol/"] }));
    for (uri, is_policy) in [
        ("file:///policies/shop/web.toml", true),
        ("file:///policies/web.toml", false),
        ("file:///srv/policies/web.toml", true),
        ("file:///srv/policies/shop/web.toml", true),
        ("file:///etc/aapol/web.toml", true),
        ("file:///srv/policies-not/web.toml", false),
        ("file:///srv/web.toml", false),
        ("file:///srv/policies/../web.toml", false),
    ] {
        client.open(uri, text);
        let place = json!({ "start": place(1, 8), "end": place(1, 8) });
        assert_eq!(!actions(&mut client, uri, &place, None).is_empty(), is_policy, "{uri}");
    }
    finish(client);
}

#[test]
fn a_document_without_a_file_is_judged_alone() {
    let mut client = ready();
    let unsaved = "untitled:policy.toml";
    client.open(unsaved, "name = \"web\"\nextends = [\"Cargo.toml\"]\n");
    let found = client.diagnostics(unsaved);
    assert_eq!(codes(&found), ["unreadable-policy"]);
    assert_eq!(found[0]["range"]["start"], place(1, 11));
    finish(client);
}

#[test]
fn every_beginning_of_a_policy_is_answered() {
    let mut client = ready();
    client.open(POLICY, "");
    let mut asked = Vec::new();
    let ends: Vec<usize> = (0..=NGINX.len()).filter(|end| NGINX.is_char_boundary(*end)).collect();
    for end in ends {
        let text = &NGINX[..end];
        client.change(POLICY, end.try_into().unwrap(), text);
        let (line, character) = place_of(text, end);
        let at = json!({ "textDocument": { "uri": POLICY }, "position": { "line": line, "character": character } });
        asked.push(client.request("textDocument/hover", at.clone()));
        asked.push(client.request("textDocument/completion", at));
    }
    for id in asked {
        client.answer(id).unwrap();
    }
    finish(client);
}

/// How many findings of its own kind an example has that have a fix.
fn fixes(code: &Code) -> usize {
    let analysis = alone(code.bad());
    let own = analysis.findings.iter().filter(|finding| finding.code == code);
    own.filter(|finding| analysis.fixes().get(finding).is_some()).count()
}

#[test]
fn a_fix_takes_its_finding_away() {
    let mut client = ready();
    let mut fixed = 0;
    for code in aapol::cli::codes::all().filter(|code| !code.bad().is_empty()) {
        let uri = format!("file:///policies/{}/policy.toml", code.name);
        client.open(&uri, code.bad());
        let found = client.diagnostics(&uri);
        for diagnostic in found.iter().filter(|d| d["code"] == code.name) {
            let offered = actions(&mut client, &uri, &diagnostic["range"], Some(&["quickfix"]));
            let own = offered.iter().find(|action| action["diagnostics"][0] == *diagnostic);
            let Some(action) = own else { continue };
            assert_eq!(action["isPreferred"], true);
            assert_eq!(action["kind"], "quickfix");
            let text = applied(code.bad(), edits(action, &uri));
            let again = format!("file:///policies/{}/{fixed}.aapol.toml", code.name);
            client.open(&again, &text);
            let left = client.diagnostics(&again);
            let same = left.iter().any(|d| d["code"] == code.name && d["message"] == diagnostic["message"]);
            assert!(!same, "{}: {text}\n{left:#?}", action["title"]);
            fixed += 1;
        }
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }
    let all: usize = aapol::cli::codes::all().map(fixes).sum();
    assert_eq!(fixed, all);
    assert!(all >= 10, "only {all} examples have a fix");
    finish(client);
}

#[test]
fn all_fixes_come_at_once() {
    let mut client = ready();
    let text = "name = \"web\"\nbundles = [\"tlz\"]\n[capabilities]\nallow = [\"chwon\", \"sethuid\"]\n";
    client.open(POLICY, text);
    client.diagnostics(POLICY);
    let start = json!({ "start": place(0, 0), "end": place(0, 0) });
    for only in ["source.fixAll.aapol", "source.fixAll", "source"] {
        let all = actions(&mut client, POLICY, &start, Some(&[only]));
        assert_eq!(all.len(), 1, "{only}");
        let fixed = applied(text, edits(&all[0], POLICY));
        let want = text.replace("tlz", "tls").replace("chwon", "chown").replace("sethuid", "setuid");
        assert_eq!(fixed, want);
    }
    assert_eq!(actions(&mut client, POLICY, &start, Some(&["refactor"])), [Value::Null; 0]);
    // Two of a list, with a comma between them.
    let twice = "name = \"web\"\n[filesystem]\nread-only = [\"/a/\", \"/a/b\", \"/a/c\"]\n";
    let second = "file:///policies/twice/policy.toml";
    client.open(second, twice);
    let found = client.diagnostics(second);
    assert_eq!(found.iter().filter(|d| d["code"] == "covered-entry").count(), 2, "{found:?}");
    let all = actions(&mut client, second, &start, Some(&["source.fixAll"]));
    assert_eq!(applied(twice, edits(&all[0], second)), twice.replace(", \"/a/b\", \"/a/c\"", ""));
    let entry = json!({ "start": place(2, 25), "end": place(2, 25) });
    assert_eq!(actions(&mut client, second, &entry, Some(&["quickfix"]))[0]["title"], "take `/a/b` out");
    let one = json!({ "start": place(3, 12), "end": place(3, 12) });
    let titles: Vec<Value> =
        actions(&mut client, POLICY, &one, None).iter().map(|a| a["title"].clone()).collect();
    assert_eq!(titles, ["replace with `chown`", "fix all that aapol is sure about"]);
    finish(client);
}

/// What is shown at the `|` of a policy, and the text that it is about.
fn shown(client: &mut Client, marked: &str) -> Option<(String, String)> {
    let offset = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    client.change(POLICY, 1, &text);
    let (line, character) = place_of(&text, offset);
    let hover = client.hover(POLICY, line, character);
    let range = hover.get("range")?;
    assert_eq!(hover["contents"]["kind"], "markdown");
    let about = &text[offset_of(&text, &range["start"])..offset_of(&text, &range["end"])];
    Some((hover["contents"]["value"].as_str().unwrap().to_owned(), about.to_owned()))
}

#[test]
fn pointing_at_an_entry_shows_its_rules() {
    let mut client = ready();
    client.open(POLICY, "");
    let one = |text: &str| text.replace("POLICY", "name = \"web\"\n");
    let cases = [
        ("[filesystem]\nread-only = [\"/a|/\", \"/b\"]", Some(("```apparmor\n/a/{,**} rk,\n```", "\"/a/\""))),
        (
            "[filesystem]\nread|-only = [\"/a/\", \"/b\"]",
            Some(("```apparmor\n/a/{,**} rk,\n/b rk,\n```", "read-only")),
        ),
        ("[filesystem]\nread-only = [\"/a/\", | \"/b\"]", None),
        ("[file|system]\nread-only = [\"/b\"]", Some(("```apparmor\n/b rk,\n```", "filesystem"))),
        ("filesystem.read-only = [\n  '|/b'\n]", Some(("```apparmor\n/b rk,\n```", "'/b'"))),
        ("[limits]\nnofile = \"10|24\"", Some(("```apparmor\nset rlimit nofile <= 1024,\n```", "\"1024\""))),
        (
            "[capabilities]\nallow = [\"ch|own\"]",
            Some(("Change who owns a file.\n\n```apparmor\ncapability chown,\n```", "\"chown\"")),
        ),
        (
            "[capabilities]\nallow = [\"ch|wn\"]",
            Some(("The rules are shown once the policy's errors are fixed.", "\"chwn\"")),
        ),
        (
            "bun|dles = [\"dns\", \"jvm\"]",
            Some((
                "```apparmor\nnetwork inet dgram,\nnetwork inet6 dgram,\n\
                 network unix stream,\nnetwork netlink raw,\n/etc/java-*/{,**} r,\n\
                 /opt/java/openjdk/**.so mr,\n/opt/java/openjdk/{,**} r,\n\
                 /usr/lib/jvm/**.so mr,\n/usr/lib/jvm/{,**} r,\n/proc/[0-9]*/coredump_filter rw,\n\
                 /proc/[0-9]*/fd/ r,\n/proc/[0-9]*/net/if_inet6 r,\n\
                 /sys/kernel/mm/hugepages/ r,\n```",
                "bundles",
            )),
        ),
        ("m|ode = \"enforce\"", Some(("It is refused.", "mode"))),
        ("[pod]\nrun-as-user = 1|01", None),
        ("[pod.containers.web]\nima|ge = \"a:1\"", None),
        ("# no|thing", None),
        ("|", None),
    ];
    for (marked, want) in cases {
        let found = shown(&mut client, &one(&format!("POLICY{marked}\n")));
        let want = want.map(|(text, about)| (text.to_owned(), about.to_owned()));
        if marked.contains("ch|own") {
            let (text, about) = found.unwrap();
            assert!(text.ends_with("\n\n```apparmor\ncapability chown,\n```"), "{text}");
            assert_eq!(about, "\"chown\"");
            continue;
        }
        assert_eq!(found, want, "{marked}");
    }
    for (socket, about) in [
        (
            "inet/stream",
            "IPv4. Connections, which is TCP in the inet families; most servers and clients need it.",
        ),
        ("inet", "IPv4; most servers and clients need it."),
    ] {
        let (text, _) =
            shown(&mut client, &format!("name = \"web\"\nnetwork.allow = [\"{socket}|\"]\n")).unwrap();
        assert_eq!(text.split("\n\n").next(), Some(about));
    }
    for bundle in ["dns", "jvm", "python", "tls"] {
        let (text, _) = shown(&mut client, &format!("name = \"web\"\nbundles = [\"{bundle}|\"]\n")).unwrap();
        assert!(text.contains("```apparmor\n") && !text.contains("no rule"), "{bundle}: {text}");
    }
    let many: String = (0..30).map(|index| format!("\"/srv/{index}\",")).collect();
    let (text, _) =
        shown(&mut client, &format!("name = \"web\"\n[filesystem]\nre|ad-only = [{many}]\n")).unwrap();
    assert!(text.ends_with("```\n\nand 10 more"), "{text}");
    finish(client);
}

/// The labels that are offered at the `|`, and the text with `tls` where it is one of them.
fn offered(client: &mut Client, marked: &str) -> (Vec<String>, String) {
    let offset = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    client.change(POLICY, 1, &text);
    let (line, character) = place_of(&text, offset);
    let items = client.complete(POLICY, line, character);
    for item in &items {
        assert!(!item["documentation"]["value"].as_str().unwrap().is_empty(), "{item}");
        assert_eq!(item["filterText"], item["label"]);
    }
    let first = items
        .iter()
        .find(|item| item["label"] == "tls")
        .map_or(text.clone(), |item| applied(&text, &[item["textEdit"].clone()]));
    (items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect(), first)
}

#[test]
fn words_are_offered_between_quotes() {
    let mut client = with(json!({}), json!({ "completion": "all" }));
    client.open(POLICY, "");
    // The text, a word that is offered, and one that is not.
    let cases = [
        ("[capabilities]\nallow = [\"net_|\"]", "net_bind_service", "inet"),
        ("[capabilities]\nallow = [\"net_|", "net_bind_service", "inet"),
        ("[capabilities]\nallow = [\"chown\", \"|", "setuid", "chown"),
        ("[capabilities]\nallow = [\"chown\", \"|, \"setuid\"]", "setgid", "setuid"),
        ("[capabilities]\nallow = [\n  \"chown\", # \"x\n  '|'\n]\ndeny = [\"kill\"]", "kill", "chown"),
        ("capabilities = { deny = [\"|\"] }", "chown", "inet"),
        ("capabilities.deny = [\"|\"]", "chown", "inet"),
        ("[capabilities]\ndefault = \"|\"", "allow", "read"),
        ("[network]\nallow = [\"inet/|\"]", "inet/stream", "chown"),
        ("[network]\nallow = [\"|\"]", "*/stream", "chown"),
        ("[operations]\ndeny = [\"|\"]", "mount", "chown"),
        ("bundles = [ \"|", "tls", "chown"),
        ("bundles = [ \"|\n\n[network]\nallow = [\"unix\"]", "dns", "unix"),
        ("silence = [\"|\"]", "floating-image", "invalid-toml"),
        ("mode = \"|\"", "complain", "allow"),
        ("abi = '|'", "4.0", "allow"),
        ("[filesystem]\ndefault = \"|\"", "read", "chown"),
        ("[expect]\nallow = [\"|\"]", "capability chown", "chown"),
        ("[expect]\ndeny = [\"network |\"]", "network inet/stream", "inet/stream"),
        ("[pod]\nkind = \"|\"", "Deployment", "Service"),
        ("[pod]\nseccomp = \"|\"", "unconfined", "x"),
        ("[pod.containers.web]\nprofile = \"|\"", "runtime-default", "x"),
        ("[pod.volumes.tmp]\n[pod.containers.web]\nmounts = { \"/x\" = \"|\" }", "tmp", "web"),
        ("[pod.volumes.tmp]\n[pod.containers.web]\nmounts = { \"/x\" = \"|", "tmp", "web"),
        ("[pod.volumes]\na = { empty-dir = true }\n[pod.containers.web.mounts]\n'/x' = '|'", "a", "web"),
        (
            "[pod.containers.web]\nmounts = { \"/x\" = \"|\n\n[pod.volumes.tmp]\nempty-dir = true",
            "tmp",
            "web",
        ),
    ];
    for (marked, has, has_not) in cases {
        for line_end in ["\n", "\r\n"] {
            let marked = format!("name = \"web\"\n{marked}\n").replace('\n', line_end);
            let (labels, _) = offered(&mut client, &marked);
            assert!(labels.iter().any(|l| l == has), "{marked}: {has} is not in {labels:?}");
            assert!(!labels.iter().any(|l| l == has_not), "{marked}: {has_not} is in {labels:?}");
        }
    }
    let nothing = [
        "[filesystem]\nread-only = [\"|\"]",
        "bundles = \"|\"",
        "bundles = [|]",
        "\"|\" = 1",
        "# bundles = [\"|\"]",
        "[pod.containers.web]\nmounts = { \"|\" = \"x\" }",
        "[unknown]\nkey = [\"|\"]",
    ];
    for marked in nothing {
        assert_eq!(offered(&mut client, marked).0, [""; 0], "{marked}");
    }
    for (marked, want) in [
        ("bundles = [\"t|l\"]", "bundles = [\"tls\"]"),
        ("bundles = [\"t|", "bundles = [\"tls"),
        ("bundles = [\"|]", "bundles = [\"tls]"),
        ("bundles = [\"|, \"dns\"]", "bundles = [\"tls, \"dns\"]"),
    ] {
        assert_eq!(offered(&mut client, marked).1, want);
    }
    finish(client);
}

#[test]
fn what_others_complete_is_left_to_them() {
    let places = [
        "mode = \"|\"",
        "bundles = [\"|\"]",
        "bundles = [\n|\n]",
        "[pod]\nseccomp = \"|\"",
        "[pod.volumes.v]\n[pod.containers.c]\nmounts = { '/x' = '|' }",
    ];
    let options = [
        (json!({ "completion": "all" }), [true, true, true, true, true]),
        (json!({ "completion": "beside-taplo" }), [false, true, true, true, true]),
        (json!({ "completion": "beyond-schema" }), [false, false, false, false, true]),
        (json!({ "completion": "off" }), [false, false, false, false, false]),
        // What cannot be understood is as if it was not there.
        (json!({ "completion": 1 }), [false, true, true, true, true]),
        (json!([]), [false, true, true, true, true]),
        (json!("off"), [false, true, true, true, true]),
        (json!({ "completion": "x" }), [false, true, true, true, true]),
    ];
    for (options, wanted) in options {
        let capabilities = json!({ "general": { "positionEncodings": 7 } });
        let mut client = with(capabilities, options.clone());
        client.open(POLICY, "");
        let found = places.map(|place| !offered(&mut client, place).0.is_empty());
        assert_eq!(found, wanted, "{options}");
        finish(client);
    }
}

#[test]
fn files_that_change_on_disk_are_watched_where_the_editor_can() {
    let nothing = |_: &Path| Err(ReadError { wrong: "does not exist".to_owned(), help: None });
    for can in [true, false] {
        let mut session = Session::new(&nothing);
        let watched = json!({ "dynamicRegistration": can });
        let offered = json!({ "capabilities": { "workspace": { "didChangeWatchedFiles": watched } } });
        session.request("initialize", offered).unwrap();
        let asks = session.asks();
        assert_eq!(asks.len(), usize::from(can));
        assert!(asks.iter().all(|(method, _)| *method == "client/registerCapability"));
        assert!(session.asks().is_empty());
    }
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base.toml");
    fs::write(&base, "name = \"base\"\nabstract = true\ncapabilities.allow = [\"chown\"]\n").unwrap();
    let mut client = with(
        json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } }),
        Value::Null,
    );
    let policy = uri(&folder.path().join("policy.toml"));
    client.open(&policy, "name = \"web\"\nextends = [\"base.toml\"]\n");
    assert!(!codes(&client.diagnostics(&policy)).contains(&"unknown-capability"));
    fs::write(&base, "name = \"base\"\nabstract = true\ncapabilities.allow = [\"chwon\"]\n").unwrap();
    let changes = json!([{ "uri": uri(&base), "type": 2 }]);
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    assert!(codes(&client.diagnostics(&policy)).contains(&"unknown-capability"));
    finish(client);
}

#[test]
fn a_base_counts_as_it_stands_in_the_editor() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("sub")).unwrap();
    fs::write(path("base file.toml"), "name = \"base\"\n").unwrap();
    fs::write(path("middle.toml"), "name = \"middle\"\nextends = [\"base file.toml\"]\n").unwrap();
    fs::write(path("other.toml"), "name = \"other\"\n").unwrap();
    let (policy, base) = (uri(&path("sub/policy.toml")), uri(&path("base file.toml")));
    let text = "name = \"web\"\nextends = [\"../other.toml\", \"../middle.toml\"]\n\
                [pod]\nrun-as-user = 101\n[pod.containers.web]\nimage = \"web:1\"\n";
    let mut client = ready();
    client.open(&policy, text);
    assert_eq!(client.diagnostics(&policy), [Value::Null; 0]);
    // It is not saved.
    client.open(&base, "name = \"base\"\n\n[capabilities]\nallow = [\"chwon\"]\n");
    let found = client.diagnostics(&policy);
    assert_eq!(codes(&found), ["unknown-capability"]);
    assert_eq!(found[0]["range"], json!({ "start": place(1, 28), "end": place(1, 44) }));
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("base file.toml:4"), "{message}");
    let related = &found[0]["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], base);
    assert_eq!(related["location"]["range"], json!({ "start": place(3, 9), "end": place(3, 16) }));
    // What stands in another file is not fixed from here.
    assert_eq!(actions(&mut client, &policy, &found[0]["range"], None), [Value::Null; 0]);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": base } }));
    assert_eq!(client.diagnostics(&policy), [Value::Null; 0]);
    fs::write(path("base file.toml"), "name = base\n").unwrap();
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": base } }));
    assert_eq!(codes(&client.diagnostics(&policy)), ["invalid-toml"]);
    finish(client);
}

#[test]
fn a_change_reaches_every_policy_that_is_built_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| uri(&folder.path().join(name));
    let base = at("base.toml");
    let mut client = ready();
    client.open(&base, "name = \"base\"\n");
    for name in ["a.aapol.toml", "b.aapol.toml"] {
        client.open(&at(name), "name = \"x\"\nextends = [\"base.toml\"]\n");
        client.diagnostics(&at(name));
    }
    client.open(POLICY, "name = \"web\"\n");
    client.diagnostics(POLICY);
    client.change(&base, 2, "name = \"base\"\nmode = \"of\"\n");
    for name in ["a.aapol.toml", "b.aapol.toml"] {
        let found = client.diagnostics(&at(name));
        assert!(codes(&found).contains(&"unknown-value"), "{found:?}");
    }
    // The base itself is called like no policy, and the other one is not built on it.
    client.change(POLICY, 2, "name = 1\n");
    assert_eq!(client.notification("textDocument/publishDiagnostics")["uri"], POLICY);
    finish(client);
}

#[test]
fn a_base_that_is_on_no_disk_is_found_in_the_editor() {
    let folder = tempfile::tempdir().unwrap();
    let (policy, base) = (uri(&folder.path().join("policy.toml")), uri(&folder.path().join("new.toml")));
    let mut client = ready();
    client.open(&policy, "name = \"web\"\nextends = [\"new.toml\", \"./x/../new.toml\"]\n");
    assert_eq!(codes(&client.diagnostics(&policy)), ["unreadable-policy", "unreadable-policy"]);
    client.open(&base, "extends = [\"policy.toml\"]\n");
    assert!(codes(&client.diagnostics(&policy)).contains(&"extends-cycle"));
    client.change(
        &base,
        2,
        "name = \"new\"\n[pod]\nrun-as-user = 101\n[pod.containers.web]\nimage = \"web:1\"\n",
    );
    assert_eq!(client.diagnostics(&policy), [Value::Null; 0]);
    finish(client);
}

#[test]
fn other_places_are_told_to_those_who_show_them() {
    let text = "name = \"web\"\n[filesystem]\ndefault = \"allow\"\nread-only = [\"/a/\"]\nread-write = [\"/a/b/\"]\n";
    for related in [true, false] {
        let capability =
            json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": related } } });
        let mut client = with(capability, Value::Null);
        client.open(POLICY, text);
        let found = client.diagnostics(POLICY);
        let wrong = found.iter().find(|d| d["code"] == "write-inside-read-only").unwrap();
        assert_eq!(wrong.get("relatedInformation").is_some(), related);
        if related {
            assert_eq!(wrong["relatedInformation"][0]["location"]["uri"], POLICY);
            assert_eq!(wrong["relatedInformation"][0]["location"]["range"]["start"], place(3, 13));
        }
        finish(client);
    }
}

#[test]
fn positions_count_what_was_agreed_on() {
    let text = "name = \"web\"\npod = { namespace = \"ä😀\", seccomp = \"Podd\" }\n";
    for (encodings, chosen, start) in [
        (json!(["utf-32", "utf-8", "utf-16"]), "utf-8", 40),
        (json!(["utf-16"]), "utf-16", 37),
        (Value::Null, "utf-16", 37),
    ] {
        let mut client = started();
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        let answer = client.initialize(Path::new("/"), capabilities, Value::Null);
        assert_eq!(answer["capabilities"]["positionEncoding"], chosen);
        client.open(POLICY, text);
        let found = client.diagnostics(POLICY);
        let wrong = found.iter().find(|d| d["code"] == "invalid-seccomp").unwrap();
        assert_eq!(wrong["range"], json!({ "start": place(1, start), "end": place(1, start + 6) }));
        let within: u32 = (start + 1).try_into().unwrap();
        let items = client.complete(POLICY, 1, within);
        let edit = json!({ "start": place(1, start + 1), "end": place(1, start + 5) });
        assert_eq!(items[0]["textEdit"]["range"], edit);
        // In the middle of a character.
        for character in 20..30 {
            client.hover(POLICY, 1, character);
            client.complete(POLICY, 1, character);
        }
        finish(client);
    }
}
