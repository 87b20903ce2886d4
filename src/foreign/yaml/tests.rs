//! YAML that is read, and YAML that is hostile.

use super::documents;
use pretty_assertions::assert_eq;

/// The lines of a document's own key with those of its text.
fn lines(text: &str, key: &str) -> (usize, Vec<Option<usize>>) {
    let documents = documents(text);
    let entry = documents[0].as_ref().unwrap().get(key).unwrap();
    let scalar = entry.value.scalar().unwrap();
    (entry.line, (0..scalar.text.lines().count()).map(|number| scalar.line(number)).collect())
}

fn faults(text: &str) -> Vec<(Option<usize>, String)> {
    documents(text)
        .into_iter()
        .filter_map(|document| document.err())
        .map(|fault| (fault.line, fault.wrong))
        .collect()
}

#[test]
fn every_line_of_a_block_has_its_place() {
    assert_eq!(lines("a: |\n  x\n\n   y\nb: 1\n", "a"), (1, vec![Some(2), Some(3), Some(4)]));
    assert_eq!(lines("a:\n  |-\n\n\n  x\n", "a"), (1, vec![Some(3), Some(4), Some(5)]));
    assert_eq!(lines("a: |\r\n  x\r\n  y\r\n", "a"), (1, vec![Some(2), Some(3)]));
    assert_eq!(lines("a: |4\n      x\n    y\n", "a"), (1, vec![Some(2), Some(3)]));
}

#[test]
fn a_line_that_is_not_certain_has_no_place() {
    assert_eq!(lines("a: >\n  x\n\n  y\n", "a"), (1, vec![None, None]));
    assert_eq!(lines("a: \"x\\ny\"\n", "a"), (1, vec![None, None]));
    assert_eq!(lines("a: \"x\"\n", "a"), (1, vec![Some(1)]));
}

#[test]
fn a_broken_document_does_not_stop_the_others() {
    let found = documents("a: 1\n---\nb: [1, 2\n---\n# nothing\n---\nc: 3\n");
    let shown: Vec<Option<&str>> = found
        .iter()
        .map(|one| one.as_ref().ok().and_then(|node| Some(node.map()?[0].key.as_str())))
        .collect();
    assert_eq!(shown, [Some("a"), None, Some("c")]);
    let fault = found[1].as_ref().unwrap_err();
    assert!((3..=4).contains(&fault.line.unwrap()), "{fault:?}");
}

#[test]
fn json_is_read_and_so_is_a_byte_order_mark() {
    let long = "x".repeat(5000);
    let text = format!("\u{feff}{{\"a\": [{{\"b\":\"{long}\"}},\n{{\"{{}}\": null}}], \"c\": \"d\\u0041\"}}");
    let found = documents(&text);
    let node = found[0].as_ref().unwrap();
    assert_eq!(node.text_at(&["c"]), Some("dA"));
    let items = node.get("a").unwrap().value.list().unwrap();
    assert_eq!(items[0].text_at(&["b"]), Some(long.as_str()));
    assert_eq!(items[1].line, 2);
}

#[test]
fn an_alias_stands_for_what_it_names() {
    let found = documents("a: &x [1, 2]\nb: *x\n");
    let node = found[0].as_ref().unwrap();
    assert_eq!(node.get("b").unwrap().value.list().unwrap().len(), 2);
    assert_eq!(node.get("b").unwrap().value.line, 2);
}

#[test]
fn bombs_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let one = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", vec![one; 10].join(", "));
    }
    let told = "the YAML stands for so much that it is not read".to_owned();
    assert_eq!(faults(&text), [(Some(5), told.clone())]);
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a,".repeat(100_000));
    assert_eq!(faults(&long), [(Some(2), told)]);
    for deep in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000)] {
        assert_eq!(faults(&deep).len(), 1);
    }
    let chain: String = (1..5000).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1)).collect();
    assert_eq!(faults(&format!("a0: &a0 x\n{chain}")).len(), 1);
}

#[test]
fn what_kubernetes_would_read_otherwise_is_refused() {
    let wrong = |text: &str| faults(text).into_iter().map(|(_, wrong)| wrong).collect::<Vec<_>>();
    assert_eq!(wrong("a: 1\nb: 2\na: 3\n"), ["the YAML has the key `a` twice in one map"]);
    assert_eq!(wrong("<<: {a: 1}\n"), ["the YAML merges another map by `<<`"]);
    assert_eq!(wrong("a: !!binary aGVsbG8=\n"), ["the YAML has a tag of YAML that is not known here"]);
    assert_eq!(wrong("a: !mine x\n"), ["the YAML has a tag of YAML that is not known here"]);
    assert_eq!(wrong("? [a, b]\n: c\n"), ["the YAML has a key that is no text"]);
    assert_eq!(wrong("a: &a [*a]\n").len(), 1);
    assert_eq!(wrong("a: *b\n").len(), 1);
    assert_eq!(wrong("a: !!str 1\nb: !!seq []\n"), [""; 0]);
}

#[test]
fn only_plain_words_are_null_or_truths() {
    let found = documents("a: null\nb: \"null\"\nc: True\nd: 'true'\ne: off\nf: 1\ng:\n");
    let node = found[0].as_ref().unwrap();
    let scalar = |number: usize| node.map().unwrap()[number].value.scalar().unwrap();
    let nulls: Vec<bool> = (0..7).map(|number| scalar(number).is_null()).collect();
    assert_eq!(nulls, [true, false, false, false, false, false, true]);
    let truths: Vec<Option<bool>> = (0..7).map(|number| scalar(number).truth()).collect();
    assert_eq!(truths, [None, None, Some(true), None, Some(false), None, None]);
}

#[test]
fn nothing_is_no_document() {
    for text in ["", "\n\n", "# a\n", "---\n", "---\n---\n...\n", "null\n"] {
        assert_eq!(documents(text), [], "{text:?}");
    }
}
