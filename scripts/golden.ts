/**
 * `node scripts/golden.ts`: writes the golden logs and what they come to, into `test/golden/`. To be run when the chat
 * machine is meant to do something else than before with the same log, or when its tables change; what then differs in
 * `expected.json` is what reviewers look at. With `--expected`, leaves the logs as they are.
 */
import { writeFileSync } from 'node:fs';
import { randomLog } from '../src/chat/random-log.ts';
import { everydayLog } from '../test/golden/everyday-log.ts';
import { expectedPath, goldenLogs, hashOfNames, lineOf, pathOf, replayAll } from '../test/golden/golden-log.ts';

const makers = { everyday: everydayLog, random: () => randomLog(2026, 400) } as const;

if (!process.argv.includes('--expected')) {
  for (const name of goldenLogs) writeFileSync(pathOf(name), `${makers[name]().map(lineOf).join('\n')}\n`);
}
writeFileSync(expectedPath, `${JSON.stringify({ logs: replayAll(), names: hashOfNames() }, null, 2)}\n`);
