const { parentPort, workerData } = require('node:worker_threads');
if (Number.isNaN(Number(workerData))) {
  throw new Error(`not a number: ${workerData}`);
}
parentPort.postMessage(workerData * workerData);
