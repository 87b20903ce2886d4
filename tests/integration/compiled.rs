//! The reader of compiled policies: profiles written by hand, asked what the man page and the kernel say they
//! permit, in the words of each ABI that the parser has a feature set of; and the program's own reading of
//! globs against what the parser makes of them.

use crate::support::compiled::permissions::{READ, To, WRITE};
use crate::support::compiled::{Class, Compiled, Mode, Ptrace, Signal};
use crate::support::hard_globs::{Dice, path, pattern};
use crate::support::parser::Parser;
use aapol::kernel::glob::{Automaton, Budget};
use aapol::kernel::{Abi, Capability, Glob};
use pretty_assertions::assert_eq;
use std::sync::OnceLock;

/// The feature sets that are there.
fn known(parser: &Parser) -> &'static [&'static str] {
    static KNOWN: OnceLock<Vec<&str>> = OnceLock::new();
    KNOWN.get_or_init(|| Abi::ALL.into_iter().map(Abi::name).filter(|abi| parser.knows(abi)).collect())
}

/// A profile with these rules, in the words of each ABI that is known.
fn each(rules: &str) -> Vec<(&'static str, Compiled)> {
    let Some(parser) = Parser::find() else { return Vec::new() };
    let read =
        |abi| Compiled::read(&bytes(parser, abi, rules)).unwrap_or_else(|wrong| panic!("{abi} {wrong}"));
    known(parser).iter().map(|abi| (*abi, read(abi))).collect()
}

fn bytes(parser: &Parser, abi: &str, rules: &str) -> Vec<u8> {
    let profile = format!("abi <abi/{abi}>,\nprofile web {{\n  {rules}\n}}\n");
    parser.compile(&profile, abi).unwrap_or_else(|said| panic!("{said}\n{profile}"))
}

/// Rules, a path, and what they permit to it: the owner, and others where that is not the same.
type File = (&'static str, &'static [u8], &'static str, Option<&'static str>);

const FILES: &[File] = &[
    ("/etc/hosts r,", b"/etc/hosts", "r", None),
    ("/etc/hosts r,", b"/etc/host", "", None),
    ("/etc/hosts r,", b"/etc/hosts2", "", None),
    ("/etc/hosts r,", b"", "", None),
    // `*` is no slash, and as a whole name it is not empty.
    ("/a/* r,", b"/a/b", "r", None),
    ("/a/* r,", b"/a/", "", None),
    ("/a/* r,", b"/a/b/", "", None),
    ("/a/* r,", b"/a/b/c", "", None),
    ("/a/* r,", b"/a/\xff\xfe", "r", None),
    ("/a/*/ r,", b"/a/b/", "r", None),
    ("/a/*/ r,", b"/a//", "", None),
    ("/a/b* r,", b"/a/b", "r", None),
    ("/a/*b r,", b"/a/b", "r", None),
    ("/a/** r,", b"/a/b/c", "r", None),
    ("/a/** r,", b"/a/b/", "r", None),
    ("/a/** r,", b"/a/", "", None),
    ("/a/{,**} r,", b"/a/", "r", None),
    ("/a/{,**} r,", b"/a", "", None),
    ("/a/**/c r,", b"/a/b/b/c", "r", None),
    ("/a/**/c r,", b"/a/c", "", None),
    // `?` is one byte that is no slash.
    ("/a/? r,", b"/a/b", "r", None),
    ("/a/? r,", b"/a/", "", None),
    ("/a/? r,", b"/a//", "", None),
    ("/a/? r,", b"/a/bb", "", None),
    ("/a/? r,", "/a/é".as_bytes(), "", None),
    ("/a/?? r,", "/a/é".as_bytes(), "r", None),
    ("/a/é r,", "/a/é".as_bytes(), "r", None),
    ("/a/\\303\\251 r,", "/a/é".as_bytes(), "r", None),
    ("/a/\\377 r,", b"/a/\xff", "r", None),
    // A class that is negated holds the slash.
    ("/a/[bc] r,", b"/a/b", "r", None),
    ("/a/[bc] r,", b"/a/d", "", None),
    ("/a/[b-d] r,", b"/a/c", "r", None),
    ("/a/[b-d] r,", b"/a/-", "", None),
    ("/a/[^b] r,", b"/a/c", "r", None),
    ("/a/[^b] r,", b"/a/b", "", None),
    ("/a/[^b] r,", b"/a/", "", None),
    ("/a/[^b] r,", b"/a//", "r", None),
    ("/a/[^b] r,", b"/a/\x80", "r", None),
    ("/{a,b{c,d,}}/x r,", b"/a/x", "r", None),
    ("/{a,b{c,d,}}/x r,", b"/bd/x", "r", None),
    ("/{a,b{c,d,}}/x r,", b"/b/x", "r", None),
    ("/{a,b{c,d,}}/x r,", b"/c/x", "", None),
    ("/{a,b{c,d,}}/x r,", b"/ac/x", "", None),
    ("/a\\*b r,", b"/a*b", "r", None),
    ("/a\\*b r,", b"/axb", "", None),
    ("/a\\{b\\,c\\} r,", b"/a{b,c}", "r", None),
    ("\"/a b\\\"c\" r,", b"/a b\"c", "r", None),
    ("/a\\\\b r,", b"/a\\b", "r", None),
    // Two slashes of a rule are one.
    ("/a//b r,", b"/a/b", "r", None),
    ("/a//b r,", b"/a//b", "", None),
    ("/a rwlkm,", b"/a", "rwlkm", None),
    ("/a a,", b"/a", "a", None),
    ("/a ka,", b"/a", "ak", None),
    ("owner /a/* rw,", b"/a/b", "rw", Some("")),
    ("owner /a/* w,\n/a/b r,", b"/a/b", "rw", Some("r")),
    ("/a/* rw,\ndeny owner /a/b r,", b"/a/b", "w", Some("rw")),
    ("/a/* rw,\ndeny /a/b w,", b"/a/b", "r", None),
    ("/a/* rw,\ndeny /a/b w,", b"/a/c", "rw", None),
    ("deny /a/** w,\n/a/b rw,", b"/a/b", "r", None),
    ("/a r,\n/{a,b} k,", b"/a", "rk", None),
    ("file,", b"/", "rwlkmx", None),
    ("file,", b"/a/b/\xff", "rwlkmx", None),
    ("file,", b"a", "", None),
    ("file,\ndeny /a/** wx,", b"/a/b", "rlkm", None),
    // What keeps the profile may be mapped too (parser_regex.c, process_dfa_entry).
    ("/a ix,", b"/a", "mx", None),
    ("/a px,", b"/a", "x", None),
    ("owner /a px,", b"/a", "x", Some("")),
];

#[test]
fn files_are_permitted_what_the_rules_say() {
    let mut wrong = Vec::new();
    for (rules, path, owners, others) in FILES {
        for (abi, web) in each(rules) {
            let is = (web.file(path, true).letters(), web.file(path, false).letters());
            let right = ((*owners).to_owned(), others.unwrap_or(owners).to_owned());
            if is != right {
                wrong.push(format!("{abi} {rules} {}: {is:?}, not {right:?}", path.escape_ascii()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_denial_is_quiet_unless_it_is_audited() {
    for (abi, web) in each("/a r,\ndeny /a w,\naudit deny /b w,") {
        assert!(web.file(b"/a", true).quiets(WRITE) && !web.file(b"/a", true).quiets(READ), "{abi}");
        assert!(!web.file(b"/b", false).quiets(WRITE) && !web.file(b"/b", false).allows(WRITE), "{abi}");
    }
}

#[test]
fn programs_start_under_the_profile_that_is_named() {
    let plain = |to| (to, false, false);
    let cases = [
        ("ix", plain(To::Same), None),
        ("px", plain(To::Profile), Some(true)),
        ("Px", plain(To::Profile), Some(false)),
        ("cx", plain(To::Child), Some(true)),
        ("ux", plain(To::Unconfined), Some(true)),
        ("Ux", plain(To::Unconfined), Some(false)),
        ("Pix", (To::Profile, true, false), Some(false)),
        ("cix", (To::Child, true, false), Some(true)),
        ("PUx", (To::Profile, false, true), Some(false)),
    ];
    for (letters, right, is_unsafe) in cases {
        for (abi, web) in each(&format!("/a {letters},\n/b r,")) {
            let found = web.file(b"/a", true).transition();
            let Some(found) = found else { panic!("{abi} {letters}: it may not start") };
            assert_eq!((found.to, found.or_inherit, found.or_unconfined), right, "{abi} {letters}");
            assert!(is_unsafe.is_none_or(|is_unsafe| found.is_unsafe == is_unsafe), "{abi} {letters}");
            assert_eq!(web.file(b"/b", true).transition(), None, "{abi}");
        }
    }
    for (abi, web) in each("/a px -> one,\n/b Px -> two,") {
        let target = |path: &[u8]| {
            let transition = web.file(path, false).transition();
            transition.and_then(|transition| web.target(transition)).map(str::to_owned)
        };
        assert_eq!((target(b"/a").as_deref(), target(b"/b").as_deref()), (Some("one"), Some("two")), "{abi}");
    }
}

/// In the parser's words the subset is wanted of the owner alone (parser.h, `LINK_TO_LINK_SUBSET` keeps one bit of
/// the two): a link to a file of another user is held to nothing but the pair.
///
/// Rules, the new name and what it is to be a name of, and whether the file's owner and others may make it.
const LINKS: &[(&str, &str, &str, bool, bool)] = &[
    ("/new r,", "/new", "/old", false, false),
    // With `l` alone the old name may be any, if it permits as much.
    ("/new l,", "/new", "/old", true, true),
    ("/new rl,", "/new", "/old", false, true),
    ("/new rl,\n/old r,", "/new", "/old", true, true),
    ("/new rwl,\n/old r,", "/new", "/old", false, true),
    ("/new rl,\n/old rw,", "/new", "/old", true, true),
    ("/new rkl,\n/old r,", "/new", "/old", false, true),
    ("/new rl,\n/old r,", "/old", "/new", false, false),
    ("/dir/** rwl,", "/dir/new", "/dir/a/old", true, true),
    ("/dir/* rwl,", "/dir/new", "/dir/a/old", false, true),
    ("owner /dir/* rwl,", "/dir/new", "/dir/old", true, false),
    ("/dir/* rwl,\nowner /dir/new ix,", "/dir/new", "/dir/old", false, true),
    // A pair: the old name is that one, and permits as much where it is said.
    ("link /new -> /old,", "/new", "/old", true, true),
    ("link /new -> /old,", "/new", "/other", false, false),
    ("link /new -> /old,\n/new rw,", "/new", "/old", true, true),
    ("link subset /new -> /old,\n/new rw,", "/new", "/old", false, true),
    ("link subset /new -> /old,\n/new rw,\n/old rw,", "/new", "/old", true, true),
    ("owner link /new -> /old,", "/new", "/old", true, false),
    ("link /new/* -> /old/{a,b},", "/new/x", "/old/b", true, true),
    ("link /new/* -> /old/{a,b},", "/new/x/", "/old/b", false, false),
    // What starts differently is not the same; what keeps the environment is less than what does not.
    ("/new lix,\n/old ix,", "/new", "/old", true, true),
    ("/new lix,\n/old px,", "/new", "/old", false, true),
    ("/new lpx,\n/old Px,", "/new", "/old", false, true),
    ("/new lPx,\n/old px,", "/new", "/old", true, true),
    ("/new rl,\n/old r,\ndeny /new l,", "/new", "/old", false, false),
    ("link /new -> /*,\ndeny link /new -> /old,", "/new", "/old", false, false),
    ("link /new -> /*,\ndeny link /new -> /old,", "/new", "/other", true, true),
    ("file,", "/new", "/old", true, true),
    ("file,\ndeny /old w,", "/new", "/old", false, true),
];

#[test]
fn links_are_made_as_the_kernel_pairs_them() {
    let mut wrong = Vec::new();
    for (rules, new, old, owner, other) in LINKS {
        for (abi, web) in each(rules) {
            let link = |is_owner| web.link(new.as_bytes(), old.as_bytes(), is_owner);
            if (link(true), link(false)) != (*owner, *other) {
                wrong.push(format!("{abi} {rules} {new} {old}: {} {}", link(true), link(false)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn capabilities_are_permitted_by_number() {
    // The table is in the kernel's order; what ABI 3.0 does not know comes last.
    let count = || Capability::all().filter(|capability| capability.since() == Abi::V3_0).zip(0u32..);
    for (capability, number) in count() {
        for (abi, web) in each(&format!("capability {},", capability.name())) {
            let permitted: Vec<u32> = (0..64).filter(|number| web.capability(*number)).collect();
            assert_eq!(permitted, [number], "{abi} {}", capability.name());
        }
    }
    for (abi, web) in each("capability,\ndeny capability syslog,\naudit deny capability chown,") {
        let denied: Vec<u32> =
            count().map(|(_, number)| number).filter(|number| !web.capability(*number)).collect();
        assert_eq!(denied, [0, 34], "{abi}");
        assert!(web.quiets_capability(34) && !web.quiets_capability(0), "{abi}");
    }
}

#[test]
fn sockets_are_permitted_by_family_and_type() {
    const UNIX: u16 = 1;
    const INET: u16 = 2;
    const INET6: u16 = 10;
    const NETLINK: u16 = 16;
    const STREAM: u16 = 1;
    const DGRAM: u16 = 2;
    const RAW: u16 = 3;
    let asked =
        [(INET, STREAM), (INET, DGRAM), (INET6, STREAM), (NETLINK, RAW), (UNIX, STREAM), (UNIX, DGRAM)];
    let cases: [(&str, &[(u16, u16)]); 8] = [
        ("/a r,", &[]),
        ("network,", &asked),
        ("network inet,", &asked[..2]),
        ("network inet stream,", &asked[..1]),
        ("network stream,", &[asked[0], asked[2], asked[4]]),
        ("network unix stream,", &asked[4..5]),
        ("network inet,\nnetwork netlink raw,\ndeny network inet dgram,", &[asked[0], asked[3]]),
        ("network,\ndeny network stream,\ndeny network unix,", &[asked[1], asked[3]]),
    ];
    for (rules, right) in cases {
        for (abi, web) in each(rules).into_iter().filter(|(_, web)| !web.mediates(Class::Address)) {
            let permitted: Vec<(u16, u16)> =
                asked.into_iter().filter(|(family, kind)| web.network(*family, *kind)).collect();
            assert_eq!(permitted, right, "{abi} {rules}");
        }
    }
}

#[test]
fn signals_are_permitted_by_number_and_peer() {
    const KILL: u8 = 9;
    const TERM: u8 = 15;
    const EXISTS: u8 = 35;
    use Signal::{Receive, Send};
    let cases = [
        ("/a r,", Send, TERM, "foo", false),
        ("signal,", Send, TERM, "foo", true),
        ("signal,", Receive, 128, "a//&b", true),
        ("signal send,", Receive, TERM, "foo", false),
        ("signal send set=(term) peer=foo,", Send, TERM, "foo", true),
        ("signal send set=(term) peer=foo,", Send, KILL, "foo", false),
        ("signal send set=(term) peer=foo,", Send, TERM, "fo", false),
        ("signal send set=(term) peer=foo,", Send, TERM, "foo2", false),
        ("signal send set=(term) peer=foo,", Receive, TERM, "foo", false),
        ("signal set=(exists),", Send, EXISTS, "foo", true),
        ("signal set=(exists),", Send, TERM, "foo", false),
        ("signal set=(rtmin+3),", Send, 131, "foo", true),
        ("signal set=(rtmin+3),", Send, 130, "foo", false),
        ("signal peer=/usr/{bin,sbin}/*,", Send, KILL, "/usr/sbin/runc", true),
        ("signal peer=/usr/{bin,sbin}/*,", Send, KILL, "/usr/sbin/", false),
        ("signal,\ndeny signal set=(kill) peer=foo,", Send, KILL, "foo", false),
        ("signal,\ndeny signal set=(kill) peer=foo,", Send, TERM, "foo", true),
        // A stack is matched as it is written; one by one where that leads somewhere and does not permit.
        ("signal peer=a,\nsignal peer=a//&*,", Send, TERM, "a//&b", true),
        ("signal peer=a,\nsignal peer=a//&*,", Send, TERM, "b//&a", false),
        ("signal peer={a,b},", Send, TERM, "a//&b", false),
        ("signal peer={a,b},\nsignal receive peer=a//&*,", Send, TERM, "a//&b", true),
        ("signal peer=a,\nsignal receive peer=a//&*,", Send, TERM, "a//&b", false),
    ];
    for (rules, way, number, peer, right) in cases {
        for (abi, web) in each(rules) {
            assert_eq!(web.signal(way, number, peer), right, "{abi} {rules} {way:?} {number} {peer}");
        }
    }
}

#[test]
fn tracing_is_permitted_by_way_and_peer() {
    use Ptrace::{Read, ReadBy, Trace, TracedBy};
    let cases: [(&str, &[Ptrace], &[Ptrace]); 6] = [
        ("/a r,", &[], &[]),
        ("ptrace,", &[Trace, Read, TracedBy, ReadBy], &[Trace, Read, TracedBy, ReadBy]),
        ("ptrace read peer=foo,", &[Read], &[]),
        ("ptrace (trace, tracedby) peer=foo,", &[Trace, TracedBy], &[]),
        ("ptrace readby peer=foo{,2},", &[ReadBy], &[ReadBy]),
        (
            "ptrace,\ndeny ptrace (trace, read) peer=foo2,",
            &[Trace, Read, TracedBy, ReadBy],
            &[TracedBy, ReadBy],
        ),
    ];
    for (rules, foo, foo2) in cases {
        for (abi, web) in each(rules) {
            for (peer, right) in [("foo", foo), ("foo2", foo2)] {
                let mut permitted = vec![Trace, Read, TracedBy, ReadBy];
                permitted.retain(|way| web.ptrace(*way, peer));
                assert_eq!(permitted, right, "{abi} {rules} {peer}");
            }
        }
    }
}

#[test]
fn mounts_are_permitted_by_all_that_they_name() {
    const READ_ONLY: u32 = 1;
    const REMOUNT: u32 = 32;
    const BIND: u32 = 4096;
    let cases = [
        ("/a r,", [false; 7]),
        ("mount,", [true, true, true, true, true, false, false]),
        ("remount,", [false, false, false, false, true, false, false]),
        ("umount,", [false, false, false, false, false, true, false]),
        ("umount /other/,", [false; 7]),
        ("pivot_root,", [false, false, false, false, false, false, true]),
        ("pivot_root oldroot=/new/old/ /new/,", [false, false, false, false, false, false, true]),
        ("mount fstype=tmpfs -> /mnt/,", [false, false, true, false, false, false, false]),
        ("mount fstype=ext4 /dev/* -> /mnt/,", [true, true, false, false, false, false, false]),
        ("mount options=(ro) /dev/sda -> /mnt/,", [false, true, false, false, false, false, false]),
        ("mount options=(bind) /srv/ -> /mnt/,", [false, false, false, true, false, false, false]),
        ("mount,\ndeny mount fstype=tmpfs,", [true, true, false, true, true, false, false]),
    ];
    for (rules, right) in cases {
        for (abi, web) in each(rules) {
            let permitted = [
                web.mount("/dev/sda", "/mnt/", "ext4", 0, ""),
                web.mount("/dev/sda", "/mnt/", "ext4", READ_ONLY, "discard"),
                web.mount("none", "/mnt/", "tmpfs", 0, "size=1m"),
                web.mount("/srv/", "/mnt/", "", BIND, ""),
                web.mount("", "/mnt/", "", REMOUNT, ""),
                web.umount("/mnt/"),
                web.pivot_root("/new/", "/new/old/"),
            ];
            assert_eq!(permitted, right, "{abi} {rules}");
        }
    }
}

/// Patterns with a profile each, compiled at once.
fn compiled(parser: &Parser, globs: &[Glob]) -> Result<Vec<Compiled>, String> {
    let profiles = globs
        .iter()
        .enumerate()
        .map(|(at, glob)| format!("profile p{at:04} {{\n  \"{}\" r,\n}}\n", glob.text()));
    let text: String = std::iter::once("abi <abi/3.0>,\n".to_owned()).chain(profiles).collect();
    let mut profiles = Compiled::read_all(&parser.compile(&text, "3.0")?)?;
    // The parser has an order of its own.
    profiles.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(profiles)
}

#[test]
fn globs_match_what_the_parser_makes_of_them() {
    const BATCHES: u64 = 10;
    const GLOBS: usize = 200;
    const PATHS: usize = 60;
    let Some(parser) = Parser::find() else { return };
    let (mut asked, mut matched, mut wrong) = (0, 0, Vec::new());
    for seed in 0..BATCHES {
        let dice = &mut Dice::new(seed);
        let globs: Vec<Glob> =
            std::iter::repeat_with(|| Glob::parse(&pattern(dice)).ok()).flatten().take(GLOBS).collect();
        let Ok(profiles) = compiled(parser, &globs) else {
            wrong.extend(globs.iter().filter_map(|glob| {
                let said = compiled(parser, std::slice::from_ref(glob)).err()?;
                Some(format!("{} is refused: {said}", glob.text()))
            }));
            continue;
        };
        assert_eq!(profiles.len(), globs.len());
        for (glob, profile) in globs.iter().zip(&profiles) {
            let automaton = Automaton::new(glob);
            for _ in 0..PATHS {
                let path = path(dice, glob.parts());
                let right = profile.file(&path, false).allows(READ);
                let is = automaton.matches(&path, &Budget::new(100_000));
                asked += 1;
                matched += usize::from(right);
                if is != Some(right) {
                    wrong.push(format!("{} {}: {is:?}, not {right}", glob.text(), path.escape_ascii()));
                    break;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
    assert!(asked >= 100_000 && matched * 4 > asked && matched * 4 < asked * 3, "{matched} of {asked}");
}

#[test]
fn reads_the_profile_of_every_example_and_nothing_that_is_cut_off() {
    let Some(parser) = Parser::find() else { return };
    let mut count = 0;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for example in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        for file in std::fs::read_dir(example.path()).into_iter().flatten().flatten() {
            let path = file.path();
            if path.extension().is_none_or(|extension| extension != "apparmor") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let bytes = parser.compile(&text, "3.0").unwrap_or_else(|said| panic!("{said}"));
            let read = Compiled::read(&bytes).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()));
            assert_eq!(path.file_stem().and_then(|stem| stem.to_str()), Some(read.name.as_str()));
            let complains = text.lines().any(|line| line.contains("flags=") && line.contains("complain"));
            assert_eq!(read.mode == Mode::Complain, complains, "{}", path.display());
            assert!(read.mediates(Class::Signal) && read.file(b"/etc/hosts", false).allows(READ));
            count += 1;
        }
    }
    assert!(count > 10, "{count} examples");
    let bytes = bytes(parser, "3.0", "/a r,\nset rlimit nofile <= 10,");
    assert_eq!(Compiled::read(&bytes).ok().and_then(|web| web.limits[7]), Some(10));
    for end in 0..bytes.len() {
        assert!(Compiled::read(&bytes[..end]).is_err(), "{end} bytes");
    }
}
