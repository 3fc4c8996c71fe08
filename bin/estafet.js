#!/usr/bin/env node
/**
 * The `estafet` command. It finds a Node that can run Estafet and starts the command line on it: in this very process
 * when this Node is new enough, so that pids and signals stay plain; otherwise on the Node that came with the package
 * (the npm package `node`), passing signals and the exit code through. Written so that old versions of Node can read it.
 */
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const minimum = [24, 7];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src', 'cli', 'main.ts');
const built = join(root, 'dist', 'cli', 'main.js');
const main = isBuiltNow() ? built : source;

/** When the newest of what is in a folder was changed, ms since 1970. */
function newestUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(newest, entry.isDirectory() ? newestUnder(path) : lstatSync(path).mtimeMs);
  }, lstatSync(folder).mtimeMs);
}

/** Whether what was built is what would be built now: always in an installed package; in a checkout unless it changed. */
function isBuiltNow() {
  if (!existsSync(source)) return true;
  if (!existsSync(built)) return false;
  const rooms = ['chat', 'cli', 'client', 'cluster', 'files', 'lab', 'log', 'protocol', 'server'];
  const files = ['package-lock.json', join('scripts', 'bundle.ts')];
  try {
    const newest = rooms.map((room) => newestUnder(join(root, 'src', room)));
    const times = files.map((file) => join(root, file)).map((path) => (existsSync(path) ? statSync(path).mtimeMs : 0));
    return Math.max(...times, ...newest) <= statSync(built).mtimeMs;
  } catch (_) {
    // Something came or went just now: the sources are right in any case.
    return false;
  }
}

/** Whether this Node has what Estafet is built on: node:sqlite, argon2, and TypeScript by type stripping. */
function isNewEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > minimum[0] || (parts[0] === minimum[0] && parts[1] >= minimum[1]);
}

/** The path of the Node that npm installed beside Estafet, or null. */
function pinnedNode() {
  try {
    const home = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const path = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

function fail(sentence) {
  process.stderr.write(`estafet: ${sentence}\n`);
  process.exit(1);
}

function runOn(node) {
  const child = spawn(node, [main].concat(process.argv.slice(2)), { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  signals.forEach((signal) => {
    process.on(signal, () => child.kill(signal));
  });
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    signals.forEach((name) => {
      process.removeAllListeners(name);
    });
    process.kill(process.pid, signal);
  });
}

if (!existsSync(main)) {
  fail(
    `${main} is missing: this copy of Estafet was not built. Install it again, or run "npm run build" in a checkout.`,
  );
} else if (isNewEnough(process.versions.node)) {
  process.argv[1] = main;
  import(pathToFileURL(main).href).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(70);
  });
} else {
  const node = pinnedNode();
  if (node === null) {
    fail(
      `this is Node ${process.versions.node}, and Estafet needs Node ${minimum.join('.')} or newer. ` +
        'Install it from https://nodejs.org, or install Estafet again with npm’s install scripts allowed, which bring one.',
    );
  } else {
    runOn(node);
  }
}
