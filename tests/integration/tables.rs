//! Every word of the tables, and the paths that are hardest to write, through the real parser: each is
//! taken, each says something of its own, and a path arrives as it was written.

use crate::support::parser::Parser;
use crate::support::trial::Trial;
use aapol::kernel::{Abi, Capability, Family, Operation, SocketType};
use aapol::policy::form::form;
use aapol::policy::quoted;
use pretty_assertions::assert_eq;
use std::collections::{BTreeMap, BTreeSet};

/// Without the baseline's rules a compiled profile holds one entry and nothing else.
const BARE: &str = "name = \"web\"\nbaseline = \"none\"\n";

/// Compiles a policy; fails where either side refuses it.
fn compile(parser: &Parser, policy: &str) -> Vec<u8> {
    let trial = Trial::of(policy);
    let profile = &trial.files().profile;
    parser.compile(profile, trial.abi()).unwrap_or_else(|said| panic!("{said}\n{policy}\n{profile}"))
}

/// Compiles policies that begin alike, of which each must mean something, and something else.
fn all_differ(parser: &Parser, head: &str, policies: impl IntoIterator<Item = String>) {
    let mut seen = BTreeMap::from([(compile(parser, head), "nothing".to_owned())]);
    let mut same = Vec::new();
    for policy in policies {
        let compiled = compile(parser, &format!("{head}{policy}"));
        if let Some(twin) = seen.insert(compiled, policy.clone()) {
            same.push((twin, policy));
        }
    }
    assert_eq!(same, [], "these compile to the same");
    assert!(seen.len() > 1, "there was something to compare");
}

#[test]
fn every_capability_is_a_rule_of_its_own() {
    let Some(parser) = Parser::find() else { return };
    // What ABI 3.0 does not know, `check` refuses: the parser would put another in its place.
    let names = || Capability::all().filter(|c| c.since() == Abi::V3_0).map(Capability::name);
    all_differ(parser, BARE, names().map(|name| format!("capabilities.allow = [\"{name}\"]\n")));
    let head = format!("{BARE}capabilities.default = \"allow\"\n");
    all_differ(parser, &head, names().map(|name| format!("capabilities.deny = [\"{name}\"]\n")));
}

#[test]
fn every_socket_is_a_rule_of_its_own() {
    let Some(parser) = Parser::find() else { return };
    let alone = Family::all().map(|family| family.name().to_owned());
    let pairs = Family::all().flat_map(|family| {
        family.types().iter().map(move |kind| format!("{}/{}", family.name(), kind.name()))
    });
    // `network packet,` means the family, so `check` refuses the type alone.
    let kinds = SocketType::ALL.into_iter().filter(|kind| *kind != SocketType::Packet);
    let kinds = kinds.map(|kind| format!("*/{}", kind.name()));
    let words: Vec<String> = alone.chain(pairs).chain(kinds).collect();
    let head = format!("{BARE}capabilities.allow = [\"net_raw\"]\n");
    all_differ(parser, &head, words.iter().map(|word| format!("network.allow = [\"{word}\"]\n")));
    let head = format!("{BARE}network.default = \"allow\"\n");
    all_differ(parser, &head, words.iter().map(|word| format!("network.deny = [\"{word}\"]\n")));
}

#[test]
fn every_operation_is_a_rule_of_its_own() {
    let Some(parser) = Parser::find() else { return };
    for abi in Abi::ALL.into_iter().filter(|abi| parser.knows(abi.name())) {
        let mediated = || Operation::ALL.into_iter().filter(move |operation| abi.mediates(*operation));
        let head = format!("{BARE}abi = \"{}\"\ncapabilities.allow = [\"sys_admin\"]\n", abi.name());
        let rules = mediated().map(|operation| format!("operations.allow = [\"{}\"]\n", operation.name()));
        all_differ(parser, &head, rules);
        let head = format!("{head}operations.default = \"allow\"\n");
        // A part cannot be denied beside its whole.
        let wholes = mediated().filter(|operation| operation.part_of().is_none());
        let rules = wholes.map(|operation| format!("operations.deny = [\"{}\"]\n", operation.name()));
        all_differ(parser, &head, rules);
    }
}

/// Limits that count the same, and values beside what they are in the smallest unit.
type Counted = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const LIMITS: [Counted; 6] = [
    (
        &["as", "core", "data", "fsize", "memlock", "msgqueue", "rss", "stack"],
        &[("3K", "3072"), ("2M", "2097152"), ("1G", "1073741824"), ("0", "0")],
    ),
    (&["locks", "nofile", "nproc", "sigpending"], &[("1024", "1024"), ("0", "0")]),
    (&["cpu"], &[("90s", "90"), ("2min", "120"), ("1h", "3600")]),
    (&["rttime"], &[("300us", "300"), ("2ms", "2000"), ("1s", "1000000")]),
    (&["nice"], &[("-20", "-20"), ("-1", "-1"), ("0", "0"), ("19", "19")]),
    (&["rtprio"], &[("0", "0"), ("99", "99")]),
];

#[test]
fn every_limit_has_its_units() {
    let Some(parser) = Parser::find() else { return };
    let profile = |limit: &str, value: &str| {
        format!(
            "abi <abi/3.0>,\nprofile web flags=(attach_disconnected,mediate_deleted) {{\n  \
             set rlimit {limit} <= {value},\n}}\n"
        )
    };
    let policy = |limit: &str, value: &str| format!("{BARE}limits.{limit} = \"{value}\"\n");
    for (limits, values) in LIMITS {
        for limit in limits {
            let mut seen = BTreeSet::from([compile(parser, BARE)]);
            for (value, plain) in values.iter().chain(&[("infinity", "infinity")]) {
                let compiled = compile(parser, &policy(limit, value));
                let meant = parser.compile(&profile(limit, plain), "3.0");
                assert!(meant.as_ref() == Ok(&compiled), "{limit} {value} is {plain}");
                assert!(seen.insert(compiled), "{limit} {value} changes the profile");
            }
        }
    }
    let named: BTreeSet<&str> = LIMITS.iter().flat_map(|(limits, _)| limits.iter().copied()).collect();
    let keys = form()["properties"]["limits"]["properties"].as_object().expect("a table of limits");
    assert_eq!(named, keys.keys().map(String::as_str).collect(), "every limit is tried");
}

/// The parser reads a number that starts with 0 as octal, and one beyond 2^63 as 2^63 - 1 (strtoll).
#[test]
fn a_limit_is_the_number_that_is_written_or_refused() {
    let Some(parser) = Parser::find() else { return };
    let same = [
        ("nofile", "010", "10"),
        ("nofile", "08", "8"),
        ("fsize", "0100K", "102400"),
        ("nice", "-010", "-10"),
        ("rtprio", "010", "10"),
    ];
    for (limit, value, plain) in same {
        let trial = Trial::of(&format!("{BARE}limits.{limit} = \"{value}\"\n"));
        let Some(files) = &trial.rendered else { continue };
        let meant = compile(parser, &format!("{BARE}limits.{limit} = \"{plain}\"\n"));
        assert!(parser.compile(&files.profile, "3.0") == Ok(meant), "{limit} {value} is {plain}");
    }
    let beyond = ["9223372036854775808", "18446744073709551614"];
    for value in beyond {
        let trial = Trial::of(&format!("{BARE}limits.nofile = \"{value}\"\n"));
        assert!(trial.rendered.is_none(), "{value} is more than the parser reads");
    }
}

/// Paths as a policy writes them, and the one path each of them is to the kernel.
const LITERAL: [(&str, &str); 50] = [
    ("/srv/plain", "/srv/plain"),
    ("/srv/with space", "/srv/with space"),
    ("/srv/ starts and ends ", "/srv/ starts and ends "),
    ("/srv/a,b", "/srv/a,b"),
    ("/srv/ends,", "/srv/ends,"),
    ("/srv/x r,", "/srv/x r,"),
    ("/srv/x r, capability sys_admin,", "/srv/x r, capability sys_admin,"),
    ("/srv/it's", "/srv/it's"),
    ("/srv/say \"so\"", "/srv/say \"so\""),
    ("/srv/\"", "/srv/\""),
    ("/srv/\" rw, /etc/shadow \"", "/srv/\" rw, /etc/shadow \""),
    ("/srv/#hash", "/srv/#hash"),
    ("/srv/a # b", "/srv/a # b"),
    ("/srv/a;b", "/srv/a;b"),
    ("/srv/a=b", "/srv/a=b"),
    ("/srv/flags=(complain)", "/srv/flags=(complain)"),
    ("/srv/(a)", "/srv/(a)"),
    ("/srv/!a", "/srv/!a"),
    ("/srv/$HOME", "/srv/$HOME"),
    ("/srv/$\\{HOME\\}", "/srv/${HOME}"),
    ("/srv/@home", "/srv/@home"),
    ("/srv/user@host", "/srv/user@host"),
    ("/srv/a\\@b", "/srv/a@b"),
    ("/srv/a -> b", "/srv/a -> b"),
    ("/srv/a<b>c", "/srv/a<b>c"),
    ("/srv/a|b&c", "/srv/a|b&c"),
    ("/srv/`a`", "/srv/`a`"),
    ("/srv/~a", "/srv/~a"),
    ("/srv/a%20b", "/srv/a%20b"),
    ("/srv/a:b", "/srv/a:b"),
    ("/srv/a+b", "/srv/a+b"),
    ("/srv/a.b", "/srv/a.b"),
    ("/srv/-a", "/srv/-a"),
    ("/srv/...", "/srv/..."),
    ("/srv/\\*", "/srv/*"),
    ("/srv/\\?", "/srv/?"),
    ("/srv/\\[a\\]", "/srv/[a]"),
    ("/srv/\\{a\\,b\\}", "/srv/{a,b}"),
    ("/srv/\\{", "/srv/{"),
    ("/srv/\\{,", "/srv/{,"),
    ("/srv/\\}\\,\\{\\,", "/srv/},{,"),
    ("/srv/ends\\\\", "/srv/ends\\"),
    ("/srv/\\^a", "/srv/^a"),
    ("/srv/^a", "/srv/^a"),
    ("/srv/back\\\\slash", "/srv/back\\slash"),
    ("/srv/\\\\\\*", "/srv/\\*"),
    ("/srv/\\\\134", "/srv/\\134"),
    ("/srv/@\\{HOME\\}", "/srv/@{HOME}"),
    ("/srv/Ünïcödé", "/srv/Ünïcödé"),
    ("/srv/日本語 🦀", "/srv/日本語 🦀"),
];

/// Patterns as a policy writes them, and the same written by hand without what makes them hard to read:
/// classes as braces, and characters by number.
const PATTERNS: [(&str, &str); 28] = [
    ("/srv/*", "/srv/*"),
    ("/srv/**", "/srv/**"),
    ("/srv/a?c", "/srv/a?c"),
    ("/srv/[a-c]", "/srv/{a,b,c}"),
    ("/srv/[^a]", "/srv/[^a]"),
    ("/srv/[-^]", "/srv/{-,\\^}"),
    ("/srv/[-a]", "/srv/{-,a}"),
    ("/srv/[a\\-z]", "/srv/{a,-,z}"),
    ("/srv/[a^]", "/srv/{a,\\^}"),
    ("/srv/[\\^]", "/srv/\\^"),
    ("/srv/[\\]]", "/srv/\\]"),
    ("/srv/[*?]", "/srv/{\\*,\\?}"),
    ("/srv/[{},]", "/srv/{\\{,\\},\\054}"),
    ("/srv/[ \"']", "\"/srv/{\\040,\\042,\\047}\""),
    ("/srv/[\\\\x]", "/srv/{\\134,x}"),
    ("/srv/[#;@]", "/srv/{\\043,\\073,\\100}"),
    ("/srv/[ -#]", "\"/srv/{\\040,!,\\042,\\043}\""),
    ("/srv/[+--]", "/srv/{+,\\054,-}"),
    ("/srv/[\\!a]", "/srv/{\\041,a}"),
    ("/srv/{a,b}", "/srv/{b,a}"),
    ("/srv/{,x}y", "/srv/{xy,y}"),
    ("/srv/{a,{b,c}}d", "/srv/{ad,bd,cd}"),
    ("/srv/{a b,c\\,d}", "\"/srv/{a\\040b,c\\054d}\""),
    ("/srv/a\\\\/", "/srv/a\\134/{,**}"),
    ("/srv/\\\\/", "/srv/\\134/{,**}"),
    ("/srv/{a/b,c}/", "/srv/{a/b,c}/{,**}"),
    ("/srv/{é,è}", "/srv/{\\303\\251,\\303\\250}"),
    ("/srv/** r,", "\"/srv/**\\040r\\054\""),
];

/// A path with each byte of its names by number, which needs no quotes and can be mistaken for nothing.
fn by_number(path: &str) -> String {
    let byte = |b: u8| if b == b'/' { "/".to_owned() } else { format!("\\{b:03o}") };
    path.bytes().map(byte).collect()
}

#[test]
fn a_path_is_to_the_kernel_what_it_is_in_the_policy() {
    let Some(parser) = Parser::find() else { return };
    let mut wrong = Vec::new();
    let literal = LITERAL.iter().map(|(written, path)| (*written, by_number(path)));
    let patterns = PATTERNS.iter().map(|(written, by_hand)| (*written, (*by_hand).to_owned()));
    for (written, by_hand) in literal.chain(patterns) {
        let trial = Trial::of(&format!("{BARE}filesystem.read-only = [{}]\n", quoted(written)));
        let Some(files) = &trial.rendered else {
            wrong.push(format!("{written}: {:?}", trial.errors()));
            continue;
        };
        let reference = format!(
            "abi <abi/3.0>,\nprofile web flags=(attach_disconnected,mediate_deleted) {{\n  {by_hand} rk,\n}}\n"
        );
        let meant = parser.compile(&reference, "3.0");
        if meant.is_err() || parser.compile(&files.profile, "3.0") != meant {
            let rule = files.profile.lines().find(|line| line.contains("/srv")).unwrap_or_default();
            wrong.push(format!("{written}: rendered as {rule}, and is not {by_hand} {:?}", meant.err()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Names that are words of the profile language, or look like something else.
const NAMES: [&str; 44] = [
    "flags",
    "profile",
    "hat",
    "deny",
    "allow",
    "audit",
    "quiet",
    "owner",
    "other",
    "file",
    "capability",
    "network",
    "unix",
    "mount",
    "remount",
    "umount",
    "pivot_root",
    "ptrace",
    "signal",
    "dbus",
    "userns",
    "mqueue",
    "io_uring",
    "change_profile",
    "change_hat",
    "set",
    "rlimit",
    "include",
    "abi",
    "alias",
    "if",
    "else",
    "not",
    "true",
    "link",
    "subset",
    "peer",
    "xattrs",
    "all",
    "prompt",
    "default",
    "0",
    "1e3",
    "r",
];

#[test]
fn a_name_may_be_a_word_of_the_profile_language() {
    let Some(parser) = Parser::find() else { return };
    let longest = "x".repeat(200);
    for name in NAMES.into_iter().chain(["a..b", "A-", "web_1.2-3", &longest]) {
        let policy = format!("name = \"{name}\"\npod.name = \"web\"\n");
        let profile = &Trial::of(&policy).files().profile.clone();
        let in_quotes = profile
            .replace(&format!("profile {name} "), &format!("profile \"{name}\" "))
            .replace(&format!("peer={name},"), &format!("peer=\"{name}\","))
            .replace(&format!("peer={name}//"), &format!("peer=\"{name}\"//"))
            .replace("\"//&*,", "//&*\",");
        assert!(in_quotes.contains("peer=\""), "the quotes are there");
        let compiled = parser.compile(profile, "3.0").unwrap_or_else(|said| panic!("{name}: {said}"));
        assert!(parser.compile(&in_quotes, "3.0") == Ok(compiled), "{name} is a name");
    }
}
