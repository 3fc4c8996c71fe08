import { describe, expect, test } from 'vitest';
import { Sender } from './pubsub.ts';
import { defaultSettings } from './settings.ts';

const settings = { ...defaultSettings, maxRetries: 2, ackTimeoutMs: 600 };

describe('a sender', () => {
  test('sends to all subscribers, again to those who have not acknowledged, and gives up after the last timeout', () => {
    const sender = new Sender();
    expect(sender.publish(1, [0, 1], settings, 1_000)).toEqual([
      { message: 1, attempt: 0, subscriber: 0 },
      { message: 1, attempt: 0, subscriber: 1 },
    ]);
    expect(sender.acknowledged(1, 0)).toBeNull();
    expect(sender.nextDueMs).toBe(1_600);
    expect(sender.due(1_599)).toEqual({ transmissions: [], ended: [] });
    expect(sender.due(1_600).transmissions).toEqual([{ message: 1, attempt: 1, subscriber: 1 }]);
    expect(sender.due(2_200).transmissions).toEqual([{ message: 1, attempt: 2, subscriber: 1 }]);
    expect(sender.due(2_799)).toEqual({ transmissions: [], ended: [] });
    expect(sender.due(2_800).ended).toEqual([{ message: 1, confirmed: false, missing: [1] }]);
    expect(sender.nextDueMs).toBeNull();
  });

  test('counts a late ACK, whichever attempt it is for, until it has given up', () => {
    const sender = new Sender();
    sender.publish(1, [0], settings, 0);
    sender.due(1_200);
    expect(sender.acknowledged(1, 0)).toEqual({ message: 1, confirmed: true, missing: [] });
    expect(sender.acknowledged(1, 0)).toBeNull();
    sender.publish(2, [0], settings, 0);
    sender.due(1_800);
    expect(sender.acknowledged(2, 0)).toBeNull();
  });

  test('that slept past several timeouts makes up for each of them, and no more', () => {
    const sender = new Sender();
    sender.publish(1, [0], settings, 0);
    const { transmissions, ended } = sender.due(60_000);
    expect(transmissions.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(ended).toHaveLength(1);
  });

  test('keeps to the settings a message was published with', () => {
    const sender = new Sender();
    sender.publish(1, [0], settings, 0);
    sender.publish(2, [0], { ...settings, ackTimeoutMs: 100, maxRetries: 0 }, 0);
    expect(sender.due(100).ended).toEqual([{ message: 2, confirmed: false, missing: [0] }]);
    expect(sender.nextDueMs).toBe(600);
  });

  test('does not wait for a subscriber that has left', () => {
    const sender = new Sender();
    sender.publish(1, [0, 1], settings, 0);
    sender.publish(2, [1], settings, 0);
    sender.acknowledged(1, 0);
    expect(sender.forget(1).map(({ message, confirmed }) => [message, confirmed])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(sender.inFlight).toBe(0);
  });

  test('refuses a number used twice', () => {
    const sender = new Sender();
    sender.publish(1, [0], settings, 0);
    expect(() => sender.publish(1, [0], settings, 0)).toThrow('published already');
  });
});
