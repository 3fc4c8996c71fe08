import { describe, expect, test } from 'vitest';
import { isThisDeviceOnly, joinAddress } from './join-address.ts';

describe('the address that others join by', () => {
  test('is the front door’s, whichever server this page came from', () => {
    expect(joinAddress('http://10.0.0.5:8080', 'http://10.0.0.5:5001')).toBe('http://10.0.0.5:8080');
  });

  test('is this page’s where there is no front door, or only one that others cannot reach', () => {
    expect(joinAddress(null, 'http://10.0.0.5:5001')).toBe('http://10.0.0.5:5001');
    expect(joinAddress('http://localhost:8080', 'http://10.0.0.5:5001')).toBe('http://10.0.0.5:5001');
  });

  test.each(['http://localhost:8080', 'http://127.0.0.1:5000', 'http://[::1]:8080', 'http://chat.localhost'])(
    '%s leads nobody here from another device',
    (address) => expect(isThisDeviceOnly(address)).toBe(true),
  );

  test.each(['http://10.0.0.5:8080', 'https://chat.example.org', 'http://localhost.example.org', 'http://box.local'])(
    '%s may',
    (address) => expect(isThisDeviceOnly(address)).toBe(false),
  );
});
