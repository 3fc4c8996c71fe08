import { describe, expect, it } from 'vitest';
import { isLocal, isLoopback, isOwnOrigin, mayUseCookie, parseHost } from './origin.ts';

const ports = new Set([5000, 5001, 8080]);

describe('the Host header', () => {
  it.each([
    ['localhost:5000', { hostname: 'localhost', port: 5000 }],
    ['Chat.Example.ORG', { hostname: 'chat.example.org', port: null }],
    ['192.168.1.5:8080', { hostname: '192.168.1.5', port: 8080 }],
    ['[::1]:5000', { hostname: '[::1]', port: 5000 }],
    ['', null],
    [undefined, null],
    ['a b', null],
    ['evil"; script-src *', null],
    ['host:port', null],
    ['user@host', null],
    ['host/path', null],
  ])('%j is read as %j', (header, expected) => {
    expect(parseHost(header)).toEqual(expected);
  });
});

describe('an origin', () => {
  it.each([
    ['http://localhost:5000', 'localhost:5000', true],
    ['http://localhost:5001', 'localhost:5000', true],
    ['http://localhost:8080', 'localhost:5000', true],
    ['http://[::1]:5001', '[::1]:5000', true],
    ['http://LOCALHOST:5001', 'localhost:5000', true],
    ['https://chat.example.org', 'chat.example.org', true],
    ['http://localhost:3000', 'localhost:5000', false],
    ['http://127.0.0.1:5000', 'localhost:5000', false],
    ['http://evil.example:5000', 'localhost:5000', false],
    ['http://localhost.evil.example:5000', 'localhost:5000', false],
    ['http://localhost:5000@evil.example', 'localhost:5000', false],
    ['https://chat.example.org', 'chat.example.org:5000', false],
    ['ftp://localhost:5000', 'localhost:5000', false],
    ['null', 'localhost:5000', false],
    ['', 'localhost:5000', false],
    ['http://localhost:5000', undefined, false],
  ])('%j is of the cluster, asked at %j: %j', (origin, host, expected) => {
    expect(isOwnOrigin(origin, parseHost(host), ports)).toBe(expected);
  });

  it('a cookie without an origin counts, unless the browser says that it crosses sites', () => {
    const host = parseHost('localhost:5000');
    expect(mayUseCookie({ origin: undefined, host, fetchSite: undefined }, ports)).toBe(true);
    expect(mayUseCookie({ origin: undefined, host, fetchSite: 'same-origin' }, ports)).toBe(true);
    expect(mayUseCookie({ origin: undefined, host, fetchSite: 'cross-site' }, ports)).toBe(false);
    expect(mayUseCookie({ origin: 'http://evil.example', host, fetchSite: 'same-origin' }, ports)).toBe(false);
  });
});

describe('what is local', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.168.1.5', false],
    ['127.0.0.1.evil.example', false],
    ['', false],
    [undefined, false],
  ])('%j is loopback: %j', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it('takes a loopback address and a loopback name', () => {
    expect(isLocal('127.0.0.1', parseHost('localhost:5000'))).toBe(true);
    expect(isLocal('::1', parseHost('[::1]:5000'))).toBe(true);
    expect(isLocal('127.0.0.1', parseHost('evil.example:5000'))).toBe(false);
    expect(isLocal('192.168.1.5', parseHost('localhost:5000'))).toBe(false);
    expect(isLocal('127.0.0.1', null)).toBe(false);
  });
});
