//! How a container's first program may be made, and how it ends.

use crate::Result;
use crate::suites::containers::scene::{Ready, Scene, Stop};

/// Says that it is there, and ends with a status of its own when it is told to.
const LOOP: &str = "#!/bin/sh
trap 'echo stopping; kill $!; exit 7' TERM
echo ready
while :; do sleep 100 & wait $!; done
";

const TINI: &str = r#"["/usr/bin/tini", "--", "/app/run"]"#;

/// Starts children, one of them a shell with a child of its own, and ends them all.
const FAMILY: &str = "#!/bin/sh
trap 'echo stopping; kill $one $two; wait; exit 7' TERM
sleep 100 & one=$!
sh -c 'sleep 100 & wait' & two=$!
kill -0 $one && echo ready
wait
";

pub(super) fn all() -> Result<Vec<Scene>> {
    Ok(vec![
        static_server()?,
        dynamic_server()?,
        follower()?,
        script()?,
        tini()?,
        tini_group()?,
        dumb_init()?,
        family("shim-term", TINI)?.stop(Stop::Term, 0).by_shim().fact("created 0").fact("> stopping"),
        family("shim-kill", TINI)?.stop(Stop::Kill, 0).by_shim().fact("state created").fact("state stopped"),
        job()?,
    ])
}

/// A static program, which serves over a socket. It has no handler for TERM, so the kernel keeps it from the
/// first process of a tree, and KILL ends it.
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
        .meanwhile("fetch | sed 's/^/served /'; runtime kill $ID TERM; sleep 0.3; [ -e ended ] || echo stays")
        .fact("served hello")
        .fact("stays")
        .allowed(&["read /srv/index.html", "network inet/stream"])
        .denied(&["read /etc/motd", "exec /usr/bin/cat", "network inet/dgram", "network unix/stream"])
        .barred(&["write /srv/index.html", "create /srv/new"]))
}

/// One that the C library and others are linked into when it starts.
fn dynamic_server() -> Result<Scene> {
    let scene = Scene::of(
        "dynamic-server",
        r#"
        name = "dynamic-server"
        [network]
        allow = ["inet/stream"]
        [pod]
        run-as-user = 65532
        run-as-group = 65532
        [pod.containers.main]
        image = "registry.example.com/nc:1"
        command = ["/usr/bin/nc.openbsd", "-l", "-k", "127.0.0.1", "8080"]
        "#,
    )?;
    Ok(scene
        .ready(Ready::Listens)
        .meanwhile("echo greetings | nsenter -t $main -n busybox nc -w 1 127.0.0.1 8080; says greetings")
        .fact("> greetings")
        .allowed(&["network inet/stream", "read /etc/hosts"])
        .denied(&["network inet6/stream", "network netlink/raw"]))
}

/// A program that follows a file of a volume, which grows meanwhile.
fn follower() -> Result<Scene> {
    let scene = Scene::of(
        "follower",
        r#"
        name = "follower"
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
        .barred(&["write /data/log", "create /data/new"])
        .without_control())
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
        .meanwhile("labels")
        .stop(Stop::Term, 7)
        .fact("> stopping")
        .allowed(&["read /app/run"])
        .denied(&["read /etc/motd", "exec /usr/bin/cat", "network inet/stream"]))
}

fn family(name: &'static str, command: &str) -> Result<Scene> {
    let policy = format!(
        r#"
        name = "{name}"
        [filesystem]
        read-only = ["/app/"]
        [exec]
        allow = ["/app/run", "/usr/bin/dash", "/usr/bin/sleep"]
        [pod]
        run-as-user = 10001
        run-as-group = 10001
        [pod.containers.main]
        image = "registry.example.com/family:1"
        command = {command}
        "#
    );
    let scene = Scene::of(name, &policy)?;
    Ok(scene.script("/app/run", FAMILY).meanwhile("labels").stop(Stop::Term, 7).without_control())
}

/// An init that starts the application, passes signals on and buries what is left.
fn tini() -> Result<Scene> {
    let scene = family("tini", TINI)?;
    Ok(scene.fact("> stopping").barred(&["exec /usr/bin/cat"]))
}

/// The same, where the signal goes to the whole group.
fn tini_group() -> Result<Scene> {
    Ok(family("tini-group", r#"["/usr/bin/tini", "-g", "--", "/app/run"]"#)?.fact("> stopping"))
}

fn dumb_init() -> Result<Scene> {
    Ok(family("dumb-init", r#"["/usr/bin/dumb-init", "/app/run"]"#)?.fact("> stopping"))
}

/// Ends by itself, with a status that arrives.
fn job() -> Result<Scene> {
    let scene = Scene::of(
        "job",
        r#"
        name = "job"
        [filesystem]
        read-write = ["/out/"]
        [exec]
        allow = ["/usr/bin/sort"]
        [pod]
        kind = "Job"
        run-as-user = 10001
        run-as-group = 10001
        fs-group = 10001
        [pod.volumes.out]
        empty-dir = true
        [pod.containers.main]
        image = "registry.example.com/job:1"
        command = ["/bin/sh", "-c"]
        args = ["printf 'b\na\n' > /out/in; sort /out/in > /out/sorted; read x < /out/sorted; echo first $x; cat /out/in; exit 3"]
        mounts = { "/out" = "out" }
        "#,
    )?;
    Ok(scene
        .ready(Ready::Ended)
        .stop(Stop::Itself, 3)
        .fact("> first a")
        .fact("> /bin/sh: 3: cat: Permission denied")
        .denial("name=\"/usr/bin/cat\"")
        .without_control())
}
