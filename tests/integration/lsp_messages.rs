//! `aapol lsp` as a program: messages in pieces, together, cancelled, malformed and out of place, and its end.

use crate::support::session::{POLICY, codes, finish, place, ready, started};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::path::Path;

/// A message as it goes over the line.
fn framed(message: &Value) -> Vec<u8> {
    let text = message.to_string();
    format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes()
}

#[test]
fn messages_may_come_in_pieces_or_together() {
    let mut client = ready();
    let hover = json!({ "jsonrpc": "2.0", "id": "a", "method": "textDocument/hover",
        "params": { "textDocument": { "uri": POLICY }, "position": place(0, 0) } });
    for byte in framed(&hover) {
        client.raw(&[byte]);
    }
    assert_eq!(client.stray()["id"], "a");
    let mut many = Vec::new();
    for id in ["b", "c", "d"] {
        let mut hover = hover.clone();
        hover["id"] = json!(id);
        many.extend(framed(&hover));
    }
    client.raw(&many);
    for id in ["b", "c", "d"] {
        assert_eq!(client.stray()["id"], id);
    }
    finish(client);
}

fn large(entries: usize) -> String {
    let entries: String = (0..entries).map(|index| format!("\"/srv/{index}/**/[a-f]*\",\n")).collect();
    format!("name = \"large\"\n[filesystem]\nread-only = [\n{entries}]\n")
}

#[test]
fn what_is_cancelled_in_time_is_not_worked_on() {
    let mut client = ready();
    let open = json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument":
        { "uri": POLICY, "languageId": "toml", "version": 1, "text": large(5000) } } });
    let ask = |id: Value, method: &str| {
        json!({ "jsonrpc": "2.0", "id": id, "method": method, "params":
            { "textDocument": { "uri": POLICY }, "position": place(2, 2) } })
    };
    let cancel = |id: Value| json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } });
    let messages = [
        open,
        ask(json!("slow"), "textDocument/hover"),
        ask(json!("kept"), "textDocument/hover"),
        ask(json!(7001), "textDocument/completion"),
        ask(json!("gone"), "textDocument/completion"),
        cancel(json!(7001)),
        cancel(json!("gone")),
        cancel(json!("never asked")),
        cancel(json!({})),
        cancel(Value::Null),
    ];
    client.raw(&messages.iter().flat_map(framed).collect::<Vec<u8>>());
    let mut answers: Vec<Value> = (0..4).map(|_| client.stray()).collect();
    answers.sort_by_key(|answer| answer["id"].to_string());
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(
        ids,
        ["\"gone\"", "\"kept\"", "\"slow\"", "7001"]
            .map(|id| serde_json::from_str::<Value>(id).unwrap())
            .iter()
            .collect::<Vec<_>>()
    );
    for (answer, cancelled) in answers.iter().zip([true, false, false, true]) {
        assert_eq!(answer["error"]["code"] == -32800, cancelled, "{answer}");
    }
    // What was answered already stays answered, once.
    let id = client
        .request("textDocument/hover", json!({ "textDocument": { "uri": POLICY }, "position": place(0, 0) }));
    client.answer(id).unwrap();
    client.notify("$/cancelRequest", json!({ "id": id }));
    client.hover(POLICY, 0, 0);
    finish(client);
}

#[test]
fn of_many_changes_the_last_one_counts() {
    let mut client = ready();
    client.open(POLICY, &large(2000));
    for version in 2..200 {
        client.change(POLICY, version, &format!("name = \"web\"\nbundles = [\"x{version}\"]\n"));
    }
    loop {
        let found = client.diagnostics(POLICY);
        if found.iter().any(|d| d["message"].as_str().unwrap().contains("x199")) {
            break;
        }
    }
    finish(client);
}

#[test]
fn wrong_questions_are_refused_and_the_rest_goes_on() {
    let mut client = started();
    let early = client.request("textDocument/hover", json!({}));
    assert_eq!(client.answer(early).unwrap_err()["code"], -32002);
    let early = client.request("shutdown", Value::Null);
    assert_eq!(client.answer(early).unwrap_err()["code"], -32002);
    client.open(POLICY, "name = 1");
    client.initialize(Path::new("/"), json!({}), Value::Null);
    let mut refused = |method: &str, params: Value, code: i64| {
        let id = client.request(method, params.clone());
        let error = client.answer(id).expect_err(method);
        assert_eq!(error["code"], code, "{method} {params}");
        assert!(!error["message"].as_str().unwrap().is_empty());
    };
    let document = json!({ "uri": POLICY });
    for method in ["textDocument/hover", "textDocument/completion", "textDocument/codeAction"] {
        for params in [
            Value::Null,
            json!({}),
            json!([1]),
            json!({ "textDocument": document }),
            json!({ "textDocument": document, "position": { "line": -1, "character": 0 }, "range": 1 }),
            json!({ "textDocument": document, "position": { "line": 0.5, "character": 0 }, "range": {} }),
            json!({ "textDocument": document, "position": { "line": 4294967296u64, "character": 0 } }),
            json!({ "textDocument": { "uri": 1 }, "position": place(0, 0), "range": null }),
        ] {
            refused(method, params, -32602);
        }
    }
    refused("textDocument/rename", json!({}), -32601);
    refused("", json!({}), -32601);
    refused("initialize", json!({ "capabilities": {} }), -32600);
    for (method, params) in [
        ("$/setTrace", json!({ "value": "off" })),
        ("workspace/didChangeConfiguration", json!({ "settings": null })),
        ("textDocument/didOpen", json!({ "textDocument": 1 })),
        ("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [] })),
        ("textDocument/didChange", json!([])),
        ("textDocument/didClose", Value::Null),
        ("$/cancelRequest", Value::Null),
    ] {
        client.notify(method, params);
    }
    for bytes in [
        "Content-Length: 5\r\n\r\n{\"a\":",
        "Content-Length: 2\r\n\r\n[]",
        "Content-Length: 3\r\nX: y\r\n\r\n123",
    ] {
        client.raw(bytes.as_bytes());
    }
    client.raw(b"Content-Length: 2\r\n\r\n\xff\xfe");
    client.raw(b"no head\r\n\r\nContent-Length: none\r\n\r\n");
    client.raw(&framed(&json!({ "jsonrpc": "2.0", "id": 99, "result": null })));
    client.raw(&framed(&json!({ "jsonrpc": "2.0", "id": 5_000_000_000u64, "method": "shutdown" })));
    client.raw(b"Content-Length: 99999999999\r\n\r\n");
    let answers: Vec<Value> = (0..6).map(|_| client.stray()).collect();
    let told: Vec<String> =
        answers.iter().map(|answer| format!("{} {}", answer["error"]["code"], answer["id"])).collect();
    assert_eq!(
        told,
        [
            "-32700 null", // not JSON
            "-32600 null", // a batch
            "-32600 null", // a number
            "-32700 null", // not UTF-8, and what stands behind it
            "-32600 5000000000",
            "-32600 null", // a giant
        ]
    );
    // The log says so too, and what notifications nobody could read.
    let logged: Vec<Value> = (0..9).map(|_| client.notification("window/logMessage")).collect();
    for wanted in [
        "`textDocument/didOpen` does not have these parameters",
        "a message was passed over: this is no JSON: EOF while parsing a value at line 1 column 5",
    ] {
        assert!(logged.iter().any(|one| one["message"] == wanted), "{wanted}: {logged:?}");
    }
    client.open(POLICY, "name = 1");
    assert_eq!(codes(&client.diagnostics(POLICY)), ["wrong-type"]);
    client.ask("shutdown", Value::Null);
    let late = client.request("textDocument/hover", json!({}));
    assert_eq!(client.answer(late).unwrap_err()["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(0));
}

#[test]
fn a_document_that_is_too_large_has_one_finding() {
    let mut client = ready();
    let text = format!("#:schema policy.schema.json\n{}", "x".repeat(1 << 20));
    let large = "file:///policies/large.toml";
    client.open(large, &text);
    let found = client.diagnostics(large);
    assert_eq!(codes(&found), ["unreadable-policy"]);
    assert_eq!(found[0]["range"]["start"], place(0, 0));
    assert!(found[0]["message"].as_str().unwrap().contains("larger than a policy can be (1 MiB)"));
    assert_eq!(client.hover(large, 1, 5), Value::Null);
    assert_eq!(client.complete(large, 1, 5), [Value::Null; 0]);
    client.open(POLICY, "name = \"web\"\nextends = [\"large.toml\"]\n");
    let found = client.diagnostics(POLICY);
    assert!(found[0]["message"].as_str().unwrap().contains("larger than"), "{found:?}");
    client.change(large, 2, &text[..text.len() / 2]);
    assert_eq!(codes(&client.diagnostics(large)), ["invalid-toml"]);
    finish(client);
}

#[test]
fn long_lines_are_no_trouble() {
    let mut client = ready();
    let open = "[".repeat(1 << 19);
    client.open(POLICY, &format!("name = 1\n{open}\na = {open}\"\"\nb = {}", "\"x\" ".repeat(1 << 16)));
    assert_eq!(client.complete(POLICY, 2, (1 << 19) + 5), [Value::Null; 0]);
    assert_eq!(client.complete(POLICY, 3, 300_000), [Value::Null; 0]);
    client.hover(POLICY, 2, 1 << 19);
    client.diagnostics(POLICY);
    let entries: String = (0..3000).map(|index| format!("'ä{index}',")).collect();
    client.change(POLICY, 2, &format!("name = \"web\"\n[filesystem]\nread-only = [{entries}]\n"));
    let found = client.diagnostics(POLICY);
    let last = found.iter().rev().find(|d| d["code"] == "relative-path").unwrap();
    let end = 13 + entries.chars().count() as u64 - 1;
    assert_eq!(last["range"], json!({ "start": place(2, end - 7), "end": place(2, end) }));
    finish(client);
}

#[test]
fn positions_that_are_nowhere_are_answered() {
    let mut client = ready();
    let texts = [
        "",
        "\n",
        "\r",
        "ä",
        "name = \"😀",
        "\u{feff}name = \"web\"\r\n[x",
        "[[[[",
        "\"\"\"",
        "bundles = ['\u{301}",
    ];
    let mut state: u32 = 7;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match state % 4 {
            0 => u32::MAX,
            1 => state,
            _ => state >> 28,
        }
    };
    client.open(POLICY, "");
    let mut asked = Vec::new();
    for text in texts {
        client.change(POLICY, 1, text);
        for _ in 0..40 {
            let mut at = || json!({ "line": random(), "character": random() });
            let document = json!({ "uri": POLICY });
            let (start, end) = (at(), at());
            for method in ["textDocument/hover", "textDocument/completion"] {
                asked.push(client.request(method, json!({ "textDocument": document, "position": start })));
            }
            asked.push(client.request(
                "textDocument/codeAction",
                json!({ "textDocument": document,
                "range": { "start": start, "end": end }, "context": { "diagnostics": [] } }),
            ));
        }
    }
    for id in asked {
        client.answer(id).unwrap();
    }
    finish(client);
}

#[test]
fn it_ends_with_its_editor() {
    // Without `shutdown`.
    let mut client = ready();
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(1));
    // Before it began.
    let mut client = started();
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(1));
    // Without a word.
    let mut client = ready();
    client.open(POLICY, &large(100));
    client.close();
    assert_eq!(client.end().code(), Some(1));
    // In the middle of one.
    for length in ["100", "18446744073709551615"] {
        let mut client = ready();
        client.raw(format!("Content-Length: {length}\r\n\r\n{{").as_bytes());
        client.close();
        assert_eq!(client.end().code(), Some(1));
    }
    // After `shutdown`, without `exit`.
    let mut client = ready();
    client.ask("shutdown", Value::Null);
    client.close();
    assert_eq!(client.end().code(), Some(0));
}
