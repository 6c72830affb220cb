/** Input of clients with bad intent, or with a broken program. */

const LONG = 10_000
const HUGE = 70_000
const DEEP = 20_000

/** Marks for texts that no JavaScript value has. They are replaced in the JSON text when it is written. */
const DEEP_MARK = '@@deep@@'
const PROTO_MARK = '@@proto@@'
const HUGE_NUMBER_MARK = '@@huge-number@@'

export const STRINGS: readonly string[] = [
  '',
  ' ',
  '0',
  'null',
  'a'.repeat(LONG),
  'é'.repeat(200),
  '\u0000',
  'a\u0000b',
  'a\r\nX-Injected: 1',
  '\ud800',
  '\udfff\ud800 reversed',
  '👩‍👩‍👧‍👦'.repeat(30),
  '\u202eoediv.exe',
  '\ufeff\u200b',
  "'; DROP TABLE orders; --",
  '" OR 1=1 --',
  '{{7*7}}<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  '../../../etc/passwd',
  '%00%2e%2e%2f',
  '/\\~0~1',
  '.',
  '..',
  'caf\ufffd',
  '2016-12-31T23:59:60Z',
  '2026-11-23t12:00:00.1234567890123z',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
]

export const NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  0.1 + 0.2,
  0.001,
  1e-7,
  1.005,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  Number.MIN_SAFE_INTEGER,
  2 ** 31,
  2 ** 53 / 100,
  1e21,
  1e308,
  -1e308,
  5e-324,
]

export const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  { length: -1 },
  { toString: 1 },
  { [PROTO_MARK]: { isAdmin: true } },
  { constructor: { prototype: { isAdmin: true } } },
  DEEP_MARK,
  HUGE_NUMBER_MARK,
  Array.from({ length: 5_000 }, () => 0),
  Array.from({ length: 101 }, () => ({ productId: 'P001', quantity: 1 })),
  ...NUMBERS,
  ...STRINGS,
]

/** Fields that an attacker may hope the system copies: prices, owners, states and inherited members. */
export const FIELDS: readonly string[] = [
  'unitPrice',
  'client',
  'status',
  'orderId',
  'scopes',
  'isAdmin',
  PROTO_MARK,
  'constructor',
  'prototype',
  '',
  'a/b~c',
  '\ud800',
  'x'.repeat(300),
]

/** Bodies that are not JSON, or JSON that our programs would never write. */
export const BODIES: readonly string[] = [
  '',
  ' ',
  '{',
  '}',
  '{"items":',
  '[1,]',
  "{'items':[]}",
  'undefined',
  'NaN',
  '{"a":1}{"b":2}',
  '\ufeff{}',
  '{"a":"\u0001"}',
  '{"\\ud800":1}',
  'a=1&b=2',
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  'null',
  'true',
  '0',
  '"text"',
  '[]',
  '{}',
  `{"a":"${'a'.repeat(HUGE)}"}`,
  '['.repeat(DEEP),
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  '{"__proto__":{"items":[{"productId":"P001","quantity":1}]}}',
  '{"items":[{"productId":"P001","quantity":1}],"metadata":{"__proto__":"a","constructor":"b"}}',
  '{"items":[{"productId":"P001","quantity":1}],"metadata":{"\\udc00":"\\ud800"}}',
  '{"items":[{"productId":"..","quantity":1}]}',
  '{"eventType":"OrderPlaced","orderId":"..","currency":"EUR","__proto__":null}',
  '[{"specversion":null,"eventType":"OrderPlaced"},{"specversion":"1.0","schemaversion":[2]}]',
  '{"items":[{"productId":"P001","quantity":1}],"items":[]}',
  '{"items":[],"items":[{"productId":"P001","quantity":1}]}',
  '{"delta":1,"delta":-1}',
  '{"amount":1,"amount":1e999}',
]

/** Bodies that are not UTF-8, or that begin with a byte order mark, which has no meaning there. */
export const BYTES: readonly Uint8Array[] = [
  [0xff],
  [0x22, 0xe9, 0x22],
  [0x22, 0xe2, 0x82, 0x22],
  [0x7b, 0x22, 0xc1, 0xa1, 0x22, 0x3a, 0x31, 0x7d],
  [0x22, 0xed, 0xa0, 0x80, 0x22],
  [0xef, 0xbb, 0xbf],
  [0xef, 0xbb, 0xbf, 0x7b, 0x7d],
  [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x7b, 0x7d],
  [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00],
].map((bytes) => Uint8Array.from(bytes))

/**
 * Bytes that are never UTF-8: a single continuation byte, an overlong letter, half of a surrogate pair, a cut
 * character.
 */
export const NO_UTF_8: readonly (readonly number[])[] = [
  [0xff],
  [0xc1, 0xa1],
  [0xed, 0xa0, 0x80],
  [0xe2, 0x82],
]

export const ENCODINGS: readonly string[] = ['gzip', 'br', 'deflate, identity', 'utf-8', 'identity', '']

/** Values of `ce-` headers: encoded, quoted, and with errors in both. */
export const ATTRIBUTES: readonly string[] = [
  '',
  'fuzz-1',
  '"fuzz-1"',
  'fuzz%2D1',
  '%E2%82%AC',
  '%C0%A0',
  '%ED%A0%80',
  '%FF',
  '50%',
  '%zz',
  '"open',
  '"two" "parts"',
  '\u00e9',
  '1',
  '"2"',
  '[2]',
  'null',
  '2016-12-31T23:59:60Z',
  '00-00000000000000000000000000000000-7d416f4113cf5ce1-01',
  'cc-16d8fe903483a4d2a8dd65bf491ea84d-7d416f4113cf5ce1-01-later',
]

/** Segments of a path, as they are sent. */
export const SEGMENTS: readonly string[] = [
  '..',
  '.',
  '%00',
  '%2F',
  '%2e%2e%2f',
  '%',
  '%zz',
  '%ff',
  '%20',
  '%25',
  '%ED%A0%80',
  '%F0%9F%92%B8',
  'a'.repeat(4_000),
  '-1',
  '0',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'ord_0_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  'ord_9_01m84a7ddbgcw5hya69jnnc6vj',
  'ord_0_01m84a7ddbgcw5hya69jnnc6vj',
  'ord__',
  "'%20OR%201=1",
  ';a=b',
  '*',
  'redrive',
]

export const QUERY_VALUES: readonly string[] = [
  '',
  '0',
  '-1',
  '101',
  '1e2',
  '0x10',
  '1.5',
  'NaN',
  '99999999999999999999',
  'a'.repeat(2_000),
  '%00',
  '%',
  '%ff',
  '%F0%9F%92%B8',
  '%ED%A0%80',
  '%C0%A0',
  'a%C3',
  "'--",
  'W10',
  'WyIiXQ',
  'bnVsbA',
  'eyJhIjoxfQ',
  'WzEsMl0',
  '[]',
]

/** A header's value has no control characters, and only characters of Latin-1. */
export const HEADER_VALUES: readonly string[] = [
  '',
  ' ',
  'a b',
  '\u00e9\u00ff',
  'x'.repeat(256),
  'x'.repeat(4_000),
  '*',
  '"',
  'W/"1"',
  '"1", "2"',
  'wait=0',
  'wait=31',
  'wait=-1',
  'wait=1e9',
  'wait=1, respond-async',
  'wait',
  '00-00000000000000000000000000000000-0000000000000000-00',
  '00-zz-zz-zz',
  'ff-16d8fe903483a4d2a8dd65bf491ea84d-7d416f4113cf5ce1-01-x',
  'cc-16d8fe903483a4d2a8dd65bf491ea84d-7d416f4113cf5ce1-01-later',
  '__proto__',
  'no/such/event',
]

export const MEDIA_TYPES: readonly string[] = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/json; charset=utf-16',
  'application/vnd.api+json',
  'application/merge-patch+json',
  'application/cloudevents-batch+json',
  'json',
  ';',
  '*/*',
]

/** The JSON text of a value, with each mark replaced by its text. */
export const jsonOf = (value: unknown): string =>
  (JSON.stringify(value) ?? '')
    .replaceAll(`"${DEEP_MARK}"`, () => `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`)
    .replaceAll(`"${HUGE_NUMBER_MARK}"`, '1e999')
    .replaceAll(`"${PROTO_MARK}":`, '"__proto__":')
