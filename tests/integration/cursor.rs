//! Where the cursor stands in text that is not TOML yet.

use aapol::editor::cursor::cursor;

/// The path, what is replaced and what stands beside; `|` is the cursor.
fn at(marked: &str) -> Option<(String, String, Vec<String>)> {
    let offset = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    let found = cursor(&text, offset)?;
    assert!(found.range.contains(&offset) || found.range.end == offset, "{marked}");
    Some((found.path.join("."), text[found.range].to_owned(), found.beside))
}

fn path(marked: &str) -> String {
    at(marked).map_or_else(|| "none".to_owned(), |(path, _, _)| path)
}

#[test]
fn paths_are_found_wherever_a_string_stands() {
    let cases = [
        ("mode = \"|\"", "mode"),
        ("mode = '|'", "mode"),
        ("bundles = [ \"|", "bundles.[]"),
        ("bundles = [ \"a\", \"|\" ]", "bundles.[]"),
        ("bundles = [\n  \"a\", # \" '\n  \"|\",\n]", "bundles.[]"),
        ("[network]\nallow = [\"|\"]", "network.allow.[]"),
        ("[network] # [x]\r\nallow = [\r\n\"a\",\r\n\"|\"]", "network.allow.[]"),
        ("network.allow = [\"|\"]", "network.allow.[]"),
        ("[ \"network\" . 'x' ]\nallow = [\"|\"]", "network.x.allow.[]"),
        ("\"network\".'allow' = [\"|\"]", "network.allow.[]"),
        ("network = { allow = [\"|\"] }", "network.allow.[]"),
        ("network = { deny = [\"a\"], allow = [\"|\"] }", "network.allow.[]"),
        ("network = { deny = { x = 1 }, default = \"|\" }", "network.default"),
        ("[[x]]\na = \"|\"", "x.a"),
        ("[pod.containers.web]\nmounts = { \"/x\" = \"|\" }", "pod.containers.web.mounts./x"),
        ("[pod.containers.web]\nmounts = {\n  \"/x\" = \"|\" }", "pod.containers.web.mounts./x"),
        ("[pod.containers.web.mounts]\n\"/x\" = \"|", "pod.containers.web.mounts./x"),
        ("a = \"\\\"[\"\nmode = \"|\"", "mode"),
        ("a = '\\'\nmode = \"|\"", "mode"),
        ("a = \"\"\nmode = \"|\"", "mode"),
        ("a = \"# no comment\"\nmode = \"|\"", "mode"),
        ("a = \"\"\"\n[x]\nb = [\"\"\"\nmode = \"|\"", "mode"),
        ("a = '''\n\"\\'''\nmode = \"|\"", "mode"),
        ("a = [ [\"x\"], [\"|\"] ]", "a.[].[]"),
        ("a = [ { b = \"|\" } ]", "a.[].b"),
        ("ä = \"ö\"\nmode = \"|\"", "mode"),
    ];
    for (marked, want) in cases {
        assert_eq!(path(marked), want, "{marked}");
    }
}

#[test]
fn an_item_may_begin_a_line_of_its_list() {
    let cases = [
        ("[network]\nallow = [\n    |\n]", "network.allow.[]", "", 0),
        ("[network]\nallow = [\n    \"unix\",\n    in|\n]", "network.allow.[]", "in", 1),
        (
            "[network]\nallow = [\n    in|et,\n    \"unix\", # \"x\"\n    \"vsock\",\n]",
            "network.allow.[]",
            "inet",
            2,
        ),
        ("[network]\r\nallow = [\r\n|\r\n]", "network.allow.[]", "", 0),
        ("[network]\nallow = [\n    |\n\n[pod]\nkind = \"Pod\"", "network.allow.[]", "", 0),
        ("a = { b = [\n|] }", "a.b.[]", "", 0),
    ];
    for (marked, path, word, beside) in cases {
        let (found, typed, others) = at(marked).unwrap_or_else(|| panic!("{marked}"));
        assert_eq!((found.as_str(), typed.as_str(), others.len()), (path, word, beside), "{marked}");
    }
    let nowhere = [
        "|",
        "na|",
        "[network]\n|",
        "[network]\nal|",
        "[network]\nallow = [\"unix\"]\n|",
        "a = \"\"\"\n|\n\"\"\"",
        "a = [\n\"\"\"\n|\n\"\"\"]",
        "a = {\n|\n}",
        "allow = [ |",
        "allow = [ # c\n # |",
    ];
    for marked in nowhere {
        assert_eq!(path(marked), "none", "{marked}");
    }
}

#[test]
fn what_was_left_open_ends_where_something_begins() {
    let cases = [
        ("a = [\"x\",\nmode = \"|\"", "mode"),
        ("a = [\"x\",\n[network]\nallow = [\"|\"]", "network.allow.[]"),
        ("[n]\na = [\"x\n\n[network] # x\nallow = [\"|\"]", "network.allow.[]"),
        ("a = [\n  \"x\",\nb.c = \"|\"", "b.c"),
        ("a = [\n  [\"x\"],\n  [\"|\"]", "a.[].[]"),
        ("[c]\nmounts = { \"/x\" = \"t\nimage = \"|\"", "c.image"),
        ("[c]\nmounts = { \"/x\" = \"t\n[d]\nimage = \"|\"", "d.image"),
        ("a = \"x\nmode = \"|\"", "mode"),
        ("a = 'x\nmode = \"|\"", "mode"),
        ("]}],,==[{\nmode = \"|\"", "mode"),
        ("[\nmode = \"|\"", "mode"),
        ("[pod\nkind = \"|\"", "pod.kind"),
    ];
    for (marked, want) in cases {
        assert_eq!(path(marked).trim_start_matches('.'), want, "{marked}");
    }
}

#[test]
fn elsewhere_there_is_nothing() {
    let cases = [
        "|",
        "mode = |",
        "mode = |\"a\"",
        "mode = \"a\"|",
        "# \"|\"",
        "mode = 1 # \"|\"",
        "\"|\" = 1",
        "a = { \"|\" = 1 }",
        "a = { \"x\" = 1, \"|",
        "a = \"\"\"|\"\"\"",
        "a = \"\"\"\n\n|",
        "a = '''|",
        "[\"|\"]",
        "a = [\"x\"|]",
    ];
    for marked in cases {
        assert_eq!(path(marked), "none", "{marked}");
    }
}

#[test]
fn the_text_between_the_quotes_is_replaced() {
    let cases = [
        ("a = [\"net_|\"]", "net_"),
        ("a = [\"ne|t_\"]", "net_"),
        ("a = [\"net_|", "net_"),
        ("a = [\"net_|]", "net_"),
        ("a = [\"ne|t_, \"chown\"]", "net_"),
        ("a = [\"|, \"chown\"]", ""),
        ("a = \"x|\r\n", "x"),
        ("a = [\"capability |\"]", "capability "),
        ("a = \"ä|ö\"", "äö"),
    ];
    for (marked, want) in cases {
        assert_eq!(at(marked).unwrap().1, want, "{marked}");
    }
}

#[test]
fn the_others_of_the_list_are_told() {
    let cases = [
        ("a = [\"x\", \"|\", \"y\"]\nb = [\"z\"]", vec!["x", "y"]),
        ("a = [\"x\", \"|, \"y\"]", vec!["x", "y"]),
        ("a = [\n\"x\",\n\"|\n\"y\",\n]\nb = [\"z\"]", vec!["x", "y"]),
        ("a = [\"x\", \"|\nb = [\"z\"]", vec!["x"]),
        ("a = [\"x\", \"|\n[b]\nc = [\"z\"]", vec!["x"]),
        ("a = \"|\"\nb = [\"z\"]", vec![]),
    ];
    for (marked, want) in cases {
        assert_eq!(at(marked).unwrap().2, want, "{marked}");
    }
}

#[test]
fn nothing_panics_at_any_offset_of_any_beginning() {
    let text =
        "\u{feff}a = [\"ä\\\", '😀', [{ x = '''\r\n]\n[b]]}\n\"k\" . c = { \"/ö\" = \"\"\"\\\n\"\"\"\"\n";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        for offset in 0..=end + 2 {
            let _ = cursor(&text[..end], offset);
        }
    }
}
