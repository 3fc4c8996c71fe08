import { expect, test } from 'vitest';
import { openMemoryLogs } from '../../../log/memory/index.ts';
import { limits } from '../../../protocol/index.ts';
import { delegate, until } from '../../test-kit.ts';
import { Relay } from './relay.ts';

const relays = (
  drops: (number: number) => boolean = () => false,
  given: Partial<Record<keyof typeof limits, number>> = {},
) => {
  const heard: [string, string][] = [];
  const lost: number[] = [];
  const tooLong: number[] = [];
  let casts = 0;
  const made = openMemoryLogs(['s1', 's2', 's3']).map((log, at) => {
    const own = delegate(log, {
      onCast: (handler) =>
        log.onCast((topic, body, from) => {
          if (at !== 1 || !drops(casts++)) handler(topic, body, from);
        }),
    });
    return new Relay(own, { ...limits, ...given }, at + 7, {
      heard: (_, text) => heard.push([`s${at + 1}`, text]),
      lost: (_, count) => lost.push(count),
      tooLong: (_, bytes) => tooLong.push(bytes),
    });
  });
  return { made, heard, lost, tooLong, casts: () => casts };
};

test('texts come in order, to whom they are for, and many in one cast', async () => {
  const { made, heard, casts } = relays();
  const [one] = made;
  for (let n = 0; n < 100; n++) one!.send('s2', `to s2 ${n}`);
  one!.sendAll('to all');
  one!.send('s3', 'to s3');
  await until(() => heard.length === 103);
  const of = (server: string) => heard.flatMap(([to, text]) => (to === server ? [text] : []));
  expect(of('s2')).toEqual([...Array.from({ length: 100 }, (_, n) => `to s2 ${n}`), 'to all']);
  expect(of('s3')).toEqual(['to all', 'to s3']);
  expect(casts()).toBe(3);
});

test('a text longer than a cast comes whole, in any script', async () => {
  const { made, heard } = relays();
  const text = '𝄞 é 学 '.repeat(5_000);
  made[0]!.send('s2', text);
  made[0]!.send('s2', 'after');
  await until(() => heard.length === 2);
  expect(heard.map(([, got]) => got)).toEqual([text, 'after']);
});

test('what is lost is counted, a text of which a part is lost is not heard, and the next one is', async () => {
  const { made, heard, lost, casts } = relays((number) => number === 2 || number === 4);
  made[0]!.send('s2', 'x'.repeat(4_000 * 4));
  await until(() => lost.length === 1);
  made[0]!.send('s2', 'short');
  await until(() => casts() === 5);
  made[0]!.send('s2', 'heard');
  await until(() => heard.length > 0);
  expect(heard).toEqual([['s2', 'heard']]);
  expect(lost).toEqual([1, 1]);
});

test('a text longer than it may be is said to be, and is missed', async () => {
  const { made, heard, lost, tooLong } = relays(undefined, { labRelayPartsMax: 2 });
  made[0]!.send('s2', 'x'.repeat(10_000));
  made[0]!.send('s3', 'next');
  await until(() => heard.length === 1);
  expect(tooLong).toEqual([10_000]);
  made[0]!.send('s2', 'and next');
  await until(() => heard.length === 2);
  // Nobody had heard anything before, so there was no gap to see; from here on there is.
  expect(lost).toEqual([]);
  made[0]!.send('s2', 'x'.repeat(10_000));
  made[0]!.send('s2', 'last');
  await until(() => lost.length === 2);
});
