//! What a policy grants, denies and sets.

use crate::Result;
use crate::suites::containers::scene::{Ready, Scene};

pub(super) fn all() -> Result<Vec<Scene>> {
    Ok(vec![
        mounts()?,
        capabilities()?,
        deny_network()?,
        default_allow()?,
        limits()?,
        complain()?,
        kill()?,
        tools()?,
    ])
}

/// A policy whose container only waits, to be tried out from inside.
fn waiting(name: &'static str, sections: &str, pod: &str, container: &str) -> Result<Scene> {
    let policy = format!(
        "name = \"{name}\"\n{sections}\n[pod]\n{pod}\n[pod.containers.main]\n\
         image = \"registry.example.com/{name}:1\"\ncommand = [\"/usr/bin/sleep\", \"1000\"]\n{container}"
    );
    Ok(Scene::of(name, &policy)?.ready(Ready::Started))
}

const USER: &str = "run-as-user = 10001\nrun-as-group = 10001\nfs-group = 10001";

/// A read-only root, and volumes where something may be written.
fn mounts() -> Result<Scene> {
    let scene = waiting(
        "mounts",
        r#"
        [filesystem]
        read-only = ["/app/", "/in/"]
        write-only = ["/out/"]
        read-write = ["/tmp/"]
        deny = ["/tmp/secret/"]
        "#,
        &format!(
            "{USER}\nvolumes = {{ in = {{ claim = \"in\" }}, out = {{ claim = \"out\" }}, tmp = {{ empty-dir = true }} }}"
        ),
        r#"mounts = { "/in" = "in", "/out" = "out", "/tmp" = "tmp" }"#,
    )?;
    Ok(scene
        .meanwhile("for at in / /in /out /tmp; do awk -v at=$at '$5 == at { print \"mounted \" at \" \" substr($6, 1, 2) }' /proc/$main/mountinfo; done")
        .fact("mounted / ro")
        .fact("mounted /in ro")
        .fact("mounted /out rw")
        .fact("mounted /tmp rw")
        .allowed(&["read /in/a", "read /app/a", "create /out/new", "create /tmp/new", "delete /tmp/old"])
        .allowed(&["read /etc/resolv.conf", "write /dev/null", "write /dev/termination-log"])
        .denied(&["read /out/a", "read /tmp/secret/key", "exec /tmp/tool", "read /srv/a"])
        .barred(&["create /new", "write /in/a", "write /app/a", "write /etc/hosts"]))
}

/// A user that is root, with one capability of many.
fn capabilities() -> Result<Scene> {
    let scene = waiting("capabilities", "[capabilities]\nallow = [\"chown\"]", "", "")?;
    Ok(scene
        .fact("bounding 0000000000000001")
        .fact("effective 0000000000000001")
        .allowed(&["capability chown"])
        .barred(&["capability setuid", "capability sys_admin", "capability sys_chroot"])
        .without_control())
}

/// All but networks: the rules that parsers drop where a profile names no features.
fn deny_network() -> Result<Scene> {
    let scene = waiting(
        "deny-network",
        "default = \"allow\"\n[network]\ndefault = \"allow\"\ndeny = [\"inet\", \"inet6\", \"packet\"]",
        USER,
        "",
    )?;
    Ok(scene
        .meanwhile(
            "runtime exec $ID /bin/busybox wget -q -O - http://127.0.0.1:8080/ 2>&1 | sed 's/^/said /'",
        )
        .fact("said wget: socket: Permission denied")
        .allowed(&["network unix/stream", "read /etc/motd", "exec /usr/bin/cat"])
        .denied(&[
            "network inet/stream",
            "network inet/dgram",
            "network inet6/stream",
            "network inet6/dgram",
        ]))
}

/// All but what is denied.
fn default_allow() -> Result<Scene> {
    let scene = waiting(
        "default-allow",
        r#"
        default = "allow"
        [filesystem]
        deny = ["/data/secret/"]
        deny-write = ["/data/settings/"]
        [exec]
        deny = ["/usr/bin/sort"]
        "#,
        &format!("{USER}\nvolumes = {{ data = {{ claim = \"data\" }} }}"),
        r#"mounts = { "/data" = "data" }"#,
    )?;
    Ok(scene
        .allowed(&["read /data/settings/a", "create /data/new", "exec /usr/bin/cat", "network inet/stream"])
        .denied(&["read /data/secret/key", "write /data/settings/b", "exec /usr/bin/sort"]))
}

/// Limits are set when the profile is entered, by the container's first program and by what is started in it.
fn limits() -> Result<Scene> {
    let scene = waiting("limits", "[limits]\nnofile = \"64\"\ncore = \"0\"", USER, "")?;
    Ok(scene
        .meanwhile(
            "awk '/^Max open files/ { print \"open-files \" $5 }' /proc/$main/limits\n\
             runtime exec $ID /bin/sh -c 'echo entered-with $(ulimit -n)'",
        )
        .fact("open-files 64")
        .fact("entered-with 64")
        .without_control())
}

/// Nothing is refused, all that would be is logged, and so is everything that is started.
fn complain() -> Result<Scene> {
    let scene = waiting("complain", "mode = \"complain\"", USER, "")?;
    Ok(scene
        .allowed(&["read /etc/motd", "exec /usr/bin/cat", "network inet/stream"])
        .denial("apparmor=\"ALLOWED\" operation=\"open\"")
        .denial("apparmor=\"AUDIT\" operation=\"exec\"")
        .without_control())
}

/// What reaches for a file that is not its own is ended; the container goes on.
fn kill() -> Result<Scene> {
    let scene = waiting("kill", "mode = \"kill\"", USER, "")?;
    Ok(scene
        .meanwhile("runtime exec $ID /.lab/probe try read /etc/motd; echo \"entered $?\"; [ -e ended ] || echo stays")
        .fact("entered 137")
        .fact("stays")
        .denial("name=\"/etc/motd\"")
        .without_control())
}

/// Who enters with a shell starts only what is granted; the shell itself needs no grant.
fn tools() -> Result<Scene> {
    let scene = waiting("tools", "[exec]\nallow = [\"/usr/bin/id\"]", USER, "")?;
    Ok(scene
        .before("cp root/usr/bin/id root/app/raised; chmod 4755 root/app/raised")
        .meanwhile(
            "runtime exec $ID /bin/sh -c 'echo shell $(id -u); cat /etc/hosts' 2>&1\n\
             runtime exec $ID /app/raised -u | sed 's/^/raised /'\n\
             runtime exec --pid-file second $ID /usr/bin/sleep 1000 </dev/null >/dev/null 2>&1 &\n\
             until_true 'grep -q sleep /proc/$(cat second 2>/dev/null)/comm 2>/dev/null'\n\
             echo \"second $(cat /proc/$(cat second)/attr/current)\"; labels",
        )
        .fact("shell 10001")
        .fact("raised 10001")
        .fact("second tools (enforce)")
        .denial("name=\"/usr/bin/cat\"")
        .without_control())
}
