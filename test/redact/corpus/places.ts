/** Where values stand in logs: lines of many kinds of program, each with a hole for a value. */
import { type Chance, DIGITS, type Format, HEX, isMarked, LOWER, mark } from './sample.ts';

/** The hole's content is a marked value; a place may also speak for itself to detectors that look at surroundings. */
interface Place {
  kind: string;
  write(marked: string, chance: Chance): string;
  /** The detectors that also may claim what stands there: an `Authorization` header's value is one whatever it is. */
  also?: readonly string[];
}

const clock = (c: Chance) =>
  `2026-03-${10 + c.below(20)}T${10 + c.below(14)}:${10 + c.below(50)}:${10 + c.below(50)}.${100 + c.below(900)}Z`;
const pod = (c: Chance) => `api-${c.of(HEX, 9)}-${c.of(LOWER, 5)}`;

/** Lines that say nothing of what the value is. */
const NEUTRAL: Place[] = [
  { kind: 'alone', write: (value) => value },
  { kind: 'end of a line', write: (value, c) => `${clock(c)} INFO  worker-${c.below(9)} got ${value}\n` },
  {
    kind: 'end of a line of Windows',
    write: (value) => `The handshake used ${value}\r\nThe next line says nothing.\r\n`,
  },
  {
    kind: 'JSON log',
    write: (value, c) =>
      `{"level":"info","time":"${clock(c)}","pid":${c.below(9999)},"msg":"loaded","value":"${value}"}`,
  },
  {
    kind: 'JSON within JSON',
    write: (value, c) =>
      JSON.stringify({ log: JSON.stringify({ event: 'boot', config: value }), stream: 'stdout', time: clock(c) }),
  },
  {
    kind: 'logfmt',
    write: (value, c) => `ts=${clock(c)} level=warn caller=main.go:${c.below(400)} msg="bad value" got=${value}`,
  },
  {
    kind: 'access log',
    write: (value, c) =>
      `- - [12/Mar/2026:10:${10 + c.below(49)}:07 +0000] "GET /v1/items?q=${value}&page=${c.below(9)} HTTP/1.1" 200 ${c.below(9999)} "-" "curl/8.6.0"`,
  },
  {
    kind: 'stack trace of Java',
    write: (value, c) =>
      `java.lang.IllegalStateException: rejected value ${value}\n\tat com.example.app.Client.call(Client.java:${c.below(300)})\n\tat java.base/java.lang.Thread.run(Thread.java:1583)`,
  },
  {
    kind: 'stack trace of Python',
    write: (value, c) =>
      `Traceback (most recent call last):\n  File "/app/main.py", line ${c.below(300)}, in <module>\n    run('${value}')\nRuntimeError: refused`,
  },
  {
    kind: 'stack trace of Node.js',
    write: (value, c) => `Error: refused: "${value}"\n    at load (/app/dist/index.js:${c.below(900)}:${c.below(80)})`,
  },
  { kind: 'YAML', write: (value) => `spec:\n  template:\n    value: ${value}\n    replicas: 3` },
  { kind: 'list of YAML', write: (value) => `args:\n  - "${value}"\n  - --verbose` },
  { kind: 'shell transcript', write: (value) => `$ ./deploy.sh prod ${value}\n+ echo done\ndone` },
  { kind: 'trace of a shell', write: (value) => `+ export VALUE=${value}\n+ VALUE=${value}` },
  {
    kind: 'SQL dump',
    write: (value, c) =>
      `INSERT INTO \`settings\` VALUES (${c.below(999)},'app','${value}',NULL,'2026-01-31 12:00:00'),(${c.below(999)},'x','y',NULL,NULL);`,
  },
  {
    kind: 'kubectl',
    write: (value, c) =>
      `NAME                    READY   STATUS\n${pod(c)}   1/1     Running\n    Environment:\n      SETTING:  ${value}\n    Mounts:  <none>`,
  },
  {
    kind: 'Windows event',
    write: (value, c) =>
      `<Event><System><EventID>${4000 + c.below(800)}</EventID><Computer>WEB-0${c.of(DIGITS, 1)}</Computer></System><EventData><Data Name="Value">${value}</Data></EventData></Event>`,
  },
  {
    kind: 'syslog',
    write: (value, c) => `<34>Mar ${1 + c.below(28)} 22:14:15 web su[${c.below(9999)}]: value '${value}' was refused`,
  },
  { kind: 'Markdown', write: (value) => `Please look at \`${value}\`, it fails.` },
  { kind: 'prose', write: (value) => `It used (${value}).` },
  { kind: 'end of a sentence', write: (value) => `Somebody pasted ${value}.` },
  { kind: 'terminal colours', write: (value) => `\u001b[32minfo\u001b[39m: using \u001b[1m${value}\u001b[22m now` },
  { kind: 'HTML', write: (value) => `<tr><td>value</td><td>${value}</td></tr>` },
  { kind: 'CSV', write: (value, c) => `${c.below(99)},ana,${value},2026-03-01\n${c.below(99)},bo,,2026-03-02` },
  { kind: 'query in a URL', write: (value) => `https://api.example.com/v2/check?a=1&ref=${value}#top` },
  { kind: 'dump of an object', write: (value) => `{ id: 7, value: '${value}', nested: [Object] }` },
  { kind: 'repr of Python', write: (value) => `{'id': 7, 'value': '${value}', 'ok': True}` },
  { kind: 'debug of Rust', write: (value) => `Config { retries: 3, value: "${value}" }` },
  { kind: 'diff', write: (value) => `@@ -1,2 +1,2 @@\n-value = "old"\n+value = "${value}"` },
  { kind: 'line end written as \\n', write: (value) => `{"err":"refused:\\n${value}\\n    at load (index.js:7:1)"}` },
  { kind: 'tab written as \\t', write: (value) => `"refused:\\t${value}\\tfor good"` },
  { kind: 'twice in a line', write: (value) => `retry with ${value}, again with ${value}, gave up` },
];

/** Lines that say that the value is a secret. */
const TELLING: Place[] = [
  { kind: 'environment', write: (value) => `export SERVICE_TOKEN=${value}`, also: ['secret'] },
  { kind: 'JSON secret', write: (value) => `{"service":"x","apiKey":"${value}","retries":3}`, also: ['secret'] },
  { kind: 'YAML secret', write: (value) => `service:\n  token: "${value}"\n  retries: 3`, also: ['secret'] },
  { kind: 'option', write: (value) => `$ deploy --token=${value} --region eu`, also: ['secret'] },
  { kind: 'bearer', write: (value) => `> Authorization: Bearer ${value}\n> Accept: */*`, also: ['authorization'] },
  {
    kind: 'curl',
    write: (value) => `curl -sS -H 'Authorization: Bearer ${value}' https://api.example.com/v1`,
    also: ['authorization'],
  },
];

/** Wraps whole lines, which bring their own surroundings. */
const WRAPPING: Place[] = [
  { kind: 'alone', write: (line) => line },
  { kind: 'with time and level', write: (line, c) => `${clock(c)} DEBUG [main-${c.below(9)}] ${line}` },
  {
    kind: 'JSON log',
    write: (line, c) => JSON.stringify({ level: 30, time: 1_773_000_000_000 + c.below(1e9), msg: line }),
  },
  { kind: 'between lines', write: (line) => `The first line.\n${line}\nThe last line.\n` },
  { kind: 'indented with the end of Windows', write: (line) => `    ${line}\r\n` },
  { kind: 'log of a container', write: (line, c) => `[pod/${pod(c)}/app] ${line}` },
  {
    kind: 'JSON within JSON',
    write: (line, c) => JSON.stringify({ log: `${JSON.stringify({ msg: line })}\n`, time: clock(c) }),
  },
  { kind: 'terminal colours', write: (line) => `\u001b[33m${line}\u001b[0m` },
];

/** Sets a value, or a text with marks, into a place that suits the `index`th sample; `personal` data is never announced. */
export function placed(value: string, { detector }: Format, index: number, personal: boolean, chance: Chance): string {
  if (isMarked(value)) return at(WRAPPING, index).write(value, chance);
  const telling = !personal && index % 3 === 2;
  const place = telling ? at(TELLING, Math.floor(index / 3)) : at(NEUTRAL, index);
  return place.write(mark(value, detector, ...(place.also ?? [])), chance);
}

function at(places: readonly Place[], index: number): Place {
  const place = places[index % places.length];
  if (place === undefined) throw new RangeError('There are no places.');
  return place;
}
