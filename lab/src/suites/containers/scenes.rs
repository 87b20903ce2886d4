//! The scenes: each shows that one kind of container starts, works, is refused the rest, and ends.

use super::scene::{Ready, Scene, Stop};
use crate::Result;

/// Says that it is there, and ends with a status of its own when it is told to.
const LOOP: &str = "#!/bin/sh
trap 'echo stopping; kill $!; exit 7' TERM
echo ready
while :; do sleep 100 & wait $!; done
";

pub(super) fn all() -> Result<Vec<Scene>> {
    Ok(vec![static_server()?, dynamic()?, script()?])
}

/// A static program, which serves over a socket.
fn static_server() -> Result<Scene> {
    let scene = Scene::of(
        "static-server",
        r#"
        name = "static-server"
        [filesystem]
        read-only = ["/srv/"]
        [network]
        allow = ["inet/stream", "inet6/stream"]
        [pod]
        run-as-user = 10001
        run-as-group = 10001
        [pod.containers.main]
        image = "registry.example.com/httpd:1"
        command = ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/srv"]
        "#,
    )?;
    Ok(scene
        .script("/srv/index.html", "hello\n")
        .ready(Ready::Listens)
        .meanwhile(
            "nsenter -t $main -n busybox wget -q -O - http://127.0.0.1:8080/index.html | sed 's/^/served /'",
        )
        .fact("served hello")
        .allowed(&["read /srv/index.html", "network inet/stream"])
        .denied(&["read /etc/motd", "exec /bin/cat", "network inet/dgram", "network unix/stream"])
        .barred(&["write /srv/index.html", "create /srv/new"]))
}

/// A program that the C library is linked into when it starts, which follows a file of a volume.
fn dynamic() -> Result<Scene> {
    let scene = Scene::of(
        "dynamic",
        r#"
        name = "dynamic"
        [filesystem]
        read-only = ["/data/"]
        [pod]
        run-as-user = 10001
        run-as-group = 10001
        fs-group = 10001
        [pod.volumes.data]
        claim = "data"
        [pod.containers.main]
        image = "registry.example.com/tail:1"
        command = ["/usr/bin/tail", "-F", "/data/log"]
        mounts = { "/data" = "data" }
        "#,
    )?;
    Ok(scene
        .file("data", "log", "ready\n")
        .meanwhile("echo second >> volumes/data/log; says second")
        .fact("> second")
        .allowed(&["read /data/log"])
        .denied(&["read /etc/motd", "network inet/stream"])
        .barred(&["write /data/log", "create /data/new"]))
}

/// A shell script, which needs to be read, and its children, which need to be started and signalled.
fn script() -> Result<Scene> {
    let scene = Scene::of(
        "script",
        r#"
        name = "script"
        [filesystem]
        read-only = ["/app/"]
        [exec]
        allow = ["/usr/bin/sleep"]
        [pod]
        run-as-user = 10001
        run-as-group = 10001
        [pod.containers.main]
        image = "registry.example.com/script:1"
        command = ["/app/run"]
        "#,
    )?;
    Ok(scene
        .script("/app/run", LOOP)
        .stop(Stop::Term, 7)
        .fact("> stopping")
        .allowed(&["read /app/run", "exec /usr/bin/sleep"])
        .denied(&["read /etc/motd", "exec /usr/bin/cat", "network inet/stream"]))
}
