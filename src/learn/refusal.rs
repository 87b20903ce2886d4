//! What is never learned unless it is accepted by name: what an intruder would ask for as well. A file a kind.
//!
//! Enters: an access that a policy does not allow, and what else the log shows. Leaves: why it is refused, as a finding.

mod against_policy;
mod not_learned;
mod refused_capability;
mod refused_device;
mod refused_operation;
pub(super) mod refused_program;
mod refused_secret;
mod refused_socket;
mod refused_system_file;

use super::asked::Trace;
use super::wish::operation;
use super::{folders, names};
use crate::diag::{Code, Finding, Place, shown};
use crate::kernel::request::FileVerb;
use crate::kernel::{Access, Request, glob};
use std::collections::BTreeSet;

/// Every kind of refusal there is.
pub const CODES: [&Code; 9] = [
    &against_policy::CODE,
    &not_learned::CODE,
    &refused_capability::CODE,
    &refused_device::CODE,
    &refused_operation::CODE,
    &refused_program::CODE,
    &refused_secret::CODE,
    &refused_socket::CODE,
    &refused_system_file::CODE,
];

/// A refusal: its kind, and the reason, as it reads behind the access and a colon.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: &'static Code,
    why: String,
    /// Where the policy itself denies it.
    places: BTreeSet<Place>,
}

impl Refusal {
    fn new(code: &'static Code, why: impl Into<String>) -> Refusal {
        Refusal { code, why: why.into(), places: BTreeSet::new() }
    }

    /// It is denied by the policy's own words.
    pub(super) fn clash(places: BTreeSet<Place>) -> Refusal {
        Refusal { places, ..Refusal::new(&against_policy::CODE, "") }
    }

    /// It is denied by the baseline.
    pub(super) fn of_baseline() -> Refusal {
        Refusal::new(&refused_system_file::CODE, "the runtimes' own profiles deny it to every container")
    }

    /// No entry was found for it.
    pub(super) fn open(why: impl Into<String>) -> Refusal {
        Refusal::new(&not_learned::CODE, why)
    }

    /// As a finding about accesses to one thing.
    pub(super) fn finding(&self, requests: &[Request], trace: &Trace) -> Finding {
        let [first, ..] = requests else { return Finding::without_place(self.code, "nothing was asked for") };
        let by = by(trace);
        if self.code == &against_policy::CODE {
            return against_policy::finding(first, &by, &self.places);
        }
        let message = format!("`{first}` is not learned: {}; {by}", self.why);
        let finding = Finding::without_place(self.code, message);
        if self.code == &not_learned::CODE {
            return finding;
        }
        finding.help(format!("if the program needs it: `--accept '{}'`", accepted(requests)))
    }
}

/// What else is known when an access is judged.
pub(super) struct Context<'a> {
    /// Whether the container may write a file, by the policy or because the log shows it.
    pub(super) writes: &'a dyn Fn(&[u8]) -> bool,
    /// Whether the policy lets a file be started or mapped as code, by an entry of its own.
    pub(super) runs: &'a dyn Fn(&[u8]) -> bool,
    /// Whether it speaks with others over the network.
    pub(super) is_server: bool,
    /// Where volumes are mounted that are written while the container runs, each with its slash.
    pub(super) volumes: &'a [String],
    /// What programs are called whose start is refused.
    pub(super) tainted: &'a BTreeSet<String>,
}

/// Why an access is refused; none where it may be learned.
pub(super) fn judge(request: &Request, starter: Option<&str>, context: &Context<'_>) -> Option<Refusal> {
    match request {
        Request::Capability(capability) => refused_capability::of(*capability),
        Request::Network(socket) => refused_socket::of(*socket),
        Request::Operation(operation) => refused_operation::of(*operation),
        Request::Process { contact, peer, .. } => match operation(request) {
            Some(_) => Some(refused_operation::of_process(*contact, peer)),
            None => Some(not_learned::of_process(*contact)),
        },
        Request::File(verb, path) => of_file(path, verb.needs(), starter, context),
        Request::Rename { old, new } => [old, new]
            .into_iter()
            .find_map(|path| of_file(path, Access::READ | Access::WRITE, starter, context)),
        // By its new name the file can be opened.
        Request::Link { new, target } => of_file(target, Access::READ | Access::WRITE, starter, context)
            .or_else(|| of_file(new, Access::WRITE, starter, context))
            .or_else(|| not_learned::of_link(target, context)),
    }
}

fn of_file(path: &[u8], needs: Access, starter: Option<&str>, context: &Context<'_>) -> Option<Refusal> {
    if let Err(why) = names::writable(path) {
        return Some(Refusal::open(why));
    }
    if needs.intersects(Access::EXEC | Access::MAP) && path.ends_with(b"/") {
        return Some(Refusal::open("a folder is nothing that can be started or mapped"));
    }
    let is_made = needs.intersects(Access::WRITE | Access::LINK) && path.ends_with(b"/");
    if is_made && std::str::from_utf8(path).is_ok_and(folders::is_shared) {
        return Some(Refusal::open(
            "the folder could only be named as a whole, and others keep things in it",
        ));
    }
    // A folder is named together with all that will lie in it.
    let inside = is_made.then(|| [path, b"x"].concat());
    let path = inside.as_deref().unwrap_or(path);
    refused_device::of(path)
        .or_else(|| refused_secret::of(path, needs))
        .or_else(|| refused_system_file::of(path, needs, context))
        .or_else(|| refused_program::of(path, needs, starter, context))
}

/// Accesses to one thing in the words of `--accept`.
fn accepted(requests: &[Request]) -> String {
    let Some(first) = requests.first() else { return String::new() };
    let path = |path: &[u8]| glob::escape(&String::from_utf8_lossy(path));
    match (first, requests.len()) {
        (Request::File(verb @ (FileVerb::Exec | FileVerb::Map), name), _)
        | (Request::File(verb, name), 1) => {
            format!("{} {}", verb.name(), path(name))
        }
        (Request::File(_, name), _) => path(name),
        (Request::Rename { .. } | Request::Link { .. }, _) => first.to_string(),
        (
            Request::Network(_) | Request::Capability(_) | Request::Operation(_) | Request::Process { .. },
            _,
        ) => operation(first).unwrap_or_else(|| first.clone()).to_string(),
    }
}

/// Who asked, and how often.
fn by(trace: &Trace) -> String {
    const MOST: usize = 3;
    let lines = if trace.lines == 1 { "1 line".to_owned() } else { format!("{} lines", trace.lines) };
    let named = trace.programs.iter().take(MOST);
    let named: Vec<String> = named.map(|name| format!("`{}`", shown::one_line(name.clone()))).collect();
    let more = match trace.programs.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if named.is_empty() { lines } else { format!("{lines}, by {}{more}", named.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::expectation;

    /// Nothing else is known.
    fn quiet() -> Context<'static> {
        const NONE: &BTreeSet<String> = &BTreeSet::new();
        Context { writes: &|_| false, runs: &|_| false, is_server: false, volumes: &[], tainted: NONE }
    }

    fn code(access: &str, writes: bool, starter: Option<&str>) -> Option<&'static str> {
        let context = Context { writes: &|_| writes, is_server: true, ..quiet() };
        judge(&expectation::read(access).unwrap(), starter, &context).map(|refusal| refusal.code.name)
    }

    #[test]
    fn what_an_intruder_would_ask_for_is_refused() {
        for (access, want) in [
            ("read /etc/shadow", "refused-secret"),
            ("read /root/.ssh/id_ed25519", "refused-secret"),
            ("read /proc/7/environ", "refused-secret"),
            ("link /tmp/x /etc/shadow", "refused-secret"),
            ("link /srv/new /srv/old", "not-learned"),
            ("read /host/etc/shadow", "refused-secret"),
            ("create /home/app/.ssh/", "refused-system-file"),
            ("create /srv/uploads/x.php", "refused-system-file"),
            ("write /docker-entrypoint.sh", "refused-system-file"),
            ("write /home/app/.psqlrc", "refused-system-file"),
            ("read /dev/nbd0", "refused-device"),
            ("write /mnt/docker.sock", "refused-device"),
            ("exec /memfd:x", "refused-program"),
            ("map /proc/7/fd/5", "refused-program"),
            ("write /etc/ld.so.preload", "refused-system-file"),
            ("create /etc/cron.d/x", "refused-system-file"),
            ("rename /tmp/x /usr/bin/ls", "refused-system-file"),
            ("write /opt/bin/tool", "refused-system-file"),
            ("create /home/app/.config/systemd/user/x.service", "refused-system-file"),
            ("read /proc/1/root/etc/passwd", "refused-secret"),
            ("capability dac_override", "refused-capability"),
            ("write /proc/sys/kernel/core_pattern", "refused-system-file"),
            ("write /sys/fs/cgroup/release_agent", "refused-system-file"),
            ("write /run/docker.sock", "refused-device"),
            ("read /dev/sda", "refused-device"),
            ("read /dev/mem", "refused-device"),
            ("network packet/raw", "refused-socket"),
            ("network inet/raw", "refused-socket"),
            ("network alg/seqpacket", "refused-socket"),
            ("capability sys_admin", "refused-capability"),
            ("capability net_admin", "refused-capability"),
            ("operation mount", "refused-operation"),
            ("operation ptrace", "refused-operation"),
        ] {
            assert_eq!(code(access, false, Some("web")), Some(want), "{access}");
        }
    }

    #[test]
    fn what_programs_need_is_not() {
        for access in [
            "read /etc/nginx/nginx.conf",
            "write /var/lib/app/db",
            "rename /tmp/a /tmp/b",
            "exec /usr/bin/convert",
            "map /usr/lib/nginx/modules/x.so",
            "write /proc/7/comm",
            "network inet/stream",
            "network netlink/raw",
            "capability chown",
            "read /run/secrets/kubernetes.io/serviceaccount/token",
        ] {
            assert_eq!(code(access, false, Some("web")), None, "{access}");
        }
    }

    #[test]
    fn programs_of_its_own_and_shells_of_servers_are_refused() {
        assert_eq!(code("exec /tmp/x", true, Some("web")), Some("refused-program"));
        assert_eq!(code("map /tmp/x.so", true, Some("web")), Some("refused-program"));
        assert_eq!(code("exec /usr/bin/dash", false, Some("web")), Some("refused-program"));
        assert_eq!(code("exec /usr/bin/dash", false, Some("tini")), None);
        assert_eq!(code("exec /usr/bin/dash", false, Some("docker-entrypoi")), None);
        assert_eq!(code("exec /usr/bin/dash", false, None), Some("refused-program"));
        assert_eq!(code("exec /usr/bin/python3.11", false, Some("web")), Some("refused-program"));
        assert_eq!(code("exec /usr/bin/python3.11", false, Some("python3")), None);
        for program in [
            "perl5.36-x86_64-linux-gnu",
            "python3.12d",
            "bash-static",
            "dash.distrib",
            "nodejs",
            "vim.basic",
            "gcc-12",
        ] {
            assert_eq!(
                code(&format!("exec /usr/bin/{program}"), false, Some("web")),
                Some("refused-program"),
                "{program}"
            );
        }
        assert_eq!(code("exec /usr/bin/nc.openbsd", false, Some("sh")), Some("refused-program"));
        assert_eq!(code("exec /usr/local/bin/su-exec", false, Some("sh")), None);
        assert_eq!(code("exec /usr/bin/nsenter", false, Some("sh")), Some("refused-program"));
        assert_eq!(code("exec /dev/shm/x", false, Some("sh")), Some("refused-program"));
        assert_eq!(code("map /run/x.so", false, Some("sh")), Some("refused-program"));
    }

    #[test]
    fn what_lies_in_volumes_and_what_refused_programs_start_is_refused() {
        let start = |path: &str, context: &Context<'_>| {
            let request = Request::File(FileVerb::Exec, path.as_bytes().to_vec());
            judge(&request, Some("bash"), context).map(|refusal| refusal.code.name)
        };
        let volumes = ["/data/".to_owned()];
        assert_eq!(start("/data/x", &Context { volumes: &volumes, ..quiet() }), Some("refused-program"));
        assert_eq!(start("/database/x", &Context { volumes: &volumes, ..quiet() }), None);
        let tainted = BTreeSet::from([refused_program::called(b"/usr/bin/dash")]);
        assert_eq!(start("/usr/bin/id", &Context { tainted: &tainted, ..quiet() }), Some("refused-program"));
        assert_eq!(start("/usr/bin/id", &quiet()), None);
    }

    #[test]
    fn what_the_policy_starts_is_not_written() {
        let context = Context { runs: &|path| path == b"/srv/app/tool", ..quiet() };
        for (access, want) in
            [("write /srv/app/tool", Some("refused-system-file")), ("write /srv/app/log", None)]
        {
            let judged = judge(&expectation::read(access).unwrap(), None, &context);
            assert_eq!(judged.map(|refusal| refusal.code.name), want, "{access}");
        }
    }

    #[test]
    fn names_that_no_policy_can_hold_are_left() {
        let file = |path: &[u8]| Request::File(FileVerb::Read, path.to_vec());
        let context = quiet();
        for path in [b"/a\nb".as_slice(), b"/\xff", b"/a\x01"] {
            let refused = judge(&file(path), None, &context);
            assert_eq!(refused.map(|refusal| refusal.code.name), Some("not-learned"), "{path:?}");
        }
    }
}
