//! The rendered manifest, read back as Kubernetes reads it: the pod, whatever object it stands in.
//!
//! A field that is not here is an error: what the renderer begins to write must reach the container, or be listed
//! here as without a meaning for it.

use crate::Result;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What identifies an object, and what is said of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Metadata {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) annotations: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: String,
}

#[derive(Debug, Deserialize)]
struct Object<S> {
    #[serde(default)]
    metadata: Metadata,
    spec: S,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Workload {
    template: Object<PodSpec>,
    #[serde(default)]
    volume_claim_templates: Vec<ClaimTemplate>,
}

#[derive(Debug, Deserialize)]
struct ClaimTemplate {
    metadata: Metadata,
}

impl Workload {
    /// The pod as its controller makes it: each template becomes a volume of that name.
    fn pod(self) -> Object<PodSpec> {
        let mut pod = self.template;
        let names = self.volume_claim_templates.into_iter().map(|claim| claim.metadata.name);
        pod.spec.volumes.extend(names.map(|name| Volume { name, ..Volume::default() }));
        pod
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CronJob {
    job_template: Object<Workload>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct PodSpec {
    #[serde(default = "yes")]
    pub(crate) automount_service_account_token: bool,
    #[serde(default)]
    pub(crate) security_context: PodSecurity,
    #[serde(default)]
    pub(crate) init_containers: Vec<Container>,
    pub(crate) containers: Vec<Container>,
    #[serde(default)]
    pub(crate) volumes: Vec<Volume>,
    /// The kubelet's, not the runtime's.
    #[serde(rename = "restartPolicy")]
    _restart: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct PodSecurity {
    pub(crate) run_as_user: Option<u32>,
    pub(crate) run_as_group: Option<u32>,
    pub(crate) fs_group: Option<u32>,
    pub(crate) app_armor_profile: Option<Profile>,
    /// The kubelet's to check.
    #[serde(rename = "runAsNonRoot")]
    _non_root: Option<bool>,
    #[serde(rename = "seccompProfile")]
    _seccomp: Option<Profile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Profile {
    pub(crate) r#type: String,
    pub(crate) localhost_profile: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Container {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) args: Vec<String>,
    #[serde(default)]
    pub(crate) env: Vec<Variable>,
    #[serde(default)]
    pub(crate) security_context: Security,
    #[serde(default)]
    pub(crate) volume_mounts: Vec<VolumeMount>,
    #[serde(rename = "image")]
    _image: String,
    /// No secret of a cluster is at hand.
    #[serde(rename = "envFrom")]
    _env_from: Option<Vec<BTreeMap<String, BTreeMap<String, String>>>>,
    #[serde(rename = "ports")]
    _ports: Option<Vec<BTreeMap<String, u16>>>,
    #[serde(rename = "restartPolicy")]
    _restart: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Security {
    pub(crate) app_armor_profile: Option<Profile>,
    pub(crate) allow_privilege_escalation: Option<bool>,
    #[serde(default)]
    pub(crate) capabilities: Capabilities,
    #[serde(default)]
    pub(crate) read_only_root_filesystem: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Capabilities {
    #[serde(default)]
    pub(crate) add: Vec<String>,
    #[serde(default)]
    pub(crate) drop: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct VolumeMount {
    pub(crate) name: String,
    pub(crate) mount_path: String,
    pub(crate) sub_path: Option<String>,
    #[serde(default)]
    pub(crate) read_only: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Volume {
    pub(crate) name: String,
    pub(crate) config_map: Option<BTreeMap<String, String>>,
    pub(crate) secret: Option<BTreeMap<String, String>>,
    pub(crate) host_path: Option<BTreeMap<String, String>>,
    #[serde(rename = "persistentVolumeClaim")]
    _claim: Option<BTreeMap<String, String>>,
    #[serde(rename = "emptyDir")]
    _empty: Option<BTreeMap<String, String>>,
}

impl Volume {
    /// Whether the kubelet writes its files, and exchanges them as a whole behind a link.
    pub(crate) fn is_projected(&self) -> bool {
        self.config_map.is_some() || self.secret.is_some()
    }
}

/// The pod of a manifest, with its name and annotations.
pub(crate) fn read(text: &str) -> Result<(Metadata, PodSpec)> {
    let kind: Kind = serde_saphyr::from_str(text)?;
    let (outer, template) = match kind.kind.as_str() {
        "Pod" => {
            let pod: Object<PodSpec> = serde_saphyr::from_str(text)?;
            return Ok((pod.metadata, pod.spec));
        }
        "CronJob" => {
            let object: Object<CronJob> = serde_saphyr::from_str(text)?;
            (object.metadata, object.spec.job_template.spec.pod())
        }
        _ => {
            let object: Object<Workload> = serde_saphyr::from_str(text)?;
            (object.metadata, object.spec.pod())
        }
    };
    // Pods of a workload have names that begin with its own.
    let metadata = Metadata { name: format!("{}-0", outer.name), ..template.metadata };
    Ok((metadata, template.spec))
}
