/** A long, mixed log for measurements: JSON, access log, stack traces, plain lines; one secret in 500 lines. */
import { CLOUD } from './cloud.ts';
import { CREDENTIALS } from './credentials.ts';
import { placed } from './places.ts';
import { SAAS } from './saas.ts';
import { BASE62, type Chance, chanceOf, HEX, LOWER, sampleOf } from './sample.ts';

export const LINES_PER_SECRET = 500;
/** So many blocks are made and then repeated, with other digits; about 65 KB each. */
const BLOCKS = 32;
/** Stands where every repetition has other digits: the time, durations, counters. */
const VARYING = '\u0000';

const time = `2026-03-12T1${VARYING}:2${VARYING}:3${VARYING}.${VARYING.repeat(3)}Z`;
const path = (c: Chance) =>
  c.one(['/api/v1/orders', '/api/v1/users/me', '/healthz', '/static/app.js', '/api/v2/search?q=shoes&page=2']);
const address = (c: Chance) => `203.0.113.${c.below(250)}`;
const trace = (c: Chance) => c.of(HEX, 32);

/** Weights as a service with a proxy before it has them. */
const KINDS: readonly ((c: Chance) => string[])[] = [
  (c) => [
    `{"level":"info","time":"${time}","pid":17,"trace":"${trace(c)}","msg":"request completed","method":"GET","path":"${path(c)}","status":200,"ms":${VARYING.repeat(2)}}`,
  ],
  (c) => [
    `{"level":"debug","time":"${time}","component":"db","query":"SELECT id, total FROM orders WHERE id = $1","rows":${c.below(90)},"ms":${VARYING}}`,
  ],
  (c) => [
    `{"timestamp":"${time}","severity":"WARNING","message":"slow response","labels":{"pod":"api-${c.of(HEX, 9)}-${c.of(LOWER, 5)}","node":"n${VARYING}"},"bytes":${VARYING.repeat(5)}}`,
  ],
  (c) => [
    `${address(c)} - - [12/Mar/2026:10:2${VARYING}:3${VARYING} +0000] "GET ${path(c)} HTTP/1.1" 200 ${VARYING.repeat(4)} "https://shop.example.com/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"`,
  ],
  (c) => [
    `time=${time} level=info msg="cache hit" key=orders:${VARYING.repeat(6)} ttl=${c.below(900)}s size=${VARYING.repeat(4)}`,
  ],
  (c) => [
    `${time} INFO  [worker-${c.below(8)}] com.example.shop.OrderService - order ${VARYING.repeat(7)} moved to PAID in ${VARYING.repeat(2)} ms`,
  ],
  (c) => [
    `I0312 10:2${VARYING}:3${VARYING}.${VARYING.repeat(6)}       1 controller.go:${c.below(400)}] "Reconciled" deployment="prod/api" revision=${VARYING.repeat(3)} uid="${[8, 4, 4, 4, 12].map((n) => c.of(HEX, n)).join('-')}"`,
  ],
  (c) => [
    `  npm http fetch GET 200 https://npm.example.com/lodash ${VARYING.repeat(3)}ms (cache hit) sha512-${c.of(BASE62, 86)}==`,
  ],
];

/** Every 24th entry. */
const TRACES: readonly ((c: Chance) => string[])[] = [
  (c) => [
    `${time} ERROR [main] com.example.shop.Checkout - Could not reserve stock`,
    'java.util.concurrent.TimeoutException: no answer within 3000 ms',
    ...Array.from({ length: 14 }, () => {
      const name = c.one(['Stock', 'Order', 'Payment', 'Cart', 'Session', 'Mail']);
      return `\tat com.example.shop.${name}Client.${c.one(['call', 'send', 'apply'])}(${name}Client.java:${c.below(400)})`;
    }),
    'Caused by: java.net.SocketTimeoutException: Read timed out',
  ],
  (c) => [
    "TypeError: Cannot read properties of undefined (reading 'total')",
    ...Array.from(
      { length: 8 },
      () =>
        `    at ${c.one(['render', 'reduce', 'Layer.handle'])} (/app/node_modules/express/lib/router/layer.js:${c.below(300)}:${c.below(60)})`,
    ),
  ],
];

interface Block {
  bytes: Buffer;
  /** Where the digits go. */
  holes: Uint32Array;
}

/** {@link LINES_PER_SECRET} lines, one of which (or the lines it needs) holds a secret. */
function blockOf(chance: Chance): Block {
  const lines: string[] = [];
  while (lines.length < LINES_PER_SECRET - 1)
    lines.push(...chance.one(chance.below(24) === 0 ? TRACES : KINDS)(chance));
  lines.length = LINES_PER_SECRET - 1;
  lines.splice(chance.below(lines.length), 0, secretLine(chance));
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const holes: number[] = [];
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, at + 1)) holes.push(at);
  return { bytes, holes: Uint32Array.from(holes) };
}

function secretLine(chance: Chance): string {
  const format = chance.one([...CLOUD, ...SAAS, ...CREDENTIALS]);
  const text = sampleOf('', placed(format.make(chance), format, chance.below(100), false, chance)).text;
  return text.replace(/\n+$/, '');
}

/** Pieces of such a log, `bytes` bytes together (the last line may be cut), the same for the same seed. */
export function* logStream(bytes: number, seed: number): Generator<Buffer> {
  const chance = chanceOf(seed);
  const blocks: Block[] = [];
  // A small generator of its own: this loop is what must be fast.
  let state = seed | 1;
  for (let left = bytes, turn = 0; left > 0; turn++) {
    const block = blocks[turn % BLOCKS] ?? blockOf(chance);
    blocks[turn % BLOCKS] = block;
    const piece = Buffer.from(block.bytes);
    for (const hole of block.holes) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      piece[hole] = 48 + ((state >>> 16) % 10);
    }
    yield left < piece.length ? piece.subarray(0, left) : piece;
    left -= piece.length;
  }
}
