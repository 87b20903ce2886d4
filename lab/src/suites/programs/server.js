// A small application that does what many do: pages, other services, names, threads, a reload.
const { exec } = require('node:child_process');
const dns = require('node:dns');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { Worker } = require('node:worker_threads');

const DOMAIN = 'api.example.com';
let page = fs.readFileSync('/app/page.html', 'utf8');

const routes = {
  '/': (say) => say(page),
  '/lookup': (say) => dns.lookup(DOMAIN, (error, address) => say(error ? error.code : address)),
  '/localhost': (say) => dns.lookup('localhost', (error) => say(error ? error.code : 'found')),
  '/resolve': (say) => dns.resolve4(DOMAIN, (error, addresses) => say(error ? error.code : addresses[0])),
  '/upstream': (say) =>
    https
      .get(`https://${DOMAIN}/fruit.json`, { agent: false }, (answer) => {
        let text = '';
        answer.on('data', (part) => (text += part)).on('end', () => say(text));
      })
      .on('error', (error) => say(error.code)),
  '/square': (say) => work('7', say),
  '/broken': (say) => work('none', say),
  '/write': (say) => fs.writeFile('/srv/page.html', page, (error) => say(error ? error.code : 'written')),
  '/child': (say) => exec('id', (error) => say(error ? `${error.code}` : 'started')),
};

function work(data, say) {
  const worker = new Worker('/app/worker.js', { workerData: data });
  worker.on('message', say).on('error', (error) => say(`the worker failed: ${error.message}`));
}

const server = http.createServer((request, answer) => {
  const route = routes[request.url];
  answer.statusCode = route ? 200 : 404;
  route ? route((text) => answer.end(`${text}`.trim() + '\n')) : answer.end('nothing here\n');
});
process.on('SIGHUP', () => (page = fs.readFileSync('/app/page.html', 'utf8')));
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
server.listen(3000, () => console.log('listening'));
