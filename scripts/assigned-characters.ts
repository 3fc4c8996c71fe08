/**
 * `node scripts/assigned-characters.ts`: prints the table of `src/chat/machine/assigned-characters.ts` for the Unicode
 * version that this Node has. To be run on the oldest Node that may run Estafet, and only when that changes: a newer
 * table makes names possible that servers with an older one refuse.
 */
const runs: number[] = [];
let assigned = false;
let begin = 0;
for (let code = 0; code <= 0x110000; code++) {
  const isAssigned = code < 0x110000 && !/\p{Cn}/u.test(String.fromCodePoint(code));
  if (isAssigned === assigned) continue;
  runs.push(code - begin);
  begin = code;
  assigned = isAssigned;
}
const lines = [''];
for (const run of runs) {
  const word = run.toString(36);
  if (lines.at(-1)!.length + word.length > 115) lines.push('');
  lines[lines.length - 1] += `${lines.at(-1) === '' ? '' : ' '}${word}`;
}
process.stdout.write(`Unicode ${process.versions.unicode}\n${lines.join('\n')}\n`);
