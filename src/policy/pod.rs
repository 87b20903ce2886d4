//! The `[pod]` table: what the manifest says beyond what follows from the other sections.

use super::{At, Restart, RestartPolicy, Text, WorkloadKind};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The Kubernetes manifest that matches the profile.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pod {
    /// The kind of object that the manifest holds.
    ///
    /// Renders `kind: Pod`. Default: `"Pod"`. Example: `kind = "Deployment"`
    pub kind: Option<At<WorkloadKind>>,

    /// The object's name in Kubernetes.
    ///
    /// Renders `metadata.name`. Default: the policy's name in lower case, `_` as `-`. Example: `name = "web"`
    pub name: Option<Text>,

    /// The namespace that the object is made in.
    ///
    /// Renders `metadata.namespace`. Default: none is written. Example: `namespace = "shop"`
    pub namespace: Option<Text>,

    /// Labels of the object and its pods; what a workload selects its pods by.
    ///
    /// Renders `metadata.labels` and the selector. Default: `app` with the object's name. Example: `labels = {
    /// app = "web" }`
    #[serde(default)]
    pub labels: BTreeMap<Text, Text>,

    /// The oldest Kubernetes that the manifest must run on. Below 1.30 the AppArmor annotation is written in
    /// place of the field.
    ///
    /// Renders `appArmorProfile`, or the annotation below 1.30. Default: `"1.30"`. Example: `kubernetes =
    /// "1.28"`
    pub kubernetes: Option<Text>,

    /// Number of pods. For `Deployment` and `StatefulSet`.
    ///
    /// Renders `replicas`. Default: none is written, which is one. Example: `replicas = 3`
    pub replicas: Option<At<i64>>,

    /// When a `CronJob` runs, in cron's form: minute, hour, day, month, weekday.
    ///
    /// Renders `schedule`. Default: none; a `CronJob` needs one. Example: `schedule = "0 3 * * *"`
    pub schedule: Option<Text>,

    /// When the kubelet starts containers again.
    ///
    /// Renders `restartPolicy`. Default: `"never"` for `Job` and `CronJob`; none is written for the others,
    /// which is `"always"`. Example: `restart-policy = "on-failure"`
    pub restart_policy: Option<At<RestartPolicy>>,

    /// The user that containers run as. One that is not 0 also renders `runAsNonRoot: true`.
    ///
    /// Renders `runAsUser`. Default: the image's user. Example: `run-as-user = 101`
    pub run_as_user: Option<At<i64>>,

    /// The group that containers run as.
    ///
    /// Renders `runAsGroup`. Default: the image's group. Example: `run-as-group = 101`
    pub run_as_group: Option<At<i64>>,

    /// The group that volumes belong to.
    ///
    /// Renders `fsGroup`. Default: none. Example: `fs-group = 101`
    pub fs_group: Option<At<i64>>,

    /// The seccomp profile: `runtime-default`, `unconfined`, or `localhost/FILE` below the kubelet's folder.
    ///
    /// Renders `seccompProfile`. Default: `"runtime-default"`. Example: `seccomp = "localhost/web.json"`
    pub seccomp: Option<Text>,

    /// Whether the pod gets a token for the Kubernetes API, and the container may read it.
    ///
    /// Renders `automountServiceAccountToken`, and the rule that lets the token be read. Default: `false`.
    /// Example: `service-account-token = true`
    pub service_account_token: Option<At<bool>>,

    /// Volumes, by name: each has exactly one source.
    ///
    /// Renders `volumes`. Default: none. Example: `volumes.cache.empty-dir = true`
    #[serde(default)]
    pub volumes: BTreeMap<Text, Volume>,

    /// Containers, by name. One without `profile` is confined by this policy. They keep their order: `kubectl`
    /// takes the first one where it is told none.
    ///
    /// Renders `containers` and `initContainers`. Default: one container with a placeholder for its image.
    /// Example: `containers.web.image = "nginx:1.27"`
    #[serde(default)]
    pub containers: IndexMap<Text, Container>,
}

/// A volume: exactly one of these keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Volume {
    /// An empty folder that lives as long as the pod.
    ///
    /// Renders `emptyDir: {}`. Default: `false`. Example: `empty-dir = true`
    pub empty_dir: Option<At<bool>>,

    /// The files of a ConfigMap, by its name.
    ///
    /// Renders `configMap`. Default: none. Example: `config-map = "web-config"`
    pub config_map: Option<Text>,

    /// The files of a Secret, by its name.
    ///
    /// Renders `secret`. Default: none. Example: `secret = "web-tls"`
    pub secret: Option<Text>,

    /// A PersistentVolumeClaim, by its name. All pods of a workload share it.
    ///
    /// Renders `persistentVolumeClaim`. Default: none. Example: `claim = "web-data"`
    pub claim: Option<Text>,

    /// A PersistentVolumeClaim of this size for each pod of a `StatefulSet`, which keeps it.
    ///
    /// Renders an entry of `volumeClaimTemplates`. Default: none. Example: `claim-template = "10Gi"`
    pub claim_template: Option<Text>,

    /// A path of the node; a folder ends with `/`. Pod Security `baseline` and `restricted` refuse it.
    ///
    /// Renders `hostPath`. Default: none. Example: `host-path = "/var/log/"`
    pub host_path: Option<Text>,
}

/// A container. Without `profile`, this policy confines it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Container {
    /// The image, with a tag or digest.
    ///
    /// Renders `image`. Default: a placeholder, which `check` points out. Example: `image = "nginx:1.27"`
    pub image: Option<Text>,

    /// The program and its first arguments, in place of the image's.
    ///
    /// Renders `command`. Default: the image's. Example: `command = ["/usr/sbin/nginx"]`
    #[serde(default)]
    pub command: Vec<Text>,

    /// The arguments, in place of the image's.
    ///
    /// Renders `args`. Default: the image's. Example: `args = ["-g", "daemon off;"]`
    #[serde(default)]
    pub args: Vec<Text>,

    /// Environment variables, by name. They keep their order: `$(NAME)` in a value stands for a variable above it.
    ///
    /// Renders `env`. Default: none. Example: `env = { TZ = "UTC" }`
    #[serde(default)]
    pub env: IndexMap<Text, Text>,

    /// Secrets whose keys become environment variables.
    ///
    /// Renders `envFrom`. Default: none. Example: `env-from-secret = ["database"]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub env_from_secret: Vec<Text>,

    /// TCP ports that the container listens on.
    ///
    /// Renders `containerPort`. Default: none. Example: `ports = [8080]`
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub ports: Vec<At<i64>>,

    /// Volumes, by the folder they are mounted on. One that no write grant reaches is mounted read-only.
    ///
    /// Renders `volumeMounts`, and rules that follow where a ConfigMap or Secret is mounted. Default: none.
    /// Example: `mounts = { "/var/cache/nginx" = "cache" }`
    #[serde(default)]
    pub mounts: BTreeMap<Text, Text>,

    /// For some of the mounts, the part of the volume that is mounted.
    ///
    /// Renders `subPath`. Default: the whole volume. Example: `sub-path = { "/etc/app.toml" = "app.toml" }`
    #[serde(default)]
    pub sub_path: BTreeMap<Text, Text>,

    /// Another AppArmor profile than this policy's: `runtime-default`, `unconfined`, or `localhost/NAME`.
    ///
    /// Renders `appArmorProfile` of this container. Default: this policy's profile. Example: `profile =
    /// "runtime-default"`
    pub profile: Option<Text>,

    /// Makes it an init container, started in the order of these numbers before the others.
    ///
    /// Renders an entry of `initContainers`. Default: it is no init container. Example: `init = 1`
    pub init: Option<At<i64>>,

    /// For an init container: `"always"` makes it a sidecar, which runs beside the others.
    ///
    /// Renders `restartPolicy: Always`. Default: none. Example: `restart = "always"`
    pub restart: Option<At<Restart>>,
}
