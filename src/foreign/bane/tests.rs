//! What bane writes, construct by construct, and what is refused.

use super::{is_bane, read};
use crate::foreign::{NotTaken, Weight, WrittenProfile};
use pretty_assertions::assert_eq;

const TAIL: &str = "  deny @{PROC}/* w,
  deny @{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w,
  deny @{PROC}/sys/[^k]** w,
  deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w,
  deny @{PROC}/sysrq-trigger rwklx,
  deny @{PROC}/mem rwklx,
  deny @{PROC}/kmem rwklx,
  deny @{PROC}/kcore rwklx,
  deny mount,
  deny /sys/[^f]*/** wklx,
  deny /sys/f[^s]*/** wklx,
  deny /sys/fs/[^c]*/** wklx,
  deny /sys/fs/c[^g]*/** wklx,
  deny /sys/fs/cg[^r]*/** wklx,
  deny /sys/firmware/efi/efivars/** rwklx,
  deny /sys/kernel/security/** rwklx,
}
";
const ALWAYS: &str = "bane always allows `umount`, and every file that no rule denies";
const NO_ABI: &str = "bane writes no `abi`, so that the settings of the parser on the node decide whether the rules of \
                      `Network` hold at all";

fn written(text: &str) -> WrittenProfile {
    let profile = read(text).pop().unwrap().unwrap();
    assert_eq!(profile.text.lines().count(), profile.lines.len());
    profile
}

fn refused(text: &str) -> NotTaken {
    read(text).pop().unwrap().unwrap_err()
}

/// The whole profile, by what stands above and within it.
fn whole(name: &str, within: &str) -> String {
    format!(
        "#include <tunables/global>\n\nprofile {name} flags=(attach_disconnected,mediate_deleted) {{\n  #include \
         <abstractions/base>\n{within}{TAIL}"
    )
}

const NETWORK: &str = "  network,\n  deny network raw,\n  deny network packet,\n";

fn remarks(profile: &WrittenProfile) -> Vec<(Weight, Option<usize>, &str)> {
    profile.remarks.iter().map(|remark| (remark.weight, remark.line, remark.text.as_str())).collect()
}

#[test]
fn nothing_but_a_name() {
    let profile = written("Name = \"web\"\n");
    assert_eq!(profile.name, "docker-web");
    assert_eq!(profile.text, whole("docker-web", &format!("{NETWORK}  file,\n  umount,\n")));
    assert_eq!(profile.lines.get(2), Some(&Some(1)));
    assert_eq!(profile.lines.iter().flatten().count(), 1);
    assert_eq!(remarks(&profile), [(Weight::Note, None, ALWAYS)]);
}

#[test]
fn a_name_gets_its_prefix_once() {
    assert_eq!(written("Name = \"docker-web\"").name, "docker-web");
    assert_eq!(written("").name, "docker-");
}

#[test]
fn all_of_it() {
    let text = "Name = \"all\"
[Filesystem]
ReadOnlyPaths = [
  \"/bin/**\",
  \"/etc/{a,b}/**\",
]
LogOnWritePaths = [\"/**\"]
WritablePaths = [\"@{PROC}/x\"]
AllowExec = [\"/usr/sbin/nginx\"]
DenyExec = [\"/bin/sh\"]
[Capabilities]
Allow = [\"chown\",
  \"setuid\"]
[Network]
Raw = false
Packet = true
Protocols = [\"tcp\", \"udp\", \"icmp\"]
";
    let profile = written(text);
    let within = "  network inet tcp,
  network inet udp,
  network inet icmp,
  deny network raw,
  file,
  umount,
  deny /bin/** wl,
  deny /etc/{a,b}/** wl,
  audit /** w,
  @{PROC}/x w,
  /usr/sbin/nginx ix,
  deny /bin/sh mrwklx,
  capability chown,
  capability setuid,
";
    assert_eq!(profile.text, whole("docker-all", within));
    let lines: Vec<usize> = profile.lines.iter().flatten().copied().collect();
    assert_eq!(lines, [1, 17, 17, 17, 15, 4, 5, 7, 8, 9, 10, 12, 13]);
    let expected = [
        (
            Weight::Ineffective,
            Some(7),
            "`LogOnWritePaths` logs no write that `ReadOnlyPaths` denies: bane denies without `audit`, which leaves no \
             record",
        ),
        (
            Weight::Ineffective,
            Some(8),
            "`WritablePaths` opens nothing: bane writes `file,`, which lets every file be written already, and what \
             `ReadOnlyPaths` denies stays denied",
        ),
        (
            Weight::Ineffective,
            Some(9),
            "`AllowExec` restricts nothing: bane writes `file,`, which lets every file be executed that `DenyExec` does \
             not name",
        ),
        (Weight::Note, Some(10), "`DenyExec` denies reading and writing as well as executing"),
        (Weight::Ineffective, Some(14), NO_ABI),
        (
            Weight::Ineffective,
            Some(16),
            "`Packet = true` opens nothing beside `Protocols`: packet sockets are not denied, and not allowed either",
        ),
        (
            Weight::Note,
            Some(17),
            "`Protocols` is about IPv4 alone: bane writes `network inet` for each, and nothing for IPv6",
        ),
        (
            Weight::Ineffective,
            Some(17),
            "`icmp` of `Protocols` does nothing: it is a raw socket, which bane denies unless `Raw` is `true`",
        ),
        (Weight::Note, None, ALWAYS),
    ];
    assert_eq!(remarks(&profile), expected);
}

#[test]
fn capabilities_that_are_denied_open_all_others() {
    let profile = written("[Capabilities]\nAllow = [\"chown\"]\nDeny = [\"sys_admin\", \"net_raw\"]\n");
    let within = "  file,
  umount,
  capability,
  deny capability sys_admin,
  deny capability net_raw,
";
    assert_eq!(profile.text, whole("docker-", &format!("{NETWORK}{within}")));
    let text =
        "`Allow` does nothing beside `Deny`: bane then allows every capability but those that are denied";
    assert_eq!(remarks(&profile), [(Weight::Ineffective, Some(2), text), (Weight::Note, None, ALWAYS)]);
}

#[test]
fn raw_and_packet_sockets() {
    let profile = written("[Network]\nRaw = true\nPacket = true\n");
    assert_eq!(profile.text, whole("docker-", "  network,\n  file,\n  umount,\n"));
    assert_eq!(remarks(&profile), [(Weight::Ineffective, Some(1), NO_ABI), (Weight::Note, None, ALWAYS)]);
    let profile = written("[Network]\nRaw = true\nProtocols = [\"tcp\"]\n");
    let text =
        "`Raw = true` opens nothing beside `Protocols`: raw sockets are not denied, and not allowed either";
    assert_eq!(remarks(&profile).get(1), Some(&(Weight::Ineffective, Some(2), text)));
    let profile = written("[Network]\nRaw = true\nProtocols = [\"icmp\"]\n");
    assert!(!profile.remarks.iter().any(|remark| remark.text.contains("does nothing")));
}

#[test]
fn folders_are_the_folders_alone() {
    let profile =
        written("[Filesystem]\nReadOnlyPaths = [\"/a\",\n\"/b/\", '\"/c d/\"']\nDenyExec = [\"/e/\"]\n");
    let within = "  file,
  umount,
  deny /a wl,
  deny /b/ wl,
  deny \"/c d/\" wl,
  deny /e/ mrwklx,
";
    assert_eq!(profile.text, whole("docker-", &format!("{NETWORK}{within}")));
    let text = "`/b/` of `ReadOnlyPaths`, like 2 other entries, is the folder alone: what is in it would need `/b/**`";
    assert_eq!(remarks(&profile).first(), Some(&(Weight::Ineffective, Some(3), text)));
    assert_eq!(profile.remarks.len(), 3);
}

#[test]
fn includes_stand_ahead_of_its_own() {
    let text = "Imports = [\"abi <abi/3.0>,\"]\nInnerImports = [\"#include <abstractions/nameservice>\"]\n[Network]\n";
    let profile = written(text);
    let head = "abi <abi/3.0>,
#include <tunables/global>

profile docker- flags=(attach_disconnected,mediate_deleted) {
  #include <abstractions/nameservice>
  #include <abstractions/base>
";
    assert_eq!(profile.text, format!("{head}{NETWORK}  file,\n  umount,\n{TAIL}"));
    assert_eq!(remarks(&profile), [(Weight::Note, None, ALWAYS)]);
    for entry in [
        "capability,",
        "#include <a>\\n}",
        "include </etc/x>",
        "include <../x>",
        "#include <a> capability,",
        "abi <abi/3.0>,",
    ] {
        let refusal = refused(&format!("InnerImports = [\"{entry}\"]"));
        assert_eq!(refusal.line, Some(1), "{entry}");
        assert!(refusal.wrong.ends_with("copied into the profile as it is, and is no include"), "{entry}");
    }
}

#[test]
fn keys_are_known_whatever_their_case() {
    let profile = written("name = \"x\"\n[filesystem]\nallowexec = [\"/a\"]\n");
    assert_eq!(profile.text, whole("docker-x", &format!("{NETWORK}  file,\n  umount,\n  /a ix,\n")));
    let refusal = refused("Name = \"x\"\nname = \"y\"\n");
    assert_eq!(refusal.line, Some(2));
    assert_eq!(
        refusal.wrong,
        "`name` is there twice in different cases, and bane takes one of the two by chance"
    );
}

#[test]
fn other_keys_are_told() {
    let profile = written("Name = \"x\"\nMode = 1\n[Filesystem]\n\"a\\nb\" = []\n[Other]\nName = 1\n");
    let expected = [
        (Weight::Dropped, Some(2), "bane has no key `Mode` and passes over it"),
        (Weight::Dropped, Some(4), "bane has no key `Filesystem.a\\nb` and passes over it"),
        (Weight::Dropped, Some(5), "bane has no key `Other` and passes over it"),
        (Weight::Note, None, ALWAYS),
    ];
    assert_eq!(remarks(&profile), expected);
}

#[test]
fn what_the_parser_would_refuse_is_refused() {
    for (text, line, wrong) in [
        ("Name = \"a b\"", 1, "`a b` is no name that bane can give a profile"),
        (
            "\nName = \"a {\\n capability,\"",
            2,
            "`a {\\n capability,` is no name that bane can give a profile",
        ),
        (
            "[Filesystem]\nWritablePaths = [\n\"/a rw, /** \"]",
            3,
            "`/a rw, /** ` of `WritablePaths` holds a blank and gets no quotes, so that the parser refuses the profile",
        ),
        (
            "[Filesystem]\nDenyExec = [\"/a,\"]",
            2,
            "`/a,` of `DenyExec` holds a comma and gets no quotes, so that its rule could end there",
        ),
        (
            "[Filesystem]\nAllowExec = [\"/a\\n}\"]",
            2,
            "`/a\\n}` of `AllowExec` holds a character that cannot be seen",
        ),
        (
            "[Network]\nProtocols = [\"tcp,\\n capability\"]",
            2,
            "`tcp,\\n capability` of `Protocols` is nothing that a network rule can name, so that the parser refuses the \
             profile",
        ),
        (
            "[Capabilities]\nDeny = [\"CAP_CHOWN\"]",
            2,
            "`CAP_CHOWN` of `Deny` is no capability to AppArmor, so that the parser refuses the profile",
        ),
        (
            "[Network]\nRaw = \"yes\"",
            2,
            "bane takes `true` or `false` for `Raw`, which is something else here",
        ),
        ("Filesystem = 1", 1, "bane takes a table for `Filesystem`, which is something else here"),
        (
            "[Filesystem]\nDenyExec = [\"/a\", 1]",
            2,
            "bane takes a list of texts for `DenyExec`, which is something else here",
        ),
        ("Name = 3", 1, "bane takes a text for `Name`, which is something else here"),
    ] {
        let refusal = refused(text);
        assert_eq!((refusal.line, refusal.wrong.as_str()), (Some(line), wrong), "{text}");
    }
    assert_eq!(refused("[Capabilities]\nDeny = [\"CAP_CHOWN\"]").help, "write `chown`, as AppArmor does");
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    let refusal = refused("Name = \"x\"\n[Filesystem\n");
    assert_eq!(refusal.line, Some(2));
    assert!(refusal.wrong.starts_with("this is not TOML: "), "{}", refusal.wrong);
    assert_eq!(refused("Name = \"x\"\nName = \"y\"\n").line, Some(2));
    assert_eq!(refused(&" ".repeat((4 << 20) + 1)).wrong, "more text than is read at once");
    // Tables within tables, far more than there is memory for calls.
    let deep = format!("Name = {}", "[".repeat(200_000));
    assert!(refused(&deep).wrong.starts_with("this is not TOML: "));
}

#[test]
fn bane_is_told_from_policies_of_ours() {
    for text in [
        "Name = \"x\"",
        "[Filesystem]\n",
        "[filesystem]\nreadonlypaths = []",
        "name = \"x\"\n[Capabilities]\nAllow = []",
        "[Filesystem]\nReadOnlyPaths = [",
        "[filesystem]\nAllowExec = [",
    ] {
        assert!(is_bane(text), "{text}");
    }
    for text in [
        "",
        "name = \"x\"\n[filesystem]\nread-only = [\"/a\"]\n[capabilities]\nallow = [\"chown\"]\n[network]\n",
        "name = \"x\"\ndescription = \"\"\"\n[Filesystem]\nReadOnlyPaths = 1\n\"\"\"",
        "name = \"x\"\n[filesystem",
        "Name = \"x\"\n[package]\n",
        "Name: x",
        "{\"Name\": 1}",
    ] {
        assert!(!is_bane(text), "{text}");
    }
}
