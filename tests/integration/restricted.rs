//! A manifest is admitted by Pod Security `restricted` unless `check` said that it is not.

use crate::support::policies::policies_below;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the level demands (Kubernetes' documentation, Pod Security Standards), as far as a manifest of ours
/// can violate it: the reasons why one is refused.
fn refusals(spec: &Value) -> Vec<String> {
    let mut refused = Vec::new();
    let at = |node: &Value, path: &str| node.pointer(path).cloned().unwrap_or(Value::Null);
    let admitted = |kind: &Value| kind.is_null() || kind == "RuntimeDefault" || kind == "Localhost";
    if at(spec, "/securityContext/runAsNonRoot") != true {
        refused.push("runAsNonRoot is not set".to_owned());
    }
    if at(spec, "/securityContext/runAsUser") == 0 {
        refused.push("runAsUser is 0".to_owned());
    }
    let seccomp = at(spec, "/securityContext/seccompProfile/type");
    if seccomp != "RuntimeDefault" && seccomp != "Localhost" {
        refused.push(format!("seccomp is {seccomp}"));
    }
    for volume in at(spec, "/volumes").as_array().into_iter().flatten() {
        if volume.get("hostPath").is_some() {
            refused.push("a volume is a host path".to_owned());
        }
    }
    let lists = ["/initContainers", "/containers"].map(|list| at(spec, list));
    for container in lists.iter().filter_map(Value::as_array).flatten() {
        let name = at(container, "/name");
        if at(container, "/securityContext/allowPrivilegeEscalation") != false {
            refused.push(format!("{name} may escalate"));
        }
        let drop = at(container, "/securityContext/capabilities/drop");
        if drop != serde_json::json!(["ALL"]) {
            refused.push(format!("{name} drops {drop}"));
        }
        let add = at(container, "/securityContext/capabilities/add");
        if add.as_array().into_iter().flatten().any(|name| name != "NET_BIND_SERVICE") {
            refused.push(format!("{name} adds {add}"));
        }
        if !admitted(&at(container, "/securityContext/appArmorProfile/type")) {
            refused.push(format!("{name} is unconfined"));
        }
    }
    refused
}

fn aapol(args: &[&str], policy: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_aapol"))
        .args(args)
        .arg(policy.file_name().unwrap())
        .current_dir(policy.parent().unwrap())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn policies() -> Vec<PathBuf> {
    let all = ["examples", "golden/render", "golden/check"].into_iter().flat_map(policies_below);
    all.filter(|path| path.ends_with("policy.toml")).collect()
}

#[test]
fn restricted_admits_what_check_does_not_speak_of() {
    let mut admitted = 0;
    for policy in policies() {
        let pod = aapol(&["render", "--stdout", "--only", "pod"], &policy);
        // Errors, and policies that are abstract, render nothing.
        if pod.is_empty() {
            continue;
        }
        let manifest: Value = serde_saphyr::from_str(&pod).unwrap();
        let specs = [
            "/spec/containers",
            "/spec/template/spec/containers",
            "/spec/jobTemplate/spec/template/spec/containers",
        ];
        let spec = specs.iter().find(|path| manifest.pointer(path).is_some()).unwrap();
        let spec = manifest.pointer(spec.trim_end_matches("/containers")).unwrap();
        let refused = refusals(spec);
        let text = std::fs::read_to_string(&policy).unwrap();
        // What a policy silences is not spoken of, so it is asked without.
        let findings = aapol(&["check", "--format", "json"], &policy);
        let spoken = [&findings, &text].iter().any(|text| text.contains("\"not-restricted\""));
        assert!(refused.is_empty() || spoken, "{}: {refused:?}", policy.display());
        assert!(
            !refused.is_empty() || !findings.contains("not-restricted"),
            "{}: {findings}",
            policy.display()
        );
        admitted += usize::from(refused.is_empty());
    }
    assert!(admitted > 5, "only {admitted} manifests were admitted");
}
