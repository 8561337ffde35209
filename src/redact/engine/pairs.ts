/** Pairs of bytes, and how often logs hold them. */
import type { Chars } from './input.ts';

/** The place within the sequence, odd or even, whose pair is seldom met. */
export function rarestPair(sets: readonly Chars[], parity: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let place = parity; place + 1 < sets.length; place += 2) {
    let often = 0;
    forEachPair(sets[place] ?? NOTHING, sets[place + 1] ?? NOTHING, (pair) => {
      often += frequency(pair);
    });
    if (often < least) [best, least] = [place, often];
  }
  return best;
}

export const NOTHING: Chars = new Uint8Array(256);
export const ANYTHING: Chars = new Uint8Array(256).fill(1);
export const DIGIT_SET: Chars = new Uint8Array(256).fill(1, 0x30, 0x3a);
const twoBytes = new Uint8Array(2);
const oneWord = new Uint16Array(twoBytes.buffer);

/** Visits each pair of one byte of the first set and one of the second. */
export function forEachPair(first: Chars, second: Chars, visit: (pair: number) => void): void {
  const seconds = membersOf(second);
  for (const one of membersOf(first)) for (const two of seconds) visit(pairOf(one, two));
}

const SETS = new Map<string, Chars>();

/** The one object for all sets of the same bytes: what is found out of it is found out once. */
export function shared(set: Chars): Chars {
  const key = Buffer.from(set.buffer, set.byteOffset, set.length).toString('latin1');
  const known = SETS.get(key) ?? set;
  SETS.set(key, known);
  return known;
}

const MEMBERS = new WeakMap<Chars, number[]>();

/** The bytes of a set. */
export function membersOf(set: Chars): number[] {
  let members = MEMBERS.get(set);
  if (members === undefined) {
    members = [];
    for (let byte = 0; byte < 256; byte++) if (set[byte] === 1) members.push(byte);
    MEMBERS.set(set, members);
  }
  return members;
}

/** The two bytes as this machine reads them at once. */
function pairOf(one: number, two: number): number {
  twoBytes[0] = one;
  twoBytes[1] = two;
  return oneWord[0] ?? 0;
}

/** What logs look like, to tell often met pairs from rare ones. */
const SAMPLE = `2026-01-31T12:00:00.123Z INFO [main] com.example.orders.OrderService - order 48213 shipped in 12 ms
{"level":"info","time":1769860800000,"msg":"request completed","request":{"method":"GET","url":"/api/v1/orders?page=2","id":"7f3c"},"status":200,"duration":12.5}
10.0.0.1 - - [31/Jan/2026:12:00:00 +0000] "GET /static/app.js HTTP/1.1" 200 5321 "https://example.com/start" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
    at Object.<anonymous> (/app/node_modules/express/lib/router/index.js:284:15)
java.lang.IllegalStateException: Connection refused to the database after 3 retries
level=warn ts=2026-01-31T12:00:01.456Z caller=server.go:120 component=storage err="context deadline exceeded" trace=4f9c07d2e8b1a653
the user could not be found in the cache, the key has expired and the token was refreshed; next step: deploy
time=2026-03-12T10:23:45.678Z level=info msg="cache hit" key=orders:482133 ttl=300s size=2048 host=api.example.com path=/static/app.js
I0312 10:23:45.123456       1 controller.go:114] "Reconciled" deployment="prod/api" revision=17 uid="8954b659-635e-7f7e-6a30-6ac5be5485a0"
\tat com.example.shop.PaymentClient.call(PaymentClient.java:87) ~[app.jar:1.4.2] https://shop.example.org/search?q=all&page=2#top
{"timestamp":"2026-03-12T10:23:45.678Z","severity":"WARNING","message":"slow response","labels":{"pod":"api-7f9c","node":"n3"},"bytes":18234}
npm http fetch GET 200 https://registry.example.com/lodash 123ms (cache hit) sha512-k7RmX2vQ9dLw4TzB8nYc3HsF6pJg5KtV1xZqDuWoNe==
Failed to pull image: context deadline exceeded, back-off restarting failed container; last state: terminated, exit code 137\n`;

const bytesOften = new Float64Array(256).fill(1);
const pairsOften = new Map<number, number>();
const sample = Buffer.from(SAMPLE);
sample.forEach((byte, at) => {
  bytesOften[byte] = (bytesOften[byte] ?? 0) + 1;
  const pair = pairOf(byte, sample[at + 1] ?? 0);
  pairsOften.set(pair, (pairsOften.get(pair) ?? 0) + 1);
});

const OFTEN = new WeakMap<Chars, number>();

/** How often a byte of the set is met. */
export function oftenOf(set: Chars): number {
  const often = OFTEN.get(set) ?? membersOf(set).reduce((sum, byte) => sum + (bytesOften[byte] ?? 0), 0);
  OFTEN.set(set, often);
  return often;
}

function frequency(pair: number): number {
  oneWord[0] = pair;
  const chance = ((bytesOften[twoBytes[0] ?? 0] ?? 1) * (bytesOften[twoBytes[1] ?? 0] ?? 1)) / sample.length;
  return (pairsOften.get(pair) ?? 0) + 0.2 * chance;
}
