//! What is dropped, and what is refused.

use super::{Weight, always, fault, pairs, remarks, rules, written};
use pretty_assertions::assert_eq;

#[test]
fn what_a_profile_cannot_say_is_dropped_and_never_widens() {
    let spec = "  severity: 5
  tags: [a]
  message: b
  process:
    matchPaths:
    - {path: /kept}
    - {path: /a, fromSource: [{path: /bin/x}]}
    - {path: /b, ownerOnly: true}
    - {path: /c, action: Audit}
  file:
    matchDirectories:
    - {dir: /d/, ownerOnly: true, action: Allow}
  network:
    matchProtocols:
    - {protocol: tcp, fromSource: [{path: /bin/y}, {path: /bin/z}], action: Allow}
    matchDNSQueries: [{domain: a.b}]
  syscalls: {matchSyscalls: [{syscall: [unlink]}]}
  presets: [{name: exec}]
";
    assert_eq!(pairs(&rules(spec)), [(10, "deny /kept x,")]);
    let profile = written(spec).unwrap();
    // Neither files nor the network: what was meant to be allowed of them is not, nor is the rest.
    assert_eq!(always(&profile), ["#include <abstractions/base>", "capability,"]);
    assert_eq!(
        remarks(&profile),
        [
            (
                Weight::Dropped,
                Some(11),
                "the rule for `/a` is for what `/bin/x` starts or does alone, which the profile of a container cannot say: `/a` \
             is not blocked",
            ),
            (
                Weight::Dropped,
                Some(12),
                "the rule for `/b` is for the owner of the file alone, which is not taken over: `/b` is not blocked"
            ),
            (
                Weight::Dropped,
                Some(13),
                "the action of `/c` is `Audit`, which only logs: it restricts nothing"
            ),
            (
                Weight::Dropped,
                Some(16),
                "the rule for `/d/` is for the owner of the file alone, which is not taken over: `/d/` is not allowed"
            ),
            (
                Weight::Dropped,
                Some(19),
                "the rule for `tcp` is for what `/bin/y` starts or does alone, which the profile of a container cannot say: \
             `tcp` is not allowed",
            ),
            (
                Weight::Dropped,
                Some(20),
                "`matchDNSQueries` is about names that are looked up, which AppArmor does not see: it restricts nothing",
            ),
            (
                Weight::Dropped,
                Some(21),
                "`syscalls` only logs, and AppArmor does not see system calls: it restricts nothing"
            ),
            (
                Weight::Dropped,
                Some(22),
                "`presets` are KubeArmor's own programs in the kernel, which AppArmor has no part in: their restrictions are lost",
            ),
            (
                Weight::Dropped,
                Some(5),
                "`severity`, `tags` and `message` are for KubeArmor's alerts, which a profile does not write"
            ),
            (
                Weight::Note,
                Some(16),
                "where something is allowed the rest is denied: KubeArmor does so at the posture `block`, which is taken here \
             for files and processes, network; at `audit` it only logs",
            ),
        ]
    );
}

#[test]
fn a_policy_of_which_nothing_is_left_is_no_profile() {
    let spec = "  file:\n    matchPaths: [{path: /a, fromSource: [{path: /b}]}]\n  action: Allow\n";
    let told = "`app` has no rule that a profile can take: the rule for `/a` is for what `/b` starts or does alone, which the \
                profile of a container cannot say: `/a` is not allowed";
    assert_eq!(fault(spec), (Some(6), told.to_owned()));
    assert_eq!(fault("  action: Block\n"), (Some(3), "`app` has no rules".to_owned()));
    assert_eq!(fault("  file: {matchPaths: []}\n").1, "`app` has no rules");
}

#[test]
fn rules_in_the_profile_language_stand_behind_the_others() {
    let spec = "  apparmor: |
    # mine

    #include <abstractions/nameservice>
      deny /{a,b}/** w,  # why
    signal send,
  file:
    matchPaths: [{path: /a}]
";
    assert_eq!(
        pairs(&rules(spec)),
        [
            (12, "deny /a klmrw,"),
            (8, "#include <abstractions/nameservice>"),
            (9, "deny /{a,b}/** w,  # why"),
            (10, "signal send,"),
        ]
    );
    for hostile in [
        "}",
        "} profile b {",
        "{",
        "/a r",
        "/a \\\"r,",
        "/a\\\"}\\\" r,",
        "/a r, #include <b>",
        "/a r,\\t# {b,",
        "profile b { /** rw, }",
        "include \\\"/a\\\"",
        "#include <a> }",
        "/\\\\} r,",
        "a\\u0007,",
    ] {
        let spec =
            format!("  file:\n    matchPaths: [{{path: /a}}]\n  apparmor: \"/x r,\\n{hostile}\\n/y r,\"\n");
        assert_eq!(written(&spec).map_err(|fault| fault.line), Err(Some(7)), "{hostile}");
    }
}

#[test]
fn nothing_of_the_input_begins_a_rule_of_its_own() {
    let hostile = [
        r#""/a r,\n  /** rwlk""#,
        r#""/a, /b""#,
        r#""/a b""#,
        r#""/a\"""#,
        r#""/a {""#,
        r#""/a{b""#,
        r#""/a}b""#,
        r#""a""#,
        r#""network""#,
        r#""/a\t""#,
        r#""/a\\""#,
        r#""""#,
        "[]",
        "{}",
    ];
    let forms = [
        ("process", "matchPaths", "path"),
        ("process", "matchDirectories", "dir"),
        ("process", "matchPatterns", "pattern"),
        ("process", "matchPaths", "execname"),
        ("file", "matchPaths", "path"),
        ("file", "matchDirectories", "dir"),
        ("file", "matchPatterns", "pattern"),
        ("network", "matchProtocols", "protocol"),
        ("capabilities", "matchCapabilities", "capability"),
    ];
    for text in hostile {
        for (section, list, subject) in forms {
            if (subject, text) == ("execname", r#""a""#) || (subject, text) == ("execname", r#""network""#) {
                continue;
            }
            for action in ["Allow", "Block"] {
                let spec =
                    format!("  {section}:\n    {list}:\n    - {subject}: {text}\n  action: {action}\n");
                let fault = written(&spec).unwrap_err();
                assert_eq!(fault.line, Some(7), "{spec}");
                assert!(!fault.wrong.contains('\n'), "{fault:?}");
            }
        }
    }
}

#[test]
fn what_would_keep_the_profile_from_being_loaded_is_refused() {
    let protocol = |name: &str, action: &str| {
        fault(&format!("  network:\n    matchProtocols: [{{protocol: {name}}}]\n  action: {action}\n"))
    };
    let told = |name: &str| {
        (Some(6), format!("KubeArmor writes `{name}` into the profile as it is, where AppArmor refuses it"))
    };
    assert_eq!(protocol("all", "Allow"), told("all"));
    assert_eq!(protocol("SCTP", "Block"), told("sctp"));
    assert_eq!(protocol("'tcp,'", "Block"), told(""));
    let file = |list: &str| fault(&format!("  file:\n    {list}\n")).1;
    assert_eq!(file("matchPaths: [{path: /a/}]"), "`/a/` ends in `/`, which KubeArmor refuses in `path`");
    assert_eq!(
        file("matchDirectories: [{dir: /a}]"),
        "`/a` does not end in `/`, as KubeArmor asks for in `dir`"
    );
    assert_eq!(file("matchPaths: [{readOnly: true}]"), "a rule of `matchPaths` has no `path`");
    assert_eq!(file("matchPaths: [{path: /a, readOnly: 1}]"), "`readOnly` is not `true` or `false`");
    assert_eq!(file("matchPaths: {path: /a}"), "`matchPaths` is not a list");
}
