//! A rendered manifest as OCI bundles, one a container, made as containerd 2 makes them from what a kubelet says.
//!
//! Enters: the manifest's text. Leaves: `config.json` for runc or crun, and the script that lays out what the kubelet
//! lays out on the node: volumes, names, the token. Deliberately absent: seccomp, so that what is denied is denied by
//! the profile; limits on resources; the keys of secrets that become variables.

mod manifest;

use crate::{Fail, Result};
use manifest::{Metadata, PodSpec, Profile, Volume};
use serde_json::{Value, json};

/// containerd's name for the profile that a container has without another.
pub(crate) const RUNTIME_DEFAULT: &str = "cri-containerd.apparmor.d";
const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// containerd's `defaultUnixCaps`.
const CAPABILITIES: [&str; 14] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];

/// containerd's `populateDefaultUnixSpec`.
const MASKED: [&str; 11] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
    "/sys/devices/virtual/powercap",
];
const READ_ONLY: [&str; 5] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/// A container of a pod, with what the pod says for it filled in.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) command: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<String>,
    /// The label to enter; None where nothing is to confine it.
    pub(crate) profile: Option<String>,
    pub(crate) user: u32,
    pub(crate) group: u32,
    pub(crate) fs_group: Option<u32>,
    /// As the kernel names them, with `CAP_`.
    pub(crate) capabilities: Vec<String>,
    pub(crate) no_new_privileges: bool,
    pub(crate) read_only_root: bool,
    pub(crate) mounts: Vec<Mount>,
    volumes: Vec<Volume>,
    has_token: bool,
    hostname: String,
}

/// A volume's place in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) volume: String,
    pub(crate) path: String,
    pub(crate) sub_path: Option<String>,
    pub(crate) read_only: bool,
}

/// The containers of a manifest, init containers first.
pub(crate) fn containers(manifest: &str) -> Result<Vec<Container>> {
    let (metadata, pod) = manifest::read(manifest)?;
    let all = pod.init_containers.iter().chain(&pod.containers);
    all.map(|container| fill(&metadata, &pod, container)).collect()
}

fn fill(metadata: &Metadata, pod: &PodSpec, container: &manifest::Container) -> Result<Container> {
    let security = &container.security_context;
    let mount = |mount: &manifest::VolumeMount| Mount {
        volume: mount.name.clone(),
        path: mount.mount_path.clone(),
        sub_path: mount.sub_path.clone(),
        read_only: mount.read_only,
    };
    let mut mounts: Vec<Mount> = container.volume_mounts.iter().map(mount).collect();
    if let Some(lost) = mounts.iter().find(|mount| !pod.volumes.iter().any(|v| v.name == mount.volume)) {
        return Err(Fail::new(&format!("the manifest mounts {}, which is no volume", lost.volume)));
    }
    // A folder before what is mounted in it.
    mounts.sort_by_key(|mount| mount.path.matches('/').count());
    let drop_all = security.capabilities.drop.iter().any(|name| name == "ALL");
    let kept = CAPABILITIES.iter().map(|name| (*name).to_owned());
    let kept = kept.filter(|name| !drop_all && !security.capabilities.drop.contains(name));
    let mut capabilities: Vec<String> = kept.chain(security.capabilities.add.iter().cloned()).collect();
    capabilities.sort();
    capabilities.dedup();
    Ok(Container {
        name: container.name.clone(),
        command: container.command.clone(),
        args: container.args.clone(),
        env: container.env.iter().map(|variable| format!("{}={}", variable.name, variable.value)).collect(),
        profile: profile(metadata, pod, container)?,
        user: pod.security_context.run_as_user.unwrap_or(0),
        group: pod.security_context.run_as_group.unwrap_or(0),
        fs_group: pod.security_context.fs_group,
        capabilities: capabilities.iter().map(|name| format!("CAP_{name}")).collect(),
        no_new_privileges: security.allow_privilege_escalation == Some(false),
        read_only_root: security.read_only_root_filesystem,
        mounts,
        volumes: pod.volumes.clone(),
        has_token: pod.automount_service_account_token,
        hostname: metadata.name.clone(),
    })
}

/// The container's field, its annotation, the pod's field, the runtime's own: in this order.
fn profile(metadata: &Metadata, pod: &PodSpec, container: &manifest::Container) -> Result<Option<String>> {
    let field = |profile: &Profile| match (profile.r#type.as_str(), &profile.localhost_profile) {
        ("Localhost", Some(name)) => Ok(Some(name.clone())),
        ("RuntimeDefault", None) => Ok(Some(RUNTIME_DEFAULT.to_owned())),
        ("Unconfined", None) => Ok(None),
        (kind, name) => Err(Fail::new(&format!("a cluster refuses the profile {kind} {name:?}"))),
    };
    if let Some(profile) = &container.security_context.app_armor_profile {
        return field(profile);
    }
    match metadata.annotations.get(&format!("{ANNOTATION}{}", container.name)).map(String::as_str) {
        Some("runtime/default") => return Ok(Some(RUNTIME_DEFAULT.to_owned())),
        Some("unconfined") => return Ok(None),
        Some(other) => {
            let name = other.strip_prefix("localhost/").map(|name| Some(name.to_owned()));
            return name.ok_or_else(|| Fail::new(&format!("a cluster refuses the annotation {other}")));
        }
        None => {}
    }
    pod.security_context.app_armor_profile.as_ref().map_or(Ok(Some(RUNTIME_DEFAULT.to_owned())), field)
}

impl Container {
    /// The bundle's `config.json`. `root` is the folder of the image's files; `arguments` stand in place of the
    /// manifest's where an image brings its own program.
    pub(crate) fn config(&self, root: &str, arguments: Option<&[String]>) -> Result<Value> {
        let own: Vec<String> = self.command.iter().chain(&self.args).cloned().collect();
        let arguments = match arguments {
            Some(arguments) => arguments,
            None if self.command.is_empty() => {
                return Err(Fail::new(&format!("the manifest names no program for {}", self.name)));
            }
            None => &own,
        };
        let host = [PATH.to_owned(), format!("HOSTNAME={}", self.hostname)];
        let env: Vec<&String> = host.iter().chain(&self.env).collect();
        let groups: Vec<u32> = [self.group].into_iter().chain(self.fs_group).collect();
        let mut process = json!({
            "args": arguments,
            "env": env,
            "cwd": "/",
            "user": { "uid": self.user, "gid": self.group, "additionalGids": groups },
            // The kernel takes the effective set from a user that is not root when its program starts.
            "capabilities": {
                "bounding": self.capabilities,
                "effective": self.capabilities,
                "permitted": self.capabilities,
            },
            "noNewPrivileges": self.no_new_privileges,
        });
        if let (Some(profile), Some(process)) = (&self.profile, process.as_object_mut()) {
            process.insert("apparmorProfile".to_owned(), json!(profile));
        }
        let namespaces = ["pid", "ipc", "uts", "mount", "network", "cgroup"];
        let namespaces: Vec<Value> = namespaces.iter().map(|kind| json!({ "type": kind })).collect();
        Ok(json!({
            "ociVersion": "1.0.2",
            "process": process,
            "root": { "path": root, "readonly": self.read_only_root },
            "hostname": self.hostname,
            "mounts": self.all_mounts(),
            "linux": {
                "namespaces": namespaces,
                "resources": { "devices": [{ "allow": false, "access": "rwm" }] },
                "maskedPaths": MASKED,
                "readonlyPaths": READ_ONLY,
            },
        }))
    }

    fn all_mounts(&self) -> Vec<Value> {
        let system = |path: &str, kind: &str, options: &[&str]| json!({ "destination": path, "type": kind, "source": kind, "options": options });
        let bind = |path: &str, source: &str, read_only: bool| {
            let options = ["rbind", "rprivate", if read_only { "ro" } else { "rw" }];
            json!({ "destination": path, "type": "bind", "source": source, "options": options })
        };
        let quiet = ["nosuid", "noexec", "nodev"];
        let with = |more: &[&'static str]| [quiet.as_slice(), more].concat();
        let terminals = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"];
        let mut mounts = vec![
            system("/proc", "proc", &quiet),
            system("/dev", "tmpfs", &["nosuid", "strictatime", "mode=755", "size=65536k"]),
            system("/dev/pts", "devpts", &terminals),
            system("/dev/mqueue", "mqueue", &quiet),
            system("/sys", "sysfs", &with(&["ro"])),
            system("/sys/fs/cgroup", "cgroup", &with(&["relatime", "ro"])),
            system("/dev/shm", "tmpfs", &with(&["mode=1777", "size=65536k"])),
            bind("/dev/termination-log", "termination-log", false),
        ];
        for name in ["hosts", "hostname", "resolv.conf"] {
            mounts.push(bind(&format!("/etc/{name}"), name, self.read_only_root));
        }
        for mount in &self.mounts {
            let source = mount.sub_path.as_ref().map(|sub| format!("/{sub}")).unwrap_or_default();
            let source = format!("volumes/{}{source}", mount.volume);
            mounts.push(bind(&mount.path, &source, mount.read_only));
        }
        if self.has_token {
            mounts.push(bind(TOKEN, "token", true));
        }
        mounts
    }

    /// A shell script that lays out, in the bundle's folder, what the kubelet gives a container: its volumes and
    /// names. `files` are a volume, a path in it, and a text.
    pub(crate) fn layout(&self, files: &[(&str, &str, &str)]) -> String {
        let mut lines = vec!["set -e".to_owned()];
        lines.push(format!("printf '127.0.0.1 localhost\\n127.0.1.1 %s\\n' {} > hosts", self.hostname));
        lines.push(format!("echo {} > hostname", self.hostname));
        lines.push("echo 'nameserver 127.0.0.1' > resolv.conf".to_owned());
        lines.push("touch termination-log; chmod 666 termination-log".to_owned());
        for volume in &self.volumes {
            let folder = format!("volumes/{}", volume.name);
            let own = files.iter().filter(|(of, _, _)| *of == volume.name);
            let own: Vec<(&str, &str)> = own.map(|(_, path, text)| (*path, *text)).collect();
            lines.push(format!("mkdir -p {folder}"));
            lines.extend(write_all(&folder, volume.is_projected(), &own));
            let subs = self.mounts.iter().filter(|mount| mount.volume == volume.name);
            for sub in subs.filter_map(|mount| mount.sub_path.as_ref()) {
                lines.push(format!("test -e {folder}/{sub} || mkdir -p {folder}/{sub}"));
            }
            if volume.host_path.is_some() {
                continue;
            }
            if !volume.is_projected() {
                lines.push(format!("chmod 777 {folder}"));
            }
            if let Some(group) = self.fs_group {
                // As the kubelet does it: files g+rw, folders g+rwxs.
                lines.push(format!("chown -R :{group} {folder}"));
                lines.push(format!("find {folder} -type f -exec chmod g+rw {{}} +"));
                lines.push(format!("find {folder} -type d -exec chmod g+rwxs {{}} +"));
            }
        }
        if self.has_token {
            lines.push("mkdir -p token".to_owned());
            let keys = [("token", "eyJ\n"), ("ca.crt", "certificate\n"), ("namespace", "default\n")];
            lines.extend(write_all("token", true, &keys));
        }
        lines.join("\n")
    }
}

/// Files below a folder; those of a projected volume lie behind the link that the kubelet exchanges.
fn write_all(folder: &str, is_projected: bool, files: &[(&str, &str)]) -> Vec<String> {
    const STAMP: &str = "..2026_01_01_00_00_00.1";
    let mut lines = Vec::new();
    let below = if is_projected { format!("{folder}/{STAMP}") } else { folder.to_owned() };
    lines.push(format!("mkdir -p {below}"));
    if is_projected {
        lines.push(format!("ln -sfn {STAMP} {folder}/..data"));
    }
    for (path, text) in files {
        lines.push(format!("mkdir -p \"$(dirname {below}/{path})\""));
        lines.push(format!("printf %s {} > {below}/{path}", quoted(text)));
        if is_projected {
            lines.push(format!("ln -sfn ..data/{path} {folder}/{path}"));
        }
    }
    lines
}

/// A text as one word of a shell script.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Rendered;

    #[test]
    fn every_rendered_manifest_becomes_bundles() {
        let all = Rendered::all();
        assert!(all.len() > 40, "{}", all.len());
        for rendered in all {
            let containers = containers(&rendered.manifest)
                .unwrap_or_else(|error| panic!("{}: {error}\n{}", rendered.place, rendered.manifest));
            assert!(!containers.is_empty(), "{}", rendered.place);
            let own = containers.iter().filter(|one| one.profile.as_deref() == Some(&rendered.name));
            // A lint's case is a policy that confines none.
            let is_lint = rendered.place.ends_with("unused-profile/policy.toml");
            assert!(
                is_lint || own.count() > 0,
                "{} confines no container\n{}",
                rendered.place,
                rendered.manifest
            );
            for container in containers {
                container.config("root", Some(&["/app".to_owned()])).unwrap();
            }
        }
    }

    #[test]
    fn the_manifest_decides_user_capabilities_and_mounts() {
        let policy = "name = \"web\"\n[filesystem]\nread-write = [\"/data/\"]\nread-only = [\"/conf/\"]\n\
             [capabilities]\nallow = [\"chown\"]\n[pod]\nrun-as-user = 7\nrun-as-group = 8\nfs-group = 9\n\
             [pod.volumes.data]\nclaim = \"d\"\n[pod.volumes.conf]\nconfig-map = \"c\"\n\
             [pod.containers.web]\nimage = \"a:1\"\ncommand = [\"/app\", \"x\"]\nenv = { A = \"1\" }\n\
             mounts = { \"/data\" = \"data\", \"/conf\" = \"conf\" }\n";
        let rendered = Rendered::of("test", policy).unwrap();
        let container = containers(&rendered.manifest).unwrap().remove(0);
        let config = container.config("/root", None).unwrap();
        let process = &config["process"];
        assert_eq!(process["args"], json!(["/app", "x"]));
        assert_eq!(process["env"], json!([PATH, "HOSTNAME=web", "A=1"]));
        assert_eq!(process["user"], json!({ "uid": 7, "gid": 8, "additionalGids": [8, 9] }));
        assert_eq!(process["capabilities"]["bounding"], json!(["CAP_CHOWN"]));
        assert_eq!(process["noNewPrivileges"], json!(true));
        assert_eq!(process["apparmorProfile"], json!("web"));
        assert_eq!(config["root"], json!({ "path": "/root", "readonly": true }));
        let mounts = config["mounts"].as_array().unwrap();
        let of = |path: &str| {
            mounts.iter().find(|mount| mount["destination"] == path).map(|mount| mount["options"][2].clone())
        };
        assert_eq!((of("/conf"), of("/data"), of(TOKEN)), (Some(json!("ro")), Some(json!("rw")), None));
    }
}
