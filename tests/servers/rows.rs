//! What editors are asked of the schema, a construct a row: a policy, a place in it, and what is to be there.
//!
//! `|` is the cursor; `«` and `»` stand around what may be underlined.

/// What is to be there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Want {
    /// Every key of a table, by its path in the schema, once and with its explanation.
    Keys(&'static str),
    /// Every key of a table behind its name and a dot, alone or with the name.
    Dotted(&'static str),
    /// Some keys, once and with their explanations.
    SomeKeys(&'static [&'static str]),
    /// Every word of a value, by its path, once and with its sentence.
    Words(&'static str),
    /// Some plain values, once.
    Values(&'static [&'static str]),
    /// A text, on hovering.
    Hover(&'static str),
    /// One error, inside the marks.
    Error,
    /// One quick fix at the cursor, after which there is no error.
    Fix,
    /// No error, in any of the examples.
    Clean,
}

/// A construct, with the servers that cannot do it and why.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) want: Want,
    pub(crate) cannot: &'static [(&'static str, &'static str)],
    /// Whether `aapol lsp` does it too; it leaves to the others what a schema says.
    pub(crate) aapol: bool,
}

const fn row(what: &'static str, policy: &'static str, want: Want) -> Row {
    let aapol = matches!(want, Want::Error | Want::Clean | Want::Fix);
    Row { what, policy, want, cannot: &[], aapol }
}

const fn but(mut row: Row, cannot: &'static [(&'static str, &'static str)]) -> Row {
    row.cannot = cannot;
    row
}

/// A row that `aapol lsp` does as well.
const fn also(mut row: Row) -> Row {
    row.aapol = true;
    row
}

/// A row that `aapol lsp` alone does.
const fn alone(row: Row) -> Row {
    also(but(row, &[("taplo", BEYOND), ("wasm", BEYOND), ("tombi", BEYOND)]))
}

const BEYOND: &str = "No schema can say it; `aapol lsp` does";

const QUOTED: &str = "Taplo completes nothing inside quotes in a list; `aapol lsp` does";
const ONCE_PER_BRANCH: &str = "Taplo would list the key once for each form of the value, so it is shown one form; `aapol lsp` completes inside the quotes";
const PLAIN: &str = "Tombi offers the words inside quotes alone, where a pattern allows others";
const OWN_LINE: &str =
    "On a line of its own in a list, Taplo offers the table's keys; `aapol lsp` offers the words";
const HEADER: &str = "It underlines the name of the table";
const BOTH: &str = "Tombi underlines both entries, each with an error";
const ROOT: &str = "Its errors about the whole policy come once for each key";

const CONTRADICTION: &str = "[filesystem]\nread-only = [«\"/srv/a/\"»]\nread-write = [\"/srv/\"]\n";
const LEAK: &str = "[operations]\nallow = [\"mount\"]\ndeny = [«\"remount\"»]\n";
const VOLUMES: &str = "[pod.volumes.cache]\nempty-dir = true\n[pod.volumes.data]\nclaim = \"data\"\n\
    [pod.containers.web]\nimage = \"nginx:1.27\"\nmounts = { \"/srv\" = \"|\" }\n";

pub(crate) const ROWS: &[Row] = &[
    row("keys at the top level", "|\n", Want::Keys("")),
    row("keys of `[filesystem]`", "[filesystem]\n|\n", Want::Keys("filesystem")),
    row("keys of `[exec]`", "[exec]\n|\n", Want::Keys("exec")),
    row("keys of `[capabilities]`", "[capabilities]\n|\n", Want::Keys("capabilities")),
    row("keys of `[network]`", "[network]\n|\n", Want::Keys("network")),
    row("keys of `[operations]`", "[operations]\n|\n", Want::Keys("operations")),
    row("keys of `[limits]`", "[limits]\n|\n", Want::Keys("limits")),
    row("keys of `[expect]`", "[expect]\n|\n", Want::Keys("expect")),
    row("keys of `[pod]`", "[pod]\n|\n", Want::Keys("pod")),
    row("keys of `[pod.volumes.NAME]`", "[pod.volumes.cache]\n|\n", Want::Keys("pod.volumes.*")),
    row("keys of `[pod.containers.NAME]`", "[pod.containers.web]\n|\n", Want::Keys("pod.containers.*")),
    row("keys of an inline table", "filesystem = { | }\n", Want::Keys("filesystem")),
    row(
        "keys of a container in inline tables",
        "[pod]\ncontainers = { web = { | } }\n",
        Want::Keys("pod.containers.*"),
    ),
    row("keys behind a dot", "filesystem.|\n", Want::Dotted("filesystem")),
    row("a table's header", "[|]\n", Want::SomeKeys(&["filesystem", "network", "pod"])),
    row("words of a key, behind `=`", "mode = |\n", Want::Words("mode")),
    row("words of a key, in quotes", "mode = \"|\"\n", Want::Words("mode")),
    row("words of a key in `[pod]`", "[pod]\nkind = |\n", Want::Words("pod.kind")),
    row("`true` and `false`", "abstract = |\n", Want::Values(&["true", "false"])),
    row("capabilities in a list", "[capabilities]\nallow = [|]\n", Want::Words("capabilities.allow.[]")),
    row(
        "capabilities behind a comma",
        "[capabilities]\nallow = [\"chown\", |]\n",
        Want::Words("capabilities.allow.[]"),
    ),
    also(but(
        row(
            "capabilities on a line of their own",
            "[capabilities]\nallow = [\n    \"chown\",\n    |\n]\n",
            Want::Words("capabilities.allow.[]"),
        ),
        &[("taplo", OWN_LINE), ("wasm", OWN_LINE)],
    )),
    also(but(
        row(
            "capabilities in quotes",
            "[capabilities]\nallow = [\"|\"]\n",
            Want::Words("capabilities.allow.[]"),
        ),
        &[("taplo", QUOTED), ("wasm", QUOTED)],
    )),
    row("sockets in a list", "[network]\nallow = [|]\n", Want::Words("network.allow.[]")),
    row("operations in a list", "[operations]\ndeny = [|]\n", Want::Words("operations.deny.[]")),
    row("bundles in a list", "bundles = [|]\n", Want::Words("bundles.[]")),
    row("findings in `silence`", "silence = [|]\n", Want::Words("silence.[]")),
    but(
        row("expectations in a list", "[expect]\nallow = [|]\n", Want::Words("expect.allow.[]")),
        &[("tombi", PLAIN)],
    ),
    also(but(
        row("expectations in quotes", "[expect]\nallow = [\"|\"]\n", Want::Words("expect.allow.[]")),
        &[("taplo", QUOTED), ("wasm", QUOTED)],
    )),
    but(
        row("words beside a pattern, behind `=`", "[pod]\nseccomp = |\n", Want::Words("pod.seccomp")),
        &[("taplo", ONCE_PER_BRANCH), ("wasm", ONCE_PER_BRANCH), ("tombi", PLAIN)],
    ),
    also(but(
        row("words beside a pattern, in quotes", "[pod]\nseccomp = \"|\"\n", Want::Words("pod.seccomp")),
        &[("taplo", ONCE_PER_BRANCH), ("wasm", ONCE_PER_BRANCH)],
    )),
    row("hover: a key", "mo|de = \"enforce\"\n", Want::Hover("What happens to an access")),
    row(
        "hover: a key with a list",
        "[filesystem]\nread|-only = [\"/etc/\"]\n",
        Want::Hover("take read locks"),
    ),
    row(
        "hover: a key with a list of words",
        "[capabilities]\nal|low = [\"chown\"]\n",
        Want::Hover("Capabilities that the container may use"),
    ),
    row(
        "hover: a key of a container",
        "[pod.containers.web]\nim|age = \"nginx:1.27\"\n",
        Want::Hover("with a tag or digest"),
    ),
    row(
        "hover: a key in an inline table",
        "filesystem = { read|-only = [\"/etc/\"] }\n",
        Want::Hover("read locks"),
    ),
    row(
        "hover: a table's header",
        "[file|system]\nread-only = []\n",
        Want::Hover("what may be read, written"),
    ),
    also(row("hover: a word", "mode = \"compl|ain\"\n", Want::Hover("logged and passes"))),
    also(row(
        "hover: a word in a list",
        "[capabilities]\nallow = [\"ch|own\"]\n",
        Want::Hover("owner and group of any file"),
    )),
    row("hover: a path in a list", "[filesystem]\nread-only = [\"/e|tc/\"]\n", Want::Hover("read locks")),
    row(
        "hover: a mount",
        "[pod.containers.web]\nmounts = { \"/x\" = \"ca|che\" }\n",
        Want::Hover("the folder they are mounted on"),
    ),
    but(row("error: a key that is not there", "«modes = \"kill\"»\n", Want::Error), &[("wasm", ROOT)]),
    but(
        row("error: such a key in a table", "[filesystem]\n«read-onyl = [\"/etc/\"]»\n", Want::Error),
        &[("wasm", HEADER)],
    ),
    row("error: a word that is not there", "«mode = \"klil\"»\n", Want::Error),
    row("error: such a word in a list", "[capabilities]\nallow = [\"chown\", «\"setiud\"»]\n", Want::Error),
    row("error: another type", "«mode = 7»\n", Want::Error),
    row("error: a text for a list", "[filesystem]\n«read-only = \"/etc/\"»\n", Want::Error),
    row("error: a broken pattern", "[pod.containers.web]\n«image = \"nginx 1.27\"»\n", Want::Error),
    row("error: a relative path in a list", "[filesystem]\nread-only = [«\"etc/nginx/\"»]\n", Want::Error),
    row("error: `..` in a path", "[filesystem]\nread-only = [«\"/etc/../usr/\"»]\n", Want::Error),
    row("error: an expectation's verb", "[expect]\nallow = [«\"raed /etc/passwd\"»]\n", Want::Error),
    row("error: a number out of bounds", "[pod.containers.web]\nports = [«0»]\n", Want::Error),
    row("error: a volume's name", "«[pod.volumes.Cache]\nempty-dir = true\n»", Want::Error),
    but(row("error: an entry twice", "«bundles = [\"tls\", \"tls\"]»\n", Want::Error), &[("tombi", BOTH)]),
    alone(row("error: entries that contradict each other", CONTRADICTION, Want::Error)),
    alone(row("error: a denial that the kernel does not keep", LEAK, Want::Error)),
    alone(row(
        "hover: the rules of an entry",
        "[filesystem]\nread-only = [\"/e|tc/\"]\n",
        Want::Hover("/etc/{,**} rk,"),
    )),
    alone(row("hover: the rules of a key", "[network]\nal|low = [\"unix\"]\n", Want::Hover("network unix,"))),
    alone(row("names of volumes in quotes", VOLUMES, Want::Values(&["\"cache\"", "\"data\""]))),
    alone(row("quick fix: a misspelled word", "[capabilities]\nallow = [\"set|iud\"]\n", Want::Fix)),
    alone(row("quick fix: an entry twice", "bundles = [\"tls\", \"t|ls\"]\n", Want::Fix)),
    alone(row("quick fix: a misspelled key", "[filesystem]\nread-on|yl = [\"/srv/\"]\n", Want::Fix)),
    row("nothing in any example", "", Want::Clean),
];
