//! What a manifest says beyond one container's own profile: other kinds, annotations, volumes of the cluster's.

use crate::Result;
use crate::suites::containers::scene::{Ready, Scene, Stop};

pub(super) fn all() -> Result<Vec<Scene>> {
    Ok(vec![projected()?, token()?, annotated()?, init()?])
}

/// A ConfigMap and a Secret, whose files lie behind links that the kubelet exchanges.
fn projected() -> Result<Scene> {
    let scene = Scene::of(
        "projected",
        r#"
        name = "projected"
        [filesystem]
        read-only = ["/etc/app/app.toml", "/etc/tls/tls.crt", "/etc/single.toml"]
        [pod]
        run-as-user = 101
        run-as-group = 101
        [pod.volumes.config]
        config-map = "app"
        [pod.volumes.tls]
        secret = "app-tls"
        [pod.containers.main]
        image = "registry.example.com/app:1"
        command = ["/usr/bin/sleep", "1000"]
        mounts = { "/etc/app" = "config", "/etc/tls" = "tls", "/etc/single.toml" = "config" }
        sub-path = { "/etc/single.toml" = "single.toml" }
        "#,
    )?;
    Ok(scene
        .ready(Ready::Started)
        .file("config", "app.toml", "a = 1\n")
        .file("config", "other.toml", "b = 1\n")
        .file("config", "single.toml", "c = 1\n")
        .file("tls", "tls.crt", "certificate\n")
        .file("tls", "tls.key", "key\n")
        .allowed(&["read /etc/app/app.toml", "read /etc/tls/tls.crt", "read /etc/single.toml"])
        .barred(&["read /etc/app/other.toml", "read /etc/tls/tls.key", "write /etc/app/app.toml"])
        // The kernel sees where the links lead.
        .denial("/other.toml\"")
        .denial("/tls.key\"")
        .without_control())
}

/// A token for the cluster's API, as a StatefulSet's pod has it.
fn token() -> Result<Scene> {
    let scene = Scene::of(
        "token",
        r#"
        name = "token"
        [pod]
        kind = "StatefulSet"
        run-as-user = 101
        run-as-group = 101
        service-account-token = true
        [pod.containers.main]
        image = "registry.example.com/app:1"
        command = ["/usr/bin/sleep", "1000"]
        "#,
    )?;
    Ok(scene
        .ready(Ready::Started)
        .allowed(&["read /var/run/secrets/kubernetes.io/serviceaccount/token"])
        .barred(&["write /var/run/secrets/kubernetes.io/serviceaccount/token", "read /etc/motd"])
        .without_control())
}

/// A CronJob for a Kubernetes that knows the profile by its annotation.
fn annotated() -> Result<Scene> {
    let scene = Scene::of(
        "annotated",
        r#"
        name = "annotated"
        [filesystem]
        read-only = ["/app/"]
        [pod]
        kind = "CronJob"
        schedule = "0 3 * * *"
        kubernetes = "1.28"
        run-as-user = 101
        run-as-group = 101
        [pod.containers.main]
        image = "registry.example.com/app:1"
        command = ["/bin/sh", "-c", "read x < /app/text; echo read $x; read x < /etc/motd || exit 4"]
        "#,
    )?;
    Ok(scene
        .script("/app/text", "text\n")
        .ready(Ready::Ended)
        .stop(Stop::Itself, 4)
        .fact("> read text")
        .denial("profile=\"annotated\" name=\"/etc/motd\"")
        .without_control())
}

/// An init container under the same profile, which fills a volume for the other and ends.
fn init() -> Result<Scene> {
    let scene = Scene::of(
        "init",
        r#"
        name = "init"
        [filesystem]
        read-write = ["/site/"]
        [pod]
        run-as-user = 101
        run-as-group = 101
        fs-group = 101
        [pod.volumes.site]
        empty-dir = true
        [pod.containers.prepare]
        image = "registry.example.com/prepare:1"
        command = ["/bin/sh", "-c", "echo page > /site/index; read x < /site/index; echo made $x"]
        mounts = { "/site" = "site" }
        init = 1
        [pod.containers.main]
        image = "registry.example.com/app:1"
        command = ["/usr/bin/sleep", "1000"]
        mounts = { "/site" = "site" }
        "#,
    )?;
    Ok(scene
        .ready(Ready::Ended)
        .stop(Stop::Itself, 0)
        .fact("> made page")
        .fact("owner 101 101")
        .meanwhile("finish >/dev/null; stat -c 'owner %u %g' volumes/site/index")
        .without_control())
}
