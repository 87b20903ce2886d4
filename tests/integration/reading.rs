//! Profiles as text are read for what they decide: aapol's own as its types say, others as the real parser takes
//! them, and whatever else without an end that is not bounded.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test stops at what it did not expect")]

use crate::support::distribution;
use crate::support::hard_globs::Dice;
use crate::support::parser::Parser;
use crate::support::policies::policies_below;
use crate::support::sketch::sketch;
use crate::support::trial::Trial;
use aapol::kernel::{Family, Glob, Socket, SocketType};
use aapol::rules::reader;
use aapol::rules::{Coverage, FileRule, Kind, Line, ReadProfile, Rule, Variables};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

fn nothing(_: &str) -> Option<String> {
    None
}

fn one(text: &str) -> ReadProfile {
    let mut profiles =
        reader::profiles(text, &distribution::file).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    assert_eq!(profiles.len(), 1, "{text}");
    profiles.remove(0)
}

/// Each rule as text, and the whole profile, are what the types say.
fn reads_as_typed(trial: &Trial) {
    let (Some(plan), Some(files)) = (trial.plan(), &trial.rendered) else { return };
    let typed = plan.profile();
    let variables =
        reader::variables(&typed.name, &distribution::file).unwrap_or_else(|fault| panic!("{fault}"));
    let mut expected: Vec<Vec<Rule>> = Vec::new();
    for rule in typed.blocks.iter().flat_map(|block| &block.rules) {
        let line = Line::read(&rule.to_string(), &variables);
        if !matches!(rule.kind, Kind::Raw(_)) {
            assert_eq!(line.rules, [Rule { from: Vec::new(), ..rule.clone() }], "{rule}");
        }
        expected.push(line.rules);
    }
    let profile = one(&files.profile);
    assert_eq!(profile.head.name, typed.name);
    assert_eq!(profile.head.flags, typed.flags);
    assert_eq!(profile.abi.as_deref(), Some(format!("abi/{}", typed.abi.name()).as_str()));
    let own: Vec<&Line> = profile.lines.iter().filter(|line| line.file.is_none()).collect();
    assert_eq!(own.len(), expected.len(), "{}", files.profile);
    for (line, expected) in own.into_iter().zip(expected) {
        // Only a profile with variables has values for them.
        if typed.tunables || !line.text.contains("@{") {
            assert_eq!(line.rules, expected, "{}", line.text);
        }
    }
}

#[test]
fn a_character_alone_in_brackets_is_that_character() {
    let read = |text: &str| Glob::parse(text).unwrap_or_else(|error| panic!("{error:?}"));
    let written = read("/srv/@").with_optional_slash();
    assert_eq!(written.text(), "/srv/[@]{,/}");
    assert_eq!(read("/srv/[@]{,/}"), written);
}

#[test]
fn aapol_s_profiles_are_read_as_they_were_meant() {
    let paths: Vec<PathBuf> =
        policies_below("examples").into_iter().chain(policies_below("golden")).collect();
    let trials = paths.iter().map(|path| Trial::on_disk(path));
    let read = trials.filter(|trial| trial.rendered.is_some()).map(|trial| reads_as_typed(&trial)).count();
    assert!(read > 20, "{read}");
}

/// It may hold denials, also where it need not be there.
#[test]
fn an_include_by_a_path_is_not_taken_for_read() {
    for include in ["include if exists \"/srv/denies\"", "include \"denies\"", "#include \"/srv/denies\""] {
        let profile = one(&format!("profile web {{\n  /data/** rw,\n  {include}\n}}\n"));
        let unread: Vec<&Line> = profile.lines.iter().filter(|line| line.unread.is_some()).collect();
        assert_eq!(unread.len(), 1, "{include}: {:?}", profile.lines);
    }
}

/// Lines that were not read, though they begin as one of the ordinary kinds.
fn is_ordinary(line: &Line) -> bool {
    let mut words =
        line.text.split([' ', ',']).filter(|word| !matches!(*word, "owner" | "audit" | "deny" | "allow"));
    let first = words.next().unwrap_or_default();
    first.starts_with(['/', '"', '@'])
        || matches!(first, "file" | "link" | "capability" | "network" | "signal" | "ptrace")
}

#[test]
fn the_distribution_s_profiles_are_read_and_mean_what_was_read() {
    // Newer parsers come with profiles in a newer language.
    let is_known = Parser::find().is_some_and(Parser::is_canonical);
    let mut lines: Vec<Line> = Vec::new();
    let mut whole = (0, 0);
    for path in distribution::profiles() {
        let text = fs::read_to_string(&path).expect("the profiles can be read");
        let profiles = reader::profiles(&text, &distribution::file);
        for profile in profiles.unwrap_or_else(|fault| panic!("{}: {fault}", path.display())) {
            whole.0 += usize::from(profile.lines.iter().all(|line| line.unread.is_none()));
            whole.1 += 1;
            assert!(!is_known || profile.missing.is_empty(), "{}: {:?}", path.display(), profile.missing);
            if !is_cut_right(&text, &profile) {
                agrees(&profile.head.name, &preamble(&text), &profile.lines);
            }
            lines.extend(profile.lines);
        }
    }
    for path in distribution::files_in("abstractions") {
        let name = format!("abstractions/{}", path.file_name().expect("it has a name").to_string_lossy());
        let read =
            reader::abstraction(&name, "web", &distribution::file).unwrap_or_else(|fault| panic!("{fault}"));
        agrees("web", TUNABLES, &read.lines);
        lines.extend(read.lines);
    }
    let unread: Vec<&Line> = lines.iter().filter(|line| line.unread.is_some()).collect();
    let mut reasons: Vec<&str> =
        unread.iter().filter_map(|line| line.unread.as_ref().map(|unread| unread.why.as_str())).collect();
    reasons.sort_unstable();
    reasons.dedup();
    println!("{reasons:#?}");
    println!(
        "{} of {} lines are unread, {} of {} profiles are read whole",
        unread.len(),
        lines.len(),
        whole.0,
        whole.1
    );
    assert!(!is_known || whole.0 == whole.1, "{} of {} are read whole", whole.0, whole.1);
    let ordinary: Vec<&&Line> = unread.iter().filter(|line| is_ordinary(line)).collect();
    assert!(!is_known || ordinary.is_empty(), "{ordinary:#?}");
}

/// The parser makes the same of a profile as of its lines, those of includes among them, as they stand there and as they
/// were read. False where that cannot be tried.
fn is_cut_right(text: &str, profile: &ReadProfile) -> bool {
    let Some(parser) = Parser::find().filter(|parser| parser.is_canonical() && parser.knows("3.0")) else {
        return false;
    };
    let parts: Vec<&str> = text.split_inclusive("{\n").collect();
    let [head, _] = parts.as_slice() else { return false };
    let whole = parser.compile(text, "3.0");
    for lines in [
        profile.lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>(),
        profile.lines.iter().map(Line::to_string).collect(),
    ] {
        let again = format!("{head}{}\n}}\n", lines.join("\n"));
        assert!(whole == parser.compile(&again, "3.0"), "{again}");
    }
    true
}

const TUNABLES: &str = "include <tunables/global>\n";
const VARIABLES: &str =
    "include <tunables/global>\n@{V}=/a /b/\n@{S} = \"/c\"\n@{M}=@{N}/x /m/@{V} @{S}\n@{N}=@{V}@{V}\n";

/// What stands ahead of the profiles of a text, but for its ABI.
fn preamble(text: &str) -> String {
    let ahead = text.lines().take_while(|line| line.starts_with('#') || !line.trim_end().ends_with('{'));
    ahead.filter(|line| !line.starts_with("abi")).map(|line| format!("{line}\n")).collect()
}

/// The parser makes the same of what was read as of the text.
fn agrees(name: &str, preamble: &str, lines: &[Line]) {
    let Some(parser) = Parser::find().filter(|parser| parser.is_canonical() && parser.knows("3.0")) else {
        return;
    };
    let compile = |rules: &[String]| {
        let head = format!("abi <abi/3.0>,\n{preamble}");
        let text = format!("{head}profile \"{name}\" {{\n{}\n}}\n", rules.join("\n"));
        parser.compile(&text, "3.0").unwrap_or_else(|error| panic!("{error}\n{text}"))
    };
    // The parser drops an arrow behind what starts nothing, and keeps its name in a table of its own.
    let is_dropped = |line: &&Line| {
        line.text.contains(" -> ")
            && matches!(
                line.rules.as_slice(),
                [Rule { kind: Kind::File(FileRule::Paths { transition: None, .. }), .. }, ..]
            )
    };
    let is_same = |lines: &[Line]| {
        let read = lines.iter().filter(|line| line.unread.is_none() && !is_dropped(line));
        let (was, read): (Vec<String>, Vec<String>) =
            read.map(|line| (line.text.clone(), line.to_string())).unzip();
        was == read || compile(&was) == compile(&read)
    };
    if !is_same(lines) {
        let guilty = lines.iter().filter(|line| !is_same(std::slice::from_ref(line)));
        let guilty: Vec<String> = guilty.map(|line| format!("{} became {line}", line.text)).collect();
        panic!("{name}: {guilty:#?}");
    }
}

/// Rules of all kinds, those that the parser takes and are read, by what they say of themselves.
const READ: &str = r#"
/x r,
/x R,
r /x,
file r /x,
file /x r,
"/x" r,
"/x y" r,
/x\ y r,
/x#y r,
/x r, # comment
/x a,
/x rwk,
/x rr,
/x l,
l subset /x,
/x r -> foo,
/x l -> /b,
/x rl -> /b,
/x ix,
/x iX,
/x ixix,
/x ixr,
/x rix,
/x mrwklix,
/x Px,
/x pix,
/x PUx,
/x Cx -> foo,
/x px ->foo,
px /x -> "foo bar",
safe /x px,
file unsafe /x ux,
unsafe /x ix,
deny /x x,
deny /x rx,
audit deny xr /x,
allow /x r,
audit allow owner /x r,
link /x -> /b,
l /x -> /b,
rl /x -> /b,
link subset /x -> /b,
deny link /x -> /b,
owner link /x -> /b,
{ /x r, }
{ change_profile -> a, }
file,
owner file,
audit file,
@{V}/x r,
/y@{V}/x r,
@{V}//x r,
/y/@{V}x r,
/@{V}/x r,
/@{S}/x r,
@{S}@{V} r,
@{N} r,
/x@V/y r,
@V/y r,
@{V}@{V} r,
@{N}/*@{M}/x r,
/y@{S}/x r,
r @{V},
@{HOME}/.ssh/ r,
"@{V}/a b" r,
/x@{profile_name} r,
unix type=stream addr="@@{V}/x",
/x/{a,b} r,
/x/{,a}** r,
"/x{a, b}" r,
"/x{a,\ b}" r,
//x r,
///x r,
/x///y r,
/x,y r,
/x=y r,
/x( r,
/x^y r,
/x\101 r,
/x\x41 r,
/x\052 r,
/x\054y r,
/x{\054,b} r,
/x\\y r,
"/x\"y" r,
"/x\\" r,
"/x\\"y" r,
"/x\100{V}" r,
/x[\055a] r,
"/x[ a]" r,
/x[^/]* r,
/x/*/ r,
/x/** r,
/x*/y r,
capability,
capability chown,
capability chown kill,
network,
network inet,
network stream,
network inet stream,
network inet tcp,
network tcp,
network udp,
network icmp,
network inet icmp,
network inet6 tcp,
network packet,
network packet raw,
network inet packet,
network rose,
network netbeui stream,
unix,
unix type=stream,
unix type=(stream),
signal,
signal send,
signal(send),
signal (send receive),
signal r,
signal (r,w),
signal (),
signal write,
signal set=kill,
signal set = (kill, term),
signal set=("kill"),
signal set=kill set=term,
signal (send) set=(term kill) peer="x",
signal peer=x set=kill,
signal peer = x,
signal peer="x y",
signal peer=web//&*,
signal peer="web//&*",
signal peer=@{profile_name},
signal set=rtmin+3,
signal send peer=/a/{b,c},
signal send peer=x,y,
signal send peer=@{V}//b,
signal send peer=@{V}/b,
signal send peer=@{M}//b,
signal send peer=x//@{V},
signal send peer="@{profile_name}//&*",
signal send peer=a//b,
ptrace,
ptrace (read),
ptrace rw,
ptrace (read,trace,readby,tracedby),
ptrace (trace) peer=x,
ptrace readby peer=x,
ptrace write,
mount,
mount /a -> /b,
mount fstype=ext4 options in (rw, ro) /dev/sda -> /mnt/,
remount,
remount options=(ro),
umount,
unmount,
umount /a,
pivot_root,
pivot_root oldroot=/x/ /new/ -> p,
dbus,
dbus send bus=session path=/x,
dbus bus="session" peer=(name=x label=y),
set rlimit nofile <= 1024,
set rlimit nofile<=1024,
set rlimit as <= 10 M,
set rlimit nice <= -5,
set rlimit nofile <= infinity,
change_profile,
change_profile -> a,
change_profile unsafe /x -> a,
"#;

/// Rules that the parser refuses, or that are not read for certain.
const UNREAD: &str = r#"
/x x,
/x A,
/x aw,
/x ixpx,
/x ix -> foo,
/x px->foo,
/x px-> foo,
px -> foo /x,
deny /x ix,
deny file,
unsafe /x r,
r subset /x,
link /x,
link <= /x -> /b,
x r,
*x r,
"x" r,
:x r,
r,
/x,
/x r
/x r }
/x { r,
/x r, /y r,
/x r,/y w,
r /x,/y w,
"/x r,
/x/{a, b} r,
/x/{a} r,
/x[ r,
/x\q r,
/x\000 r,
/x\@{V} r,
@{W} r,
@{V}=y r,
@{ r,
deny audit /x r,
owner deny /x r,
owner audit /x r,
other /x r,
priority=1 /x r,
prompt /x r,
owner capability chown,
owner network,
owner signal,
owner mount,
capability fly,
capability CAP_CHOWN,
capability cap_chown,
capability chown, capability kill,
network inet stream tcp,
network unix tcp,
network sctp,
network inet6 icmp,
signal send receive,
signal send,signal receive,
signal kill,
signal (kill),
signal (send,
signal set=(),
signal set=fly,
signal set=KILL,
signal set=rtmin+33,
signal peer=(x),
signal peer=x peer=y,
signal peer=:ns:x,
signal peer=,
signal send peer=a{b},
ptrace read trace,
ptrace set=kill,
userns (fly),
set rlimit fly <= 1,
set rlimit nofile <= abc,
set rlimit nofile <= 1K,
audit set rlimit nofile <= 1,
set rlimit nofile = 1,
rlimit nofile <= 1,
^hat,
profile x,
abi <abi/3.0>,
include <abstractions/base>
alias /a -> /b,
nonsense,
,
"#;

/// Rules whose conditions are kept and not weighed, and how they are kept.
const CONDITIONAL: [(&str, &str); 13] = [
    ("network inet ip=127.0.0.1,", "network inet ip=127.0.0.1,"),
    ("network (send,receive) inet,", "network (receive,send) inet,"),
    ("unix (create) type=stream,", "unix (create) type=stream,"),
    ("unix send,", "unix (send),"),
    ("audit deny unix peer=(label=x addr=none),", "audit deny unix peer=(addr=none,label=x),"),
    ("unix addr=\"@/tmp/a b\" send,", "unix addr=\"@/tmp/a b\" send,"),
    ("mount options=(ro,bind) /a -> /b,", "mount options=(bind,ro) /a -> /b,"),
    (
        "mount fstype=ext4 options in (rw, ro) /dev/sda -> /mnt/,",
        "mount fstype=ext4 options in (ro,rw) /dev/sda -> /mnt/,",
    ),
    ("remount options=ro,", "remount options=(ro),"),
    ("umount /a,", "umount /a,"),
    ("pivot_root oldroot=/x/ /new/ -> p,", "pivot_root oldroot=/x/ /new/ -> p,"),
    ("dbus send bus=session,", "dbus (send) bus=session,"),
    ("dbus (send) path=/a/{b,c} peer=(name=x),", "dbus (send) path=\"/a/{b,c}\" peer=(name=x),"),
];

#[test]
fn single_rules_are_read_as_the_parser_takes_them() {
    for text in READ.lines().filter(|text| !text.is_empty()) {
        let profile = one(&format!("{VARIABLES}profile web {{\n  {text}\n}}\n"));
        let [line] = profile.lines.as_slice() else { panic!("{text}: {:#?}", profile.lines) };
        assert_eq!(line.unread, None, "{text}");
        assert!(!line.rules.is_empty(), "{text}");
        if !text.contains(['@', '0']) && !text.contains("{ ") {
            assert_eq!(Line::read(text, &Variables::default()).rules, line.rules, "{text}");
        }
        agrees("web", VARIABLES, &profile.lines);
    }
    for text in UNREAD.lines().filter(|text| !text.is_empty()) {
        let line = Line::read(text, &Variables::default());
        assert!(line.unread.is_some(), "{text}: {:?}", line.rules);
        assert_eq!(line.rules, [], "{text}");
    }
    for (text, kept) in CONDITIONAL {
        let line = Line::read(text, &Variables::default());
        let [rule] = line.rules.as_slice() else { panic!("{text}: {line:?}") };
        assert_eq!(rule.to_string(), kept);
        assert_eq!(Line::read(kept, &Variables::default()).rules, std::slice::from_ref(rule), "{text}");
        let family = Family::from_name(if text.contains("network") { "inet" } else { "unix" });
        let socket = Socket { family, kind: Some(SocketType::Stream) };
        let coverage = match &rule.kind {
            Kind::Network(rule) => rule.coverage(socket),
            Kind::Unix(rule) => rule.coverage(socket),
            Kind::Operation(rule) => rule.coverage(rule.operations()[0]),
            other => panic!("{other:?}"),
        };
        assert_eq!(coverage, Coverage::Conditional, "{text}");
    }
    // What the parser of version 3.0 does not know yet.
    for text in
        ["userns,", "userns create,", "mqueue,", "mqueue create /x,", "io_uring,", "all,", "deny all,"]
    {
        let line = Line::read(text, &Variables::default());
        assert_eq!((line.unread, line.rules.len()), (None, 1), "{text}");
    }
}

/// Lines as they were read.
fn told(lines: &[Line]) -> Vec<String> {
    let tell = |line: &Line| match &line.unread {
        Some(unread) => format!("{}: unread: {}", line.number, unread.why),
        None => format!("{}: {line}", line.number),
    };
    lines.iter().map(tell).collect()
}

#[test]
fn a_profile_is_read_with_its_blocks_and_includes() {
    let text = r#"# a comment
abi <abi/3.0>,
#include <tunables/global>
include if exists <tunables/none>
include <tunables/lost>
@{EXE} = /usr/bin/web \
         /usr/sbin/web # two
@{EXE}+="/opt/web server"
alias /srv/ -> /data/,
profile web @{EXE} flags=(attach_disconnected, complain) {
  include <abstractions/round>
  include <abstractions/lost>
  include if exists <local/web>
  @{EXE} mr,
  owner {
    @{HOME}/* rw,
    deny /home/x r,
    network,
  }
  deny { /y w, allow /z w, }
  ^hat { /in/hat r, }
  profile child /bin/child flags=(complain) { /in/child r, deny { /b r, } }
  if defined @{EXE} { /in/if r, } else { /in/else r, }
  mount,
  deny remount options=(ro),
  dbus (send)
       bus=session # no comment
       peer=(name=x),
  /x
    r,
  /last ux,
}
"/opt/my app" (complain) { file, }
/plain { }
hat h { capability, }
"#;
    let files = |name: &str| match name {
        "tunables/global" => Some("@{HOME}=@{HOMES}/*/ /root/\n@{HOMES}=/home/\n".to_owned()),
        "abstractions/round" => {
            Some("/one r,\ninclude <abstractions/round>\ninclude <abstractions/two>".to_owned())
        }
        "abstractions/two" => Some("include <abstractions/round>\n\n/two r,".to_owned()),
        _ => None,
    };
    let profiles = reader::profiles(text, &files).expect("it is a profile");
    let names: Vec<(&str, usize)> =
        profiles.iter().map(|p| (p.head.name.as_str(), p.head.flags.len())).collect();
    assert_eq!(names, [("web", 2), ("/opt/my app", 1), ("/plain", 0), ("h", 0)]);
    let web = &profiles[0];
    assert_eq!(web.abi.as_deref(), Some("abi/3.0"));
    assert_eq!(web.missing, ["tunables/lost", "abstractions/lost"]);
    let expected = [
        "9: unread: stands outside of a profile and is not read here",
        "1: /one r,",
        "3: /two r,",
        "14: \"/{usr/bin/web,usr/sbin/web,opt/web server}\" mr,",
        "16: owner /{home/*,root}/* rw,",
        "17: deny owner /home/x r,",
        "18: unread: stands in a block, of which the parser keeps only rules about files",
        "20: deny /y w,",
        "20: unread: says another thing than the block around it",
        "21: ^hat { /in/hat r, }",
        "22: profile child /bin/child flags=(complain) { /in/child r, deny /b r, }",
        "23: unread: holds only on a condition",
        "23: unread: holds only on a condition",
        "24: mount,",
        "25: deny remount options=(ro),",
    ];
    assert_eq!(told(&web.lines)[..expected.len()], expected);
    assert_eq!(told(&one("profile x { /x rl -> /b, }").lines), ["1: /x rl,"]);
    let last = &web.lines[web.lines.len() - 2..];
    assert_eq!(told(last), ["29: /x r,", "31: /last ux,"]);
    assert_eq!(last[0].text, "/x r,");
    assert_eq!(web.lines[2].file.as_deref(), Some("abstractions/two"));
}

#[test]
fn only_broken_structure_is_a_fault() {
    let cases = [
        ("", "line 1: there is no profile in it"),
        ("/x r,", "line 1: there is no profile in it"),
        ("\nprofile x {\n /y r,\n", "line 2: a `{` that nothing closes"),
        ("profile x {\n owner {\n /y r,\n}", "line 1: a `{` that nothing closes"),
        ("profile x { ^y {", "line 1: a `{` that nothing closes"),
        ("profile x { } \n }", "line 2: a `}` that closes nothing"),
        ("profile x {\n \"/y r,\n}", "line 2: a quote that nothing closes"),
        ("@{V}=/a\nprofile x { }\n@{V}+=/b\n", "line 3: behind a profile there may only be others"),
        ("profile x { }\nalias /a -> /b,", "line 2: behind a profile there may only be others"),
        ("profile x {\n include <bad>\n}", "bad, line 2: a `}` that closes nothing"),
    ];
    for (text, expected) in cases {
        let files = |name: &str| (name == "bad").then(|| "\n}".to_owned());
        let fault = reader::profiles(text, &files).expect_err(text);
        assert_eq!(fault.to_string(), expected, "{text}");
    }
}

/// What this thread has worked, however busy the machine is.
fn worked() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel counts it");
    let nanoseconds = text.split(' ').next().and_then(|count| count.parse().ok());
    Duration::from_nanos(nanoseconds.expect("it is a number"))
}

/// Inputs that would take long, or all memory, of a reader without bounds.
#[test]
fn what_is_huge_deep_or_goes_round_ends() {
    let deep = format!("profile x {{ {} }}", "owner { ".repeat(100_000));
    let nested = format!("profile x {{ /{} r, }}", "{a,".repeat(100_000));
    let bomb: String = (0..40).map(|i| format!("@{{V{}}} = @{{V{i}}}a @{{V{i}}}b\n", i + 1)).collect();
    let bomb = format!("@{{V0}} = /x\n{bomb}\nprofile x {{ @{{V40}} r, @{{R}} r, }}");
    let round = "@{R} = a@{R}\nprofile x { /@{R} r, /@{R}@{R} r, }";
    let many = "alias /a -> /b,\n".repeat(20_000) + &"profile x { }\n".repeat(20_000);
    let long = format!("profile x {{ {} }}", "/x r, ".repeat(300_000));
    let quotes = "profile x { ".to_owned() + &"\"\\".repeat(500_000);
    let hashes = "#include".repeat(200_000);
    let files = |name: &str| Some(format!("include <{name}a>\ninclude <{name}b>\n{}", "# x\n".repeat(100)));
    let before = worked();
    for text in [&deep, &nested, &bomb, round, &many, &long, &quotes, &hashes, "profile x { include <a> }"] {
        let read = reader::profiles(text, &files);
        let lines = read.iter().flatten().map(|profile| profile.lines.len()).sum::<usize>();
        assert!(lines < 1_000_000);
        Line::read(text, &Variables::default());
    }
    let _ = reader::abstraction("a", "x", &files);
    let taken = worked() - before;
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}

const PIECES: &[&str] = &[
    "profile x {",
    "{",
    "}",
    ",",
    " ",
    "\n",
    "\"",
    "\\",
    "#include",
    "include <a>",
    "include if exists <",
    "@{V}",
    "=",
    "+=",
    "(",
    ")",
    "->",
    "owner ",
    "deny ",
    "audit ",
    "/x",
    " r,",
    "rwix",
    "signal",
    " set=(",
    "peer=",
    "network ",
    "inet",
    "mount ",
    "capability",
    "if defined ",
    "else",
    "^",
    "hat ",
    "abi <abi/3.0>,",
    "[",
    "]",
    "é",
    "*",
    "\0",
    "flags=(",
    "set rlimit as <= 1,",
    "link ",
    "\\042",
    "\\x",
    "# c\n",
];

fn never_panics(text: &str) {
    let files = |name: &str| (name.len() < 3).then(|| text.chars().rev().collect());
    let _ = reader::profiles(text, &files);
    let _ = reader::profiles(text, &nothing);
    let _ = reader::abstraction("a", "x", &|_| Some(text.to_owned()));
    let line = Line::read(text, &Variables::of_profile(text));
    assert_eq!(line.unread.is_some(), line.rules.is_empty(), "{text}");
    assert!(!line.text.contains('\n'));
    reads_what_it_writes(&line.rules);
    for profile in reader::profiles(text, &nothing).into_iter().flatten() {
        profile.lines.iter().for_each(|line| reads_what_it_writes(&line.rules));
    }
}

/// What a rule writes is read as that rule; of a profile within a profile, which is no single rule, in one.
fn reads_what_it_writes(rules: &[Rule]) {
    for rule in rules {
        let text = rule.to_string();
        if let Kind::Child(child) = &rule.kind {
            let is_read = child.lines.iter().all(|line| line.unread.is_none());
            if is_read {
                let again = one(&format!("profile x {{ {text} }}"));
                assert_eq!(again.lines.len(), 1, "{text}");
                assert_eq!(again.lines[0].to_string(), text);
            }
            continue;
        }
        let again = Line::read(&text, &Variables::default());
        assert_eq!((again.rules, again.unread), (vec![rule.clone()], None), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn no_text_makes_it_panic(pieces in proptest::collection::vec(select(PIECES), 0..40), bytes in any::<Vec<u8>>()) {
        never_panics(&pieces.concat());
        never_panics(&format!("profile x {{ {} }}", pieces.concat()));
        never_panics(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_profile_that_is_cut_is_no_other_profile(at in any::<Index>()) {
        let whole = "profile web {\n  owner { /x r, }\n  ^h { /y r, }\n  signal (send) peer=\"x\",\n}";
        let at = at.index(whole.len());
        prop_assert!(reader::profiles(&whole[..at], &nothing).is_err());
        never_panics(&whole[..at]);
    }
}

/// Words that stand where a rule has a value.
const VALUES: &[&str] = &[
    "/x",
    "/srv/**",
    "\"/a b/*\"",
    "/a\\054b",
    "/{a,b}/c",
    "/[^a]*",
    "@/tmp/s",
    "\"@{V}/x\"",
    "x",
    "\"x y\"",
    "web//&*",
    "\"*//&web\"",
    "a=b",
    "\"(\"",
    "/a\\\\b",
    "\"\\\"\"",
    "{a,b}",
    "none",
    "stream",
    "ro",
    "kill",
    "term",
    "1",
    "é",
    "\"#\"",
    "/x\\x41",
    "unconfined",
];
/// Rules with a place for each value, of every kind.
const FORMS: &[&str] = &[
    "_ r",
    "_ rwlk",
    "_ mrix",
    "_ a",
    "r _",
    "unsafe _ ix",
    "_ px",
    "safe _ Px -> _",
    "_ pux -> _",
    "owner _ rw",
    "file _ m",
    "_ r -> _",
    "l _ -> _",
    "rw _ -> _",
    "link subset _ -> _",
    "owner link _ -> _",
    "file",
    "all",
    "capability",
    "capability chown kill",
    "network",
    "network inet tcp",
    "network (send, receive) inet stream ip=_ port=1 peer=(ip=_ port=2)",
    "network ipx",
    "unix",
    "unix type=_",
    "unix (send receive) type=_ addr=_ peer=(label=_, addr=_)",
    "unix send addr=_",
    "signal",
    "signal (send) set=(_, _) peer=_",
    "signal receive peer=_",
    "ptrace",
    "ptrace (read trace) peer=_",
    "mount",
    "mount options=(_, _) fstype=_ _ -> _",
    "mount options in (_, ro) options=_ _",
    "remount options=_ _",
    "umount",
    "umount _",
    "pivot_root oldroot=_ _ -> _",
    "userns create",
    "mqueue (read, write) type=_ _",
    "io_uring sqpoll label=_",
    "dbus",
    "dbus (send receive) bus=_ path=_ interface=_ member=_ peer=(name=_ label=_)",
    "dbus bind bus=_ name=_",
    "set rlimit nofile <= 1",
    "set rlimit as <= 10 M",
    "change_profile",
    "change_profile unsafe _ -> _",
    "change_profile -> _",
];

#[test]
fn a_rule_of_any_kind_is_read_as_it_is_written() {
    let dice = &mut Dice::new(11);
    for form in FORMS {
        let mut read = 0;
        for _ in 0..200 {
            // A place is a word of its own, or stands behind `=` or `(`: `pivot_root` has none.
            let mut rule = String::new();
            for c in form.chars() {
                let is_place = c == '_' && (rule.is_empty() || rule.ends_with([' ', '=', '(']));
                if is_place {
                    rule.push_str(VALUES[dice.below(VALUES.len())]);
                } else {
                    rule.push(c);
                }
            }
            let before = ["", "deny ", "audit ", "audit deny "][dice.below(4)];
            let text = format!("@{{V}}=/one /two\nprofile x {{ {before}{rule}, }}");
            // Quotes in odd places break the structure, and nothing is read then.
            for profile in reader::profiles(&text, &nothing).into_iter().flatten() {
                profile.lines.iter().for_each(|line| reads_what_it_writes(&line.rules));
                read += profile.lines.iter().filter(|line| line.unread.is_none()).count();
            }
        }
        assert!(read > 0, "{form}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn random_policies_are_read_as_they_were_meant(sketch in sketch()) {
        reads_as_typed(&Trial::of(&sketch.toml()));
    }
}
