/** What YAML allows and a policy does not, and where a mistake of either is. */
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';

/** As `line:column place: message`. */
function problems(text: string): string[] {
  const loaded = loadPolicy(text, { apiIsLoopback: false });
  return loaded.ok ? [] : loaded.problems.map((one) => `${one.line}:${one.column} ${one.path}: ${one.message}`);
}

const DIRECTIVE = 'A %YAML directive is not read in a policy; remove it.';
const NO_NAME = 'A key must be a plain name.';
const ALIAS = 'Aliases (*name) are not read in a policy; write the value out here.';
const reserved = (key: string) => `${key} cannot be a key here; choose another name.`;
const tag = (name: string) => `Tags (${name}) are not read in a policy; write the value as it is.`;

describe('a policy is refused, and judged no further, with', () => {
  it.each<[what: string, text: string, expected: string[]]>([
    ['a directive', '%YAML 1.1\n---\nversion: 1\n', [`1:1 : ${DIRECTIVE}`]],
    ['a tag that YAML knows', 'a: 1\nb:\n  c: !!str x\n', [`3:12 : ${tag('tag:yaml.org,2002:str')}`]],
    [
      'a tag that nobody knows',
      'a: !danger 1\n',
      ['1:4 : This is not valid YAML: Unresolved tag: !danger.', `1:12 : ${tag('!danger')}`],
    ],
    ['an alias', 'a: &x 1\nb: *x\n', [`2:4 : ${ALIAS}`]],
    ['a list for a key', 'a: 1\n? [b]\n: 2\n', [`2:3 : ${NO_NAME}`]],
    ['a mapping for a key', '{ {a: 1}: 2 }', [`1:3 : ${NO_NAME}`]],
    ['a merge key', 'a:\n  <<: { b: 1 }\n', [`2:3 : ${reserved('<<')}`]],
    [
      'keys that JavaScript reserves',
      'a: { __proto__: 1, constructor: 2 }\nb:\n- prototype: 3\n',
      [`1:6 : ${reserved('__proto__')}`, `1:20 : ${reserved('constructor')}`, `3:3 : ${reserved('prototype')}`],
    ],
    [
      'several documents',
      'a: 1\n---\nb: 1\n',
      ['2:1 : This is not valid YAML: Source contains multiple documents; please use YAML.parseAllDocuments().'],
    ],
    ['a tab for indentation', 'a: 1\n\tb: 2\n', ['2:1 : This is not valid YAML: Tabs are not allowed as indentation.']],
    [
      'a character that begins no value',
      'a: @b\n',
      ['1:4 : This is not valid YAML: Plain value cannot start with reserved character @.'],
    ],
    [
      'more characters than are read',
      '#'.repeat(200_001),
      ['1:1 : The policy has 200001 characters; at most 200000 are read.'],
    ],
    ['too many brackets', '['.repeat(501), ['1:1 : The policy is nested deeper than 500 levels.']],
    ['too many braces', '{a: '.repeat(501), ['1:1 : The policy is nested deeper than 500 levels.']],
    ['too deep an indentation', `a:\n${'- '.repeat(251)}x\n`, ['1:1 : The policy is nested deeper than 500 levels.']],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
  it('the same key twice, which is judged further', () => {
    expect(problems('version: 1\nversion: 2\n').slice(0, 2)).toEqual([
      '1:1 people: "people" is missing; write it here.',
      '1:1 targets: "targets" is missing; write it here.',
    ]);
    expect(problems('version: 1\nversion: 2\n')).toContain(
      '2:1 : This key stands twice in the same mapping; remove one.',
    );
  });
});

describe('a policy is read, and judged by what it says, with', () => {
  it.each<[what: string, text: string]>([
    ['as many characters as are read', `${'#'.repeat(199_999)}\n`],
    ['brackets that end before the next begin', `a: [${'[],'.repeat(600)}]\n`],
    ['braces that end before the next begin', `a: [${'{},'.repeat(600)}]\n`],
    ['five hundred levels of brackets', `${'['.repeat(500)}${']'.repeat(500)}`],
  ])('%s', (_, text) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((one) => /not valid YAML|characters|nested/.test(one))).toEqual([]);
  });
});

describe('a mistake stands at', () => {
  it.each<[what: string, text: string, problem: string]>([
    ['the value', 'public:   maybe\n', '1:11 public: must be true or false, not "maybe".'],
    ['where a value is left out', 'a: 1\npublic:\n', '2:8 public: must be true or false, not nothing.'],
    ['the item of a list', 'requesters:\n  - ana\n  - 5\n', '3:5 requesters[1]: must be a text, not 5.'],
    [
      'the last of a key that stands twice',
      'public: true\npublic: no\n',
      '2:9 public: must be true or false, not "no".',
    ],
    ['a section that says nothing', 'people: ~\n', '1:9 people: must be a mapping, not nothing.'],
    ['what is no list', 'requesters: { a: 1 }\n', '1:13 requesters: must be a list, not {"a":1}.'],
    [
      'the mapping in which something is missing',
      'people:\n  ana: { name: Ana }\n',
      '2:3 people.ana.github: "github" is missing; write it here.',
    ],
  ])('%s', (_, text, problem) => {
    expect(problems(text)).toContain(problem);
  });
});
