//! KubeArmor's constructs, each with the profile that comes of it.

use crate::foreign::kubernetes::read;
use crate::foreign::{NotTaken, Weight, WrittenProfile};
use pretty_assertions::assert_eq;

mod refused;

/// A `KubeArmorPolicy` with this under `spec`, from line 5 on.
fn written(spec: &str) -> Result<WrittenProfile, NotTaken> {
    let head = "apiVersion: security.kubearmor.com/v1\nkind: KubeArmorPolicy\nmetadata: {name: app, namespace: shop}\nspec:\n";
    let mut found = read(&format!("{head}{spec}"));
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// What stands between the head and the end that every profile has, with the lines it comes from.
fn rules(spec: &str) -> Vec<(usize, String)> {
    let profile = written(spec).unwrap();
    let lines = profile.text.lines().zip(&profile.lines);
    lines.filter_map(|(text, line)| Some(((*line)?, text.trim().to_owned()))).collect()
}

fn always(profile: &WrittenProfile) -> Vec<&str> {
    let lines = profile.text.lines().zip(&profile.lines);
    lines
        .filter(|(_, line)| line.is_none())
        .map(|(text, _)| text.trim())
        .skip(2)
        .take_while(|text| !text.contains("x86_64"))
        .collect()
}

/// But for those that every policy has.
fn remarks(profile: &WrittenProfile) -> Vec<(Weight, Option<usize>, &str)> {
    let known = ["KubeArmor names", "for a container that is privileged", "without `selector`"];
    let own =
        profile.remarks.iter().filter(|remark| !known.iter().any(|start| remark.text.starts_with(start)));
    own.map(|remark| (remark.weight, remark.line, remark.text.as_str())).collect()
}

fn fault(spec: &str) -> (Option<usize>, String) {
    let fault = written(spec).unwrap_err();
    (fault.line, fault.wrong)
}

fn pairs(rules: &[(usize, String)]) -> Vec<(usize, &str)> {
    rules.iter().map(|(line, rule)| (*line, rule.as_str())).collect()
}

#[test]
fn blocks_take_from_all_that_is_allowed() {
    let profile = written("  process:\n    matchPaths:\n    - path: /bin/sh\n  action: Block\n").unwrap();
    let text = "#include <tunables/global>
profile app flags=(attach_disconnected,mediate_deleted) {
  #include <abstractions/base>
  file,
  network,
  capability,
  deny /bin/sh x,
  /lib/x86_64-linux-gnu/{*,**} rm,
  deny @{PROC}/{*,**^[0-9*],sys/kernel/shm*} wkx,
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
    assert_eq!(profile.text, text);
    let mut lines = vec![None; 22];
    lines[6] = Some(7);
    assert_eq!(profile.lines, lines);
    assert_eq!(profile.name, "app");
    let told: Vec<_> =
        profile.remarks.iter().map(|remark| (remark.weight, remark.line, remark.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (Weight::Note, Some(4), "without `selector` it is for all pods of namespace `shop`"),
            (
                Weight::Note,
                Some(3),
                "KubeArmor names the profile `kubearmor-NAMESPACE-WORKLOAD-CONTAINER`; here it is called `app`",
            ),
            (
                Weight::Note,
                Some(3),
                "for a container that is privileged or adds capabilities KubeArmor also allows mounts, signals, ptrace, Unix \
             sockets and D-Bus, which is not taken over",
            ),
        ]
    );
}

const FORMS: &str = "  process:
    matchPaths:
    - path: /bin/a
    - execname: b
    matchDirectories:
    - dir: /c/
    - {dir: /d/, recursive: true}
    matchPatterns:
    - pattern: /e/*/f
  file:
    matchPaths:
    - path: /g
    - {path: /h, readOnly: true}
    matchDirectories:
    - dir: /i/
    - {dir: /j/, recursive: true, readOnly: true}
    matchPatterns:
    - pattern: /k/?[a-z]
  network:
    matchProtocols:
    - protocol: TCP
    - protocol: icmpv6, raw
  capabilities:
    matchCapabilities:
    - capability: net_raw,chown
";

#[test]
fn every_form_blocks() {
    assert_eq!(
        pairs(&rules(&format!("{FORMS}  action: Block\n"))),
        [
            (16, "deny /g klmrw,"),
            (17, "deny /h klw,"),
            (19, "deny /i/{,*} klmrw,"),
            (20, "deny /j/{,**} klw,"),
            (22, "deny /k/?[a-z] klmrw,"),
            (8, "deny /**/b x,"),
            (7, "deny /bin/a x,"),
            (10, "deny /c/{,*} x,"),
            (11, "deny /d/{,**} x,"),
            (13, "deny /e/*/f x,"),
            (26, "deny network icmp,"),
            (26, "deny network raw,"),
            (25, "deny network tcp,"),
            (29, "deny capability chown,"),
            (29, "deny capability net_raw,"),
        ]
    );
    let all = "  network:\n    matchProtocols: [{protocol: ALL}]\n";
    assert_eq!(pairs(&rules(all)), [(6, "deny network,")]);
}

#[test]
fn every_form_allows_and_denies_the_rest() {
    let spec = format!("{FORMS}  action: Allow\n");
    assert_eq!(
        pairs(&rules(&spec)),
        [
            (16, "/g klmrw,"),
            (17, "/h klr,"),
            (19, "/i/{,*} klmrw,"),
            (20, "/j/{,**} klr,"),
            (22, "/k/?[a-z] klmrw,"),
            (7, "/bin/a ix,"),
            (10, "/c/{,*} ix,"),
            (11, "/d/{,**} ix,"),
            (26, "network icmp,"),
            (26, "network raw,"),
            (25, "network tcp,"),
            (29, "capability chown,"),
            (29, "capability net_raw,"),
        ]
    );
    let profile = written(&spec).unwrap();
    assert_eq!(always(&profile), ["#include <abstractions/base>"]);
    assert_eq!(
        remarks(&profile),
        [
            (
                Weight::Ineffective,
                Some(8),
                "`/**/b` allows nothing: KubeArmor's AppArmor enforcer writes no rule for a process with `*`, `?`, `+`, `[`, \
             `$` or `|` in its path; so for 1 more",
            ),
            (
                Weight::Note,
                Some(7),
                "where something is allowed the rest is denied: KubeArmor does so at the posture `block`, which is taken here \
             for files and processes, network, capabilities; at `audit` it only logs",
            ),
            (
                Weight::Note,
                Some(16),
                "KubeArmor lets each file that may be written be mapped as code as well",
            ),
        ]
    );
}

#[test]
fn only_kinds_with_something_allowed_lose_the_rest() {
    let allow = |list: &str| written(&format!("  action: Allow\n{list}")).unwrap();
    let process = allow("  process:\n    matchPaths: [{path: /a}]\n");
    assert_eq!(always(&process), ["#include <abstractions/base>", "network,", "capability,"]);
    let told = "KubeArmor has one posture for processes and files: as a process is allowed, every file that no rule allows is \
                denied too";
    assert_eq!(remarks(&process).last(), Some(&(Weight::Note, Some(7), told)));
    let network = allow("  network:\n    matchProtocols: [{protocol: udp}]\n");
    assert_eq!(always(&network), ["#include <abstractions/base>", "file,", "capability,"]);
    let capability = allow("  capabilities:\n    matchCapabilities: [{capability: kill}]\n");
    assert_eq!(always(&capability), ["#include <abstractions/base>", "file,", "network,"]);
}

#[test]
fn the_nearest_action_counts() {
    let spec = "  action: allow
  file:
    action: Block
    matchPaths:
    - {path: /a, action: Allow}
    - path: /b
  network:
    matchProtocols: [{protocol: tcp}]
";
    assert_eq!(pairs(&rules(spec)), [(9, "/a klmrw,"), (10, "deny /b klmrw,"), (12, "network tcp,")]);
    let none = "  file:\n    matchPaths: [{path: /a}]\n";
    assert_eq!(pairs(&rules(none)), [(6, "deny /a klmrw,")]);
    assert_eq!(fault("  action: Deny\n"), (Some(5), "`Deny` is no action of KubeArmor".to_owned()));
    let inner = "  file:\n    action: block\n    matchPaths: [{path: /a}]\n";
    assert_eq!(fault(inner), (Some(6), "`block` is no action of KubeArmor".to_owned()));
}

#[test]
fn of_two_rules_for_the_same_the_tool_decides() {
    let spec = "  file:
    matchPaths:
    - {path: /a, action: Allow}
    - {path: /a, readOnly: true, action: Block}
    - {path: /b, readOnly: true}
    - {path: /b}
    - {path: /c}
    - {path: /c}
    matchPatterns:
    - {pattern: /c, action: Allow}
";
    assert_eq!(
        pairs(&rules(spec)),
        [(8, "deny /a klw,"), (8, "/a klr,"), (9, "deny /b klw,"), (11, "deny /c klmrw,"),]
    );
    let profile = written(spec).unwrap();
    assert_eq!(
        remarks(&profile)[..3],
        [
            (Weight::Ineffective, Some(8), "`/a` is allowed and blocked, here and on line 7: the block wins"),
            (
                Weight::Ineffective,
                Some(10),
                "`/b` stands on line 9 already, and KubeArmor takes the first of the two"
            ),
            (
                Weight::Ineffective,
                Some(14),
                "`/c` stands on line 11 already, and KubeArmor takes the first of the two"
            ),
        ]
    );
}

#[test]
fn keys_that_the_enforcer_does_not_look_at_are_told_once() {
    let spec = "  process:
    matchPaths:
    - {path: /a, allowedArgs: [-x], pts: true, colour: red}
    - {path: /b, allowedArgs: [-y]}
  filter: {}
";
    assert_eq!(
        remarks(&written(spec).unwrap()),
        [
            (
                Weight::Dropped,
                Some(9),
                "`filter` is no key of `spec` that is known here: nothing comes of it"
            ),
            (
                Weight::Dropped,
                Some(7),
                "`colour` is no key of what `matchPaths` has here that is known here: nothing comes of it"
            ),
            (
                Weight::Ineffective,
                Some(7),
                "`allowedArgs` does nothing: KubeArmor's AppArmor enforcer does not look at arguments"
            ),
            (
                Weight::Ineffective,
                Some(7),
                "`pts` does nothing: KubeArmor's AppArmor enforcer does not look at terminals"
            ),
        ]
    );
}

#[test]
fn the_pods_are_named() {
    let rule = "  file: {matchPaths: [{path: /a}]}\n";
    let told = |selector: &str| {
        let profile = written(&format!("  selector:\n{selector}{rule}")).unwrap();
        profile.remarks.into_iter().find(|remark| remark.line == Some(5)).unwrap().text
    };
    assert_eq!(
        told("    matchLabels: {app: web, kubearmor.io/container.name: '[a, b]'}\n"),
        "it is for the containers `[a, b]` of the pods with `app=web` of namespace `shop`"
    );
    assert_eq!(
        told("    matchExpressions: [{key: label, operator: NotIn, values: [a=b, c=d]}]\n"),
        "it is for the pods with `label NotIn (a=b, c=d)` of namespace `shop`"
    );
    let many: Vec<String> = (0..20).map(|number| format!("l{number}: x")).collect();
    assert!(
        told(&format!("    matchLabels: {{{}}}\n", many.join(", ")))
            .ends_with("`l7=x` and 12 more of namespace `shop`")
    );
}
