/** What a step can do and what its job shows of it: outputs, environment, masks, commands, conditions. */
import { expect, test } from 'vitest';
import { bench, conclusions, logOf } from './bench.ts';

function oneJob(steps: string, more = ''): string {
  return `
on: workflow_dispatch
jobs:
  one:
    runs-on: ubuntu-latest
${more}
    steps:
${steps}`;
}

test('a step hands on several lines by a heredoc, and only its own delimiter ends it', async () => {
  const result = await bench(
    oneJob(
      `
      - id: write
        run: printf 'text<<END_1\\nfirst=1\\nEND\\n<<x\\nEND_1\\nplain=a=b<<c\\n' >> "$GITHUB_OUTPUT"`,
      `    outputs: { text: "\${{ steps.write.outputs.text }}", plain: "\${{ steps.write.outputs.plain }}" }`,
    ),
  ).run();
  expect(result.jobs['one']?.outputs).toEqual({ text: 'first=1\nEND\n<<x', plain: 'a=b<<c' });
});

test('an output file that the runner cannot read fails the step', async () => {
  const result = await bench(
    oneJob(`
      - run: printf 'text<<END\\nno end' >> "$GITHUB_OUTPUT"`),
  ).run();
  expect(result.jobs['one']?.annotations.map((one) => one.message)).toEqual([
    "Invalid value. Matching delimiter not found 'END'",
  ]);
  expect(result.conclusion).toBe('failure');
});

test('variables and paths that a step sets hold for later steps, but GITHUB_ variables stay what they are', async () => {
  const result = await bench(
    oneJob(`
      - run: |
          printf 'COLOUR=green\\nGITHUB_ACTOR=nobody\\n' >> "$GITHUB_ENV"
          mkdir bin && printf '#!/bin/sh\\necho tool' > bin/a-tool && chmod +x bin/a-tool
          echo "$PWD/bin" >> "$GITHUB_PATH"
      - run: echo "$COLOUR $(a-tool) $GITHUB_ACTOR"`),
  ).run();
  expect(logOf(result, 'one')).toBe('green tool ana-dev');
});

test('NODE_OPTIONS cannot be set for later actions', async () => {
  const result = await bench(
    oneJob(`
      - run: echo 'NODE_OPTIONS=--require ./evil.js' >> "$GITHUB_ENV"
      - if: always()
        run: echo "options:$NODE_OPTIONS"`),
  ).run();
  expect(result.conclusion).toBe('failure');
  expect(logOf(result, 'one')).toContain('options:');
  expect(logOf(result, 'one')).not.toContain('options:--require');
});

test('secrets, tokens and masked values are hidden in log, annotations and summary', async () => {
  const secrets = { prod: { API_KEY: 'key-12345' } };
  const result = await bench(
    oneJob(
      `
      - env: { KEY: "\${{ secrets.API_KEY }}", TOKEN: "\${{ github.token }}" }
        run: |
          echo "key $KEY, token $TOKEN, encoded $(printf %s "$KEY" | base64)"
          echo "::add-mask::hunter two"
          echo "now hunter two"
          echo "::error title=with hunter two::it is hunter two"
          echo "summary $KEY" >> "$GITHUB_STEP_SUMMARY"`,
      '    environment: prod',
    ),
    {},
    { secrets },
  ).run();
  const job = result.jobs['one'];
  expect(logOf(result, 'one').split('\n')).toEqual([
    'key ***, token ***, encoded ***',
    'now ***',
    '##[error]it is ***',
  ]);
  expect(job?.annotations).toEqual([
    { level: 'error', message: 'it is ***', title: 'with ***', step: job?.steps[0]?.name },
  ]);
  expect(job?.summary).toBe('summary ***\n');
  expect(JSON.stringify(result)).not.toMatch(/key-12345|hunter two|ghs_token/);
});

test('no half of a masked value remains where two overlap, and each line of a long one is masked', async () => {
  const secrets = { A: 'abcdef', B: 'defghi', KEY: 'first line\nsecond line' };
  const result = await bench(
    oneJob(`
      - id: a
        name: with \${{ secrets.A }}
        run: |
          echo "[abcdefghi] [the second line]"
          echo "value=abcdef" >> "$GITHUB_OUTPUT"`),
  ).run({ secrets });
  expect(logOf(result, 'one')).toBe('[***] [the ***]');
  expect(result.jobs['one']?.steps).toMatchObject([{ name: 'with ***', outputs: { value: '***' } }]);
});

test('an output that holds a masked value does not leave its job, and a warning says so', async () => {
  const result = await bench(`
on: workflow_dispatch
jobs:
  one:
    runs-on: u
    outputs: { safe: "\${{ steps.a.outputs.safe }}", secret: "\${{ steps.a.outputs.secret }}" }
    steps:
      - id: a
        run: |
          echo "::add-mask::hunter2"
          printf 'safe=yes\\nsecret=is hunter2\\n' >> "$GITHUB_OUTPUT"
  two:
    needs: one
    runs-on: u
    steps: [{ run: 'echo "[\${{ needs.one.outputs.safe }}][\${{ needs.one.outputs.secret }}]"' }]
`).run();
  expect(result.jobs['one']?.outputs).toEqual({ safe: 'yes' });
  expect(logOf(result, 'one')).toContain("Skip output 'secret' since it may contain secret.");
  expect(logOf(result, 'two')).toBe('[yes][]');
});

test('between stop-commands and its token nothing that is printed is a command', async () => {
  const result = await bench(
    oneJob(`
      - id: a
        run: |
          echo "::stop-commands::tok3n"
          echo "::error::not an error"
          echo "x ##[set-output name=a;]not an output"
          echo "::tok3n::"
          echo "::warning::a%25 warning%0Aof two lines"`),
  ).run();
  const job = result.jobs['one'];
  expect(job?.annotations).toMatchObject([{ level: 'warning', message: 'a% warning\nof two lines' }]);
  expect(job?.steps[0]?.outputs).toEqual({});
  expect(logOf(result, 'one')).toContain('::error::not an error');
});

test('the older form of a command is obeyed anywhere in a line', async () => {
  const result = await bench(
    oneJob(`
      - run: 'echo "harmless ##[error]from the middle"'`),
  ).run();
  expect(result.jobs['one']?.annotations).toMatchObject([{ level: 'error', message: 'from the middle' }]);
});

test('what only looks like a command is printed as it is', async () => {
  const result = await bench(
    oneJob(`
      - run: |
          echo '::constructor::a'
          echo '::std::vector'
          echo 'std::error::code'`),
  ).run();
  expect(logOf(result, 'one').split('\n')).toEqual(['::constructor::a', '::std::vector', 'std::error::code']);
});

test('the disabled set-env command fails its step', async () => {
  const result = await bench(
    oneJob(`
      - run: echo "::set-env name=A::b"
      - run: echo never`),
  ).run();
  expect(result.jobs['one']?.steps.map((step) => step.conclusion)).toEqual(['failure', 'skipped']);
});

test('after a failure only steps run that ask for it', async () => {
  const result = await bench(
    oneJob(`
      - { name: forgiven, id: forgiven, run: exit 1, continue-on-error: true }
      - { name: sees, run: 'test \${{ steps.forgiven.outcome }}-\${{ steps.forgiven.conclusion }} = failure-success' }
      - { name: fails, run: 'false; true' }
      - { name: skipped, run: 'true' }
      - { name: on failure, if: failure(), run: 'true' }
      - { name: with a condition, if: "github.actor == 'ana-dev'", run: 'true' }
      - { name: always, if: "\${{ always() && github.actor == 'ana-dev' }}", run: 'true' }`),
  ).run();
  const steps = result.jobs['one']?.steps.map((step) => `${step.name}: ${step.conclusion}`);
  expect(steps).toEqual([
    'forgiven: success',
    'sees: success',
    'fails: failure',
    'skipped: skipped',
    'on failure: success',
    'with a condition: skipped',
    'always: success',
  ]);
});

test('a condition that names a context it may not see fails the step', async () => {
  const result = await bench(
    oneJob(`
      - { if: "secrets.A == ''", run: echo never }`),
  ).run();
  expect(conclusions(result)).toEqual({ one: 'failure' });
  expect(logOf(result, 'one')).toContain('secrets');
});

test('env is set for workflow, job and step, the nearest wins, and nothing leaks in from this machine', async () => {
  const workflow = oneJob(
    `
      - env: { C: step }
        run: 'echo "$A $B $C \${{ env.A }}|$VITEST|$SLACK_API_URL"'`,
    '    env: { B: job, C: job }',
  );
  const result = await bench(`env: { A: workflow, B: workflow, C: workflow }${workflow}`).run({
    env: { SLACK_API_URL: 'http://127.0.0.1:9/api/' },
  });
  expect(logOf(result, 'one')).toBe('workflow job step workflow||http://127.0.0.1:9/api/');
});

test('the event file holds the inputs as text, and the inputs context typed', async () => {
  const result = await bench(
    `
on:
  workflow_dispatch:
    inputs:
      text: { type: string, required: true }
      count: { type: number, default: 3 }
      sure: { type: boolean }
jobs:
  one:
    runs-on: u
    steps:
      - run: tr -d ' \\n' < "$GITHUB_EVENT_PATH"
      - if: inputs.sure == false && inputs.count == 3
        run: echo "typed"
`,
  ).run({ inputs: { text: 'a' } });
  expect(logOf(result, 'one')).toContain('"inputs":{"text":"a","count":"3","sure":"false"}');
  expect(logOf(result, 'one')).toContain('typed');
});
