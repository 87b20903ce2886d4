// The Taplo that editors run, as a language server: `node wasm.mjs FOLDER`, FOLDER holding `node_modules`.
//
// The package is a WebAssembly library that takes and gives messages, and asks its host for everything else. This
// host carries the messages over stdin and stdout and reads files. It fetches nothing and finds no files by glob:
// a schema is what the document's first line names, and that lies beside it.

import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("usage: node wasm.mjs FOLDER\n");
  process.exit(2);
}
const { TaploLsp } = createRequire(join(resolve(folder), "package.json"))("@taplo/lsp");

globalThis.fetch = async (request) => {
  throw new Error(`nothing is fetched here: ${request.url ?? request}`);
};

const environment = {
  now: () => new Date(),
  envVar: (name) => process.env[name],
  envVars: () => Object.entries(process.env),
  stdErrAtty: () => false,
  // The library's own streams, for its command line; the log goes to stderr.
  stdin: async () => new Uint8Array(),
  stdout: async (bytes) => bytes.length,
  stderr: async (bytes) => {
    process.stderr.write(bytes);
    return bytes.length;
  },
  glob: () => [],
  readFile: async (path) => readFileSync(path),
  writeFile,
  // It also asks for `root:///`, where it looks for settings of its own.
  urlToFilePath: (url) => (url.startsWith("file:") ? fileURLToPath(url) : new URL(url).pathname),
  isAbsolute,
  cwd: () => process.cwd(),
  findConfigFile: (from) => [".taplo.toml", "taplo.toml"].map((name) => join(from, name)).find(existsSync),
};

const server = await TaploLsp.initialize(environment, { onMessage: give });

function give(message) {
  const body = Buffer.from(JSON.stringify(message));
  process.stdout.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
}

let isShutDown = false;

function take(message) {
  isShutDown ||= message.method === "shutdown";
  if (message.method === "exit") {
    process.exit(isShutDown ? 0 : 1);
  }
  server.send(message);
}

let held = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  held = Buffer.concat([held, chunk]);
  for (;;) {
    const end = held.indexOf("\r\n\r\n");
    if (end < 0) {
      break;
    }
    const header = held.toString("latin1", 0, end);
    const length = Number(/^content-length: *(\d+)$/im.exec(header)?.[1]);
    if (Number.isNaN(length)) {
      throw new Error(`a header without a length: ${JSON.stringify(header)}`);
    }
    const start = end + 4;
    if (held.length < start + length) {
      break;
    }
    const body = held.toString("utf8", start, start + length);
    held = held.subarray(start + length);
    take(JSON.parse(body));
  }
}
process.exit(1);
