//! The operator's constructs, each with the profile that comes of it.

use crate::foreign::kubernetes::read;
use crate::foreign::{NotTaken, Weight, WrittenProfile};
use pretty_assertions::assert_eq;

/// An `AppArmorProfile` with this under `spec`, from line 5 on.
fn written(spec: &str) -> Result<WrittenProfile, NotTaken> {
    let head = "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata: {name: app}\nspec:\n";
    let mut found = read(&format!("{head}{spec}"));
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn remarks(profile: &WrittenProfile) -> Vec<(Weight, Option<usize>, &str)> {
    profile.remarks.iter().map(|remark| (remark.weight, remark.line, remark.text.as_str())).collect()
}

fn wrong(spec: &str) -> (Option<usize>, String) {
    let fault = written(spec).unwrap_err();
    (fault.line, fault.wrong)
}

const DENIED: &str = "  deny @{PROC}/* w,
  deny @{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w,
  deny @{PROC}/sys/[^k]** w,
  deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w,
  deny @{PROC}/sysrq-trigger rwklx,
  deny @{PROC}/mem rwklx,
  deny @{PROC}/kmem rwklx,
  deny @{PROC}/kcore rwklx,
  deny /sys/firmware/efi/efivars/** rwklx,
";

const WHOLE: &str = "  abstract:
    executable:
      allowedExecutables: [/usr/bin/app]
      allowedLibraries:
      - /lib/x86_64-linux-gnu/libc.so.6
    filesystem:
      readOnlyPaths:
      - /etc/app/*
      - /proc/@{pid}/maps
      writeOnlyPaths: [/var/log/app.log]
      readWritePaths:
      - 'ptrace (read),  # behind it stands a comment'
      - /var/lib/app/**
    network:
      allowRaw: true
      allowedProtocols: {allowTcp: true, allowUdp: false}
    capability:
      allowedCapabilities: [net_bind_service]
";

#[test]
fn every_list_is_written_in_the_order_of_the_template() {
    let profile = written(WHOLE).unwrap();
    let rules = "#include <tunables/global>
profile app flags=(enforce,attach_disconnected,mediate_deleted) {
  #include <abstractions/base>
  /usr/bin/app ixr,
  /lib/x86_64-linux-gnu/libc.so.6 mr,
  /etc/app/* r,
  /proc/@{pid}/maps r,
  deny /etc/app/* wlk,
  deny /proc/@{pid}/maps wlk,
  /var/log/app.log wlk,
  deny /var/log/app.log r,
  ptrace (read),
  /var/lib/app/** rwlk,
  network raw,
  network tcp,
  capability net_bind_service,
";
    assert_eq!(profile.text, format!("{rules}{DENIED}}}\n"));
    let lines = [7, 9, 12, 13, 12, 13, 14, 14, 16, 17, 19, 20, 22];
    let mut all = vec![None; 3];
    all.extend(lines.map(Some));
    all.extend([None; 10]);
    assert_eq!(profile.lines, all);
    assert_eq!(profile.name, "app");
    assert_eq!(remarks(&profile), []);
}

#[test]
fn in_complain_mode_nothing_is_denied() {
    let rules = "#include <tunables/global>
profile app flags=(complain,attach_disconnected,mediate_deleted) {
  #include <abstractions/base>
  /a r,
  /b wlk,
}
";
    let lists = "  abstract:\n    filesystem: {readOnlyPaths: [/a], writeOnlyPaths: [/b]}\n    network: {}\n";
    assert_eq!(written(&format!("  mode: Complain\n{lists}")).unwrap().text, rules);
    assert_eq!(written(&format!("  complainMode: true\n{lists}")).unwrap().text, rules);
    assert_eq!(wrong("  mode: complain\n"), (Some(5), "`complain` is no mode".to_owned()));
}

#[test]
fn a_network_without_raw_sockets_denies_them() {
    let profile = written("  abstract:\n    network:\n      allowedProtocols: {allowUdp: true}\n").unwrap();
    assert!(
        profile.text.contains("base>\n  deny network raw,\n  network udp,\n  deny @{PROC}/* w,\n"),
        "{}",
        profile.text
    );
    assert_eq!(profile.lines[3..5], [Some(6), Some(7)]);
}

#[test]
fn raw_io_allows_mounts() {
    let profile =
        written("  abstract:\n    capability:\n      allowedCapabilities: [sys_rawio, kill]\n").unwrap();
    let rules = "base>
  /sbin/fsck ixr,
  /sbin/fsck.ext4 ixr,
  capability sys_rawio,
  capability kill,
  mount,
  remount,
  umount,
  deny @{PROC}/* w,
";
    assert!(profile.text.contains(rules), "{}", profile.text);
    let told = "with `sys_rawio` the operator also allows every mount and `fsck`";
    assert_eq!(remarks(&profile), [(Weight::Note, Some(7), told)]);
}

#[test]
fn an_empty_abstract_is_a_profile() {
    for spec in ["  abstract: {}\n", "  state: Enabled\n", "  abstract: {filesystem: {readOnlyPaths: []}}\n"]
    {
        let head =
            "#include <tunables/global>\nprofile app flags=(enforce,attach_disconnected,mediate_deleted) {\n";
        let text = format!("{head}  #include <abstractions/base>\n{DENIED}}}\n");
        assert_eq!(written(spec).unwrap().text, text, "{spec}");
    }
}

#[test]
fn the_text_of_old_versions_is_taken_as_it_is() {
    let profile =
        written("  policy: |\n    # it\n    profile app {\n      /a r,\n    }\n  abstract: {}\n").unwrap();
    assert_eq!(profile.text, "# it\nprofile app {\n  /a r,\n}\n");
    assert_eq!(profile.lines, [Some(6), Some(7), Some(8), Some(9)]);
    let told = "`abstract` is not read beside `policy`, which the operator takes if both come to the same";
    assert_eq!(remarks(&profile), [(Weight::Dropped, Some(10), told)]);
    assert_eq!(wrong("  policy: none\n"), (Some(5), "`policy` holds no AppArmor profile".to_owned()));
}

#[test]
fn what_is_allowed_and_denied_again_is_told_once() {
    let lists = "  abstract:
    filesystem:
      readOnlyPaths: [/etc/x, /var/**]
      readWritePaths:
      - /srv/*
      - /var/lib/app/**
      - /*/b
      - /var/@{pid}
      writeOnlyPaths: [/usr/bin/app]
    executable:
      allowedExecutables: [/usr/bin/*]
";
    let profile = written(lists).unwrap();
    let told = remarks(&profile);
    assert_eq!(
        told,
        [
            (
                Weight::Ineffective,
                Some(10),
                "`/var/lib/app/**` of `readWritePaths` is denied writing again: for `/var/**` of `readOnlyPaths` on line 7 the \
             operator also writes a denial, and a denial always wins; so for 1 more",
            ),
            (
                Weight::Ineffective,
                Some(15),
                "`/usr/bin/*` of `allowedExecutables` is denied reading again: for `/usr/bin/app` of `writeOnlyPaths` on line 13 \
             the operator also writes a denial, and a denial always wins",
            ),
        ]
    );
    assert!(remarks(&written(&format!("  mode: Complain\n{lists}")).unwrap()).is_empty());
}

#[test]
fn long_lists_come_to_an_end() {
    let paths = |of: &str| (0..3000).map(|n| format!("/{of}/{n}/**/a*b*c")).collect::<Vec<_>>().join(", ");
    let lists = format!(
        "  abstract:\n    filesystem:\n      readOnlyPaths: [{}]\n      readWritePaths: [{}]\n",
        paths("a"),
        paths("b")
    );
    let profile = written(&lists).unwrap();
    let told = "the lists are too long to find all paths that one allows and another denies";
    assert_eq!(remarks(&profile).last(), Some(&(Weight::Note, None, told)));
}

#[test]
fn keys_that_change_no_rule_are_told() {
    let profile = written(
        "  state: Disabled\n  abstract:\n    files: {}\n    network: {allowTcp: true}\n  color: red\n",
    )
    .unwrap();
    assert_eq!(
        remarks(&profile),
        [
            (Weight::Dropped, Some(9), "`color` is no key of `spec` that is known here: nothing comes of it"),
            (Weight::Note, Some(5), "it is disabled: the operator loads it on no node until it is enabled"),
            (
                Weight::Dropped,
                Some(7),
                "`files` is no key of `abstract` that is known here: nothing comes of it"
            ),
            (
                Weight::Dropped,
                Some(8),
                "`allowTcp` is no key of `network` that is known here: nothing comes of it"
            ),
        ]
    );
    let old =
        written("  disabled: true\n  abstract:\n    filesystem: {readOnlyPaths: ['/lib/{a,b}']}\n").unwrap();
    assert_eq!(
        remarks(&old),
        [
            (Weight::Note, Some(5), "it is disabled: the operator loads it on no node until it is enabled"),
            (Weight::Note, Some(7), "versions from June 2026 on refuse `/lib/{a,b}`, with the whole profile"),
        ]
    );
}

#[test]
fn nothing_of_the_input_begins_a_rule_of_its_own() {
    for hostile in [
        r#""/a r,\n  /** rwlk""#,
        r#""/a, /b""#,
        r#""/a b""#,
        r#""/a\"""#,
        r#""/a {""#,
        r#""/a{b""#,
        r#""""#,
        r#""ptrace (read),""#,
        r#""ptrace (read), /** rwlk, #""#,
        r#""ptrace (read), #include <x>""#,
        r#""ptrace (read), # a\n/** rwlk,""#,
        r#""ptrace (a) b),#""#,
        r#""} profile b {""#,
        "capability",
    ] {
        for list in
            ["filesystem: {readOnlyPaths", "filesystem: {readWritePaths", "executable: {allowedLibraries"]
        {
            let fault = written(&format!("  abstract:\n    {list}: [{hostile}]}}\n")).unwrap_err();
            assert_eq!(fault.line, Some(6), "{hostile}");
            assert!(!fault.wrong.contains('\n'), "{fault:?}");
        }
    }
    let capability =
        |name: &str| wrong(&format!("  abstract: {{capability: {{allowedCapabilities: [{name:?}]}}}}\n")).1;
    assert_eq!(capability("NET_RAW"), "`NET_RAW` is no capability to AppArmor as it is written");
    assert_eq!(capability("kill, net_raw"), "`kill, net_raw` is no capability");
    assert_eq!(capability("kill,\n/** rwlk"), "`kill,\\n/** rwlk` is no capability");
    let head =
        "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata:\n  name: ";
    for name in ["a b", "\"a {\\n/** rw,\"", "\"\"", "[]", "null"] {
        assert!(read(&format!("{head}{name}\nspec: {{}}\n"))[0].is_err(), "{name}");
    }
}

#[test]
fn what_is_no_list_or_no_truth_is_refused() {
    assert_eq!(wrong("  abstract: [a]\n"), (Some(5), "`abstract` is not a map of keys".to_owned()));
    assert_eq!(
        wrong("  abstract:\n    filesystem: {readOnlyPaths: /a}\n"),
        (Some(6), "`readOnlyPaths` is not a list".to_owned())
    );
    assert_eq!(
        wrong("  abstract:\n    network: {allowRaw: 'true'}\n").1,
        "`allowRaw` is not `true` or `false`"
    );
    assert_eq!(
        wrong("  abstract:\n    filesystem: {readOnlyPaths: [[a]]}\n").1,
        "what `readOnlyPaths` has here is not a text"
    );
}
