/**
 * `npm run disk`: fails every write, sync and rename of a server's life, one at a time, once and for good, and says what
 * did not hold. `--part`, `--kind`, `--from` and `--step` choose some of them; `--jobs` is how many run at once. The
 * last line is JSON; the exit code is 0 when everything held.
 */
import { parseArgs } from 'node:util';
import { allCases, nameOf, resultOf } from '../test/support/disk-campaign.ts';
import { diskTools, ensureDebianTools } from './debian-tools.ts';

const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    kind: { type: 'string' },
    from: { type: 'string', default: '1' },
    step: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
});

const missing = ensureDebianTools(diskTools);
if (missing !== null) {
  process.stderr.write(`${missing}\n`);
  process.exit(69);
}

const startedAt = performance.now();
const cases = (await allCases())
  .filter(({ part, fault }) => (values.part ?? part) === part && (values.kind ?? fault.kind) === fault.kind)
  .filter((_, at) => at >= Number(values.from) - 1 && (at - Number(values.from) + 1) % Number(values.step) === 0);

const totals = { cases: cases.length, exited: 0, wentOn: 0, notReached: 0, broken: 0 };
const failedIn = new Map<string, number>();
let next = 0;

const work = async (): Promise<void> => {
  for (let one = cases[next++]; one !== undefined; one = cases[next++]) {
    const { failed, code, words, broken } = await resultOf(one);
    if (failed === null) totals.notReached++;
    else failedIn.set(failed, (failedIn.get(failed) ?? 0) + 1);
    if (code === 0) totals.wentOn++;
    else totals.exited++;
    if (broken.length > 0) totals.broken++;
    process.stdout.write(
      `${nameOf(one)}: ${failed ?? 'nothing failed'}; ${code === 0 ? 'went on' : `${code} ${words}`}\n`,
    );
    for (const sentence of broken) process.stdout.write(`    BROKEN: ${sentence}\n`);
  }
};
await Promise.all(Array.from({ length: Number(values.jobs) }, work));

const files = Object.fromEntries([...failedIn].sort(([a], [b]) => (a < b ? -1 : 1)));
const seconds = Math.round((performance.now() - startedAt) / 1_000);
process.stdout.write(`${JSON.stringify({ ...totals, files, seconds })}\n`);
process.exit(totals.broken === 0 ? 0 : 1);
