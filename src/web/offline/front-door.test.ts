import { expect, test } from 'vitest';
import type { ClusterBrief } from '../../client/index.ts';
import { frontDoorInstead } from './front-door.ts';

const cluster = (front: string | null): ClusterBrief => ({
  epoch: 1,
  primary: 's1',
  front,
  servers: [{ name: 's1', url: 'http://host:5000', role: 'primary', inSync: true, last: 1 }],
});

test('the front door is named at a server’s own address, and nowhere else', () => {
  expect(frontDoorInstead(cluster('http://host:8080/'), 'http://host:5000')).toBe('http://host:8080');
  expect(frontDoorInstead(cluster('http://host:8080'), 'http://host:8080')).toBeNull();
  expect(frontDoorInstead(cluster('http://host:8080'), 'https://chat.example')).toBeNull();
  expect(frontDoorInstead(cluster(null), 'http://host:5000')).toBeNull();
  expect(frontDoorInstead(null, 'http://host:5000')).toBeNull();
});
