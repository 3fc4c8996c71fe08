/**
 * Prints what the golden logs come to on this Node and in this environment, and which environment it takes that for.
 * With `--names`, also what each character does to a name, which takes some seconds.
 */
import { hashOfNames, replayAll } from './golden-log.ts';

const { timeZone: zone, locale } = new Intl.DateTimeFormat().resolvedOptions();
const names = process.argv.includes('--names') ? { names: hashOfNames() } : {};
process.stdout.write(`${JSON.stringify({ zone, locale, logs: replayAll(), ...names })}\n`);
