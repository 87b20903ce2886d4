//! Manifests as Kubernetes' own types read them: every key is known, what has an order keeps it, and no container
//! that is confined is weaker than one beside it.

use crate::support::manifest::{all_leaves, spec, typed, yaml};
use crate::support::policies::policies_below;
use crate::support::trial::Trial;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{Container, Pod, PodSpec};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The manifest of each policy that renders one, by the policy's path.
fn manifests() -> Vec<(String, Json)> {
    let paths = ["examples", "golden/render", "golden/check"].into_iter().flat_map(policies_below);
    // Some are not even text.
    let texts = paths.filter(|path| std::fs::read_to_string(path).is_ok_and(|text| text.len() < 10_000));
    let trials = texts.map(|path| (path.display().to_string(), Trial::on_disk(&path)));
    let rendered = trials.filter_map(|(name, trial)| Some((name, yaml(&trial.rendered?.pod))));
    rendered.collect()
}

fn of(policy: &str) -> Json {
    yaml(&Trial::of(policy).files().pod)
}

fn pod(manifest: &Json) -> PodSpec {
    serde_json::from_value(spec(manifest).clone()).expect("it is a pod's part")
}

#[test]
fn kubernetes_has_every_key_that_is_rendered() {
    let all = manifests();
    assert!(all.len() > 60, "only {} manifests were found", all.len());
    let mut keys = BTreeSet::new();
    for (name, manifest) in all {
        let known = all_leaves(&typed(&manifest));
        let lost: Vec<_> = all_leaves(&manifest).difference(&known).cloned().collect();
        assert!(lost.is_empty(), "{name}: Kubernetes does not have {lost:?}");
        keys.extend(known.into_iter().map(|(path, _)| path));
    }
    let claim = ".spec.volumeClaimTemplates[0].spec.resources.requests.storage";
    assert!(keys.contains(claim), "no manifest has {claim}");
}

#[test]
fn what_has_an_order_keeps_it() {
    let manifest = of("name = 'web'\n\
        [pod.containers.zebra]\nimage = 'zebra:1'\nenv = { HOST = 'shop', ALIAS = 'http://$(HOST)', B = '1', A = '$(B)' }\n\
        [pod.containers.ape]\nimage = 'ape:1'\n\
        [pod.containers.second]\nimage = 'b:1'\ninit = 2\n\
        [pod.containers.first]\nimage = 'a:1'\ninit = 1\n");
    let pod: Pod = serde_json::from_value(manifest).expect("it is a pod");
    let spec = pod.spec.expect("it has containers");
    let names = |all: &[Container]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&spec.containers), ["zebra", "ape"]);
    assert_eq!(names(&spec.init_containers.expect("two are")), ["first", "second"]);
    let env = spec.containers.into_iter().next().and_then(|zebra| zebra.env).expect("it has variables");
    let names: Vec<String> = env.into_iter().map(|variable| variable.name).collect();
    assert_eq!(names, ["HOST", "ALIAS", "B", "A"]);
}

#[test]
fn what_is_inherited_comes_first_and_keeps_its_place() {
    let own = "name = 'web'\nextends = ['base.toml']\n[pod.containers.web]\nimage = 'web:1'\n\
        env = { URL = '$(HOST):$(PORT)', PORT = '8080' }\n";
    let base = "name = 'base'\nabstract = true\n[pod.containers.proxy]\nimage = 'proxy:1'\n\
        [pod.containers.web.env]\nPORT = '80'\nHOST = 'shop'\n";
    let trial = Trial::among(&[("policy.toml", own), ("base.toml", base)]);
    assert!(!trial.codes().contains(&"unset-variable"), "{:?}", trial.codes());
    let containers = pod(&yaml(&trial.files().pod)).containers;
    let names: Vec<&str> = containers.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["proxy", "web"]);
    let env = containers.iter().filter_map(|one| one.env.as_ref()).flatten();
    let env: Vec<(&str, &str)> =
        env.map(|one| (one.name.as_str(), one.value.as_deref().unwrap_or_default())).collect();
    assert_eq!(env, [("PORT", "8080"), ("HOST", "shop"), ("URL", "$(HOST):$(PORT)")]);
}

#[test]
fn each_pod_of_a_set_gets_a_claim_of_its_own() {
    let manifest =
        of("name = 'db'\n[filesystem]\nread-write = ['/data/']\n[pod]\nkind = 'StatefulSet'\nreplicas = 3\n\
        [pod.volumes.data]\nclaim-template = '10Gi'\n[pod.volumes.run]\nempty-dir = true\n\
        [pod.containers.db]\nimage = 'db:1'\nmounts = { '/data' = 'data', '/run' = 'run' }\n");
    let set: StatefulSet = serde_json::from_value(manifest).expect("it is a set");
    let spec = set.spec;
    let claims = spec.volume_claim_templates.expect("it has one");
    let [claim] = claims.as_slice() else { panic!("{claims:?}") };
    assert_eq!(claim.metadata.name.as_deref(), Some("data"));
    let wanted = claim.spec.as_ref().expect("it says how large");
    assert_eq!(wanted.access_modes.as_deref(), Some(["ReadWriteOnce".to_owned()].as_slice()));
    let requests = wanted.resources.as_ref().and_then(|resources| resources.requests.as_ref());
    assert_eq!(requests.and_then(|all| all.get("storage")).map(|size| size.0.as_str()), Some("10Gi"));
    // The set adds the volume to its pods: there it would be another one of that name.
    let volumes = spec.template.spec.and_then(|pod| pod.volumes).expect("one is the pod's own");
    let names: Vec<&str> = volumes.iter().map(|volume| volume.name.as_str()).collect();
    assert_eq!(names, ["run"]);
}

/// What a container drops, and what it adds.
fn sets(container: &Container) -> (BTreeSet<String>, BTreeSet<String>) {
    let capabilities = container.security_context.as_ref().and_then(|context| context.capabilities.as_ref());
    let set = |list: Option<&Vec<String>>| list.into_iter().flatten().cloned().collect();
    (set(capabilities.and_then(|all| all.drop.as_ref())), set(capabilities.and_then(|all| all.add.as_ref())))
}

#[test]
fn a_confined_container_is_never_weaker_than_one_beside_it() {
    let sections = [
        "[capabilities]\ndefault = 'allow'\n",
        "[capabilities]\ndefault = 'allow'\ndeny = ['sys_admin', 'bpf']\n",
        "[capabilities]\nallow = ['chown']\n",
        "",
    ];
    for section in sections {
        let spec = pod(&of(&format!(
            "name = 'web'\n{section}[pod.containers.web]\nimage = 'a:1'\n\
             [pod.containers.beside]\nimage = 'b:1'\nprofile = 'runtime-default'\n"
        )));
        let [own, other] = spec.containers.as_slice() else { panic!("two containers") };
        let (own, other) = (sets(own), sets(other));
        assert_eq!(own.0, other.0, "{section}");
        assert!(own.1.is_superset(&other.1), "{section}");
    }
}
