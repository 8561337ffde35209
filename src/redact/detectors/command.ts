/** Commands whose options take passwords. */
import {
  allBut,
  chars,
  endsWith,
  type Input,
  placeOf,
  runEnd,
  runStart,
  type Sought,
  textOf,
} from '../engine/input.ts';
import { plain } from './notation.ts';

const LINE = allBut(chars('\r', '\n'));

/** A command: one of the words, and what its line up to an option looks like. */
export interface Command {
  word: Sought;
  line: RegExp;
}

/** `line` is asked only where one of the words is met, whatever their case. */
function command(words: readonly string[], line: RegExp): Command {
  const texts = words.map((word) => Buffer.from(word));
  const first = chars(...words.flatMap(([letter = '']) => [letter, letter.toUpperCase()]));
  const others = allBut(first);
  return {
    line,
    word: (input, place) => {
      const next = runEnd(input, place, others, MOST_BEFORE);
      if (next > place) return next;
      return texts.some((text) => endsWith(input, place + text.length, text)) ? place : place + 1;
    },
  };
}

const MOST_BEFORE = 64;

/** Whether the option at the anchor is one of the command. */
export function isArgumentOf(input: Input, { word, line }: Command): boolean {
  const from = runStart(input, input.anchor, LINE, 256);
  if (placeOf(input, word, from, input.anchor) === input.anchor) return false;
  return line.test(plain(textOf(input, from, input.anchor + 1)));
}

/** To whose option `-u` a name and a password are given. */
export const FETCHING = command(['curl', 'http', 'wget'], /curl|http|wget/i);
/** To whose option `-p` the password is joined. */
export const JOINED = command(['mysql', 'mariadb', '7z'], /(?:^|[\s/"'])(?:(?:mysql|mariadb)[\w-]*|7za?)(?:\.exe)?\s/);
/** By option those to which the password is given as the next word. */
export const APART: Record<string, Command> = {
  p: command(
    ['login', 'mongo'],
    /\b(?:docker|podman|nerdctl|helm|buildah|skopeo|oras|crane|az)(?: \w+)? login\s|\bmongo(?:sh|dump|restore|export|import)?\s/,
  ),
  P: command(['sqlcmd', 'bcp', 'osql', 'unzip', 'zip'], /\b(?:sqlcmd|bcp|osql|unzip|zip)(?:\.exe)?\s/),
  a: command(['redis-cli'], /\bredis-cli\s/),
  w: command(['ldap'], /\bldap(?:search|modify|add|passwd|delete|whoami)\s/),
};
