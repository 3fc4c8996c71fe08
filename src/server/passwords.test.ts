import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { limits } from '../protocol/index.ts';
import type { EdgeLimits } from './options.ts';
import { Passwords } from './passwords.ts';

const cheap = (others: Partial<EdgeLimits> = {}): Passwords =>
  new Passwords({ ...limits, passwordMemoryKiB: 64, passwordPasses: 1, ...others });

describe('a password', () => {
  it('matches its own hash only', async () => {
    const passwords = cheap();
    const hash = await passwords.hash('correct horse', randomBytes(16));
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await passwords.matches('correct horse', hash)).toBe(true);
    for (const other of ['correct horse ', 'Correct horse', ''])
      expect(await passwords.matches(other, hash)).toBe(false);
    expect(await passwords.matches('correct horse', await passwords.hash('another', randomBytes(16)))).toBe(false);
  });

  it('has another hash with another salt, and the same with the same', async () => {
    const passwords = cheap();
    const salt = randomBytes(32);
    const hash = await passwords.hash('correct horse', salt);
    expect(await passwords.hash('correct horse', salt)).toBe(hash);
    expect(await passwords.hash('correct horse', randomBytes(32))).not.toBe(hash);
  });

  it('is the same however its characters are composed', async () => {
    const passwords = cheap();
    expect(await passwords.matches('caf\u0065\u0301 olé', await passwords.hash('café olé', randomBytes(16)))).toBe(
      true,
    );
  });

  it('is still known after the parameters of new ones have changed', async () => {
    const hash = await cheap().hash('correct horse', randomBytes(16));
    expect(await cheap({ passwordMemoryKiB: 128, passwordPasses: 2 }).matches('correct horse', hash)).toBe(true);
  });

  it('is checked, and wrong, where there is none', async () => {
    expect(await cheap().matches('correct horse', null)).toBe(false);
  });

  it('has 8 to 200 characters, counted as people do', () => {
    const passwords = cheap();
    for (const fine of ['12345678', '👍'.repeat(8), 'é'.repeat(200)]) passwords.checkForm(fine);
    for (const bad of ['', '1234567', '👍'.repeat(7), 'x'.repeat(201)]) {
      expect(() => passwords.checkForm(bad)).toThrow(expect.objectContaining({ code: 'password-invalid' }));
    }
  });

  it('waits for its turn when many are checked, and is refused when too many wait', async () => {
    const passwords = cheap({ passwordsAtOnceMax: 2, passwordsWaitingMax: 3 });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.matches('x', null)));
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => 'fulfilled'),
      ...Array.from({ length: 3 }, () => 'rejected'),
    ]);
    expect(await passwords.matches('x', null)).toBe(false);
  });
});
