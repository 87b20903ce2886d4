//! Objects of a cluster, each with what comes of it.

use super::{ObjectKind, kinds, read, ticked};
use crate::foreign::{NotTaken, Weight, WrittenProfile};
use crate::rules::reader::profiles;
use pretty_assertions::assert_eq;
use proptest::prelude::*;

const OPERATOR: &str = "apiVersion: security-profiles-operator.x-k8s.io/v1alpha1\n";
const KUBEARMOR: &str = "apiVersion: security.kubearmor.com/v1\n";

/// The names of what comes out, or what is wrong.
fn shown(found: &[Result<WrittenProfile, NotTaken>]) -> Vec<String> {
    found
        .iter()
        .map(|one| {
            one.as_ref().map_or_else(|fault| fault.wrong.clone(), |profile| format!("= {}", profile.name))
        })
        .collect()
}

fn remarks(found: &[Result<WrittenProfile, NotTaken>], at: usize) -> Vec<(Weight, Option<usize>, String)> {
    let profile = found[at].as_ref().unwrap();
    profile.remarks.iter().map(|remark| (remark.weight, remark.line, remark.text.clone())).collect()
}

const MAP: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: profiles
data:
  one: |
    #include <tunables/global>
    profile one {
      /a r,
    }

    profile two flags=(complain) {
    }
  readme: hello
  three: \"profile three {\\n}\\n\"
  deep: {a: b}
binaryData:
  four: cHJvZmlsZQ==
";

#[test]
fn every_key_of_a_config_map_is_a_text_of_its_own() {
    let found = read(MAP);
    assert_eq!(
        shown(&found),
        ["= ", "= ", "`deep` is no text", "`four` is under `binaryData`, which is not read"]
    );
    let one = found[0].as_ref().unwrap();
    assert_eq!(
        one.text,
        "#include <tunables/global>\nprofile one {\n  /a r,\n}\n\nprofile two flags=(complain) {\n}\n"
    );
    assert_eq!(one.lines, (7..14).map(Some).collect::<Vec<_>>());
    assert_eq!(
        remarks(&found, 0),
        [
            (Weight::Note, Some(6), "it is `one` of the `ConfigMap` `profiles`".to_owned()),
            (
                Weight::Dropped,
                Some(14),
                "`readme` of the ConfigMap holds no AppArmor profile: nothing comes of it".to_owned()
            ),
        ]
    );
    let three = found[1].as_ref().unwrap();
    assert_eq!(
        (three.text.as_str(), three.lines.as_slice()),
        ("profile three {\n}\n", [None, None].as_slice())
    );
}

#[test]
fn a_config_map_without_profiles_says_so() {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n";
    let wrong = |data: &str| shown(&read(&format!("{head}{data}")));
    assert_eq!(wrong(""), ["the `ConfigMap` `m` holds nothing under `data`"]);
    assert_eq!(wrong("data:\n"), ["the `ConfigMap` `m` holds nothing under `data`"]);
    for text in [
        "profile of the app",
        "{\"profile\": {\n}}",
        "server {\n}",
        "# profile x {",
        "x: {",
        "",
        "@media x {\n}",
    ] {
        assert_eq!(
            wrong(&format!("data: {{a: {text:?}}}\n")),
            ["the `ConfigMap` `m` holds no AppArmor profile in `a`"],
            "{text}"
        );
    }
    for text in [
        "profile x {}",
        "profile x\n{\n}",
        "/bin/x {\n}",
        "\"/bin/x y\" {\n}",
        "@{bin}/x {\n}",
        "x flags=(complain) {\n}",
    ] {
        assert_eq!(wrong(&format!("data: {{a: {text:?}}}\n")), ["= "], "{text}");
    }
}

#[test]
fn what_mounts_a_config_map_is_named_on_its_profile() {
    let workload = |kind: &str, spec: &str| {
        format!("---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: loader}}\nspec: {spec}\n")
    };
    let volumes = "{volumes: [{configMap: {name: profiles}}]}";
    let told = (Weight::Note, "the `DaemonSet` `loader` mounts the ConfigMap `profiles`");
    let last = |text: &str| {
        let found = read(text);
        let (weight, _, text) = remarks(&found, 0).pop().unwrap();
        (weight, text)
    };
    let daemon = workload("DaemonSet", &format!("{{template: {{spec: {volumes}}}}}"));
    assert_eq!(last(&format!("{MAP}{daemon}")), (told.0, told.1.to_owned()));
    let pod = workload("Pod", "{volumes: [{projected: {sources: [{configMap: {name: profiles}}]}}]}");
    assert_eq!(last(&format!("{MAP}{pod}")).1, "the `Pod` `loader` mounts the ConfigMap `profiles`");
    let other = workload("Deployment", "{template: {spec: {volumes: [{configMap: {name: x}}]}}}");
    assert_eq!(
        last(&format!("{MAP}{other}{other}")).1,
        "the file also holds the `Deployment` `loader` and one more object, and that is not read"
    );
}

#[test]
fn objects_of_the_operator_without_profiles_are_notes_or_refused() {
    let profile = |name: &str| {
        format!("---\n{OPERATOR}kind: AppArmorProfile\nmetadata: {{name: {name}}}\nspec: {{}}\n")
    };
    let binding = |kind: &str, name: &str| {
        format!(
            "---\n{OPERATOR}kind: ProfileBinding\nmetadata: {{name: b}}\nspec: {{image: nginx, profileRef: {{kind: {kind}, name: {name}}}}}\n"
        )
    };
    let others = format!(
        "---\n{OPERATOR}kind: ProfileRecording\nmetadata: {{name: r}}\n---\n{OPERATOR}kind: SeccompProfile\nmetadata: {{name: s}}\n"
    );
    let text = format!("{}{}{}{others}", profile("one"), profile("two"), binding("AppArmorProfile", "two"));
    let found = read(&text);
    assert_eq!(shown(&found), ["= one", "= two"]);
    assert_eq!(
        remarks(&found, 0),
        [
            (
                Weight::Note,
                Some(18),
                "the `ProfileRecording` `r` beside it only records what pods do, and is not read".to_owned()
            ),
            (
                Weight::Note,
                Some(22),
                "the file also holds the `SeccompProfile` `s`, and that is not read".to_owned()
            ),
        ]
    );
    assert_eq!(
        remarks(&found, 1),
        [(Weight::Note, Some(13), "the `ProfileBinding` `b` binds it to the image `nginx`".to_owned())]
    );
    let alone = read(&format!("{}{}", profile("one"), binding("SeccompProfile", "one")));
    assert_eq!(
        shown(&alone),
        ["= one", "the `ProfileBinding` `b` names images and pods but has no profile in it"]
    );
}

#[test]
fn other_objects_are_told_once() {
    let service = |name: &str| format!("---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n");
    assert_eq!(shown(&read(&service("a"))), ["the `Service` `a` is nothing that is taken here"]);
    assert_eq!(
        shown(&read(&format!("{}{}", service("a"), service("b")))),
        ["the `Service` `a` and one more object are nothing that is taken here"]
    );
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n";
    assert_eq!(shown(&read(pod)), ["the `Pod` `p` has no profile in it"]);
    assert_eq!(shown(&read("a: 1\n")), ["what stands here without `kind` is nothing that is taken here"]);
    assert_eq!(shown(&read("x\n")), ["what stands here without `kind` is nothing that is taken here"]);
    assert_eq!(shown(&read("# a\n")), ["the file holds no object of Kubernetes"]);
    let host = format!("{KUBEARMOR}kind: KubeArmorHostPolicy\nmetadata: {{name: h}}\n");
    assert_eq!(shown(&read(&host)), ["the `KubeArmorHostPolicy` `h` is for nodes, not for containers"]);
    let varmor = "apiVersion: crd.varmor.org/v1beta1\nkind: VarmorPolicy\nmetadata: {name: v}\n";
    let told = "the `VarmorPolicy` `v` names hardening rules of vArmor, which are no profile by themselves and mostly no AppArmor";
    assert_eq!(shown(&read(varmor)), [told]);
}

#[test]
fn lists_are_unfolded() {
    let items = "[{\"kind\": \"ConfigMap\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"m\"}, \"data\": {\"a\": \"profile a {}\"}},\n{}]";
    assert_eq!(
        shown(&read(&format!("{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": {items}}}"))),
        ["= ",]
    );
    let typed = format!(
        "{OPERATOR}kind: AppArmorProfileList\nitems:\n- {{metadata: {{name: a}}, spec: {{}}}}\n- {{metadata: {{name: b}}, spec: {{}}}}\n"
    );
    assert_eq!(shown(&read(&typed)), ["= a", "= b"]);
    let nested = format!(
        "kind: List\nitems:\n- kind: List\n  items:\n  - {{{}, kind: ConfigMap}}\n",
        "apiVersion: v1"
    );
    assert_eq!(kinds(&nested), [ObjectKind::ConfigMap]);
}

#[test]
fn a_broken_document_stands_where_it_is() {
    let text = format!(
        "{OPERATOR}kind: AppArmorProfile\nmetadata: {{name: a}}\nspec: {{}}\n---\nx: [\n---\n{OPERATOR}kind: AppArmorProfile\nmetadata: {{name: b}}\nspec: {{}}\n"
    );
    let found = read(&text);
    assert_eq!(found.len(), 3);
    assert_eq!((shown(&found)[0].as_str(), shown(&found)[2].as_str()), ("= a", "= b"));
    assert_eq!(kinds(&text), [ObjectKind::AppArmorProfile, ObjectKind::AppArmorProfile]);
    let helm = read("kind: {{ .Values.kind }}\n");
    assert!(helm[0].is_err());
}

#[test]
fn kinds_go_by_group_and_kind() {
    let kind = |version: &str, kind: &str| kinds(&format!("apiVersion: {version}\nkind: {kind}\n"))[0];
    assert_eq!(kind("v1", "ConfigMap"), ObjectKind::ConfigMap);
    assert_eq!(kind("x/v1", "ConfigMap"), ObjectKind::Other);
    assert_eq!(
        kind("security-profiles-operator.x-k8s.io/v1", "AppArmorProfile"),
        ObjectKind::AppArmorProfile
    );
    assert_eq!(kind("security-profiles-operator.x-k8s.io/v1", "SelinuxProfile"), ObjectKind::OtherProfile);
    assert_eq!(kind("security.kubearmor.com/v1", "KubeArmorPolicy"), ObjectKind::KubeArmorPolicy);
    assert_eq!(
        kind("security.kubearmor.com/v1", "KubeArmorClusterPolicy"),
        ObjectKind::KubeArmorClusterPolicy
    );
    assert_eq!(kind("security.kubearmor.com/v1", "KubeArmorHostPolicy"), ObjectKind::KubeArmorHostPolicy);
    assert_eq!(kind("crd.varmor.org/v1beta1", "VarmorClusterPolicy"), ObjectKind::Varmor);
    assert_eq!(kind("batch/v1", "CronJob"), ObjectKind::Workload);
    assert!(ObjectKind::ConfigMap.is_taken() && !ObjectKind::Workload.is_taken());
}

#[test]
fn words_of_the_user_stay_on_one_line() {
    assert_eq!(ticked("a\nb`c\u{1b}"), "`a\\nb'c\\u{1b}`");
    assert_eq!(ticked(&"x".repeat(200)).chars().count(), 123);
}

/// One rule of each list, with a value of any kind in it.
fn policies(value: &str) -> [String; 3] {
    let value = serde_json::Value::from(value).to_string();
    let lists = format!(
        "filesystem: {{readOnlyPaths: [{value}], readWritePaths: [{value}]}}, executable: {{allowedLibraries: [{value}]}}"
    );
    let kubearmor = |action: &str| {
        format!(
            "{KUBEARMOR}kind: KubeArmorPolicy\nmetadata: {{name: a}}\nspec: {{action: {action}, file: {{matchPatterns: [{{pattern: {value}}}]}}, process: {{matchPatterns: [{{pattern: {value}}}]}}}}\n"
        )
    };
    [
        format!("{OPERATOR}kind: AppArmorProfile\nmetadata: {{name: a}}\nspec: {{abstract: {{{lists}}}}}\n"),
        kubearmor("Allow"),
        kubearmor("Block"),
    ]
}

proptest! {
    #[test]
    fn whatever_stands_in_a_path_each_line_of_the_profile_is_one_rule(value in "/([ -~\n\t\u{0}é]{0,12}|[ab{},*^\"\\[\\]\\\\#]{0,6})") {
        let files = |_: &str| Some(String::new());
        for policy in policies(&value) {
            for profile in read(&policy).into_iter().flatten() {
                prop_assert_eq!(profile.lines.len(), profile.text.lines().count());
                let read = profiles(&profile.text, &files).unwrap();
                prop_assert_eq!(read.len(), 1, "{}", &profile.text);
                let written = profile.text.lines().filter(|line| line.starts_with("  ") && !line.contains("#include")).count();
                prop_assert_eq!(read[0].lines.len(), written, "{}", &profile.text);
            }
        }
    }

    #[test]
    fn nothing_panics(text in "[a-z:{}\\[\\]&*!|>\"'\n \t#-]{0,80}") {
        let _ = (kinds(&text), read(&text));
        let _ = read(&format!("{KUBEARMOR}kind: KubeArmorPolicy\nmetadata: {{name: a}}\nspec:\n  file:\n    {text}\n"));
    }
}
